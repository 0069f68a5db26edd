#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "cli/common.h"
#include "cli/fetch_url.h"
#include "cli/fetch_wish.h"
#include "cli/grid_fetch_report.h"
#include "cli/network.h"
#include "cli/progress_bar.h"
#include "providers/fetch.h"
#include "providers/open.h"

namespace ebb::cli {
namespace {

/// What is kept of the series that values went to; where nothing had to be asked for, of all of that zone and signal.
base::Expected<std::vector<store::Entry>> entries_of(store::Store& store, const FetchOutcome& outcome) {
  std::vector<store::Entry> entries;
  EBB_TRY(const auto all, store.list(outcome.zone));
  const auto& keys = outcome.fetched.keys;
  for (const auto& entry : all) {
    const bool wanted = keys.empty() ? outcome.fetched.pieces == 0 && entry.key.signal == outcome.signal
                                     : std::find(keys.begin(), keys.end(), entry.key) != keys.end();
    if (wanted) entries.push_back(entry);
  }
  return entries;
}

/// One zone: its past, its newest values and its forecast, as far as they are wanted.
base::Expected<std::vector<FetchOutcome>> fetch_zone(const std::string& zone, const Wish& wish,
                                                     providers::Provider& provider,
                                                     const providers::Fetching& fetching) {
  EBB_TRY(const auto signal, signal_of(wish, provider.facts()));
  std::vector<FetchOutcome> outcomes;
  const auto take = [&](base::Expected<providers::Fetched> fetched) -> base::Status {
    if (!fetched) return fetched.error();
    outcomes.push_back({provider.facts().name, zone, signal, *std::move(fetched), {}});
    EBB_TRY(outcomes.back().entries, entries_of(fetching.store, outcomes.back()));
    return base::Done{};
  };
  if (wish.history) {
    EBB_TRY_DO(take(providers::fetch_history(provider, {zone, signal, *wish.history}, wish.refresh, fetching)));
  }
  const bool stopped = !outcomes.empty() && outcomes.back().fetched.stopped;
  if (wish.latest && !stopped) EBB_TRY_DO(take(providers::fetch_latest(provider, zone, signal, fetching)));
  if (wish.forecast && !stopped) {
    EBB_TRY_DO(take(providers::fetch_forecast(provider, zone, signal, *wish.forecast, fetching)));
  }
  return outcomes;
}

base::Expected<store::Store> open_store(const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto folder, data_folder(arguments, context));
  EBB_TRY_DO(base::make_folder(folder));
  return store::Store::open(fmt::format("{}/{}", folder, store::kFileName), store::Access::kWrite);
}

/// The exit code of a fetch that a signal ended, as shells give it.
int say_stopped(const Network& network, const Context& context) {
  context.err("ebb grid fetch: stopped; what came is kept, and the same command goes on from there\n");
  return 128 + network.stop_signal();
}

void show(const std::vector<FetchOutcome>& outcomes, const Arguments& arguments, const Context& context) {
  report::Json all = report::Json::array();
  for (const auto& outcome : outcomes) {
    all.push_back(json_of(outcome));
    if (!arguments.has("--json")) context.out(text_of(outcome));
    print_warnings(outcome.fetched.warnings, arguments, context);
  }
  if (arguments.has("--json")) context.out(report::dump({{"fetched", all}}, 1) + "\n");
}

base::Expected<int> list_zones(providers::Provider& provider, const Arguments& arguments, const Context& context) {
  EBB_TRY(const auto zones, provider.zones());
  if (arguments.has("--json")) {
    context.out(report::dump({{"provider", provider.facts().name}, {"zones", zones}}) + "\n");
  } else {
    for (const auto& zone : zones) context.out(zone + "\n");
  }
  return 0;
}

base::Expected<int> run_fetch(const Arguments& arguments, const Context& context) {
  const auto url = arguments.get("--url");
  const auto name = arguments.get("--provider");
  if (url.has_value() == name.has_value()) {
    return base::usage_error("say where from: --provider NAME, or --url URL of a file");
  }
  EBB_TRY_DO(refuse_other_options(arguments, url.has_value()));
  if (url) {
    EBB_TRY(auto network, Network::open(arguments, context));
    EBB_TRY(auto store, open_store(arguments, context));
    auto outcome = fetch_url(*url, arguments, context, *network, store);
    if (network->stopped()) return say_stopped(*network, context);
    if (!outcome) return outcome.error();
    show({*std::move(outcome)}, arguments, context);
    return 0;
  }
  const bool listing = arguments.has("--list-zones");
  EBB_TRY(const auto wish, listing ? base::Expected<Wish>(Wish{}) : wish_of(arguments, context));
  EBB_TRY(auto network, Network::open(arguments, context));
  EBB_TRY(const auto open, providers::open_provider(*name, network->ports()));
  if (listing) return list_zones(*open.provider, arguments, context);
  EBB_TRY(auto store, open_store(arguments, context));
  std::vector<FetchOutcome> outcomes;
  for (const auto& zone : wish.zones) {
    ProgressBar bar(arguments, context, fmt::format("{} {}", *name, zone));
    const providers::Fetching fetching{
        store, context.clock, open.base,
        [&bar](std::size_t done, std::size_t total, time::Instant up_to) { bar.draw(done, total, up_to); },
        [&network] { return network->stopped(); }};
    auto of_zone = fetch_zone(zone, wish, *open.provider, fetching);
    if (network->stop_signal() != 0) return say_stopped(*network, context);
    if (!of_zone) return of_zone.error();
    for (auto& outcome : *of_zone) outcomes.push_back(std::move(outcome));
  }
  show(outcomes, arguments, context);
  return 0;
}

}  // namespace

