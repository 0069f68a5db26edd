#include "imports/dcgm_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "imports/run_draft.h"
#include "imports/text_table.h"

namespace ebb::imports {
namespace {

// What dcgmi heads the fields 155 (POWER_USAGE) and 156 (TOTAL_ENERGY_CONSUMPTION) with.
constexpr std::string_view kPower = "POWER";
constexpr std::string_view kEnergy = "TOTEC";
constexpr time::Duration kLongest = std::chrono::hours(24 * 366);

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const auto word : base::split(line, ' ')) {
    if (const auto trimmed = base::trimmed(word); !trimmed.empty()) words.push_back(trimmed);
  }
  return words;
}

/// Reads row by row; each round over the boards is a period after the one before.
class MonitorReader {
 public:
  MonitorReader(const std::string& name, time::Instant begin, time::Duration period)
      : name_(name), begin_(begin), period_(period) {}

  base::Status read(std::string_view text) {
    base::Lines lines(text);
    while (const auto line = lines.next()) {
      if (line->size() > base::kLongestLine) return at_line(name_, lines.number(), "the line is too long");
      const auto words = words_of(*line);
      if (const auto status = take(words); !status) return at_line(name_, lines.number(), status.error().message);
    }
    if (columns_.empty()) return base::bad_data(name_ + ": there is no line that begins with #Entity");
    return base::Done{};
  }

  BoardMonitor monitor;

 private:
  base::Status take(std::vector<std::string_view> words) {
    if (words.empty()) return base::Done{};
    if (words[0] == "#" && words.size() > 1 && words[1] == "Entity") words.erase(words.begin());
    if (words[0] == "#Entity" || words[0] == "Entity") return take_header({words.begin() + 1, words.end()});
    // The heading's second line has the units; the last line says why it stopped.
    if (words[0] == "ID" || words[0] == "Id" || words[0] == "dmon") return base::Done{};
    if (columns_.empty()) return base::bad_data("a row before the line that begins with #Entity");
    if (words[0] == "GPU-I" || words[0] == "GPU-CI") {
      ++monitor.instances;
      return base::Done{};
    }
    if (words[0] != "GPU") return base::bad_data(fmt::format("{} is no row of a GPU", base::in_quotes(words[0])));
    if (words.size() != columns_.size() + 2) {
      return base::bad_data(fmt::format("{} values, but the heading has {}", words.size() - 2, columns_.size()));
    }
    return take_row(words);
  }

  base::Status take_header(std::vector<std::string_view> columns) {
    std::vector<std::string> names(columns.begin(), columns.end());
    if (!columns_.empty() && names != columns_) return base::bad_data("the heading has other fields than before");
    columns_ = std::move(names);
    power_ = place_of(kPower);
    energy_ = place_of(kEnergy);
    if (power_ || energy_) return base::Done{};
    return base::bad_data("neither POWER nor TOTEC is in the heading: run dcgmi dmon -e 155,156");
  }

  base::Status take_row(const std::vector<std::string_view>& words) {
    const auto number = base::parse_number(words[1]);
    if (!number || *number < 0 || *number > 65535 || *number != std::floor(*number)) {
      return base::bad_data(fmt::format("{} is no number of a GPU", base::in_quotes(words[1])));
    }
    const int id = static_cast<int>(*number);
    const auto at = monitor.boards.find(id);
    if (at == monitor.boards.end() && monitor.boards.size() == RunBuilder::kMostParts) {
      return base::bad_data("too many GPUs");
    }
    auto& board = monitor.boards[id];
    // dcgmi leaves a board out of a round that it has no values of.
    if (!seen_.insert(id).second) {
      ++round_;
      seen_ = {id};
    }
    if (round_ > kLongest / period_) return base::bad_data("with this --period it is longer than a year");
    const auto moment = begin_ + period_ * round_;
    EBB_TRY_DO(take_value(words, power_, moment, board.power));
    return take_value(words, energy_, moment, board.energy);
  }

  static base::Status take_value(const std::vector<std::string_view>& words, std::optional<std::size_t> place,
                                 time::Instant at, std::vector<Sample>& into) {
    if (!place) return base::Done{};
    const auto word = words[*place + 2];
    into.push_back({at});
    if (word == "N/A") return base::Done{};
    EBB_TRY(into.back().value, amount(word, "the value"));
    return base::Done{};
  }

  [[nodiscard]] std::optional<std::size_t> place_of(std::string_view name) const {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    return found == columns_.end() ? std::nullopt : std::optional<std::size_t>(found - columns_.begin());
  }

  const std::string& name_;
  time::Instant begin_;
  time::Duration period_;
  std::vector<std::string> columns_;
  std::optional<std::size_t> power_;
  std::optional<std::size_t> energy_;
  std::set<int> seen_;  // in this round
  std::int64_t round_ = 0;
};

}  // namespace

base::Expected<BoardMonitor> parse_dmon(std::string_view text, const std::string& name, time::Instant begin,
                                        time::Duration period) {
  MonitorReader reader(name, begin, period);
  EBB_TRY_DO(reader.read(text));
  return std::move(reader.monitor);
}

}  // namespace ebb::imports
