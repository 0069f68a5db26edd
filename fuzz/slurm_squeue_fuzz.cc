// Any bytes are what squeue says or are refused; what is taken can be told as it stands, by its handle.
#include "slurm/job_index.h"
#include "slurm/marks.h"
#include "slurm/squeue.h"
#include "slurm/standing.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto jobs = slurm::parse_squeue(fuzz::text_of(data, size));
  if (!jobs) {
    CHECK(!jobs.error().message.empty());
    return 0;
  }
  for (const auto& job : *jobs) {
    const auto seen = slurm::standing_of(job, time::Instant(std::chrono::seconds(1795480000)));
    CHECK(seen.ran >= time::Duration(0) && seen.paused >= time::Duration(0));
    CHECK(seen.state != exec::TaskState::kUnknown);
    CHECK(seen.state != exec::TaskState::kEnded || seen.exit_code.has_value());
    CHECK(slurm::parse_marks(slurm::text_of(slurm::parse_marks(job.comment))) == slurm::parse_marks(job.comment) ||
          job.comment.find("ebb{") != std::string::npos);
    CHECK(slurm::parse_job_name(job.handle()).ok());
  }
  const slurm::JobIndex index(*jobs, std::nullopt);
  for (const auto& job : *jobs) {
    if (job.elements.empty()) CHECK(index.find({"x", 1, std::string(slurm::kAdopted) + job.handle()}).has_value());
  }
  return 0;
}
