#include "measure/measure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/file.h"
#include "exec/job.h"
#include "exec/node_lock.h"
#include "exec/ranks.h"
#include "exec/runtime_folder.h"
#include "measure/alive.h"
#include "measure/idle.h"
#include "measure/machine.h"
#include "measure/mark.h"
#include "measure/usage.h"
#include "meter/meter.h"
#include "sensors/proc_stat.h"
#include "trace/reader.h"
#include "trace/writer.h"

namespace ebb::measure {
namespace {

using std::chrono::seconds;

constexpr auto kSyncEvery = std::chrono::minutes(5);
// A shorter run is not worth the milliseconds that a disk takes; after a power loss it is run again.
constexpr auto kSyncWorthwhile = std::chrono::minutes(1);

time::Duration own_cpu_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) { return seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec); };
  return of(used.ru_utime) + of(used.ru_stime);
}

/// The next free name of a trace of this node: a rank that takes over writes its own.
base::Expected<trace::Writer> create_trace(const std::string& folder, const std::string& node) {
  for (int number = 1; number < 10000; ++number) {
    const std::string name = number == 1 ? node : fmt::format("{}.{}", node, number);
    const std::string path = folder + "/" + name + ".trace";
    std::error_code none;
    if (std::filesystem::exists(path, none)) continue;
    auto made = trace::Writer::create(path);
    if (made || !std::filesystem::exists(path, none)) return made;
  }
  return base::service_error(folder + ": no free name for a trace");
}

bool has_end(const std::string& path) {
  auto reader = trace::Reader::open(path);
  if (!reader) return false;
  while (reader->next()) {
  }
  return reader->damage().has_end;
}

bool all_have_ended(const std::string& folder, const std::vector<std::string>& nodes) {
  return std::all_of(nodes.begin(), nodes.end(),
                     [&](const auto& node) { return has_end(folder + "/" + node + ".trace"); });
}

exec::ProcessRef process_of(pid_t pid) {
  const auto stat = exec::read_proc_stat("/proc", pid);
  return stat ? stat->process : exec::ProcessRef{pid, 0};
}

base::Error not_started(const base::Error& error) { return {exec::kNotStarted, error.message}; }

/// Everything of one run on one node, from before its start to after its end.
class Run {
 public:
  Run(const Request& request, const World& world, exec::SignalInbox inbox)
      : request_(request), world_(world), inbox_(std::move(inbox)) {}

  base::Expected<Outcome> go() {
    if (auto ready = prepare(); !ready) return not_started(ready.error());
    if (request_.attach) return attached();
    return launched();
  }

 private:
  base::Status prepare();
  base::Status open_group();
  [[nodiscard]] std::string place_name() const;
  base::Expected<Outcome> launched();
  base::Expected<Outcome> attached();
  base::Status begin_metering();
  void open_sensors();
  void take_slow_sensors();
  void warn(const std::string& text);
  void sample();
  void try_to_lead();
  void on_event(const exec::Event& event);
  [[nodiscard]] std::vector<int> descriptors() const;
  [[nodiscard]] exec::JobSpec job_spec() const;
  [[nodiscard]] trace::Header header() const;
  [[nodiscard]] meter::Options meter_options() const;
  void put_rank(const exec::LocalJob& job, std::optional<time::Duration> cpu);
  bool is_last();
  Outcome finish(int exit_code, time::Duration job_cpu);

  const Request& request_;
  const World& world_;
  exec::SignalInbox inbox_;
  Outcome outcome_;
  exec::RankPlace place_;
  Machine machine_;
  std::optional<exec::JobGroup> group_;
  std::unique_ptr<exec::ProcessTree> tree_;
  std::optional<exec::AttachedTree> attached_tree_;
  std::unique_ptr<meter::JobUsage> usage_;
  std::optional<exec::NodeLock> lock_;
  std::optional<trace::Writer> writer_;
  int held_ = -1;  // locked while this process lives
  std::optional<sensors::ProcStat> proc_stat_;
  std::optional<MarkServer> marks_;
  std::optional<meter::Meter> meter_;
  std::optional<SlowSensors> slow_;
  std::vector<sensors::Opened> open_;  // without their sensors: the meter has those
  std::vector<std::string> told_;
  std::optional<base::Error> write_trouble_;
  time::Duration begun_{0};
  time::Duration synced_{0};
  std::optional<exec::RankRecord> rank_;
  bool stopped_ = false;
};

