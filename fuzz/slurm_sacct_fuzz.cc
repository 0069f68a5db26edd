// Any bytes are what sacct says or are refused.
#include "slurm/sacct.h"
#include "slurm/standing.h"
#include "target.h"
#include "time/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  slurm::SacctOptions options;
  if (size > 0 && data[0] == 1) options.separator = slurm::kSacctSeparator;
  options.moment = [](std::string_view text) { return time::parse_instant(std::string(text) + "Z"); };
  const auto read = slurm::parse_sacct(fuzz::text_of(data, size), options);
  if (!read) {
    CHECK(!read.error().message.empty());
    return 0;
  }
  for (const auto& job : read->jobs) {
    CHECK(job.id > 0);
    CHECK(!job.energy || units::in_joules(*job.energy) > 0.0);
    const auto seen = slurm::standing_of(job, time::Instant(std::chrono::seconds(1795480000)));
    CHECK(seen.ran >= time::Duration(0) && seen.paused >= time::Duration(0));
  }
  return 0;
}
