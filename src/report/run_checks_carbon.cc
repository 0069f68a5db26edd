#include <fmt/format.h>

#include <cmath>

#include "hardware/embodied.h"
#include "report/run_checks.h"
#include "time/text.h"

namespace ebb::report {
namespace {

using account::RunRecord;
using units::Emissions;
using units::in_grams;
using units::in_grams_per_kwh;
using units::in_kwh;

/// Law 1: energy in the slot x the slot's intensity.
struct Priced {
  Emissions emissions;
  Emissions size;  ///< sum of the terms' sizes: the scale where negative intensities cancel
  const account::SlotTotal* missing = nullptr;
};

template <typename EnergyOf, typename IntensityOf>
Priced price(const RunRecord& record, const EnergyOf& energy_of, const IntensityOf& intensity_of) {
  Priced out;
  for (const auto& slot : record.slots) {
    const units::Energy energy = energy_of(slot);
    const std::optional<units::Intensity> intensity = intensity_of(slot);
    if (intensity) {
      const auto term = energy * *intensity;
      out.emissions += term;
      out.size += term < Emissions{} ? -term : term;
    } else if (energy != units::Energy{} && out.missing == nullptr) {
      out.missing = &slot;
    }
  }
  return out;
}

Priced price_book(const RunRecord& record, carbon::BookKind kind) {
  const bool own = record.book == kind;
  return price(
      record, [](const account::SlotTotal& slot) { return slot.energy; },
      [own](const account::SlotTotal& slot) { return own ? slot.intensity : slot.other; });
}

void check_book(Checks& checks, const RunRecord& record, carbon::BookKind kind, const account::BookTotal& book) {
  const std::string name(carbon::name_of(kind));
  const auto priced = price_book(record, kind);
  if (priced.missing != nullptr) {
    return checks.fault(
        {name + ".operational_g",
         in_grams(book.operational),
         {},
         fmt::format("the slot of {} has energy and no intensity", time::text_of(priced.missing->begin))});
  }
  const double scale = in_grams(priced.size) * record.pue;
  checks.compare(name + ".operational_g", in_grams(book.operational), in_grams(priced.emissions * record.pue),
                 "the sum over the slots of energy x intensity, x PUE", scale);
  checks.compare(name + ".emissions_g", in_grams(book.emissions), in_grams(book.operational + record.embodied),
                 "operational + embodied", scale);
  if (record.energy > units::Energy{}) {
    checks.compare(name + ".intensity_mean_g_per_kwh", in_grams_per_kwh(book.mean_intensity),
                   in_grams_per_kwh(priced.emissions / record.energy),
                   "the slots' intensities weighted by their energy", in_grams_per_kwh(priced.size / record.energy));
  }
  const auto belongs = carbon::book_of(book.signal);
  if (!belongs.ok() || *belongs != kind) {
    checks.fault({name + ".signal", {}, {}, series::text_of(book.signal) + " is no signal of this book"});
  }
  checks.checked(fmt::format("{} book: mean intensity, PUE, operational, total", name));
}

/// The figures at the top of the document are those of the run's own book.
void check_own_figures(Checks& checks, const account::BookTotal* own, Reader& document) {
  const auto compare = [&](const char* key, std::optional<double> recomputed) {
    checks.compare(key, document.maybe_number(key), recomputed, "that of the run's own book");
  };
  compare("operational_g", own ? std::optional(in_grams(own->operational)) : std::nullopt);
  compare("emissions_g", own ? std::optional(in_grams(own->emissions)) : std::nullopt);
  compare("intensity_mean_g_per_kwh", own ? std::optional(in_grams_per_kwh(own->mean_intensity)) : std::nullopt);
}

void check_component_emissions(Checks& checks, const RunRecord& record) {
  for (std::size_t i = 0; i < record.components.size(); ++i) {
    const auto priced = price(
        record, [i](const account::SlotTotal& slot) { return slot.by_component[i]; },
        [](const account::SlotTotal& slot) { return slot.intensity; });
    const auto& recorded = record.components[i].emissions;
    if (!recorded) continue;
    const bool whole = priced.missing == nullptr;
    checks.compare(fmt::format("components[{}].emissions_g", i), in_grams(*recorded),
                   whole ? std::optional(in_grams(priced.emissions)) : std::nullopt,
                   "the sum over the slots of its energy x intensity", in_grams(priced.size));
  }
}

}  // namespace

void check_books(Checks& checks, const RunRecord& record, Reader& document) {
  using carbon::BookKind;
  if (record.attributional) check_book(checks, record, BookKind::kAttributional, *record.attributional);
  if (record.consequential) check_book(checks, record, BookKind::kConsequential, *record.consequential);
  check_own_figures(checks, record.own_book(), document);
  if (record.own_book() == nullptr) return checks.unchecked("emissions: the record has none");
  check_component_emissions(checks, record);
}

void check_boundary(Checks& checks, const RunRecord& record) {
  std::vector<carbon::ComponentUse> uses;
  for (const auto& part : record.components) uses.push_back({part.name, part.kind, part.energy, part.emissions});
  const auto ladder = carbon::boundary_ladder(uses, record.pue, record.embodied);
  const bool priced = record.own_book() != nullptr;
  const auto compare = [&](const std::string& rung, const carbon::Rung& recorded, const carbon::Rung& recomputed) {
    const auto grams = [](const carbon::Rung& of) {
      return of.emissions ? std::optional(in_grams(*of.emissions)) : std::nullopt;
    };
    checks.compare("boundary." + rung + "_g", grams(recorded), priced ? grams(recomputed) : std::nullopt,
                   "the components up to it",
                   std::fabs(in_grams(record.ladder.plus_pue.emissions.value_or(Emissions{}))));
    if (rung != "plus_embodied") {
      checks.compare("boundary." + rung + "_kwh", in_kwh(recorded.energy), in_kwh(recomputed.energy),
                     "the components up to it");
    }
  };
  compare("gpu", record.ladder.gpu, ladder.gpu);
  compare("plus_cpu_memory", record.ladder.plus_cpu_memory, ladder.plus_cpu_memory);
  compare("plus_pue", record.ladder.plus_pue, ladder.plus_pue);
  compare("plus_embodied", record.ladder.plus_embodied, ladder.plus_embodied);
  if (const auto* own = record.own_book()) {
    checks.compare(
        "boundary.plus_embodied_g", in_grams(own->emissions),
        ladder.plus_embodied.emissions ? std::optional(in_grams(*ladder.plus_embodied.emissions)) : std::nullopt,
        "the run's emissions");
  }
  checks.checked("boundary: GPU, + CPU and memory, x PUE, + embodied");
}

void check_embodied(Checks& checks, const RunRecord& record) {
  Emissions sum;
  for (std::size_t i = 0; i < record.embodied_parts.size(); ++i) {
    const auto& part = record.embodied_parts[i];
    const double lifetime = part.lifetime_years * time::in_seconds(hardware::kLifetimeYear);
    const auto share = part.each * part.count * (time::in_seconds(part.held) / lifetime);
    checks.compare(fmt::format("embodied_parts[{}].share_g", i), in_grams(part.share), in_grams(share),
                   "each x count x held / lifetime");
    sum += part.share;
  }
  checks.compare("embodied_g", in_grams(record.embodied), in_grams(sum), "the sum of its parts");
  checks.checked(fmt::format("embodied: {} parts, each by its time of its lifetime", record.embodied_parts.size()));
}

void check_sci(Checks& checks, const RunRecord& record, Reader& document) {
  const auto* own = record.own_book();
  if (!record.sci || own == nullptr) return checks.unchecked("SCI: the record has none");
  document.object("sci", [&](Reader& sci) {
    const double energy = in_kwh(record.energy) * record.pue;
    const double operational = sci.number("E_kwh") * sci.number("I_g_per_kwh");
    checks.compare("sci.E_kwh", sci.number("E_kwh"), energy, "energy x PUE");
    checks.compare("sci.I_g_per_kwh", sci.number("I_g_per_kwh"), in_grams_per_kwh(own->mean_intensity),
                   "the own book's mean intensity");
    checks.compare("sci.M_g", sci.number("M_g"), in_grams(record.embodied), "the embodied share");
    checks.compare("sci.R", sci.number("R"), record.functional_count, "the number of functional units");
    checks.compare("sci.value", sci.number("value"), (operational + sci.number("M_g")) / sci.number("R"),
                   "((E x I) + M) / R", (std::fabs(operational) + sci.number("M_g")) / sci.number("R"));
  });
  checks.checked("SCI: each term and its value");
}

void check_what_ifs(Checks& checks, const RunRecord& record) {
  const auto* own = record.own_book();
  if (own == nullptr || record.what_if.empty()) return;
  for (std::size_t i = 0; i < record.what_if.size(); ++i) {
    const auto& other = record.what_if[i];
    const auto key = [i](const char* name) { return fmt::format("what_if[{}].{}", i, name); };
    if (other.signal != own->signal) {
      checks.fault({key("signal"), {}, {}, series::text_of(other.signal) + " is not the signal of the run's own book"});
      continue;
    }
    checks.compare(key("difference_g"), in_grams(other.difference), in_grams(own->operational - other.operational),
                   "the run's operational emissions less these", std::fabs(in_grams(own->operational)));
    const bool marginal = other.signal.kind == series::SignalKind::kMarginal;
    if (other.word == "avoided" && !marginal) {
      checks.fault({key("word"), {}, {}, "only a marginal difference is avoided"});
    }
  }
  checks.checked("what-ifs: their differences");
  checks.unchecked("what-ifs: their series is not in the record");
}

}  // namespace ebb::report