base::Status Run::prepare() {
  place_ = exec::find_rank_place(world_.host.environment, world_.host_name);
  outcome_.warnings = place_.warnings;
  outcome_.run_id = request_.run_id;
  if (outcome_.run_id.empty()) outcome_.run_id = place_.job ? *place_.job : new_run_id(world_);
  if (!is_run_id(outcome_.run_id)) {
    return base::usage_error(fmt::format("run id {}: letters, digits, '.', '_', '-', at most 100", outcome_.run_id));
  }
  outcome_.folder = request_.data_folder + "/runs/" + outcome_.run_id;
  EBB_TRY_DO(base::make_folder(outcome_.folder));
  machine_ = look_at_machine(world_.host);
  if (place_.job) {
    EBB_TRY(const auto runtime, exec::open_runtime_folder({world_.host.environment("XDG_RUNTIME_DIR"), "/tmp"}));
    EBB_TRY(lock_, exec::NodeLock::open(runtime, place_name()));
    EBB_TRY(outcome_.leads, lock_->try_lead());
  }
  EBB_TRY_DO(open_group());
  if (outcome_.leads) EBB_TRY_DO(begin_metering());
  return base::Done{};
}

/// Of this run on this node. Several nodes of a job may be one machine (Slurm can be set up so).
std::string Run::place_name() const {
  std::string name = outcome_.run_id.substr(0, 60);
  if (place_.job) name += "." + place_.node.substr(0, 39);
  return name;
}

base::Status Run::open_group() {
  if (request_.attach) {
    EBB_TRY(attached_tree_, exec::AttachedTree::open(*request_.attach, world_.host.proc));
    usage_ = std::make_unique<AttachedUsage>(*attached_tree_);
    return base::Done{};
  }
  exec::GroupOptions options;
  options.name = place_name();
  EBB_TRY(group_, exec::JobGroup::create(options));
  if (group_->kind() == exec::GroupKind::kNone) {
    EBB_TRY(auto tree, exec::ProcessTree::open(world_.host.proc));
    tree_ = std::make_unique<exec::ProcessTree>(std::move(tree));
    usage_ = std::make_unique<TreeUsage>(*tree_);
  } else {
    usage_ = std::make_unique<GroupUsage>(*group_);
  }
  return base::Done{};
}

trace::Header Run::header() const {
  trace::Header header;
  header.run_id = outcome_.run_id;
  header.node = place_.node;
  header.command = request_.command;
  if (request_.attach) header.command = {"--attach", std::to_string(*request_.attach)};
  header.project = request_.project;
  header.tags = request_.tags;
  header.parent_run = request_.parent_run;
  header.user = world_.user;
  if (place_.expected_nodes.size() > 1) header.expected_nodes = place_.expected_nodes;
  header.steady = world_.clock.steady();
  header.utc = world_.clock.now();
  header.machine_json = json_of(machine_);
  header.options_json = request_.options_json;
  header.version = request_.version;
  return header;
}

meter::Options Run::meter_options() const {
  meter::Options options;
  options.period = request_.period;
  options.allocation.whole_machine = request_.whole_machine;
  if (machine_.cpus_given > 0 && machine_.cpus_given < machine_.logical_cpus) {
    options.allocation.cpus = static_cast<double>(machine_.cpus_given) / machine_.logical_cpus;
  }
  options.boards = place_.gpus;
  if (lock_) {
    // A node's boards are those of all its ranks.
    for (const auto& rank : lock_->ranks()) {
      if (rank.gpus && options.boards) {
        options.boards->insert(options.boards->end(), rank.gpus->begin(), rank.gpus->end());
      }
    }
  }
  options.idle_of = [this](const sensors::Channel& channel) { return idle_draw_of(channel, machine_); };
  return options;
}

base::Status Run::begin_metering() {
  EBB_TRY(writer_, create_trace(outcome_.folder, place_.node));
  held_ = hold_trace(writer_->path());
  EBB_TRY_DO(writer_->append(header()));
  EBB_TRY(marks_, MarkServer::open(outcome_.folder));
  if (auto stat = sensors::ProcStat::open(world_.host); stat) {
    proc_stat_ = *std::move(stat);
  } else {
    outcome_.warnings.push_back(stat.error().message + ": CPU energy cannot be shared between jobs");
  }
  begun_ = synced_ = world_.clock.steady();
  meter_.emplace(
      world_.clock,
      [this]() -> std::optional<sensors::CpuTimes> {
        if (!proc_stat_) return std::nullopt;
        auto times = proc_stat_->read();
        if (!times) return std::nullopt;
        return *times;
      },
      own_cpu_time, *usage_, [this](const trace::Record& record) { return writer_->append(record); }, meter_options());
  return base::Done{};
}

void Run::warn(const std::string& text) {
  if (std::find(told_.begin(), told_.end(), text) != told_.end()) return;
  told_.push_back(text);
  meter_->note(text);
}

