#include "simulate/job_trace.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "imports/local_time.h"
#include "imports/text_table.h"
#include "slurm/sacct.h"
#include "time/text.h"

namespace ebb::simulate {
namespace {

using imports::TableLine;
using imports::TextTable;

constexpr double kLongestSeconds = 100.0 * 366 * 86400;
constexpr double kMost = 1e6;  // GPUs or CPUs of a job

base::Expected<double> number_in(const TextTable& table, const TableLine& line, std::string_view column, double low,
                                 double high) {
  const auto text = table.field(line, column);
  const auto number = base::parse_number(text);
  if (number && *number >= low && *number <= high) return *number;
  return imports::at_line(table.name(), line.number,
                          fmt::format("{} is {}: no number from {} to {}", column, base::in_quotes(text), low, high));
}

base::Status check_fields(const TextTable& table, const TableLine& line) {
  if (line.fields.size() == table.header().size()) return base::Done{};
  return imports::at_line(table.name(), line.number,
                          fmt::format("{} fields, but the header has {}", line.fields.size(), table.header().size()));
}

struct Draft {
  JobTrace trace;
  std::size_t never_ran = 0;

  void add(TraceJob job) {
    if (job.length <= time::Duration(0)) {
      ++never_ran;
    } else {
      trace.jobs.push_back(std::move(job));
    }
  }
};

/// submit_time, num_gpu, real_duration, ddl.
base::Expected<Draft> read_elastic_flow(TextTable& table) {
  Draft draft;
  const auto length = table.has("real_duration") ? "real_duration" : "duration";
  while (true) {
    EBB_TRY(const auto line, table.next());
    if (!line) break;
    EBB_TRY_DO(check_fields(table, *line));
    TraceJob job;
    job.line = line->number;
    job.name = imports::clean_text(table.field(*line, "job_id"), 40);
    EBB_TRY(const double submit, number_in(table, *line, "submit_time", 0.0, kLongestSeconds));
    EBB_TRY(const double seconds, number_in(table, *line, length, 0.0, kLongestSeconds));
    EBB_TRY(job.gpus, number_in(table, *line, "num_gpu", 0.0, kMost));
    job.submit = time::from_seconds(submit);
    job.length = time::from_seconds(seconds);
    if (table.has("ddl")) {
      EBB_TRY(const double deadline, number_in(table, *line, "ddl", 0.0, kLongestSeconds));
      job.deadline = time::from_seconds(deadline);
    }
    draft.add(std::move(job));
  }
  draft.trace.understood.push_back(
      fmt::format("a trace of ElasticFlow's form: submit_time, {} and ddl in seconds, num_gpu GPUs a job", length));
  return draft;
}

/// arrival_time, length, cpus.
base::Expected<Draft> read_gaia(TextTable& table, const std::string& unit) {
  if (unit != "s" && unit != "h") {
    return base::usage_error(fmt::format(
        "{}: arrival_time and length are in seconds in some files of this form and in hours in others: say --unit s "
        "or --unit h",
        table.name()));
  }
  const double factor = unit == "h" ? 3600.0 : 1.0;
  Draft draft;
  while (true) {
    EBB_TRY(const auto line, table.next());
    if (!line) break;
    EBB_TRY_DO(check_fields(table, *line));
    TraceJob job;
    job.line = line->number;
    EBB_TRY(const double submit, number_in(table, *line, "arrival_time", 0.0, kLongestSeconds / factor));
    EBB_TRY(const double length, number_in(table, *line, "length", 0.0, kLongestSeconds / factor));
    EBB_TRY(job.cpus, number_in(table, *line, "cpus", 0.0, kMost));
    job.submit = time::from_seconds(submit * factor);
    job.length = time::from_seconds(length * factor);
    draft.add(std::move(job));
  }
  draft.trace.understood.push_back(fmt::format("a trace of GAIA's form: arrival_time and length in {}, cpus a job",
                                               unit == "h" ? "hours" : "seconds"));
  return draft;
}

/// A time of a plain file: RFC 3339, or seconds since any zero.
struct Stamp {
  bool absolute = false;
  time::Duration since{0};
};
base::Expected<std::optional<Stamp>> stamp_of(const TextTable& table, const TableLine& line, std::string_view column) {
  const auto text = table.field(line, column);
  if (text.empty()) return std::optional<Stamp>();
  if (const auto number = base::parse_number(text)) {
    if (*number >= 0.0 && *number <= 2 * kLongestSeconds) {
      return std::optional(Stamp{false, time::from_seconds(*number)});
    }
  } else if (const auto moment = time::parse_instant(text)) {
    return std::optional(Stamp{true, moment->time_since_epoch()});
  }
  return imports::at_line(table.name(), line.number,
                          fmt::format("{} is {}: no time with its zone (2024-05-01T10:00:00Z) and no number of seconds",
                                      column, base::in_quotes(text)));
}

class PlainReader {
 public:
  explicit PlainReader(TextTable& table) : table_(table) {}

