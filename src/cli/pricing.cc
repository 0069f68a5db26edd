#include "cli/pricing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "account/embodied.h"
#include "account/what_if.h"
#include "base/text.h"
#include "cli/common.h"
#include "grid/catalogue.h"
#include "grid/typical_year.h"
#include "hardware/cpu.h"
#include "hardware/pue.h"
#include "series/csv.h"

namespace ebb::cli {
namespace {

using report::Json;
using std::chrono::hours;

constexpr auto kWhatIfAfter = hours(30);
// Below, a comparison with other zones costs more than the run itself.
constexpr auto kWorthComparing = std::chrono::seconds(10);

struct Choice {
  std::string_view option;
  const char* key;
};
constexpr std::array kChoices{Choice{"--zone", "zone"},
                              Choice{"--signal", "signal"},
                              Choice{"--pue", "pue"},
                              Choice{"--per", "per"},
                              Choice{"--count", "count"},
                              Choice{"--epochs-hint", "epochs_hint"},
                              Choice{"--region-of-epochs", "epochs_region"},
                              Choice{"--embodied", "embodied"},
                              Choice{"--lifetime-years", "lifetime_years"}};

std::string text_at(const Json& choice, const char* key) {
  const auto found = choice.find(key);
  return found != choice.end() && found->is_string() ? found->get<std::string>() : "";
}

base::Expected<double> number_at(const Json& choice, const char* key, double otherwise, double low, double high) {
  const auto text = text_at(choice, key);
  if (text.empty()) return otherwise;
  const auto number = base::parse_number(text);
  if (!number || *number < low || *number > high) {
    return base::usage_error(fmt::format("{}: {} is no number from {} to {}", key, base::in_quotes(text), low, high));
  }
  return *number;
}

base::Status take_pue(const Json& choice, account::Pricing& pricing) {
  const auto text = text_at(choice, "pue");
  if (text.empty()) {
    pricing.pue_source = "none given: the boundary ends at the equipment";
    return base::Done{};
  }
  if (base::parse_number(text)) {
    EBB_TRY(pricing.pue, number_at(choice, "pue", 1.0, 1.0, 10.0));
    pricing.pue_source = "given";
    return base::Done{};
  }
  const auto factor = hardware::find_pue(text);
  if (!factor) return in_option(factor.error(), "--pue");
  pricing.pue = factor->value;
  pricing.pue_source = factor->source;
  return base::Done{};
}

base::Status take_unit(const Json& choice, account::Pricing& pricing) {
  if (const auto unit = text_at(choice, "per"); !unit.empty()) pricing.functional_unit = unit;
  EBB_TRY(pricing.functional_count, number_at(choice, "count", 1.0, 1e-9, 1e18));
  if (!text_at(choice, "epochs_hint").empty()) {
    EBB_TRY(const double hint, number_at(choice, "epochs_hint", 1.0, 1.0, 1e9));
    pricing.passages_hint = static_cast<int>(hint);
  }
  if (const auto region = text_at(choice, "epochs_region"); !region.empty()) pricing.hinted_region = region;
  const auto signal = text_at(choice, "signal");
  if (signal == "marginal") {
    pricing.book = carbon::BookKind::kConsequential;
  } else if (signal == "average") {
    pricing.book = carbon::BookKind::kAttributional;
  } else if (!signal.empty()) {
    return base::usage_error(fmt::format("--signal: {} is neither marginal nor average", base::in_quotes(signal)));
  }
  return base::Done{};
}

/// How much of a server the run held: its part of the host in a virtual machine, its CPUs where it was given some.
double server_share(const Json& machine) {
  const auto number = [&](const char* key) {
    const auto found = machine.find(key);
    return found != machine.end() && found->is_number() ? found->get<double>() : 0.0;
  };
  const double logical = std::max(1.0, number("logical_cpus"));
  double share = 1.0;
  if (machine.value("virtual_machine", false)) {
    hardware::CpuIdentity cpu;
    cpu.model_name = machine.value("cpu", "");
    cpu.vendor = machine.value("cpu_vendor", "");
    cpu.family = machine.value("cpu_family", 0);
    cpu.model = machine.value("cpu_model", 0);
    cpu.virtual_machine = true;
    share = std::min(1.0, logical / std::max(1, hardware::find_cpu(cpu).threads));
  }
  if (const double given = number("cpus_given"); given > 0.0) share *= std::min(1.0, given / logical);
  return share;
}

std::vector<account::HeldDevice> held_devices(const account::Measured& measured, std::optional<double> lifetime) {
  std::vector<account::HeldDevice> devices;
  std::map<std::string, double> boards;
  std::map<std::string, int> nodes;
  for (const auto& sum : measured.components) {
    nodes[sum.node] = 1;
    const bool used = sum.job + sum.job_idle > units::Energy{};
    if (sum.component.kind == hardware::ComponentKind::kGpu && used) boards[sum.component.device] += 1.0;
  }
  for (const auto& [device, count] : boards)
    devices.push_back({device.empty() ? "any-gpu" : device, "any-gpu", count, lifetime});
  const auto machine = Json::parse(measured.header.machine_json, nullptr, false);
  if (!machine.is_object()) return devices;
  const double share = server_share(machine);
  const double count = static_cast<double>(std::max<std::size_t>(1, nodes.size()));
  devices.push_back({"server", "", share * count, lifetime});
  // The figure of a server holds 16 GB (data/embodied.csv).
  const double further = machine.value("memory_gb", 0.0) - 16.0 * share;
  if (further > 0.0) devices.push_back({"memory", "", further * count, lifetime});
  return devices;
}

base::Status take_embodied(const Json& choice, const account::Measured& measured, account::Pricing& pricing,
                           std::vector<std::string>& warnings) {
  const auto text = text_at(choice, "embodied");
  if (text == "none") return base::Done{};
  const auto held = measured.when().length();
  if (!text.empty() && text != "auto") {
    EBB_TRY(const double grams, number_at(choice, "embodied", 0.0, 0.0, 1e15));
    account::EmbodiedShare share;
    share.device = "given";
    share.count = 1.0;
    share.held = held;
    share.share = units::grams(grams);
    share.source = "--embodied";
    pricing.embodied.push_back(share);
    return base::Done{};
  }
  std::optional<double> lifetime;
  if (!text_at(choice, "lifetime_years").empty()) {
    EBB_TRY(lifetime, number_at(choice, "lifetime_years", 4.0, 0.1, 100.0));
  }
  pricing.embodied = account::embodied_shares(held_devices(measured, lifetime), held, &warnings);
  return base::Done{};
}

/// Series given as files, each into its book; the zone's own for what is left.
base::Status take_series(const Json& choice, const time::Interval& when, const Arguments& arguments,
                         const Context& context, account::Pricing& pricing, std::vector<std::string>& warnings) {
  std::vector<std::string> files = arguments.all("--series");
  if (files.empty() && choice.contains("series")) {
    for (const auto& file : choice["series"]) {
      if (file.is_string()) files.push_back(file.get<std::string>());
    }
  }
  for (const auto& path : files) {
    EBB_TRY(auto series, series::load_csv(path));
    const auto book = carbon::book_of(series.signal());
    if (!book) return book.error().in(path);
    auto& place = *book == carbon::BookKind::kAttributional ? pricing.attributional : pricing.consequential;
    if (place)
      return base::usage_error(
          fmt::format("--series: {} and another are both of {} intensity", path, series::text_of(series.signal())));
    place = std::move(series);
  }
  const auto zone = text_at(choice, "zone");
  if (zone.empty()) return base::Done{};
  auto catalogue = open_catalogue(arguments, context);
  EBB_TRY(auto cover, catalogue.covering(zone, when, kWhatIfAfter));
  if (!pricing.attributional && cover.average) pricing.attributional = std::move(cover.average);
  if (!pricing.consequential && cover.marginal) pricing.consequential = std::move(cover.marginal);
  const bool marginal = pricing.book.value_or(pricing.consequential ? carbon::BookKind::kConsequential
                                                                    : carbon::BookKind::kAttributional) ==
                        carbon::BookKind::kConsequential;
  if (files.empty()) pricing.intensity_factors = marginal ? cover.marginal_factors : cover.average_factors;
  warnings.insert(warnings.end(), cover.warnings.begin(), cover.warnings.end());
  return base::Done{};
}

/// Other zones of the same signal at the same time; what_ifs() leaves out what is of another source or vintage.
std::vector<series::Series> comparable_zones(const series::Series& own, const time::Interval& when,
                                             const Arguments& arguments, const Context& context) {
  std::vector<series::Series> others;
  if (own.signal().kind != series::SignalKind::kAverage) return others;
  auto catalogue = open_catalogue(arguments, context);
  for (const auto& zone : grid::typical_year_zones()) {
    if (zone == own.zone()) continue;
    auto cover = catalogue.covering(zone, when, kWhatIfAfter);
    if (cover && cover->average) others.push_back(std::move(*cover->average));
  }
  return others;
}

}  // namespace

const std::vector<Option>& pricing_options() {
  static const std::vector<Option> options{
      {"--zone", "Z", "grid zone or cloud region (DE, US-CAL-CISO, azure:westus); else $EBB_ZONE"},
      {"--series", "FILE", "intensities of your own: canonical CSV; once for each book", true},
      {"--signal", "KIND", "book of the headline: marginal or average; default marginal where there is one"},
      {"--pue", "N", "power usage effectiveness, or a provider's name; default 1, the equipment alone"},
      {"--embodied", "M", "auto (default), none, or grams: the run's share of making the hardware"},
      {"--lifetime-years", "Y", "of the hardware; default as the table says"},
      {"--per", "UNIT", "functional unit R of the SCI: training (default), epoch, token, request"},
      {"--count", "N", "how many of them the run made; default 1"},
      {"--epochs-hint", "N", "predict the whole from the first of N epochs (regions named epoch)"},
      {"--region-of-epochs", "NAME", "the region that --epochs-hint counts; default epoch"},
  };
  return options;
}

Json pricing_choice(const Arguments& arguments, const Context& context, const Json& kept) {
  Json choice = kept.is_object() ? kept : Json::object();
  for (const auto& one : kChoices) {
    if (const auto value = arguments.get(one.option)) choice[one.key] = *value;
  }
  if (arguments.has("--series")) choice["series"] = arguments.all("--series");
  if (text_at(choice, "zone").empty()) {
    if (const auto zone = context.environment("EBB_ZONE"); zone && !zone->empty()) choice["zone"] = *zone;
  }
  return choice;
}

base::Status check_pricing(const Json& choice) {
  account::Pricing pricing;
  EBB_TRY_DO(take_pue(choice, pricing));
  EBB_TRY_DO(take_unit(choice, pricing));
  EBB_TRY_DO(number_at(choice, "lifetime_years", 4.0, 0.1, 100.0));
  const auto embodied = text_at(choice, "embodied");
  if (!embodied.empty() && embodied != "auto" && embodied != "none") {
    EBB_TRY_DO(number_at(choice, "embodied", 0.0, 0.0, 1e15));
  }
  return base::Done{};
}

base::Expected<PricedRun> price_run(const account::Measured& measured, const Json& choice, const Arguments& arguments,
                                    const Context& context, bool thorough, bool alive) {
  account::Pricing pricing;
  pricing.alive = alive;
  std::vector<std::string> warnings;
  EBB_TRY_DO(take_pue(choice, pricing));
  EBB_TRY_DO(take_unit(choice, pricing));
  EBB_TRY_DO(take_embodied(choice, measured, pricing, warnings));
  EBB_TRY_DO(take_series(choice, measured.when(), arguments, context, pricing, warnings));
  PricedRun run;
  EBB_TRY(run.record, account::price(measured, pricing));
  run.record.warnings.insert(run.record.warnings.end(), warnings.begin(), warnings.end());
  if (run.record.book) {
    const auto& own =
        *run.record.book == carbon::BookKind::kConsequential ? pricing.consequential : pricing.attributional;
    if (own) run.series.push_back(*own);
  }
  if (thorough && !run.series.empty() && run.record.when.length() > kWorthComparing) {
    auto others = comparable_zones(run.series.front(), run.record.when, arguments, context);
    run.series.insert(run.series.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
  }
  if (!run.series.empty()) {
    run.record.what_if = account::what_ifs(run.record, run.series.front(), {run.series.begin() + 1, run.series.end()});
  }
  return run;
}

}  // namespace ebb::cli
