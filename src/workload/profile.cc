#include "workload/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "base/text.h"

namespace ebb::workload {
namespace {

units::Energy energy_of(units::Power power, time::Duration length) { return power * time::as_quantity(length); }

}  // namespace

Profile Profile::flat(time::Duration duration, units::Power power) { return Profile({{duration, power}}); }

Profile Profile::flat(time::Duration duration, units::Energy energy) {
  Profile profile({{duration, energy / time::as_quantity(duration)}});
  profile.energy_until_ = {energy};  // exactly what was asked for, not power x time rounded
  return profile;
}

Profile::Profile(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {
  CHECK(!pieces_.empty());
  time::Duration begin{0};
  units::Energy sum;
  for (const auto& piece : pieces_) {
    CHECK(piece.end > begin);
    sum += energy_of(piece.power, piece.end - begin);
    energy_until_.push_back(sum);
    flat_ = flat_ && piece.power == pieces_.front().power;
    begin = piece.end;
  }
}

units::Energy Profile::energy_until(time::Duration elapsed) const {
  CHECK(elapsed >= time::Duration(0) && elapsed <= duration());
  const auto piece = std::lower_bound(pieces_.begin(), pieces_.end(), elapsed,
                                      [](const Piece& p, time::Duration moment) { return p.end < moment; });
  const auto index = static_cast<std::size_t>(piece - pieces_.begin());
  if (piece->end == elapsed) return energy_until_[index];
  const auto begin = index == 0 ? time::Duration(0) : pieces_[index - 1].end;
  const auto before = index == 0 ? units::Energy{} : energy_until_[index - 1];
  return before + energy_of(piece->power, elapsed - begin);
}

units::Power Profile::mean_power() const { return energy() / time::as_quantity(duration()); }

base::Expected<Profile> parse_profile(std::string_view text, const std::string& name) {
  base::Lines lines(text);
  const auto at_line = [&](std::string_view what) {
    return base::bad_data(fmt::format("{}:{}: {}", name, lines.number(), what));
  };
  std::size_t columns = 0;
  std::vector<Profile::Piece> pieces;
  while (const auto line = lines.next()) {
    if (line->size() > base::kLongestLine) return at_line("the line is too long: this is no profile");
    auto row = base::trimmed(*line);
    if (columns == 0 && row.starts_with("\xef\xbb\xbf")) row.remove_prefix(3);
    if (row.empty() || row.starts_with('#')) continue;
    const auto fields = base::split(row, ',');
    if (columns == 0) {
      const bool watts = std::all_of(fields.begin() + 1, fields.end(),
                                     [](std::string_view field) { return base::trimmed(field).ends_with("watts"); });
      if (base::trimmed(fields[0]) != "seconds" || fields.size() < 2 || !watts) {
        return at_line(fmt::format("the header is {}, expected seconds,watts or seconds,gpu_watts,cpu_watts,...",
                                   base::in_quotes(row)));
      }
      columns = fields.size();
      continue;
    }
    if (fields.size() != columns) {
      return at_line(fmt::format("{} fields, but the header has {}", fields.size(), columns));
    }
    const auto seconds = base::parse_number(base::trimmed(fields[0]));
    if (!seconds || *seconds > 3.2e9) {
      return at_line(fmt::format("{} is no number of seconds", base::in_quotes(fields[0])));
    }
    const auto end = time::from_seconds(std::max(*seconds, -1.0));
    if (end <= (pieces.empty() ? time::Duration(0) : pieces.back().end)) {
      return at_line(fmt::format("the interval ends at {} s, not after the one before", base::trimmed(fields[0])));
    }
    units::Power power;
    for (std::size_t i = 1; i < columns; ++i) {
      const auto watts = base::parse_number(base::trimmed(fields[i]));
      if (!watts || *watts < 0.0) return at_line(fmt::format("{} is no power in watts", base::in_quotes(fields[i])));
      power += units::watts(*watts);
    }
    if (!(units::in_watts(power) <= units::kLargestWatts)) return at_line("the power is beyond that of any job");
    pieces.push_back({end, power});
  }
  if (columns == 0) return base::bad_data(fmt::format("{}: the file is empty: expected seconds,watts", name));
  if (pieces.empty()) return base::bad_data(fmt::format("{}: there are no rows behind the header", name));
  return Profile(std::move(pieces));
}

base::Expected<Profile> load_profile(const std::string& path) {
  EBB_TRY(const auto file, base::load_text_file(path));
  return parse_profile(file.view(), path);
}

}  // namespace ebb::workload
