#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "exec/proc_stat.h"
#include "time/instant.h"

namespace ebb::exec {

/// One rank of a job on this node, for its leader: who measures it, what it runs, which boards it has.
struct RankRecord {
  ProcessRef meter;  ///< the ebb that started it
  ProcessRef job;    ///< its command
  int local_rank = 0;
  std::optional<std::vector<std::string>> gpus;  ///< RankPlace::gpus
  std::optional<time::Duration> cpu;             ///< all it used, once it has ended
};

/// As a text of "key value" lines, and back. Errors: kBadData, a key that is missing, unknown or twice, or its value.
std::string text_of(const RankRecord& record);
base::Expected<RankRecord> parse_rank_record(std::string_view text);

}  // namespace ebb::exec
