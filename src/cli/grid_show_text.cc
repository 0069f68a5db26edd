#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/grid_show.h"
#include "report/table.h"
#include "time/text.h"
#include "units/format.h"

namespace ebb::cli {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kMostGaps = 3;
constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
/// Yellow to dark red, readable on light and dark terminals, not by hue alone.
constexpr std::array<int, 8> kHeat{229, 222, 215, 208, 202, 160, 124, 88};
/// From light (clean) to dark; plain letters of ASCII, so that every terminal and pager shows them.
constexpr std::array<char, 8> kShades{'.', ':', '-', '=', '+', '*', '#', '@'};

/// The range of the map's cells, cut into equal levels.
struct Scale {
  double low = series::kMissing;
  double high = series::kMissing;

  explicit Scale(const std::vector<grid::MonthOfHours>& months) {
    for (const auto& month : months) {
      for (const double mean : month.means) {
        if (series::is_missing(mean)) continue;
        if (!(mean >= low)) low = mean;
        if (!(mean <= high)) high = mean;
      }
    }
  }
  [[nodiscard]] std::size_t level(double mean) const {
    constexpr auto kLevels = kHeat.size();
    if (!(high > low)) return 0;
    return std::min(kLevels - 1, static_cast<std::size_t>((mean - low) / (high - low) * static_cast<double>(kLevels)));
  }
};

/// Two columns wide.
std::string cell(double mean, const Scale& scale, bool colour) {
  if (series::is_missing(mean)) return " ?";
  const auto level = scale.level(mean);
  if (colour) return fmt::format("\x1b[48;5;{}m  \x1b[0m", kHeat[level]);
  return std::string(2, kShades[level]);
}

std::string wrapped(std::string_view label, std::string text) {
  constexpr std::size_t kIndent = 10;
  std::string out = fmt::format("{:<{}}", label, kIndent);
  std::size_t column = kIndent;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find(' ', at), text.size());
    const auto word = text.substr(at, end - at);
    const auto width = report::display_width(word);
    if (column > kIndent && column + 1 + width > kColumns) {
      out += "\n" + std::string(kIndent, ' ');
      column = kIndent;
    }
    if (column > kIndent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
    at = end + 1;
  }
  return out + "\n";
}

std::string head_text(const ZoneView& view) {
  const auto& series = view.series;
  const auto& from = series.provenance();
  std::string out = wrapped("zone", view.zone + (view.name.empty() ? "" : ", " + view.name));
  if (view.region) {
    const auto& region = *view.region;
    const auto where = region.latitude && region.longitude
                           ? fmt::format(" at {:.4f}, {:.4f}", *region.latitude, *region.longitude)
                           : std::string(", whose coordinates are not in the table");
    out += wrapped("region", fmt::format("{}: {}, {}{}; zone known by {} of data/cloud_regions.csv", region.full_name(),
                                         region.place, region.country, where, region.basis));
    if (view.pue) out += wrapped("PUE", fmt::format("{} ({})", view.pue->value, view.pue->source));
  }
  out += wrapped("signal", series::text_of(series.signal()));
  out += wrapped("source", from.source + (from.vintage.empty() ? "" : ", vintage " + from.vintage));
  const auto& quality = from.quality;
  if (quality.measured < 1.0) {
    out += wrapped("quality", fmt::format("{:.0f}% measured, {:.0f}% modelled, {:.0f}% filled",
                                          quality.measured * 100.0, quality.modelled * 100.0, quality.filled * 100.0));
  }
  return out + wrapped("covers", fmt::format("{} to {}, {} slots of {}", time::text_of(series.begin()),
                                             time::text_of(series.end()), series.size(), time::text_of(series.step())));
}

std::string gaps_text(const ZoneView& view) {
  const auto& gaps = view.portrait.gaps;
  if (gaps.empty()) return wrapped("missing", "nothing");
  std::string text =
      fmt::format("{} slots ({:.2f}%) in {} gap{}; the longest:", view.portrait.missing,
                  100.0 * static_cast<double>(view.portrait.missing) / static_cast<double>(view.series.size()),
                  gaps.size(), gaps.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min(kMostGaps, gaps.size()); ++i) {
    text += fmt::format("{} {} from {}", i == 0 ? "" : ",", time::text_of(gaps[i].when.length()),
                        time::text_of(gaps[i].when.begin));
  }
  return wrapped("missing", text);
}

