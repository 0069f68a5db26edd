// Any bytes are a job trace or are refused; jobs have a length, and come in order.
#include "simulate/job_trace.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb;
  const auto trace = simulate::parse_job_trace(fuzz::text_of(data, size), "fuzz", {"h", "America/New_York"});
  if (!trace) {
    CHECK(!trace.error().message.empty());
    return 0;
  }
  CHECK(!trace->jobs.empty() && !trace->understood.empty());
  time::Duration before = trace->jobs.front().submit;
  for (const auto& job : trace->jobs) {
    CHECK(job.length > time::Duration(0) && job.submit >= before);
    CHECK(job.gpus >= 0.0 && job.cpus >= 0.0);
    before = job.submit;
  }
  return 0;
}
