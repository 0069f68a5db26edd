#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/proc_stat.h"

namespace ebb::exec {

/// The value of an environment variable, or nothing; a parameter, so that tests bring their own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Which rank of which parallel job this process is, as its launcher says.
struct RankPlace {
  /// The same for all ranks of one parallel start, on all its nodes, and for nothing else; nothing: no launcher.
  /// "slurm-123.0", "openmpi-961478657", "torchrun-abc". Letters, digits, '.', '_', '-', at most 100.
  std::optional<std::string> job;
  std::string launcher;  ///< "slurm", "openmpi", "pmi", "torchrun"; empty without one
  std::string node;
  std::vector<std::string> expected_nodes;  ///< every node that should report; only `node` where no more is known
  std::optional<int> nodes;                 ///< how many the launcher says there are
  std::optional<int> rank;                  ///< in the whole job
  std::optional<int> local_rank;            ///< on this node
  std::optional<int> local_ranks;           ///< how many there are on this node
  /// The boards given to this rank, as written ("0", "GPU-5a...", "MIG-..."); empty: none; nothing: not said.
  std::optional<std::vector<std::string>> gpus;
  std::string gpus_from;  ///< the variable that said so
  std::vector<std::string> warnings;
};

/// Reads the variables of Slurm (a step, so inside srun), Open MPI, PMI (MPICH, Intel MPI, PALS) and torchrun; the
/// innermost launcher names the ranks, Slurm the nodes. `host` is the machine's own name; `parent` our parent process,
/// which all ranks of a node share where the launcher does not name its job.
///
/// A value that cannot be understood (not a number, a broken node list) is left out with a warning: a strange
/// environment never stops a run. Commands of a batch script or an allocation's shell are no ranks.
RankPlace find_rank_place(const Environment& environment, const std::string& host,
                          const std::optional<ProcessRef>& parent = {});

/// The boards in a list such as CUDA_VISIBLE_DEVICES: "0,1", "0-3", "GPU-5a...", "" and "NoDevFiles" (none); what
/// stands after "-1" does not count, as in CUDA.
std::vector<std::string> parse_gpu_list(std::string_view text);

}  // namespace ebb::exec