void Run::open_sensors() {
  slow_.emplace(request_.sensors, world_.host, world_.clock);
  std::vector<std::unique_ptr<sensors::Sensor>> quick;
  std::vector<const sensors::Sensor*> there;
  for (auto& opened : open_quick_sensors(request_.sensors, world_.host)) {
    for (const auto& warning : opened.warnings) warn(warning);
    // What is there and may not be read is worth a line; what this machine does not have is for `ebb doctor`.
    if (!opened.sensor && (opened.present || !request_.sensors.automatic)) {
      warn(fmt::format("{}: {}{}", opened.name, opened.why, opened.mend.empty() ? "" : "; mend: " + opened.mend));
    }
    if (opened.sensor) {
      there.push_back(opened.sensor.get());
      quick.push_back(std::move(opened.sensor));
    }
  }
  auto model = open_model(request_.sensors, machine_, there);
  for (const auto& warning : model.warnings) warn(warning);
  if (model.sensor) meter_->add_from_start(std::move(model.sensor));
  for (auto& sensor : quick) meter_->add(std::move(sensor), begun_);
  if (!slow_->busy()) take_slow_sensors();
}

void Run::take_slow_sensors() {
  for (auto& opened : slow_->take()) {
    for (const auto& warning : opened.warnings) warn(warning);
    if (opened.sensor) {
      meter_->add(std::move(opened.sensor), begun_);
    } else if (opened.present || !request_.sensors.automatic) {
      warn(fmt::format("{}: {}{}", opened.name, opened.why, opened.mend.empty() ? "" : "; mend: " + opened.mend));
    }
  }
}

std::vector<int> Run::descriptors() const {
  std::vector<int> fds;
  if (marks_) fds.push_back(marks_->fd());
  if (slow_ && slow_->busy()) fds.push_back(slow_->fd());
  return fds;
}

exec::JobSpec Run::job_spec() const {
  exec::JobSpec spec;
  spec.launch.argv = request_.command;
  spec.launch.set.emplace_back(kRunIdVariable, outcome_.run_id);
  if (marks_) spec.launch.set.emplace_back(kMarkSocketVariable, marks_->path());
  spec.launch.group = group_ ? &*group_ : nullptr;
  spec.tree = tree_.get();
  spec.forward_signals = place_.launcher != "slurm";
  return spec;
}

void Run::put_rank(const exec::LocalJob& job, std::optional<time::Duration> cpu) {
  if (!lock_) return;
  exec::RankRecord record;
  record.meter = process_of(::getpid());
  record.job = rank_ ? rank_->job : process_of(job.pid());
  record.local_rank = place_.local_rank.value_or(0);
  record.gpus = place_.gpus;
  record.cpu = cpu;
  rank_ = record;
  if (const auto put = lock_->put(record); !put) outcome_.warnings.push_back(put.error().message);
}

void Run::try_to_lead() {
  if (!lock_ || outcome_.leads) return;
  const auto lead = lock_->try_lead();
  if (!lead || !*lead) return;
  if (const auto begun = begin_metering(); !begun) {
    outcome_.warnings.push_back(begun.error().message);
    return;
  }
  outcome_.leads = true;
  open_sensors();
}

void Run::sample() {
  try_to_lead();
  if (!meter_) return;
  if (lock_ && tree_) {
    for (const auto& rank : lock_->ranks()) tree_->follow(rank);
  }
  meter_->sample();
  if (meter_->write_error() && !write_trouble_) {
    write_trouble_ = meter_->write_error();
    outcome_.warnings.push_back("the trace could not be written: " + write_trouble_->message);
  }
  if (world_.clock.steady() - synced_ > kSyncEvery) {
    synced_ = world_.clock.steady();
    if (const auto synced = writer_->sync(); !synced && !write_trouble_) write_trouble_ = synced.error();
  }
}

void Run::on_event(const exec::Event& event) {
  switch (event.kind) {
    case exec::Event::Kind::kDeadline:
      sample();
      break;
    case exec::Event::Kind::kReadable:
      if (marks_ && event.fd == marks_->fd()) {
        marks_->serve([this](trace::Mark::Kind kind, const std::string& name) { meter_->mark(kind, name); });
      } else if (slow_ && event.fd == slow_->fd()) {
        take_slow_sensors();
      }
      break;
    case exec::Event::Kind::kStopped:
      if (meter_ && !stopped_) meter_->pause_edge(true);
      stopped_ = true;
      break;
    case exec::Event::Kind::kContinued:
      if (meter_ && stopped_) meter_->pause_edge(false);
      stopped_ = false;
      break;
    case exec::Event::Kind::kExited:
    case exec::Event::Kind::kSignal:
      break;
  }
}

