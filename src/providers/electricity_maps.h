#pragma once

#include "http/patient.h"
#include "providers/api.h"
#include "providers/provider.h"
#include "providers/secrets.h"
#include "time/clock.h"

namespace ebb::providers {

/// Electricity Maps' API, version 3: average intensity, lifecycle or direct,
/// hourly, g/kWh.
///
/// A request of the past holds at most 10 days of hours.
/// `shouldUseFallbackCallerLookup=false` goes with each: without it an unknown
/// zone silently becomes that of the caller's address. Forecasts come for 6,
/// 24, 48 or 72 hours.
class ElectricityMaps final : public Provider {
 public:
  /// `base`: with the version, without a slash at its end. The references must
  /// outlive it.
  ElectricityMaps(http::Patient& http, const time::Clock& clock, std::string base, Secret token);

  static const Facts& static_facts();
  [[nodiscard]] const Facts& facts() const override { return static_facts(); }
  base::Expected<Reading> history(const Question& question) override;
  base::Expected<Reading> latest(const std::string& zone, const series::Signal& signal) override;
  base::Expected<Reading> forecast(const std::string& zone, const series::Signal& signal,
                                   time::Duration horizon) override;
  base::Expected<std::vector<std::string>> zones() override;

 private:
  base::Expected<std::string> ask(const std::string& path, Pairs pairs, const std::string& zone,
                                  const series::Signal* signal);
  [[nodiscard]] static Advice advice(const std::string& zone);

  http::Patient& http_;
  const time::Clock& clock_;
  std::string base_;
  Secret token_;
};

}  // namespace ebb::providers
