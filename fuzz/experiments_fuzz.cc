// Experiments have names of their own, a running time and an energy; and what is written of them reads back.
#include <fmt/format.h>

#include <cmath>

#include "target.h"
#include "workload/experiment.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto text = fuzz::text_of(data, size);
  if (text.find('/') != std::string_view::npos) return 0;  // a profile's path: never open what the fuzzer made up
  const auto read = workload::parse_experiments(text, "fuzz.csv", "/nonexistent");
  if (!read) return 0;
  std::string written = "experiment,hours,energy_kwh\n";
  for (const auto& experiment : *read) {
    CHECK(!experiment.name.empty() && experiment.profile.duration() > time::Duration(0));
    CHECK(std::isfinite(units::in_joules(experiment.profile.energy())));
    CHECK(experiment.profile.energy() >= units::Energy{});
    written += fmt::format("{},{},{}\n", experiment.name, time::in_seconds(experiment.profile.duration()) / 3600.0,
                           units::in_kwh(experiment.profile.energy()));
  }
  const auto again = workload::parse_experiments(written, "again.csv", "");
  if (read->front().name.starts_with('#')) return 0;  // would be a comment
  CHECK(again.ok() && again->size() == read->size() && again->front().name == read->front().name);
  return 0;
}