std::string figures_text(const ZoneView& view) {
  const auto& portrait = view.portrait;
  if (series::is_missing(portrait.mean)) return wrapped("mean", "no value is known");
  if (view.constant) {
    return wrapped("mean",
                   fmt::format("{:.1f} g/kWh: the year's mean is all that is known of this zone", portrait.mean));
  }
  std::string out = wrapped("mean", fmt::format("{:.1f} g/kWh", portrait.mean));
  out += wrapped("range",
                 fmt::format("{:.1f} g/kWh at {} to {:.1f} at {}", portrait.lowest, time::text_of(portrait.lowest_at),
                             portrait.highest, time::text_of(portrait.highest_at)));
  if (!series::is_missing(portrait.daily_spread)) {
    out += wrapped("each day", fmt::format("highest less lowest: {:.1f} g/kWh on average ({} whole days)",
                                           portrait.daily_spread, portrait.whole_days));
  }
  return out;
}

std::string scale_text(const Scale& scale, bool colour) {
  std::string out = fmt::format("  {:.0f} ", scale.low);
  for (std::size_t level = 0; level < kHeat.size(); ++level) {
    out += colour ? fmt::format("\x1b[48;5;{}m  \x1b[0m", kHeat[level]) : std::string(2, kShades[level]);
  }
  return out + fmt::format(" {:.0f} g/kWh; ? = no data\n", scale.high);
}

std::string map_text(const ZoneView& view, bool colour) {
  const auto& months = view.portrait.months;
  const Scale scale(months);
  std::string out = "\nMean by month and hour of day (UTC):\n" + std::string(12, ' ');
  for (int hour = 0; hour < 24; hour += 3) out += fmt::format("{:<6}", hour);
  out += "  mean\n";
  for (const auto& month : months) {
    out += fmt::format("  {:<10}", month.year == 0 ? kMonths[month.month - 1]
                                                   : fmt::format("{} {}", kMonths[month.month - 1], month.year));
    for (const double mean : month.means) out += cell(mean, scale, colour);
    out += series::is_missing(month.mean) ? "       -\n" : fmt::format("  {:6.1f}\n", month.mean);
  }
  return out + scale_text(scale, colour);
}

std::string line_of(std::string_view how, double saved, const Shifting& shifting, std::string_view word) {
  const auto share = shifting.baseline > 0.0 ? fmt::format(" ({:.1f}%)", 100.0 * saved / shifting.baseline) : "";
  return fmt::format("  {:<22}{:>7.1f} g {} per kWh of the job{}\n", how, saved, word, share);
}

std::string shifting_text(const ZoneView& view) {
  if (view.constant) return "\nWithout hourly data nothing can be said of shifting work here.\n";
  if (!view.shifting) return "\nNo stretch is long enough to say what shifting work can save.\n";
  const auto& shifting = *view.shifting;
  const auto word = series::saving_word(view.series.signal());
  std::string out = fmt::format(
      "\nAt most, all being known beforehand, shifting {} of work within {} of slack\n(mean over {} starts of {:.1f} "
      "g/kWh when run at once):\n",
      time::text_of(shifting.duration), time::text_of(shifting.slack), shifting.starts, shifting.baseline);
  out += line_of("starting later", shifting.flexible_start, shifting, word);
  out += line_of("pausing as well, free", shifting.pause_resume, shifting, word);
  return out;
}

}  // namespace

std::string zone_text(const ZoneView& view, bool colour) {
  std::string out = head_text(view) + gaps_text(view) + figures_text(view);
  if (!view.constant && !series::is_missing(view.portrait.mean)) out += map_text(view, colour);
  return out + shifting_text(view);
}

std::string near_text(double latitude, double longitude, const std::vector<grid::NearRegion>& near) {
  using Align = report::TextTable::Align;
  report::TextTable table(
      {{"region", Align::kLeft}, {"place", Align::kLeft}, {"zone", Align::kLeft}, {"km", Align::kRight}});
  for (const auto& [region, kilometres] : near) {
    table.add({region.full_name(), fmt::format("{}, {}", region.place, region.country), region.zone,
               fmt::format("{:.0f}", kilometres)});
  }
  return fmt::format("The known places nearest to {:.4f}, {:.4f}:\n", latitude, longitude) + table.text(2) +
         "Only the nearest known places: the grid there may be another one. Borders of\ngrids are not in the table; a "
         "provider can say exactly (`ebb grid fetch --help`).\n";
}

}  // namespace ebb::cli
