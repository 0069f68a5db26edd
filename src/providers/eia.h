#pragma once

#include "http/patient.h"
#include "providers/api.h"
#include "providers/provider.h"
#include "providers/secrets.h"
#include "time/clock.h"

namespace ebb::providers {

/// EIA-930 through EIA's API, version 2: hourly generation by fuel of a
/// balancing authority of the United States, of which the average intensity of
/// its own generation is made (imports are not in it).
///
/// Answers come in pages of 5,000 rows; the pages of one piece are joined
/// before they are read, since an hour may begin on one and end on the next. A
/// row's `period` is the hour's end. The key is a part of the address: no
/// message shows that.
class Eia final : public Provider {
 public:
  /// `base`: scheme and host, without a slash at its end. The references must
  /// outlive it.
  Eia(http::Patient& http, const time::Clock& clock, std::string base, Secret key);

  static const Facts& static_facts();
  [[nodiscard]] const Facts& facts() const override { return static_facts(); }
  base::Expected<Reading> history(const Question& question) override;
  base::Expected<Reading> latest(const std::string& zone, const series::Signal& signal) override;
  base::Expected<Reading> forecast(const std::string& zone, const series::Signal& signal,
                                   time::Duration horizon) override;
  base::Expected<std::vector<std::string>> zones() override;

 private:
  base::Expected<std::string> ask(const std::string& path, Pairs pairs, const std::string& zone);

  http::Patient& http_;
  const time::Clock& clock_;
  std::string base_;
  Secret key_;
};

}  // namespace ebb::providers
