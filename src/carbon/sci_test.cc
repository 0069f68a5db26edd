#include "carbon/sci.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>

namespace ebb::carbon {
namespace {

Sci terms() {
  return {units::kilowatt_hours(3.1),
          1.12,
          units::grams_per_kwh(335),
          series::kMarginalDirect,
          units::grams(12.1),
          1.0,
          "training"};
}

template <typename Change>
bool accepted(const Change& change) {
  Sci changed = terms();
  change(changed);
  return make_sci(changed).ok();
}

TEST(Sci, is_energy_by_intensity_plus_embodied_per_functional_unit) {
  Sci ten = terms();
  ten.count = 10;
  ten.unit = "epoch";
  const auto sci = make_sci(ten);
  ASSERT_TRUE(sci.ok());
  EXPECT_NEAR(units::in_grams(sci->operational()), 3.1 * 1.12 * 335, 1e-9);
  EXPECT_NEAR(units::in_grams(sci->value()), (3.1 * 1.12 * 335 + 12.1) / 10, 1e-9);
  EXPECT_NEAR(units::in_kwh(sci->building_energy()), 3.472, 1e-12);
}

TEST(Sci, the_sentence_shows_every_term_and_the_signal) {
  EXPECT_EQ(text_of(*make_sci(terms())),
            "1.18 kg CO2e per training = ((3.10 kWh x 1.12 PUE x 335 g/kWh marginal direct) + 12.1 g) / 1");
}

TEST(Sci, a_count_is_printed_as_what_it_is) {
  for (const auto& [count, text] : {std::pair(40.0, "/ 40"), std::pair(1e6, "/ 1,000,000"), std::pair(2.5, "/ 2.50")}) {
    Sci many = terms();
    many.count = count;
    EXPECT_TRUE(text_of(many).ends_with(text)) << text_of(many);
  }
}

TEST(Sci, impossible_terms_are_refused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(accepted([](Sci&) {}));
  EXPECT_TRUE(accepted([](Sci& sci) { sci.intensity = units::grams_per_kwh(-20); }));
  EXPECT_TRUE(accepted([](Sci& sci) { sci.pue = 1.0; }));
  EXPECT_FALSE(accepted([](Sci& sci) { sci.count = 0.0; }));
  EXPECT_FALSE(accepted([nan](Sci& sci) { sci.count = nan; }));
  EXPECT_FALSE(accepted([](Sci& sci) { sci.unit = " "; }));
  EXPECT_FALSE(accepted([](Sci& sci) { sci.pue = 0.99; }));
  EXPECT_FALSE(accepted([nan](Sci& sci) { sci.pue = nan; }));
  EXPECT_FALSE(accepted([](Sci& sci) { sci.energy = units::joules(-1); }));
  EXPECT_FALSE(accepted([](Sci& sci) { sci.embodied = units::grams(-1); }));
  EXPECT_FALSE(accepted([nan](Sci& sci) { sci.intensity = units::grams_per_kwh(nan); }));
}

}  // namespace
}  // namespace ebb::carbon
