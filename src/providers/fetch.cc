#include "providers/fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "providers/pieces.h"
#include "time/text.h"

namespace ebb::providers {
namespace {

store::Origin origin_of(const Provider& provider, const Fetching& fetching) {
  return {provider.facts().licence, fetching.location, fetching.clock.now()};
}

void add_once(std::vector<std::string>& all, const std::vector<std::string>& more) {
  for (const auto& one : more) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  }
}

/// Keeps the part of a reading inside `when`; says whether there was a value.
base::Expected<bool> keep(const Reading& reading, time::Interval when, const store::Origin& origin,
                          const Fetching& fetching, Fetched& fetched) {
  bool any = false;
  fetched.duplicates += reading.duplicates;
  add_once(fetched.warnings, reading.warnings);
  for (const auto& whole : reading.series) {
    const auto series = whole.slice(when.begin, when.end);
    if (series.size() == 0) continue;
    EBB_TRY(const auto put, fetching.store.put(series, origin));
    fetched.slots.added += put.added;
    fetched.slots.same += put.same;
    fetched.slots.revised += put.revised;
    fetched.slots.missing += put.missing;
    any = any || put.missing < series.size();
    const auto key = store::key_of(series);
    if (std::find(fetched.keys.begin(), fetched.keys.end(), key) == fetched.keys.end()) fetched.keys.push_back(key);
    if (fetched.keys.size() == 2) {
      add_once(fetched.warnings, {fmt::format("the values come in more than one series, by model "
                                              "or step, and are kept apart")});
    }
  }
  return any;
}

base::Error nothing_there(const Provider& provider, const std::string& zone, const std::string& when) {
  return base::no_data(
      fmt::format("{} has no values of {} {}; `ebb grid fetch --provider {} "
                  "--list-zones` lists its zones",
                  provider.facts().title, base::in_quotes(zone), when, provider.facts().name));
}

/// What is still to be asked for.
base::Expected<std::vector<time::Interval>> open_parts(const store::FetchKey& key, time::Interval when, bool refresh,
                                                       store::Store& store) {
  if (refresh) return std::vector{when};
  return store.not_fetched(key, when);
}

}  // namespace

base::Expected<Fetched> fetch_history(Provider& provider, const Question& question, bool refresh,
                                      const Fetching& fetching) {
  const auto now = fetching.clock.now();
  auto when = in_whole_hours(question.when);
  when.end = std::min(when.end, in_whole_hours({now, now + time::Duration(1)}).end);
  if (when.begin >= when.end) {
    return base::no_data(
        fmt::format("{} is in the future: --forecast asks for what is expected", time::text_of(question.when.begin)));
  }
  const store::FetchKey key{provider.facts().name, question.zone, question.signal};
  EBB_TRY(const auto open, open_parts(key, when, refresh, fetching.store));
  std::vector<time::Interval> pieces;
  Fetched fetched;
  fetched.known = when.length();
  for (const auto& part : open) {
    fetched.known -= part.length();
    for (const auto& piece : pieces_of(part, provider.facts().longest_piece)) pieces.push_back(piece);
  }
  const auto kept_before = [&](const base::Error& error) {
    return pieces.size() < 2 ? error
                             : error.in(fmt::format("{} of {} pieces are kept, to {}", fetched.pieces, pieces.size(),
                                                    time::text_of(pieces[fetched.pieces].begin)));
  };
  for (const auto& piece : pieces) {
    if (fetching.stopped && fetching.stopped()) {
      fetched.stopped = true;
      return fetched;
    }
    const auto reading = provider.history({question.zone, question.signal, piece});
    if (!reading) {
      if (fetching.stopped && fetching.stopped()) {
        fetched.stopped = true;
        return fetched;
      }
      return kept_before(reading.error());
    }
    EBB_TRY(const bool any, keep(*reading, piece, origin_of(provider, fetching), fetching, fetched));
    const auto settled = settled_part(piece, now);
    if (!any) ++fetched.empty_pieces;
    if (any && settled.begin < settled.end) EBB_TRY_DO(fetching.store.mark_fetched(key, settled));
    ++fetched.pieces;
    if (fetching.progress) fetching.progress(fetched.pieces, pieces.size(), piece.end);
  }
  if (!pieces.empty() && fetched.empty_pieces == pieces.size() && fetched.known == time::Duration{0}) {
    return nothing_there(provider, question.zone,
                         fmt::format("from {} to {}", time::text_of(when.begin), time::text_of(when.end)));
  }
  return fetched;
}

base::Expected<Fetched> fetch_latest(Provider& provider, const std::string& zone, const series::Signal& signal,
                                     const Fetching& fetching) {
  Fetched fetched;
  EBB_TRY(const auto reading, provider.latest(zone, signal));
  ++fetched.pieces;
  for (const auto& series : reading.series) {
    EBB_TRY(const bool any,
            keep({{series}, std::nullopt, 0, {}}, series.covers(), origin_of(provider, fetching), fetching, fetched));
    if (any && (!fetched.newest || fetched.newest->end() < series.end())) fetched.newest = series;
  }
  fetched.duplicates = reading.duplicates;
  add_once(fetched.warnings, reading.warnings);
  if (!fetched.newest) return nothing_there(provider, zone, "now");
  return fetched;
}

base::Expected<Fetched> fetch_forecast(Provider& provider, const std::string& zone, const series::Signal& signal,
                                       time::Duration horizon, const Fetching& fetching) {
  Fetched fetched;
  EBB_TRY(const auto reading, provider.forecast(zone, signal, horizon));
  ++fetched.pieces;
  fetched.duplicates = reading.duplicates;
  fetched.warnings = reading.warnings;
  const auto now = std::chrono::floor<std::chrono::seconds>(fetching.clock.now());
  for (const auto& series : reading.series) {
    if (series.missing_count() == series.size()) continue;
    store::Forecast forecast{reading.issued.value_or(now), series, std::nullopt};
    const auto put = fetching.store.put_forecast(forecast, origin_of(provider, fetching));
    // What was issued is never overwritten: another length of the same issue is
    // no reason to fail.
    if (!put && put.error().kind == base::ErrorKind::kUsage) {
      fetched.warnings.push_back(put.error().message);
    } else if (!put) {
      return put.error();
    } else {
      fetched.slots.added += *put > 0 ? series.size() - series.missing_count() : 0;
      fetched.slots.same += *put > 0 ? 0 : series.size() - series.missing_count();
    }
    fetched.slots.missing += series.missing_count();
    fetched.forecasts.push_back(std::move(forecast));
  }
  if (fetched.forecasts.empty()) return nothing_there(provider, zone, "in its forecast");
  return fetched;
}

}  // namespace ebb::providers
