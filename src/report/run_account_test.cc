// What account/ makes of a trace, read and recomputed from its own document: two rooms, one arithmetic.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "account/embodied.h"
#include "account/measured.h"
#include "account/price.h"
#include "account/what_if.h"
#include "report/run_json.h"
#include "report/run_read.h"
#include "report/run_text.h"
#include "report/run_verify.h"
#include "support/sample_json.h"
#include "support/sample_run.h"
#include "time/text.h"

namespace ebb::report {
namespace {

class RandomTrace {
 public:
  explicit RandomTrace(unsigned seed) : random_(seed) {}

  account::Measured measured() {
    account::MeasuredBuilder builder;
    trace::Header header;
    header.run_id = "trace";
    header.command = {"train"};
    header.utc = *time::parse_instant("2024-05-02T12:00:00Z") + std::chrono::milliseconds(below(600000));
    header.expected_nodes = {"n0", "n1", "n2"};
    const int nodes = 1 + below(3);
    for (int n = 0; n < nodes; ++n) {
      header.node = "n" + std::to_string(n);
      header.steady = std::chrono::seconds(below(100000));
      builder.add(header);
      add_node(builder, header.steady);
    }
    return builder.finish();
  }

  account::Pricing pricing() {
    account::Pricing out;
    out.pue = 1.0 + unit();
    if (below(4) > 0) out.consequential = test::sample_series("Z", series::kMarginalDirect, -500.0 * unit());
    if (below(4) > 0) out.attributional = test::sample_series("Z", series::kAverageLifecycle);
    if (below(2) == 0) out.intensity_factors = {0.8, 1.3};
    if (below(3) == 0) out.book = carbon::BookKind::kAttributional;
    std::vector<std::string> warnings;
    out.embodied = account::embodied_shares({{"V100", "", 8.0 * unit(), {}}, {"server", "", 1.0, 5.0}},
                                            std::chrono::minutes(1 + below(600)), &warnings);
    out.functional_count = 0.1 + 10.0 * unit();
    return out;
  }

 private:
  void add_node(account::MeasuredBuilder& builder, time::Duration steady) {
    const int components = 1 + below(4);
    for (int c = 0; c < components; ++c) {
      trace::Component made;
      made.name = "part" + std::to_string(c);
      made.kind = static_cast<hardware::ComponentKind>(below(4));
      made.method = below(2) == 0 ? "measured:x" : "modelled:y";
      made.low_factor = 0.5 + 0.5 * unit();
      made.high_factor = 1.0 + unit();
      builder.add(made);
    }
    auto now = steady;
    for (int i = below(400); i > 0; --i) {
      const auto next = now + std::chrono::milliseconds(1 + below(20000));
      trace::Interval interval;
      interval.from = now;
      interval.to = next;
      for (int c = 0; c < components; ++c) {
        if (below(10) == 0) continue;
        const auto energy = [this] { return units::joules(below(3) == 0 ? 0.0 : 3000.0 * unit()); };
        interval.energies.push_back({static_cast<std::uint32_t>(c), now, next, energy(), energy(), energy(), energy()});
      }
      builder.add(interval);
      now = next;
    }
    if (below(3) > 0) builder.add(trace::End{now, 0, {}, {}});
  }

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  double unit() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

  std::mt19937 random_;
};

TEST(RunOfATrace, reproduces_from_its_own_document_and_reads_back) {
  int priced = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomTrace random(seed);
    const auto measured = random.measured();
    const auto pricing = random.pricing();
    auto record = account::price(measured, pricing);
    ASSERT_TRUE(record.ok()) << record.error().message;
    const auto* own = record->own_book();
    if (own != nullptr) {
      ++priced;
      const bool marginal = record->book == carbon::BookKind::kConsequential;
      record->what_if = account::what_ifs(*record, *(marginal ? pricing.consequential : pricing.attributional), {});
    }
    const auto document = run_json(*record);
    const auto verification = verify_run(document);
    ASSERT_TRUE(verification.ok()) << seed << ": " << verification.error().message;
    ASSERT_TRUE(verification->reproduced()) << seed << ": " << verification_text(*verification);
    const auto again = read_run(document);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(test::json_difference(run_json(*again), document), "") << seed;
    EXPECT_FALSE(run_text(*record, false).empty());
  }
  EXPECT_GT(priced, 100);
}

}  // namespace
}  // namespace ebb::report
