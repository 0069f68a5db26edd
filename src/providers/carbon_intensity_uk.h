#pragma once

#include "http/patient.h"
#include "providers/api.h"
#include "providers/provider.h"
#include "time/clock.h"

namespace ebb::providers {

/// The Carbon Intensity API of Great Britain (NESO): half hours, average,
/// g/kWh; no account; CC BY 4.0.
///
/// A request of the past holds at most 14 days. It answers the half hour before
/// `from` as well where `from` is its edge, so that a minute later is asked
/// for. The country has what was (`actual`) and a forecast; a region only its
/// model's value.
class CarbonIntensityUk final : public Provider {
 public:
  /// `base`: scheme and host, without a slash at its end. The references must
  /// outlive it.
  CarbonIntensityUk(http::Patient& http, const time::Clock& clock, std::string base);

  static const Facts& static_facts();
  [[nodiscard]] const Facts& facts() const override { return static_facts(); }
  base::Expected<Reading> history(const Question& question) override;
  base::Expected<Reading> latest(const std::string& zone, const series::Signal& signal) override;
  base::Expected<Reading> forecast(const std::string& zone, const series::Signal& signal,
                                   time::Duration horizon) override;
  base::Expected<std::vector<std::string>> zones() override;

 private:
  base::Expected<std::string> ask(const std::string& path, const std::string& zone);

  http::Patient& http_;
  const time::Clock& clock_;
  std::string base_;
};

}  // namespace ebb::providers
