#include "recording.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iterator>
#include <sstream>

namespace fake_nvml {

std::optional<double> Timeline::at(double ms) const {
  if (values_.empty()) return std::nullopt;
  const auto after = values_.upper_bound(ms);
  return after == values_.begin() ? after->second : std::prev(after)->second;
}

double Timeline::integral(double from_ms, double to_ms) const {
  double sum = 0.0;
  for (auto value = values_.begin(); value != values_.end(); ++value) {
    const auto next = std::next(value);
    const double begin = std::max(value->first, from_ms);
    const double end = next == values_.end() ? to_ms : std::min(next->first, to_ms);
    if (end > begin) sum += value->second * (end - begin) / 1e3;
  }
  return sum;
}

std::uint64_t Board::counter_at(double ms) const {
  if (const auto count = count_mj.at(ms)) return static_cast<std::uint64_t>(*count);
  double since_ms = 0.0;
  bool was_reset = false;
  for (const double reset : resets_ms) {
    if (reset > ms) continue;
    since_ms = std::max(since_ms, reset);
    was_reset = true;
  }
  const double moved_ms = std::floor(ms / step_ms) * step_ms;
  const double start = was_reset ? 0.0 : counter_start_mj;
  return static_cast<std::uint64_t>(start + counter_factor * power_mw.integral(since_ms, moved_ms));
}

unsigned Board::instant_at(double ms) const {
  if (const auto told = instant_mw.at(ms)) return static_cast<unsigned>(*told);
  return static_cast<unsigned>(power_mw.at(ms).value_or(0.0));
}

unsigned Board::average_at(double ms) const {
  if (const auto told = average_mw.at(ms)) return static_cast<unsigned>(*told);
  const double from_ms = std::max(0.0, ms - 1e3);
  return ms > from_ms ? static_cast<unsigned>(std::lround(power_mw.integral(from_ms, ms) * 1e3 / (ms - from_ms)))
                      : instant_at(ms);
}

unsigned Board::usage_at(double ms) const {
  const auto told = usage_mw.at(ms);
  return told ? static_cast<unsigned>(*told) : average_at(ms);
}

int Board::code_at(double ms) const {
  constexpr int kGpuIsLost = 15;
  if (lost_ms && ms >= *lost_ms) return kGpuIsLost;
  for (const auto& failure : failures) {
    if (ms >= failure.from_ms && ms < failure.to_ms) return failure.code;
  }
  return 0;
}

namespace {

using Words = std::istringstream;
using Reader = std::function<bool(Words&, Board&)>;

std::string rest_of(Words& words) {
  std::string rest;
  std::getline(words >> std::ws, rest);
  return rest;
}

Reader number(double Board::*member) {
  return [member](Words& words, Board& board) { return static_cast<bool>(words >> board.*member); };
}

Reader flag(bool Board::*member, bool value) {
  return [member, value](Words&, Board& board) {
    board.*member = value;
    return true;
  };
}

Reader row(Timeline Board::*member) {
  return [member](Words& words, Board& board) {
    double at_ms = 0.0;
    double value = 0.0;
    if (!(words >> at_ms >> value)) return false;
    (board.*member).set(at_ms, value);
    return true;
  };
}

const std::map<std::string, Reader>& readers() {
  static const std::map<std::string, Reader> all = {
      {"uuid", [](Words& words, Board& board) { return static_cast<bool>(words >> board.uuid); }},
      {"limit", [](Words& words, Board& board) { return static_cast<bool>(words >> board.limit_mw); }},
      {"start", number(&Board::counter_start_mj)},
      {"factor", number(&Board::counter_factor)},
      {"step", number(&Board::step_ms)},
      {"cost-counter", number(&Board::cost_counter_us)},
      {"cost-power", number(&Board::cost_power_us)},
      {"cost-processes", number(&Board::cost_processes_us)},
      {"no-counter", flag(&Board::has_counter, false)},
      {"no-instant", flag(&Board::has_instant, false)},
      {"no-average", flag(&Board::has_average, false)},
      {"no-usage", flag(&Board::has_usage, false)},
      {"mig", flag(&Board::is_split, true)},
      {"power", row(&Board::power_mw)},
      {"count", row(&Board::count_mj)},
      {"instant", row(&Board::instant_mw)},
      {"average", row(&Board::average_mw)},
      {"usage", row(&Board::usage_mw)},
      {"lost", [](Words& words, Board& board) { return static_cast<bool>(words >> board.lost_ms.emplace()); }},
      {"reset", [](Words& words, Board& board) { return static_cast<bool>(words >> board.resets_ms.emplace_back()); }},
      {"fail",
       [](Words& words, Board& board) {
         auto& failure = board.failures.emplace_back();
         return static_cast<bool>(words >> failure.from_ms >> failure.to_ms >> failure.code);
       }},
      {"process",
       [](Words& words, Board& board) {
         auto& process = board.processes.emplace_back();
         return static_cast<bool>(words >> process.from_ms >> process.to_ms >> process.pid >> process.sm_percent);
       }},
  };
  return all;
}

bool read_line(const std::string& line, Recording& recording) {
  Words words(line);
  std::string key;
  if (!(words >> key) || key[0] == '#') return true;
  if (key == "driver") return static_cast<bool>(words >> recording.driver);
  if (key == "init") return static_cast<bool>(words >> recording.init_code);
  std::size_t index = 0;
  if (!(words >> index)) return false;
  if (key == "board") {
    if (index != recording.boards.size()) return false;
    auto& board = recording.boards.emplace_back();
    board.uuid = "GPU-00000000-0000-0000-0000-" + std::string(11, '0') + std::to_string(index);
    if (const auto name = rest_of(words); !name.empty()) board.name = name;
    return true;
  }
  const auto reader = readers().find(key);
  return reader != readers().end() && index < recording.boards.size() && reader->second(words, recording.boards[index]);
}

}  // namespace

std::optional<Recording> parse(const std::string& text, std::string& fault) {
  std::istringstream lines(text);
  Recording recording;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (read_line(line, recording)) continue;
    fault = "line " + std::to_string(number) + " of the recording is not understood: " + line;
    return std::nullopt;
  }
  return recording;
}

}  // namespace fake_nvml