  base::Expected<Draft> read() {
    while (true) {
      EBB_TRY(const auto line, table_.next());
      if (!line) break;
      EBB_TRY_DO(check_fields(table_, *line));
      EBB_TRY_DO(read_row(*line));
    }
    if (absolute_.value_or(false)) draft_.trace.zero = time::Instant{};
    draft_.trace.understood.push_back(fmt::format(
        "plain CSV: times are {}", absolute_.value_or(false) ? "moments" : "seconds since the trace's zero"));
    return std::move(draft_);
  }

 private:
  base::Expected<std::optional<time::Duration>> moment(const TableLine& line, std::string_view column) {
    EBB_TRY(const auto stamp, stamp_of(table_, line, column));
    if (!stamp) return std::optional<time::Duration>();
    if (absolute_.value_or(stamp->absolute) != stamp->absolute) {
      return imports::at_line(table_.name(), line.number,
                              fmt::format("{} is {}, and others are not: one kind in a file", column,
                                          stamp->absolute ? "a moment" : "a number of seconds"));
    }
    absolute_ = stamp->absolute;
    return std::optional(stamp->since);
  }

  base::Status read_row(const TableLine& line) {
    TraceJob job;
    job.line = line.number;
    job.name = imports::clean_text(table_.field(line, "id"), 40);
    job.user = imports::clean_text(table_.field(line, "user"), 40);
    EBB_TRY(const auto submit, moment(line, "submit"));
    if (!submit) return imports::at_line(table_.name(), line.number, "submit is empty");
    job.submit = *submit;
    EBB_TRY(job.start, moment(line, "start"));
    EBB_TRY(job.deadline, moment(line, "deadline"));
    if (!table_.field(line, "seconds").empty()) {
      EBB_TRY(const double seconds, number_in(table_, line, "seconds", 0.0, kLongestSeconds));
      job.length = time::from_seconds(seconds);
    } else {
      EBB_TRY(const auto end, moment(line, "end"));
      if (!end || !job.start) {
        return imports::at_line(table_.name(), line.number, "neither seconds, nor start and end");
      }
      if (*end < *job.start) return imports::at_line(table_.name(), line.number, "it ends before it starts");
      job.length = *end - *job.start;
    }
    for (const auto& [column, count] : {std::pair{"gpus", &job.gpus}, std::pair{"cpus", &job.cpus}}) {
      if (table_.field(line, column).empty()) continue;
      EBB_TRY(*count, number_in(table_, line, column, 0.0, kMost));
    }
    draft_.add(std::move(job));
    return base::Done{};
  }

