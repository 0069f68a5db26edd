#include "exec/ranks.h"

#include <gtest/gtest.h>

#include <map>

#include "exec/lock_folder.h"

namespace ebb::exec {
namespace {

using Variables = std::map<std::string, std::string>;
using Names = std::vector<std::string>;

RankPlace place_in(const Variables& variables, const std::optional<ProcessRef>& parent = {}) {
  const Environment environment = [&variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  auto place = find_rank_place(environment, "host", parent);
  EXPECT_TRUE(!place.job || is_plain_name(*place.job));
  return place;
}

const Variables kStep{{"SLURM_JOB_ID", "123"},
                      {"SLURM_STEP_ID", "0"},
                      {"SLURM_PROCID", "5"},
                      {"SLURM_LOCALID", "1"},
                      {"SLURM_NNODES", "3"},
                      {"SLURMD_NODENAME", "n2"},
                      {"SLURM_STEP_NODELIST", "n[1-3]"},
                      {"SLURM_STEP_GPUS", "0-1"}};

Variables with(Variables variables, const Variables& more) {
  for (const auto& [name, value] : more) variables[name] = value;
  return variables;
}

TEST(Ranks, without_a_launcher_there_is_one_node_and_no_job) {
  const auto place = place_in({});
  EXPECT_FALSE(place.job || place.rank || place.gpus);
  EXPECT_EQ(place.launcher, "");
  EXPECT_EQ(place.node, "host");
  EXPECT_EQ(place.expected_nodes, Names{"host"});
  EXPECT_TRUE(place.warnings.empty());
}

TEST(Ranks, a_slurm_step_names_job_rank_and_nodes) {
  const auto place = place_in(kStep);
  EXPECT_EQ(place.job, "slurm-123.0");
  EXPECT_EQ(place.launcher, "slurm");
  EXPECT_EQ(place.rank, 5);
  EXPECT_EQ(place.local_rank, 1);
  EXPECT_EQ(place.node, "n2");
  EXPECT_EQ(place.expected_nodes, (Names{"n1", "n2", "n3"}));
  EXPECT_EQ(place.gpus, (Names{"0", "1"}));
  EXPECT_EQ(place.gpus_from, "SLURM_STEP_GPUS");
  EXPECT_TRUE(place.warnings.empty());
  EXPECT_EQ(place_in(with(kStep, {{"SLURM_RESTART_COUNT", "2"}})).job, "slurm-123.0.r2");
  EXPECT_EQ(place_in(with(kStep, {{"SLURM_RESTART_COUNT", "0"}})).job, "slurm-123.0");
}

TEST(Ranks, commands_of_a_batch_script_are_runs_of_their_own) {
  const auto place = place_in({{"SLURM_JOB_ID", "123"}, {"SLURM_JOB_NODELIST", "n[1-3]"}, {"SLURM_NNODES", "3"}});
  EXPECT_FALSE(place.job);
  EXPECT_EQ(place.expected_nodes, Names{"host"});
}

TEST(Ranks, the_innermost_launcher_names_the_ranks_and_slurm_the_nodes) {
  const auto mpi = place_in(with(kStep, {{"OMPI_COMM_WORLD_RANK", "9"},
                                         {"OMPI_COMM_WORLD_LOCAL_RANK", "3"},
                                         {"OMPI_COMM_WORLD_LOCAL_SIZE", "4"},
                                         {"PMIX_NAMESPACE", "961478657"}}));
  EXPECT_EQ(mpi.job, "openmpi-961478657");
  EXPECT_EQ(mpi.rank, 9);
  EXPECT_EQ(mpi.local_rank, 3);
  EXPECT_EQ(mpi.local_ranks, 4);
  EXPECT_EQ(mpi.expected_nodes, (Names{"n1", "n2", "n3"}));
  const auto torch = place_in(with(kStep, {{"TORCHELASTIC_RUN_ID", "none"},
                                           {"LOCAL_RANK", "2"},
                                           {"RANK", "6"},
                                           {"LOCAL_WORLD_SIZE", "4"},
                                           {"GROUP_WORLD_SIZE", "3"},
                                           {"MASTER_ADDR", "n1"},
                                           {"MASTER_PORT", "29500"},
                                           {"CUDA_VISIBLE_DEVICES", "GPU-5a,GPU-6b"}}));
  EXPECT_EQ(torch.job, "torchrun-none-n1-29500");
  EXPECT_EQ(torch.launcher, "torchrun");
  EXPECT_EQ(torch.rank, 6);
  EXPECT_EQ(torch.local_rank, 2);
  EXPECT_EQ(torch.local_ranks, 4);
  EXPECT_EQ(torch.gpus, (Names{"GPU-5a", "GPU-6b"}));
  EXPECT_EQ(torch.gpus_from, "CUDA_VISIBLE_DEVICES");
  EXPECT_TRUE(torch.warnings.empty());
}

TEST(Ranks, nodes_that_nobody_names_are_a_warning) {
  const auto place = place_in({{"TORCHELASTIC_RUN_ID", "x"}, {"LOCAL_RANK", "0"}, {"GROUP_WORLD_SIZE", "4"}});
  EXPECT_EQ(place.expected_nodes, Names{"host"});
  ASSERT_EQ(place.warnings.size(), 1U);
  EXPECT_NE(place.warnings[0].find("torchrun runs on 4 nodes, but 1 are known by name"), std::string::npos);
}

TEST(Ranks, pmi_and_pals_are_known_by_their_local_rank) {
  const auto hydra =
      place_in({{"MPI_LOCALRANKID", "1"}, {"MPI_LOCALNRANKS", "2"}, {"PMI_RANK", "3"}}, ProcessRef{77, 9});
  EXPECT_EQ(hydra.job, "pmi-parent-77-9");
  EXPECT_EQ(hydra.rank, 3);
  EXPECT_EQ(hydra.local_rank, 1);
  EXPECT_EQ(hydra.local_ranks, 2);
  EXPECT_EQ(hydra.warnings.size(), 1U);
  EXPECT_EQ(place_in(with(kStep, {{"MPI_LOCALRANKID", "1"}})).job, "pmi-slurm-123.0");
  const auto pals = place_in({{"PALS_LOCAL_RANKID", "0"}, {"PALS_APID", "ab-12"}, {"PALS_RANKID", "8"}});
  EXPECT_EQ(pals.job, "pmi-ab-12");
  EXPECT_EQ(pals.rank, 8);
  // Slurm's own PMI sets ranks, but is no launcher beside it.
  EXPECT_EQ(place_in(with(kStep, {{"PMI_RANK", "5"}})).job, "slurm-123.0");
}

TEST(Ranks, an_odd_or_long_id_becomes_a_name_that_stays_its_own) {
  const auto job = [](const std::string& id) {
    return *place_in({{"OMPI_COMM_WORLD_RANK", "0"}, {"PMIX_NAMESPACE", id}}).job;
  };
  EXPECT_TRUE(job("prterun-n1-5@1").starts_with("openmpi-prterun-n1-5-1-"));
  EXPECT_NE(job("a@1"), job("a/1"));
  EXPECT_NE(job(std::string(5000, 'x') + "1"), job(std::string(5000, 'x') + "2"));
  EXPECT_LE(job(std::string(5000, 'x')).size(), 100U);
  EXPECT_EQ(job("../../etc").find('/'), std::string::npos);
}

TEST(Ranks, what_cannot_be_understood_is_left_out_with_a_warning) {
  const auto place = place_in(with(kStep, {{"SLURM_PROCID", "-3"},
                                           {"SLURM_LOCALID", "99999999999"},
                                           {"SLURM_STEP_NODELIST", "n[1-"},
                                           {"SLURM_NNODES", ""}}));
  EXPECT_EQ(place.job, "slurm-123.0");
  EXPECT_FALSE(place.rank || place.local_rank || place.nodes);
  EXPECT_EQ(place.expected_nodes, Names{"n2"});
  ASSERT_EQ(place.warnings.size(), 3U);
  EXPECT_EQ(place.warnings[0], "SLURM_PROCID is \"-3\", which is no number: left out");
}

TEST(Ranks, lists_of_boards_are_read_as_cuda_reads_them) {
  EXPECT_EQ(parse_gpu_list("0,1"), (Names{"0", "1"}));
  EXPECT_EQ(parse_gpu_list(" 3 ,GPU-8932f937-d72c,MIG-GPU-5/1/0"), (Names{"3", "GPU-8932f937-d72c", "MIG-GPU-5/1/0"}));
  EXPECT_EQ(parse_gpu_list("0-2,7"), (Names{"0", "1", "2", "7"}));
  EXPECT_EQ(parse_gpu_list("0,-1,1"), Names{"0"});
  for (const char* none : {"", ",", "NoDevFiles", "-1"}) EXPECT_TRUE(parse_gpu_list(none).empty()) << none;
  EXPECT_LE(parse_gpu_list("0-4000,0-4000,0-4000").size(), 8192U);
  EXPECT_EQ(parse_gpu_list("0-999999999"), Names{"0-999999999"});
  const auto place = place_in({{"CUDA_VISIBLE_DEVICES", ""}, {"SLURM_JOB_GPUS", "0"}});
  ASSERT_TRUE(place.gpus);
  EXPECT_TRUE(place.gpus->empty());
}

}  // namespace
}  // namespace ebb::exec
