#include "measure/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "base/file.h"
#include "exec/job.h"
#include "exec/ranks.h"
#include "measure/idle.h"
#include "measure/jobless_wait.h"
#include "measure/machine.h"
#include "measure/metering.h"
#include "measure/node_ranks.h"
#include "measure/steering.h"
#include "measure/usage.h"

namespace ebb::measure {
namespace {

base::Error not_started(const base::Error& error) { return {exec::kNotStarted, error.message}; }

bool stops_measuring(int signal) { return signal == SIGINT || signal == SIGTERM || signal == SIGHUP; }

/// Everything of one run on one node, from before its start to after its end.
class Run {
 public:
  Run(const Request& request, const World& world, exec::SignalInbox inbox)
      : request_(request), world_(world), inbox_(std::move(inbox)) {}

  base::Expected<Outcome> go() {
    if (request_.control != nullptr && !request_.attach) {
      make_steering();
      if (!wait_for_start()) return never_started();
    }
    if (auto ready = prepare(); !ready) return not_started(ready.error());
    if (request_.attach) return attached();
    return launched();
  }

 private:
  base::Status prepare();
  base::Status open_group();
  [[nodiscard]] std::string place_name() const;
  void make_steering();
  bool wait_for_start();
  Outcome never_started();
  base::Expected<Outcome> launched();
  base::Expected<exec::ExitStatus> attempt();
  base::Expected<Outcome> attached();
  base::Status begin_metering();
  void sample();
  void try_to_lead();
  void on_event(const exec::Event& event);
  [[nodiscard]] time::Duration due() const;
  [[nodiscard]] std::vector<int> descriptors() const;
  [[nodiscard]] exec::JobSpec job_spec() const;
  [[nodiscard]] trace::Header header() const;
  [[nodiscard]] meter::Options meter_options() const;
  void tell_ranks(pid_t job, std::optional<time::Duration> cpu);
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
  NodeRanks ranks_;
  std::unique_ptr<Metering> metering_;
  std::optional<Steering> steering_;
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
  EBB_TRY(ranks_, NodeRanks::open(place_, world_, place_name()));
  EBB_TRY(outcome_.leads, ranks_.try_lead());
  EBB_TRY_DO(open_group());
  if (outcome_.leads) EBB_TRY_DO(begin_metering());
  if (steering_) EBB_TRY_DO(steering_->open(*group_, place_name(), world_.host.proc));
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

void Run::make_steering() {
  const auto complete = [this](Standing& standing) {
    standing.run_id = outcome_.run_id;
    if (!metering_) return;
    standing.energy = metering_->energy();
    standing.power = metering_->power();
  };
  const auto on_pause = [this](bool paused) {
    if (metering_) metering_->pause_edge(paused);
  };
  const auto note = [this](const std::string& text) {
    if (metering_) metering_->note(text);
  };
  steering_.emplace(*request_.control, Steering::Tools{world_.clock, inbox_, complete, on_pause, note});
}

/// Until the command is to start, for the first time or again. False: it is not to.
bool Run::wait_for_start() {
  for (steering_->ask(); !steering_->wants_start() && !steering_->wants_end();) {
    const auto event = wait_without_job(inbox_, world_.clock, due(), descriptors());
    // No command is there whose stop would be followed.
    if (event.kind == exec::Event::Kind::kSignal && event.signal == SIGTSTP) inbox_.stop_self(SIGTSTP);
    on_event(event);
  }
  return steering_->wants_start();
}

Outcome Run::never_started() {
  outcome_.started = false;
  outcome_.exit_code = 128 + (steering_->ended_by() != 0 ? steering_->ended_by() : SIGTERM);
  outcome_.standing = steering_->standing();
  return outcome_;
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
  options.boards = ranks_.boards();
  options.idle_of = [this](const sensors::Channel& channel) { return idle_draw_of(channel, machine_); };
  return options;
}

base::Status Run::begin_metering() {
  Metering::Place place{outcome_.folder, header(), machine_, request_.sensors, meter_options()};
  EBB_TRY(metering_, Metering::begin(std::move(place), world_, *usage_));
  return base::Done{};
}

time::Duration Run::due() const {
  auto due = steering_ ? steering_->due() : time::Duration::max();
  if (metering_) return std::min(due, metering_->next_due());
  // A follower looks from time to time whether it is to lead. What waits for its start has nothing to look at.
  return group_ ? std::min(due, world_.clock.steady() + request_.period)
                : std::min(due, world_.clock.steady() + std::chrono::hours(1));
}

std::vector<int> Run::descriptors() const {
  std::vector<int> fds;
  if (metering_) fds = metering_->descriptors();
  if (steering_) {
    const auto more = steering_->descriptors();
    fds.insert(fds.end(), more.begin(), more.end());
  }
  return fds;
}

exec::JobSpec Run::job_spec() const {
  exec::JobSpec spec;
  spec.launch.argv = request_.command;
  spec.launch.environment = request_.environment;
  spec.launch.set.emplace_back(kRunIdVariable, outcome_.run_id);
  if (metering_) spec.launch.set.emplace_back(kMarkSocketVariable, metering_->mark_path());
  spec.launch.group = group_ ? &*group_ : nullptr;
  spec.tree = tree_.get();
  spec.forward_signals = place_.launcher != "slurm";
  return spec;
}

void Run::tell_ranks(pid_t job, std::optional<time::Duration> cpu) {
  if (const auto put = ranks_.put(job, cpu); !put) outcome_.warnings.push_back(put.error().message);
}

void Run::try_to_lead() {
  if (outcome_.leads) return;
  const auto lead = ranks_.try_lead();
  if (!lead || !*lead) return;
  if (const auto begun = begin_metering(); !begun) {
    outcome_.warnings.push_back(begun.error().message);
    return;
  }
  outcome_.leads = true;
  metering_->open_sensors();
}

void Run::sample() {
  try_to_lead();
  if (!metering_) return;
  if (tree_) ranks_.follow(*tree_);
  metering_->sample();
}

void Run::on_event(const exec::Event& event) {
  switch (event.kind) {
    case exec::Event::Kind::kDeadline:
      if (!steering_ || !metering_ || world_.clock.steady() >= metering_->next_due()) sample();
      break;
    case exec::Event::Kind::kReadable:
      if (metering_) metering_->on_readable(event.fd);
      break;
    case exec::Event::Kind::kStopped:
    case exec::Event::Kind::kContinued: {
      const bool stopped = event.kind == exec::Event::Kind::kStopped;
      if (metering_ && !steering_ && stopped != stopped_) metering_->pause_edge(stopped);
      stopped_ = stopped;
      break;
    }
    case exec::Event::Kind::kExited:
    case exec::Event::Kind::kSignal:
      break;
  }
  if (steering_) steering_->on_event(event);
}

/// The command, from its start to its end.
base::Expected<exec::ExitStatus> Run::attempt() {
  auto spec = job_spec();
  if (steering_) {
    spec.launch.set.emplace_back(kAttemptVariable, std::to_string(steering_->standing().attempt + 1));
  }
  EBB_TRY(auto job, exec::LocalJob::start(spec, inbox_));
  tell_ranks(job.pid(), std::nullopt);
  if (!job.why_not_in_group().empty()) outcome_.warnings.push_back(job.why_not_in_group());
  if (steering_) steering_->attempt_started(job);
  const bool first = !steering_ || steering_->standing().attempt == 1;
  if (outcome_.leads && first) metering_->open_sensors();
  while (steering_ ? !steering_->is_over() : !job.status().has_value()) {
    const auto fds = descriptors();
    const auto event = job.wait_until(world_.clock, due(), fds);
    if (!event) {
      outcome_.warnings.push_back(event.error().message);
      break;
    }
    on_event(*event);
  }
  if (steering_) steering_->attempt_ended();
  if (const auto left = job.left_behind(); left > 0 && ranks_.is_alone()) {
    outcome_.warnings.push_back(fmt::format(
        "{} processes of the command go on after its end; what they use from here on is not measured", left));
  }
  const auto status = job.status().value_or(exec::ExitStatus{125, std::nullopt, {}, 0});
  tell_ranks(job.pid(), status.cpu);
  return status;
}

base::Expected<Outcome> Run::launched() {
  EBB_TRY(auto status, attempt());
  auto cpu = status.cpu;
  while (steering_ && steering_->checkpointed() && wait_for_start()) {
    auto next = attempt();
    if (!next) {
      outcome_.warnings.push_back("after its checkpoint it could not be started again: " + next.error().message);
      status.code = static_cast<int>(next.error().kind);
      break;
    }
    status = *next;
    cpu += status.cpu;
  }
  return finish(status.code, cpu);
}

base::Expected<Outcome> Run::attached() {
  metering_->open_sensors();
  while (!attached_tree_->ended()) {
    auto fds = descriptors();
    fds.insert(fds.begin(), attached_tree_->end_fd());
    const auto event = wait_without_job(inbox_, world_.clock, metering_->next_due(), fds);
    if (event.kind == exec::Event::Kind::kSignal && stops_measuring(event.signal)) break;
    on_event(event);
  }
  return finish(0, {});
}

Outcome Run::finish(int exit_code, time::Duration job_cpu) {
  outcome_.exit_code = exit_code;
  if (metering_) {
    metering_->finish(exit_code, job_cpu);
    outcome_.threads_left = metering_->threads_left();
    const auto warnings = metering_->take_warnings();
    outcome_.warnings.insert(outcome_.warnings.end(), warnings.begin(), warnings.end());
  }
  if (steering_) {
    outcome_.standing = steering_->standing();
    outcome_.checkpointed = steering_->checkpointed();
    outcome_.ended = steering_->was_ended();
    steering_->close();
  }
  metering_.reset();
  if (group_) {
    if (const auto removed = group_->remove(); !removed) outcome_.warnings.push_back(removed.error().message);
  }
  outcome_.last_node = ranks_.is_last(outcome_.folder, outcome_.leads);
  return outcome_;
}

}  // namespace

base::Expected<Outcome> measure(const Request& request, const World& world) {
  auto inbox = exec::SignalInbox::open();
  if (!inbox) return not_started(inbox.error());
  return Run(request, world, *std::move(inbox)).go();
}

}  // namespace ebb::measure
