#include "imports/sacct_row.h"

#include <fmt/format.h>

#include <cmath>

namespace ebb::imports {
namespace {

// NO_VAL64 is 2^64 - 2, INFINITE64 one more; 2^32 - 2 is the same for 32 bits. As doubles they are 2^64 and themselves.
constexpr double kNoValue64 = 18446744073709551616.0 * 0.9999;
constexpr double kNoValue32 = 4294967294.0;
constexpr double kLongestSeconds = 100.0 * 366 * 86400;

bool is_unknown(std::string_view text) {
  return text.empty() || text == "Unknown" || text == "None" || text == "INVALID" || text == "N/A";
}

base::Expected<std::optional<LocalMoment>> moment_of(std::string_view text, const LocalZone& zone) {
  if (is_unknown(text)) return std::optional<LocalMoment>();
  EBB_TRY(const auto moment, zone.moment(text));
  return std::optional(moment);
}

/// "0:0", "1:0", "0:9": exit status and signal.
base::Expected<std::optional<int>> parse_exit_code(std::string_view text) {
  if (text.empty()) return std::optional<int>();
  const auto colon = text.find(':');
  const auto code = base::parse_number(text.substr(0, colon));
  const auto signal = colon == std::string_view::npos ? std::optional(0.0) : base::parse_number(text.substr(colon + 1));
  const auto is_byte = [](std::optional<double> value) {
    return value && *value >= 0.0 && *value <= 255.0 && *value == std::floor(*value);
  };
  if (!is_byte(code) || !is_byte(signal)) {
    return base::bad_data(fmt::format("ExitCode is {}, not like 1:0", base::in_quotes(text)));
  }
  return std::optional(*signal > 0.0 ? 128 + static_cast<int>(*signal) : static_cast<int>(*code));
}

/// node=4 of "billing=8,cpu=8,mem=16G,node=4".
std::optional<int> node_count_of(std::string_view tres) {
  for (const auto item : base::split(tres, ',')) {
    if (!item.starts_with("node=")) continue;
    const auto count = base::parse_number(item.substr(5));
    if (count && *count >= 1.0 && *count <= 1e6) return static_cast<int>(*count);
  }
  return std::nullopt;
}

}  // namespace

base::Expected<std::optional<units::Energy>> parse_consumed_energy(std::string_view text) {
  if (is_unknown(text)) return std::optional<units::Energy>();
  constexpr std::string_view kPrefixes = "KMGTPE";
  const auto prefix = kPrefixes.find(text.back());
  const double factor = prefix == std::string_view::npos ? 1.0 : std::pow(1000.0, static_cast<double>(prefix + 1));
  const auto number = base::parse_number(prefix == std::string_view::npos ? text : text.substr(0, text.size() - 1));
  if (!number) return base::bad_data(fmt::format("ConsumedEnergy is {}: no number of joules", base::in_quotes(text)));
  if (*number < 0.0) {
    return base::bad_data(fmt::format("ConsumedEnergy is {}: less than nothing", base::in_quotes(text)));
  }
  const double joules = *number * factor;
  // Printed with a prefix, NO_VAL64 is 18.45E.
  if (joules == 0.0 || joules >= kNoValue64 || joules == kNoValue32) return std::optional<units::Energy>();
  return std::optional(units::joules(joules));
}

base::Expected<time::Duration> parse_elapsed(std::string_view text) {
  const auto wrong = base::bad_data(fmt::format("Elapsed is {}, not like 1-02:03:04", base::in_quotes(text)));
  const auto dash = text.find('-');
  std::optional<double> days = 0.0;
  if (dash != std::string_view::npos) days = base::parse_number(text.substr(0, dash));
  const auto pieces = base::split(dash == std::string_view::npos ? text : text.substr(dash + 1), ':');
  if (!days || pieces.size() < 2 || pieces.size() > 3) return wrong;
  double seconds = 0.0;
  for (const auto piece : pieces) {
    const auto number = base::parse_number(piece);
    if (!number || *number < 0.0) return wrong;
    seconds = 60.0 * seconds + *number;
  }
  seconds += 86400.0 * *days;
  if (!(seconds >= 0.0) || seconds > kLongestSeconds) return wrong;
  return time::from_seconds(seconds);
}

base::Status check_sacct_header(const TextTable& table) {
  const bool times = table.has("Start") && (table.has("End") || table.has("Elapsed"));
  const bool energy = table.has("ConsumedEnergyRaw") || table.has("ConsumedEnergy");
  if (table.has("JobID") && times && energy) return base::Done{};
  return base::bad_data(
      "it needs the columns JobID, Start, End or Elapsed, and ConsumedEnergyRaw: ask for them with sacct -P "
      "--format=JobID,JobName,User,Account,Start,End,Elapsed,State,ExitCode,ConsumedEnergyRaw,AllocTRES,NodeList");
}

base::Expected<SacctRow> read_sacct_row(const TextTable& table, const TableLine& line, const LocalZone& zone) {
  if (line.fields.size() != table.header().size()) {
    return base::bad_data(fmt::format("{} fields, but the header has {} (a '|' in JobName? ask sacct without JobName)",
                                      line.fields.size(), table.header().size()));
  }
  const auto text = [&](std::string_view column) { return clean_text(table.field(line, column)); };
  SacctRow row;
  row.line = line.number;
  const auto id = table.field(line, "JobID");
  const auto dot = id.find('.');
  row.job = id.substr(0, dot);
  if (dot != std::string_view::npos) row.step = id.substr(dot + 1);
  if (row.job.empty() || (dot != std::string_view::npos && row.step.empty())) {
    return base::bad_data(fmt::format("JobID is {}", base::in_quotes(id)));
  }
  row.name = text("JobName");
  row.user = text("User");
  row.account = text("Account");
  row.cluster = text("Cluster");
  row.state = text("State");
  row.nodes = text("NodeList");
  row.tres = text("AllocTRES");
  row.node_count = node_count_of(row.tres);
  EBB_TRY(row.start, moment_of(table.field(line, "Start"), zone));
  EBB_TRY(row.end, moment_of(table.field(line, "End"), zone));
  if (!is_unknown(table.field(line, "Elapsed"))) {
    EBB_TRY(row.elapsed, parse_elapsed(table.field(line, "Elapsed")));
  }
  EBB_TRY(row.exit_code, parse_exit_code(table.field(line, "ExitCode")));
  const auto column = table.has("ConsumedEnergyRaw") ? "ConsumedEnergyRaw" : "ConsumedEnergy";
  EBB_TRY(row.energy, parse_consumed_energy(table.field(line, column)));
  return row;
}

}  // namespace ebb::imports
