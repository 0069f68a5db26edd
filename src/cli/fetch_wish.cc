#include "cli/fetch_wish.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "cli/common.h"
#include "time/text.h"

namespace ebb::cli {

base::Expected<Wish> wish_of(const Arguments& arguments, const Context& context) {
  Wish wish;
  wish.zones = arguments.all("--zone", true);
  if (const auto text = arguments.get("--signal")) {
    wish.signal = series::parse_signal(*text);
    if (!wish.signal) {
      return base::usage_error(
          fmt::format("--signal: {} is no signal: marginal or average, direct or lifecycle", base::in_quotes(*text)));
    }
  }
  EBB_TRY(const auto from, time_option(arguments, "--from", context.clock));
  EBB_TRY(const auto to, time_option(arguments, "--to", context.clock));
  EBB_TRY(wish.forecast, duration_option(arguments, "--forecast"));
  wish.latest = arguments.has("--latest");
  wish.refresh = arguments.has("--refresh");
  if (to && !from) return base::usage_error("--to needs --from");
  if (from) {
    wish.history = {*from, to.value_or(now_of(context.clock))};
    if (wish.history->begin >= wish.history->end) {
      return base::usage_error(fmt::format("--from {} is not before --to {}", time::text_of(wish.history->begin),
                                           time::text_of(wish.history->end)));
    }
  }
  if (wish.zones.empty()) return base::usage_error("say which zone: --zone Z; --list-zones lists them");
  if (!wish.history && !wish.forecast && !wish.latest) {
    return base::usage_error("say what to fetch: --from T (--to T), --latest or --forecast HORIZON");
  }
  return wish;
}

base::Expected<series::Signal> signal_of(const Wish& wish, const providers::Facts& facts) {
  std::vector<std::string> offered;
  for (const auto& signal : facts.signals) {
    const bool fits = !wish.signal || ((!wish.signal->kind || wish.signal->kind == signal.kind) &&
                                       (!wish.signal->scope || wish.signal->scope == signal.scope));
    if (fits) return signal;
    offered.push_back(series::text_of(signal));
  }
  return base::usage_error(fmt::format("--signal: {} has {}", facts.title, fmt::join(offered, " and ")));
}

base::Status refuse_other_options(const Arguments& arguments, bool is_url) {
  const std::vector<std::string_view> of_url{"--format",       "--unit",   "--time-zone", "--time-column",
                                             "--value-column", "--source", "--licence"};
  const std::vector<std::string_view> of_provider{"--from",     "--to",      "--latest",
                                                  "--forecast", "--refresh", "--list-zones"};
  for (const auto option : is_url ? of_provider : of_url) {
    if (!arguments.has(option)) continue;
    return base::usage_error(
        fmt::format("{} belongs to {}", option, is_url ? "--provider: --url takes the whole file" : "--url"));
  }
  return base::Done{};
}

}  // namespace ebb::cli
