#include "slurm/sacct.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "slurm/command.h"

namespace ebb::slurm {
namespace {

// As numbers, NO_VAL64 is 2^64 - 2; 2^32 - 2 is the same for 32 bits.
constexpr double kNoValue64 = 1.8e19;
constexpr double kNoValue32 = 4294967294.0;
constexpr double kLongestSeconds = 100.0 * 366 * 86400;

bool is_unknown(std::string_view text) {
  return text.empty() || text == "Unknown" || text == "None" || text == "N/A" || text == "INVALID" ||
         text == "UNLIMITED" || text == "Partition_Limit" || text == "INFINITE";
}

std::optional<double> whole_in(std::string_view text, double low, double high) {
  const auto number = base::parse_number(text);
  return number && *number >= low && *number <= high && *number == std::floor(*number) ? number : std::nullopt;
}

/// "1-02:03:04", "03:04", "03:04.500", or seconds alone; `last_unit` of a number alone.
std::optional<time::Duration> duration_of(std::string_view text, double last_unit) {
  const auto dash = text.find('-');
  double days = 0.0;
  if (dash != std::string_view::npos) {
    const auto number = whole_in(text.substr(0, dash), 0, 36600);
    if (!number) return std::nullopt;
    days = *number;
    text.remove_prefix(dash + 1);
  }
  const auto pieces = base::split(text, ':');
  if (pieces.size() > 3) return std::nullopt;
  double seconds = 0.0;
  for (const auto piece : pieces) {
    const auto number = base::parse_number(piece);
    if (!number || *number < 0.0) return std::nullopt;
    seconds = 60.0 * seconds + *number;
  }
  if (pieces.size() == 1) seconds *= last_unit;
  seconds += days * 86400.0;
  if (!(seconds <= kLongestSeconds)) return std::nullopt;
  return time::from_seconds(seconds);
}

std::optional<int> parse_exit_code(std::string_view text) {
  const auto colon = text.find(':');
  const auto code = whole_in(text.substr(0, colon), 0, 255);
  const auto signal = colon == std::string_view::npos ? std::optional(0.0) : whole_in(text.substr(colon + 1), 0, 127);
  if (!code || !signal) return std::nullopt;
  return *signal > 0.0 ? 128 + static_cast<int>(*signal) : static_cast<int>(*code);
}

std::optional<units::Energy> parse_energy(std::string_view text) {
  constexpr std::string_view kPrefixes = "KMGTPE";
  const auto prefix = text.empty() ? std::string_view::npos : kPrefixes.find(text.back());
  const double factor = prefix == std::string_view::npos ? 1.0 : std::pow(1000.0, static_cast<double>(prefix + 1));
  const auto number = base::parse_number(prefix == std::string_view::npos ? text : text.substr(0, text.size() - 1));
  // 0 is what a cluster without an energy plugin says.
  if (!number || !(*number > 0.0) || *number * factor >= kNoValue64 || *number == kNoValue32) return std::nullopt;
  return units::joules(*number * factor);
}

class Reader {
 public:
  explicit Reader(const SacctOptions& options) : options_(options) {}

  base::Expected<SacctRead> read(std::string_view text) {
    base::Lines lines(text);
    while (const auto line = lines.next()) {
      line_ = lines.number();
      if (line->size() > base::kLongestLine) return wrong("the line is too long");
      if (base::trimmed(*line).empty() || (columns_.empty() && line->front() == '#')) continue;
      if (columns_.empty()) {
        EBB_TRY_DO(read_header(*line));
      } else {
        EBB_TRY_DO(read_row(*line));
      }
    }
    if (columns_.empty()) return base::bad_data(options_.name + ": there is no header of sacct in it");
    return std::move(read_);
  }

 private:
  [[nodiscard]] base::Error wrong(std::string_view what) const {
    return base::bad_data(fmt::format("{}:{}: {}", options_.name, line_, what));
  }
  [[nodiscard]] base::Error wrong_field(std::string_view column, std::string_view form) const {
    return wrong(fmt::format("{} is {}, not like {}", column, base::in_quotes(field(column)), form));
  }

  base::Status read_header(std::string_view line) {
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    for (const auto name : base::split(line, options_.separator)) {
      if (!columns_.emplace(std::string(base::trimmed(name)), columns_.size()).second) {
        return wrong(fmt::format("the column {} comes twice", base::in_quotes(name)));
      }
    }
    if (columns_.count("JobID") != 0 && columns_.count("State") != 0) return base::Done{};
    return wrong(
        fmt::format("it needs the columns JobID and State: ask for them with sacct -P --format={}", kSacctColumns));
  }

  [[nodiscard]] std::string_view field(std::string_view column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() ? std::string_view() : base::trimmed(fields_[found->second]);
  }
  [[nodiscard]] std::string text(std::string_view column) const { return on_one_line(field(column), 4096); }