  TextTable& table_;
  Draft draft_;
  std::optional<bool> absolute_;
};

Draft draft_of(const std::vector<slurm::Job>& jobs) {
  Draft draft;
  draft.trace.zero = time::Instant{};
  for (const auto& job : jobs) {
    TraceJob one;
    one.name = job.handle();
    one.user = job.user;
    if (job.submitted) one.submit = std::max(*job.submitted, job.eligible.value_or(*job.submitted)).time_since_epoch();
    if (job.begun) one.start = job.begun->time_since_epoch();
    if (job.elapsed && job.begun) {
      one.length = *job.elapsed;
    } else if (job.begun && job.ended) {
      one.length = *job.ended - *job.begun - job.suspended;
    }
    // What runs still has no length yet.
    if (!is_end(job.state.state) || !job.submitted) one.length = time::Duration(0);
    one.gpus = job.gpus;
    one.cpus = job.cpus;
    one.end = slurm::name_of(job.state.state);
    draft.add(std::move(one));
  }
  return draft;
}

base::Expected<Draft> read_sacct(std::string_view text, const std::string& name, const TraceOptions& options) {
  EBB_TRY(const auto zone, imports::LocalZone::from_option(options.time_zone));
  slurm::SacctOptions how;
  how.name = name;
  how.moment = [&](std::string_view local) -> base::Expected<time::Instant> {
    EBB_TRY(const auto moment, zone.moment(local));
    return moment.first;
  };
  EBB_TRY(auto read, slurm::parse_sacct(text, how));
  for (const auto& job : read.jobs) {
    if (job.submitted) continue;
    return base::bad_data(fmt::format("{}: job {} has no Submit: ask for it with sacct -P --format={}", name,
                                      job.handle(), slurm::kSacctColumns));
  }
  Draft draft = draft_of(read.jobs);
  draft.trace.understood.push_back(
      fmt::format("sacct: {} jobs, {} rows of steps left out; submitted: Submit, or Eligible where that is later",
                  read.jobs.size(), read.steps));
  if (read.torn > 0) {
    draft.trace.warnings.push_back(
        fmt::format("{} lines have too few fields (a line end in a job's name? the first: "
                    "{}): left out",
                    read.torn, read.first_torn));
  }
  return draft;
}

base::Expected<Draft> read_by_header(std::string_view text, const std::string& name, const TraceOptions& options) {
  const auto header = imports::header_line(text);
  if (!header) return base::bad_data(name + ": there is no header in it");
  if (header->find('|') != std::string_view::npos) return read_sacct(text, name, options);
  EBB_TRY(auto table, TextTable::open(text, name, ','));
  const auto has_all = [&](std::initializer_list<const char*> columns) {
    return std::all_of(columns.begin(), columns.end(), [&](const char* column) { return table.has(column); });
  };
  if (has_all({"submit_time", "num_gpu"}) && (table.has("real_duration") || table.has("duration"))) {
    return read_elastic_flow(table);
  }
  if (has_all({"arrival_time", "length", "cpus"})) return read_gaia(table, options.unit);
  if (table.has("submit") && (table.has("seconds") || has_all({"start", "end"}))) return PlainReader(table).read();
  return base::bad_data(
      fmt::format("{}: its header {} is none that is known: submit and seconds (or start and end), with gpus, cpus, "
                  "user, deadline; "
                  "or a trace of ElasticFlow, of GAIA, or of sacct -P",
                  name, base::in_quotes(*header)));
}

JobTrace finished(Draft draft) {
  JobTrace trace = std::move(draft.trace);
  if (draft.never_ran > 0) {
    trace.warnings.push_back(fmt::format("{} jobs never ran, or run still: left out", draft.never_ran));
  }
  std::stable_sort(trace.jobs.begin(), trace.jobs.end(),
                   [](const TraceJob& a, const TraceJob& b) { return a.submit < b.submit; });
  return trace;
}

}  // namespace

JobTrace trace_of(const std::vector<slurm::Job>& jobs) { return finished(draft_of(jobs)); }

base::Expected<JobTrace> parse_job_trace(std::string_view text, const std::string& name, const TraceOptions& options) {
  EBB_TRY(auto draft, read_by_header(text, name, options));
  auto trace = finished(std::move(draft));
  if (trace.jobs.empty()) return base::no_data(name + ": there is no job in it that ran");
  return trace;
}

base::Expected<JobTrace> load_job_trace(const std::string& path, const TraceOptions& options) {
  EBB_TRY(const auto file, base::load_text_file(path));
  return parse_job_trace(file.view(), path, options);
}

}  // namespace ebb::simulate
