#include "report/run_verify.h"

#include <gtest/gtest.h>

#include <string>

#include "report/run_json.h"
#include "support/sample_run.h"

namespace ebb::report {
namespace {

Verification verified(const Json& document) {
  auto verification = verify_run(document);
  EXPECT_TRUE(verification.ok()) << (verification.ok() ? "" : verification.error().message);
  return verification.ok() ? *std::move(verification) : Verification{};
}

bool names(const Verification& verification, const std::string& what) {
  for (const auto& difference : verification.differences) {
    if (difference.what == what) return true;
  }
  return false;
}

TEST(VerifyRun, reproduces_every_sample_from_its_own_slots_components_and_factors) {
  for (const auto& record :
       {test::modelled_vm(), test::eight_gpus(), test::two_nodes_one_missing(), test::crashed_with_gaps()}) {
    const auto verification = verified(run_json(record));
    EXPECT_TRUE(verification.reproduced()) << verification_text(verification);
    EXPECT_EQ(verification_text(verification).find("arithmetic reproduced; inputs not attested"), 0U);
  }
}

TEST(VerifyRun, reproduces_any_record_that_is_consistent_by_construction) {
  std::mt19937_64 random(20220617);
  for (int i = 0; i < 1000; ++i) {
    const auto verification = verified(run_json(test::random_run(random)));
    ASSERT_TRUE(verification.reproduced()) << i << ": " << verification_text(verification);
  }
}

TEST(VerifyRun, sees_a_change_of_one_part_in_a_million_in_any_figure_that_others_follow_from) {
  const auto good = run_json(test::eight_gpus());
  for (const auto* pointer : {"/energy_kwh",
                              "/components/0/energy_kwh",
                              "/components/3/measured_kwh",
                              "/components/8/job_kwh",
                              "/components/8/job_idle_kwh",
                              "/components/8/idle_kwh",
                              "/components/8/others_kwh",
                              "/components/2/emissions_g",
                              "/slots/4/energy_kwh",
                              "/slots/4/g_per_kwh",
                              "/slots/4/attributional_g_per_kwh",
                              "/slots/4/by_component_kwh/0",
                              "/pue",
                              "/intensity_mean_g_per_kwh",
                              "/operational_g",
                              "/embodied_g",
                              "/emissions_g",
                              "/attributional/operational_g",
                              "/attributional/emissions_g",
                              "/attributional/intensity_mean_g_per_kwh",
                              "/consequential/operational_g",
                              "/consequential/emissions_g",
                              "/consequential/intensity_mean_g_per_kwh",
                              "/boundary/gpu_g",
                              "/boundary/plus_cpu_memory_g",
                              "/boundary/plus_pue_g",
                              "/boundary/plus_embodied_g",
                              "/boundary/gpu_kwh",
                              "/boundary/plus_cpu_memory_kwh",
                              "/boundary/plus_pue_kwh",
                              "/embodied_parts/0/share_g",
                              "/embodied_parts/0/each_g",
                              "/embodied_parts/1/count",
                              "/embodied_parts/1/lifetime_years",
                              "/embodied_parts/0/held_seconds",
                              "/sci/value",
                              "/sci/E_kwh",
                              "/sci/I_g_per_kwh",
                              "/sci/M_g",
                              "/sci/R",
                              "/functional/count",
                              "/uncertainty/emissions_g/0",
                              "/uncertainty/emissions_g/1",
                              "/uncertainty/intensity_g_per_kwh/0",
                              "/conservation/measured_kwh",
                              "/conservation/others_kwh",
                              "/what_if/1/operational_g",
                              "/what_if/1/difference_g",
                              "/duration_seconds",
                              "/coverage"}) {
    Json document = good;
    auto& value = document[Json::json_pointer(pointer)];
    value = value.get<double>() * (1.0 + 1e-6);
    const auto verification = verified(document);
    EXPECT_FALSE(verification.reproduced()) << pointer;
  }
}

TEST(VerifyRun, gives_both_figures_of_each_place_that_differs) {
  Json document = run_json(test::eight_gpus());
  document["energy_kwh"] = 5.0;
  const auto verification = verified(document);
  ASSERT_TRUE(names(verification, "energy_kwh"));
  EXPECT_EQ(verification.differences[0].what, "energy_kwh");
  EXPECT_EQ(*verification.differences[0].recorded, 5.0);
  EXPECT_NEAR(*verification.differences[0].recomputed, 4.914991666666666, 1e-12);
  EXPECT_NE(verification_text(verification).find("energy_kwh: recorded 5, recomputed 4.914991666666"),
            std::string::npos)
      << verification_text(verification);
  EXPECT_FALSE(verification_json(verification)["reproduced"].get<bool>());
}

TEST(VerifyRun, a_figure_over_a_slot_without_intensity_is_a_difference) {
  Json document = run_json(test::eight_gpus());
  document["slots"][6]["g_per_kwh"] = nullptr;
  document["slots"][6]["consequential_g_per_kwh"] = nullptr;
  const auto verification = verified(document);
  EXPECT_TRUE(names(verification, "consequential.operational_g")) << verification_text(verification);
  EXPECT_TRUE(names(verification, "components[0].emissions_g"));
}

TEST(VerifyRun, a_book_with_the_other_ones_signal_is_a_difference) {
  Json document = run_json(test::eight_gpus());
  document["attributional"]["signal"]["kind"] = "marginal";
  EXPECT_TRUE(names(verified(document), "attributional.signal"));
}

TEST(VerifyRun, an_average_difference_that_is_called_avoided_is_a_difference) {
  Json document = run_json(test::two_nodes_one_missing());
  document["what_if"][0]["word"] = "avoided";
  EXPECT_TRUE(names(verified(document), "what_if[0].word"));
}

TEST(VerifyRun, slots_out_of_order_or_outside_of_the_run_are_differences) {
  Json document = run_json(test::eight_gpus());
  std::swap(document["slots"][2], document["slots"][3]);
  EXPECT_TRUE(names(verified(document), "slots[3].begin"));
  document = run_json(test::eight_gpus());
  document["slots"][0]["begin"] = "2024-05-01T00:00:00Z";
  EXPECT_TRUE(names(verified(document), "slots[0].begin"));
}

TEST(VerifyRun, an_energy_outside_of_its_interval_or_shares_that_are_no_whole_are_differences) {
  Json document = run_json(test::eight_gpus());
  document["uncertainty"]["energy_kwh"] = {1.0, 2.0};
  EXPECT_TRUE(names(verified(document), "uncertainty.energy_kwh"));
  document = run_json(test::eight_gpus());
  document["energy_quality"]["filled"] = 0.5;
  EXPECT_TRUE(names(verified(document), "energy_quality"));
}

TEST(VerifyRun, says_what_it_did_not_check) {
  const auto text = verification_text(verified(run_json(test::modelled_vm())));
  EXPECT_NE(text.find("not checked  emissions: the record has none"), std::string::npos) << text;
  EXPECT_NE(text.find("not checked  regions, gaps, prediction, power over time"), std::string::npos);
}

}  // namespace
}  // namespace ebb::report