base::Expected<Outcome> Run::launched() {
  EBB_TRY(auto job, exec::LocalJob::start(job_spec(), inbox_));
  put_rank(job, std::nullopt);
  if (!job.why_not_in_group().empty()) outcome_.warnings.push_back(job.why_not_in_group());
  if (outcome_.leads) open_sensors();
  while (!job.status()) {
    const auto due = meter_ ? meter_->next_due() : world_.clock.steady() + request_.period;
    const auto fds = descriptors();
    const auto event = job.wait_until(world_.clock, due, fds);
    if (!event) {
      outcome_.warnings.push_back(event.error().message);
      break;
    }
    on_event(*event);
  }
  if (const auto left = job.left_behind(); left > 0 && !lock_) {
    outcome_.warnings.push_back(fmt::format(
        "{} processes of the command go on after its end; what they use from here on is not measured", left));
  }
  const auto status = job.status().value_or(exec::ExitStatus{125, std::nullopt, {}, 0});
  put_rank(job, status.cpu);
  return finish(status.code, status.cpu);
}

base::Expected<Outcome> Run::attached() {
  open_sensors();
  while (!attached_tree_->ended()) {
    std::vector<pollfd> waiting{{attached_tree_->end_fd(), POLLIN, 0}, {inbox_.fd(), POLLIN, 0}};
    for (const int fd : descriptors()) waiting.push_back({fd, POLLIN, 0});
    const auto left = std::max(time::Duration{0}, meter_->next_due() - world_.clock.steady());
    const timespec timeout{std::chrono::duration_cast<seconds>(left).count(), (left % seconds(1)).count()};
    if (::ppoll(waiting.data(), waiting.size(), &timeout, nullptr) <= 0) {
      sample();
      continue;
    }
    for (std::size_t i = 2; i < waiting.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      exec::Event event;
      event.kind = exec::Event::Kind::kReadable;
      event.fd = waiting[i].fd;
      on_event(event);
    }
    bool stop = false;
    while (const auto signal = inbox_.next()) {
      stop = stop || signal->signal == SIGINT || signal->signal == SIGTERM || signal->signal == SIGHUP;
    }
    if (stop) break;
  }
  return finish(0, {});
}

/// Whether everything of the run has ended, and nobody else has taken it on himself to say so.
///
/// A leader gives up the lead before it looks whether others live; a follower says that it has ended before it tries
/// for the lead. So whoever is last of two that end at once knows it, and a file made by one only settles who tells.
bool Run::is_last() {
  if (lock_) {
    if (outcome_.leads) {
      lock_->leave();
    } else if (const auto lead = lock_->try_lead(); lead && *lead) {
      outcome_.leads = true;
      lock_->leave();
    }
    const auto others = lock_->ranks();
    const bool alive = std::any_of(others.begin(), others.end(), [](const auto& rank) {
      return !rank.cpu && rank.meter.pid != ::getpid() && process_of(rank.meter.pid) == rank.meter;
    });
    if (!outcome_.leads || alive) return false;
  }
  if (place_.expected_nodes.size() > 1 && !all_have_ended(outcome_.folder, place_.expected_nodes)) return false;
  if (!place_.job) return true;
  const int claim = ::open((outcome_.folder + "/reported").c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (claim >= 0) ::close(claim);
  return claim >= 0 || errno != EEXIST;
}

Outcome Run::finish(int exit_code, time::Duration job_cpu) {
  outcome_.exit_code = exit_code;
  if (meter_) {
    if (slow_) {
      if (slow_->busy()) warn("nvml: still opening when the command had ended; boards were not measured");
      take_slow_sensors();
      outcome_.threads_left = slow_->busy();
    }
    meter_->sample(true);
    trace::End end;
    end.steady = world_.clock.steady();
    end.exit_code = exit_code;
    // Without a group of its own only wait4 knows all of it.
    end.job_cpu = usage_->cpu_time().value_or(job_cpu);
    end.meter_cpu = own_cpu_time();
    meter_->end(end);
    if (!meter_->flush()) {
      outcome_.warnings.push_back(fmt::format("{} records of the trace could not be written: {}", meter_->unwritten(),
                                              meter_->write_error()->message));
    }
    if (world_.clock.steady() - begun_ > kSyncWorthwhile) {
      if (const auto synced = writer_->sync(); !synced) outcome_.warnings.push_back(synced.error().message);
    }
  }
  if (held_ >= 0) ::close(held_);
  marks_.reset();
  if (group_) {
    if (const auto removed = group_->remove(); !removed) outcome_.warnings.push_back(removed.error().message);
  }
  outcome_.last_node = is_last();
  return outcome_;
}

}  // namespace

base::Expected<Outcome> measure(const Request& request, const World& world) {
  auto inbox = exec::SignalInbox::open();
  if (!inbox) return not_started(inbox.error());
  return Run(request, world, *std::move(inbox)).go();
}

}  // namespace ebb::measure
