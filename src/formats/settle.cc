#include "formats/settle.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "formats/row_times.h"
#include "formats/unit.h"

namespace ebb::formats {
namespace {

bool is_known(const series::Signal& signal) { return signal.kind && signal.scope; }

/// Whether a signal is one of those that another describes in part ("average" takes both scopes).
bool is_within(const series::Signal& signal, const series::Signal& wanted) {
  return (!wanted.kind || !signal.kind || signal.kind == wanted.kind) &&
         (!wanted.scope || !signal.scope || signal.scope == wanted.scope);
}

base::Status keep_zones(std::vector<Draft>& drafts, const std::string& name, const Options& options) {
  if (options.zones.empty()) return base::Done{};
  std::vector<std::string> names;
  names.reserve(drafts.size());
  for (const auto& draft : drafts) names.push_back(draft.provenance.zone);
  for (const auto& zone : options.zones) {
    if (std::find(names.begin(), names.end(), zone) != names.end()) continue;
    auto near = base::nearest_names(zone, names, 3);
    if (near.empty())
      near.assign(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, names.size())));
    return base::no_data(
        fmt::format("no zone {} in {}; nearest are {}", base::in_quotes(zone), name, fmt::join(near, ", ")));
  }
  std::erase_if(drafts, [&](const Draft& draft) {
    return std::find(options.zones.begin(), options.zones.end(), draft.provenance.zone) == options.zones.end();
  });
  return base::Done{};
}

base::Status keep_signals(std::vector<Draft>& drafts, const std::string& name, const Options& options) {
  if (options.signal && !drafts.empty()) {
    const auto found = drafts.front().provenance.signal;
    std::erase_if(drafts, [&](const Draft& draft) { return !is_within(draft.provenance.signal, *options.signal); });
    if (drafts.empty()) {
      return base::bad_data(fmt::format("{}: its signal is {}, and --signal says {}", name, series::text_of(found),
                                        series::text_of(*options.signal)));
    }
    for (auto& draft : drafts) {
      auto& signal = draft.provenance.signal;
      if (!signal.kind) signal.kind = options.signal->kind;
      if (!signal.scope) signal.scope = options.signal->scope;
    }
  }
  return base::Done{};
}

base::Status fill_in(Draft& draft, const Options& options) {
  auto& from = draft.provenance;
  if (!options.source.empty()) from.source = options.source;
  if (!options.licence.empty()) draft.licence = options.licence;
  if (!options.vintage.empty()) {
    if (!from.vintage.empty() && from.vintage != options.vintage) {
      return base::bad_data(fmt::format("{}: its model vintage is {}, and --vintage says {}", draft.name,
                                        base::in_quotes(from.vintage), base::in_quotes(options.vintage)));
    }
    from.vintage = options.vintage;
  }
  if (draft.is_forecast && !draft.issued) draft.issued = options.issued;
  return base::Done{};
}

/// Names are anybody's: what breaks a line of a file, or cannot be seen, is no name.
bool is_name(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  if (text.size() > kLongest || base::trimmed(text) != text) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
  });
}

base::Status check_names(const Draft& draft) {
  const auto& from = draft.provenance;
  if (from.zone.empty()) {
    return base::bad_data(fmt::format("{}: the zone has no name: say it with --zone", draft.name));
  }
  for (const auto& [what, text] : {std::pair<std::string_view, std::string_view>{"zone", from.zone},
                                   {"source", from.source},
                                   {"model vintage", from.vintage},
                                   {"licence", draft.licence}}) {
    if (is_name(text)) continue;
    return base::bad_data(
        fmt::format("{}: the {} {} is no name: it is too long, has blanks around it or holds control "
                    "characters",
                    draft.name, what, base::in_quotes(text)));
  }
  return base::Done{};
}

base::Status check_time_zone(const Draft& draft, const Options& options) {
  if (options.time_zone.empty() || draft.time_zone == options.time_zone) return base::Done{};
  EBB_TRY(const auto zone, TimeZone::from_text(options.time_zone));
  if (zone.is_utc()) return base::Done{};
  return base::bad_data(
      fmt::format("{}: its times are {}, and --time-zone says {}", draft.name, draft.time_zone, options.time_zone));
}

}  // namespace

base::Expected<double> documented_unit(const std::string& name, std::string_view documented, const Options& options) {
  const auto unit = parse_unit(documented);
  if (!unit) {
    return base::bad_data(
        fmt::format("{}: {} is no unit of intensity: expected {}", name, base::in_quotes(documented), kUnitsTaken));
  }
  if (options.unit && options.unit->grams_per_kwh_of_one != unit->grams_per_kwh_of_one) {
    return base::bad_data(
        fmt::format("{}: its values are in {}, and --unit says {}", name, unit->name, options.unit->name));
  }
  return unit->grams_per_kwh_of_one;
}

base::Expected<std::string> zone_from_user(const std::string& name, const Options& options) {
  if (options.zones.size() == 1) return options.zones.front();
  return base::bad_data(fmt::format("{}: the file does not say which zone it is of: say {} with --zone", name,
                                    options.zones.empty() ? "it" : "one"));
}

base::Status local_times(Draft& draft, const Options& options) {
  if (draft.points.empty()) return base::Done{};
  if (options.time_zone.empty()) {
    return base::bad_data(
        fmt::format("{}: the time has no zone, and it is another moment in each: say which with --time-zone "
                    "(Europe/Berlin, UTC, +02:00)",
                    place_text(draft, draft.points.front().place)));
  }
  EBB_TRY(const auto zone, TimeZone::from_text(options.time_zone));
  return zone.make_utc(draft, options.repeated_hour);
}

base::Expected<Drafts> settle(const std::string& name, Drafts drafts, const Options& options) {
  if (drafts.drafts.empty()) return base::no_data(fmt::format("{}: there are no values in it", name));
  EBB_TRY_DO(keep_zones(drafts.drafts, name, options));
  EBB_TRY_DO(keep_signals(drafts.drafts, name, options));
  for (auto& draft : drafts.drafts) {
    EBB_TRY_DO(fill_in(draft, options));
    EBB_TRY_DO(check_names(draft));
    EBB_TRY_DO(check_time_zone(draft, options));
    if (!is_known(draft.provenance.signal)) {
      return base::bad_data(
          fmt::format("{}: the file does not say what its intensities mean: say it with --signal, as in --signal "
                      "\"average lifecycle\" or \"marginal direct\"",
                      draft.name));
    }
  }
  return drafts;
}

base::Expected<Understood> understood_of(const std::string& format, const std::string& name, Drafts drafts,
                                         const Options& options) {
  EBB_TRY(auto settled, settle(name, std::move(drafts), options));
  return assemble(format, std::move(settled));
}

}  // namespace ebb::formats
