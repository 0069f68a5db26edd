#pragma once

#include <optional>

#include "http/patient.h"
#include "providers/api.h"
#include "providers/provider.h"
#include "providers/secrets.h"
#include "time/clock.h"

namespace ebb::providers {

/// WattTime's API, version 3: the marginal operating emissions rate (co2_moer)
/// and the average one (co2_aoer), direct, in lb/MWh by each answer's own
/// `meta`.
///
/// The window of a request is at most 32 days and both its ends are inclusive:
/// pieces of 30 days end 5 minutes early. A token holds for 30 minutes: a new
/// one is taken after 28, and once on a 401 or a 403, whatever that says.
class WattTime final : public Provider {
 public:
  /// `base`: scheme and host, without a slash at its end. The references must
  /// outlive it.
  WattTime(http::Patient& http, const time::Clock& clock, std::string base, Secret user, Secret password);

  static const Facts& static_facts();
  [[nodiscard]] const Facts& facts() const override { return static_facts(); }
  base::Expected<Reading> history(const Question& question) override;
  base::Expected<Reading> latest(const std::string& zone, const series::Signal& signal) override;
  base::Expected<Reading> forecast(const std::string& zone, const series::Signal& signal,
                                   time::Duration horizon) override;
  base::Expected<std::vector<std::string>> zones() override;

 private:
  base::Status log_in();
  base::Expected<std::string> ask(const std::string& path, const Pairs& pairs, const std::string& zone);
  [[nodiscard]] Advice advice(const std::string& zone) const;
  [[nodiscard]] std::vector<std::string> secrets() const;

  http::Patient& http_;
  const time::Clock& clock_;
  std::string base_;
  Secret user_;
  Secret password_;
  std::optional<Secret> token_;
  time::Duration token_since_{0};
};

}  // namespace ebb::providers