const Command& grid_fetch_command() {
  static const Command command{
      "grid fetch",
      "series from web providers into the local store",
      "Fetches the past (--from, --to), the newest values (--latest) or a forecast (--forecast) and keeps them in the "
      "data folder, piece by piece: a fetch that ends early goes on where it stopped, and what was fetched is read "
      "without a network from then on. Values that were younger than 7 days are fetched again, since they may be "
      "revised. Secrets come from the environment (WATTTIME_USER, WATTTIME_PASSWORD, ELECTRICITYMAPS_TOKEN, "
      "EIA_API_KEY) or from credentials.toml in the data folder or in ~/.config/ebb, mode 0600.",
      {{"--provider", "P", "eia, electricity-maps, uk or watttime"},
       {"--zone", "Z", "as the provider names it: CAISO_NORTH, DE, GB, CISO; several: A,B", true},
       {"--from", "T", "fetch the past from here on"},
       {"--to", "T", "the end of it; default now"},
       {"--signal", "S", "marginal or average, direct or lifecycle; default the provider's first"},
       {"--latest", "", "the newest values"},
       {"--forecast", "HORIZON", "the forecast issued last, that far: 24h"},
       {"--refresh", "", "ask for everything again, what was fetched before too"},
       {"--list-zones", "", "the zones that --zone takes"},
       {"--url", "URL", "a file, CSV or JSON, in a format that `ebb grid import` reads"},
       {"--format", "F", "the format of that file, where it is not found by itself"},
       {"--unit", "U", "the unit of its values, where it does not say: lb/MWh"},
       {"--time-zone", "TZ", "of its times, where they carry none: UTC, Europe/Berlin"},
       {"--time-column", "C", "its column of times, where it is no known format"},
       {"--value-column", "C", "its column of values, where it is no known format"},
       {"--source", "TEXT", "who published it"},
       {"--licence", "TEXT", "under which licence"}},
      {"ebb grid fetch --provider uk --zone GB --from 2024-01-01T00:00:00Z --to 2024-02-01T00:00:00Z",
       "ebb grid fetch --provider watttime --zone CAISO_NORTH --forecast 72h --json"},
      run_fetch,
      false};
  return command;
}

}  // namespace ebb::cli
