#include "exec/ranks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"
#include "exec/node_list.h"
#include "exec/whole_number.h"

namespace ebb::exec {
namespace {

constexpr std::size_t kLongestKey = 100;

/// FNV-1a: tells apart what looks alike once it is shortened.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

/// A name for files and cgroups: what may not stand in one becomes '-', and then a hash of the whole follows.
std::string key_of(std::string_view launcher, const std::string& id) {
  std::string key = fmt::format("{}-{}", launcher, id);
  const auto is_odd = [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
             c == '-');
  };
  const bool is_plain = key.size() <= kLongestKey && std::none_of(key.begin(), key.end(), is_odd);
  if (is_plain) return key;
  std::replace_if(key.begin(), key.end(), is_odd, '-');
  return fmt::format("{}-{:016x}", key.substr(0, kLongestKey - 17), hash_of(id));
}

class PlaceReader {
 public:
  PlaceReader(const Environment& environment, const std::string& host, const std::optional<ProcessRef>& parent)
      : environment_(environment), parent_(parent) {
    place_.node = host;
  }

  RankPlace read() {
    read_slurm();
    read_openmpi();
    read_pmi();
    read_torchrun();
    read_gpus();
    if (place_.expected_nodes.empty()) place_.expected_nodes = {place_.node};
    if (place_.nodes && *place_.nodes != static_cast<int>(place_.expected_nodes.size())) {
      warn(
          fmt::format("{} runs on {} nodes, but {} are known by name: one of the others that does not report is not "
                      "noticed",
                      place_.launcher, *place_.nodes, place_.expected_nodes.size()));
    }
    return std::move(place_);
  }

 private:
  void read_slurm() {
    const auto job = text("SLURM_JOB_ID");
    const auto step = text("SLURM_STEP_ID");
    // Without a step this is a batch script or a shell: its commands are runs of their own.
    if (!job || !step) return;
    const auto restarts = text("SLURM_RESTART_COUNT");
    const std::string again = restarts && *restarts != "0" ? ".r" + *restarts : "";
    start("slurm", *job + "." + *step + again);
    place_.rank = number("SLURM_PROCID");
    place_.local_rank = number("SLURM_LOCALID");
    place_.nodes = number("SLURM_NNODES");
    if (auto node = text("SLURMD_NODENAME")) place_.node = *std::move(node);
    auto list = text("SLURM_STEP_NODELIST");
    if (!list) list = text("SLURM_JOB_NODELIST");
    if (!list) return;
    auto names = parse_node_list(*list);
    if (!names) return warn(names.error().message);
    place_.expected_nodes = *std::move(names);
  }

  void read_openmpi() {
    if (!text("OMPI_COMM_WORLD_RANK")) return;
    auto id = text("PMIX_NAMESPACE");
    if (!id) id = text("OMPI_MCA_ess_base_jobid");
    start("openmpi", id);
    place_.rank = number("OMPI_COMM_WORLD_RANK");
    place_.local_rank = number("OMPI_COMM_WORLD_LOCAL_RANK");
    place_.local_ranks = number("OMPI_COMM_WORLD_LOCAL_SIZE");
  }

  /// Hydra (MPICH, Intel MPI) and PALS name the local rank; Slurm's own PMI does not, and is a Slurm step.
  void read_pmi() {
    const bool is_pals = text("PALS_LOCAL_RANKID").has_value();
    if (!is_pals && !text("MPI_LOCALRANKID")) return;
    auto id = text(is_pals ? "PALS_APID" : "PMI_JOBID");
    if (!id && place_.launcher == "slurm") id = place_.job;
    start("pmi", id);
    place_.rank = number(is_pals ? "PALS_RANKID" : "PMI_RANK");
    place_.local_rank = number(is_pals ? "PALS_LOCAL_RANKID" : "MPI_LOCALRANKID");
    place_.local_ranks = number(is_pals ? "PALS_LOCAL_SIZE" : "MPI_LOCALNRANKS");
  }

  void read_torchrun() {
    const auto id = text("TORCHELASTIC_RUN_ID");
    if (!id || !text("LOCAL_RANK")) return;
    // The id is "none" unless somebody chose one; where the ranks meet is theirs alone.
    start("torchrun", fmt::format("{}-{}-{}", *id, text("MASTER_ADDR").value_or(""), text("MASTER_PORT").value_or("")));
    place_.rank = number("RANK");
    place_.local_rank = number("LOCAL_RANK");
    place_.local_ranks = number("LOCAL_WORLD_SIZE");
    if (const auto nodes = number("GROUP_WORLD_SIZE")) place_.nodes = nodes;
  }

  void read_gpus() {
    for (const char* name :
         {"CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "SLURM_STEP_GPUS", "SLURM_JOB_GPUS"}) {
      const auto list = environment_(name);
      if (!list) continue;
      place_.gpus = parse_gpu_list(*list);
      place_.gpus_from = name;
      return;
    }
  }

  /// An inner launcher takes the place of the outer one's ranks; the nodes stay.
  void start(std::string_view launcher, const std::optional<std::string>& id) {
    place_.launcher = launcher;
    place_.rank = place_.local_rank = place_.local_ranks = std::nullopt;
    if (id) {
      place_.job = key_of(launcher, *id);
    } else if (parent_) {
      // The ranks of a node are children of one process of the launcher.
      place_.job = key_of(launcher, fmt::format("parent-{}-{}", parent_->pid, parent_->start_ticks));
      warn(fmt::format("{} does not name its job: ranks are told by their parent process, and nodes stay apart",
                       launcher));
    }
  }

  /// Empty is as good as not set.
  std::optional<std::string> text(const char* name) const {
    auto value = environment_(name);
    return value && value->empty() ? std::nullopt : value;
  }

  std::optional<int> number(const char* name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto number = parse_whole<int>(*value);
    if (number && *number >= 0) return number;
    warn(fmt::format("{} is {}, which is no number: left out", name, base::in_quotes(*value)));
    return std::nullopt;
  }

  void warn(std::string what) { place_.warnings.push_back(std::move(what)); }

  const Environment& environment_;
  const std::optional<ProcessRef>& parent_;
  RankPlace place_;
};

}  // namespace

RankPlace find_rank_place(const Environment& environment, const std::string& host,
                          const std::optional<ProcessRef>& parent) {
  return PlaceReader(environment, host, parent).read();
}

std::vector<std::string> parse_gpu_list(std::string_view text) {
  constexpr int kMostGpus = 4096;
  std::vector<std::string> gpus;
  for (const auto piece : base::split(text, ',')) {
    const auto entry = base::trimmed(piece);
    if (entry.starts_with('-') || entry == "NoDevFiles" || gpus.size() >= kMostGpus) break;
    if (entry.empty()) continue;
    const auto dash = entry.find('-');
    const auto first = parse_whole<int>(entry.substr(0, dash));
    const auto last = dash == std::string_view::npos ? std::nullopt : parse_whole<int>(entry.substr(dash + 1));
    if (first && last && *first >= 0 && *last >= *first && *last - *first < kMostGpus) {
      for (int i = *first; i <= *last; ++i) gpus.push_back(std::to_string(i));
    } else {
      gpus.emplace_back(entry);
    }
  }
  return gpus;
}

}  // namespace ebb::exec
