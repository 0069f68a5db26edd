#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "queue/job.h"

namespace ebb::queue {

/// Everything of a job but its task, as one line of JSON (docs/queue.md), and back.
std::string state_json(const Job& job);
/// `task` is what stands in the job apart. kBadData where it is no such JSON.
base::Expected<Job> parse_job(std::string_view json, exec::Task task);

/// What was asked for, but its task; bytes that are no UTF-8 become U+FFFD.
std::string submission_json(const Submission& what);
base::Expected<Submission> parse_submission(std::string_view json, exec::Task task);

/// A job for a person's program: the same with its command; bytes that are no UTF-8 become U+FFFD.
std::string public_json(const Job& job);

}  // namespace ebb::queue