  base::Status read_row(std::string_view line) {
    fields_ = base::split(line, options_.separator);
    if (fields_.size() < columns_.size()) {
      if (read_.torn++ == 0) read_.first_torn = fmt::format("{}:{}", options_.name, line_);
      return base::Done{};
    }
    if (field("JobID").find('.') != std::string_view::npos) {
      ++read_.steps;
      return base::Done{};
    }
    Job job;
    EBB_TRY_DO(read_identity(job));
    EBB_TRY_DO(read_times(job));
    EBB_TRY_DO(read_lengths(job));
    job.user = text("User");
    job.account = text("Account");
    job.partition = text("Partition");
    job.comment = text("Comment");
    job.reason = text("Reason");
    job.folder = text("WorkDir");
    job.name = name_of_job();
    for (const auto* column : {"ReqTRES", "AllocTRES"}) read_resources(field(column), job);
    if (job.cpus == 0.0) job.cpus = whole_in(field("AllocCPUS"), 0, 1e7).value_or(0.0);
    if (job.nodes == 0) job.nodes = static_cast<int>(whole_in(field("NNodes"), 0, 1e7).value_or(0.0));
    job.energy =
        parse_energy(columns_.count("ConsumedEnergyRaw") != 0 ? field("ConsumedEnergyRaw") : field("ConsumedEnergy"));
    read_.jobs.push_back(std::move(job));
    return base::Done{};
  }

  /// The last column may hold the separator.
  [[nodiscard]] std::string name_of_job() const {
    const auto found = columns_.find("JobName");
    if (found == columns_.end()) return "";
    if (found->second + 1 != columns_.size()) return on_one_line(fields_[found->second]);
    std::string name;
    for (std::size_t i = found->second; i < fields_.size(); ++i) {
      if (i > found->second) name += options_.separator;
      name += fields_[i];
    }
    if (fields_.size() == columns_.size() + 1 && fields_.back().empty()) name.pop_back();  // --parsable
    return on_one_line(name);
  }

  base::Status read_identity(Job& job) {
    auto id = field("JobID");
    // An array of which no element has begun is one row: "7_[0-9%2]".
    if (const auto bracket = id.find("_["); bracket != std::string_view::npos && id.back() == ']') {
      const auto list = parse_elements(id.substr(bracket + 2, id.size() - bracket - 3));
      if (!list) return wrong(list.error().message);
      job.elements = *list;
      id = id.substr(0, bracket);
    }
    // A part of a heterogeneous job is a job of its own here.
    if (const auto plus = id.find('+'); plus != std::string_view::npos) {
      id = id.substr(0, plus);
      job.heterogeneous = 1;
    }
    const auto name = parse_job_name(id);
    if (!name) return wrong_field("JobID", "123 or 123_4");
    job.id = name->id;
    job.element = name->element;
    if (job.heterogeneous != 0) job.heterogeneous = name->id;
    if (job.element || !job.elements.empty()) job.array = name->id;
    if (const auto raw = whole_in(field("JobIDRaw"), 1, 4294967293.0)) job.id = static_cast<std::uint64_t>(*raw);
    if (const auto uid = whole_in(field("UID"), 0, 4294967293.0)) job.uid = static_cast<uid_t>(*uid);
    const auto state = field("State");
    if (state.empty()) return wrong("State is empty");
    job.state = parse_state({state});
    if (is_end(job.state.state) && !field("ExitCode").empty()) {
      job.exit_code = parse_exit_code(field("ExitCode"));
      if (!job.exit_code) return wrong_field("ExitCode", "1:0");
    }
    return base::Done{};
  }

  base::Status read_times(Job& job) {
    const std::pair<std::string_view, std::optional<time::Instant>*> columns[] = {
        {"Submit", &job.submitted}, {"Eligible", &job.eligible}, {"Start", &job.begun}, {"End", &job.ended}};
    for (const auto& [column, moment] : columns) {
      const auto text = field(column);
      if (is_unknown(text) || text == "0") continue;
      std::int64_t seconds = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
      if (error == std::errc() && end == text.data() + text.size()) {
        if (seconds < 0 || seconds > 5'000'000'000) return wrong_field(column, "seconds since 1970");
        *moment = time::Instant(std::chrono::seconds(seconds));
        continue;
      }
      if (!options_.moment) return wrong_field(column, "seconds since 1970");
      const auto found = options_.moment(text);
      if (!found) return found.error().in(fmt::format("{}:{}: {}", options_.name, line_, column));
      *moment = *found;
    }
    return base::Done{};
  }

  base::Status read_lengths(Job& job) {
    const auto elapsed = columns_.count("ElapsedRaw") != 0 ? "ElapsedRaw" : "Elapsed";
    if (!is_unknown(field(elapsed))) {
      job.elapsed = duration_of(field(elapsed), 1.0);
      if (!job.elapsed) return wrong_field(elapsed, "1-02:03:04 or seconds");
    }
    if (!is_unknown(field("Suspended"))) {
      const auto suspended = duration_of(field("Suspended"), 1.0);
      if (!suspended) return wrong_field("Suspended", "1-02:03:04 or seconds");
      job.suspended = *suspended;
    }
    const auto limit = columns_.count("TimelimitRaw") != 0 ? "TimelimitRaw" : "Timelimit";
    if (!is_unknown(field(limit))) {
      job.time_limit = duration_of(field(limit), 60.0);
      if (!job.time_limit) return wrong_field(limit, "1-00:00:00 or minutes");
    }
    return base::Done{};
  }

  const SacctOptions& options_;
  SacctRead read_;
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<std::string_view> fields_;
  std::size_t line_ = 0;
};

}  // namespace

base::Expected<SacctRead> parse_sacct(std::string_view text, const SacctOptions& options) {
  return Reader(options).read(text);
}

}  // namespace ebb::slurm
