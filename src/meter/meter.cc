#include "meter/meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "time/text.h"

namespace ebb::meter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kComparedOver = seconds(60);
constexpr double kDisagreement = 0.10;  // trap 21
constexpr double kStealWorthSaying = 0.05;
// Records kept while they cannot be written (disk full): a day at 1 Hz is too many, an hour is not.
constexpr std::size_t kMostWaiting = 4096;

time::Duration difference(time::Duration now, time::Duration before) {
  return std::max(now - before, time::Duration{0});
}

/// "0", "GPU-5ac…" or its begin, "0000:3b:00.0"; MIG ids stand for nothing here.
bool names_board(const std::string& given, const sensors::Channel& channel) {
  if (given.empty()) return false;
  if ("gpu" + given == channel.name || given == channel.name) return true;
  return !channel.id.empty() && given.size() >= 4 && channel.id.starts_with(given);
}

}  // namespace

Meter::Meter(const time::Clock& clock, std::function<std::optional<sensors::CpuTimes>()> machine,
             std::function<time::Duration()> own_cpu, JobUsage& job, Sink sink, Options options)
    : clock_(clock),
      machine_(std::move(machine)),
      own_cpu_(std::move(own_cpu)),
      job_(job),
      sink_(std::move(sink)),
      options_(std::move(options)),
      last_(clock.steady()),
      asleep_(clock.asleep()),
      utc_offset_(clock.now().time_since_epoch() - clock.steady()) {
  first_tick_.steady = last_;
  first_counts_ = last_counts_ = counts_now(first_tick_);
  last_own_ = own_cpu_();
}

void Meter::write(trace::Record record) {
  if (waiting_.empty()) {
    auto written = sink_(record);
    if (written.ok()) return;
    write_error_ = written.error();
  }
  if (waiting_.size() < kMostWaiting) waiting_.push_back(std::move(record));
}

bool Meter::flush() {
  std::size_t done = 0;
  while (done < waiting_.size()) {
    auto written = sink_(waiting_[done]);
    if (!written.ok()) {
      write_error_ = written.error();
      break;
    }
    ++done;
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
  if (waiting_.empty()) write_error_.reset();
  return waiting_.empty();
}

Meter::Counts Meter::counts_now(sensors::Tick& tick) {
  tick.machine = machine_();
  Counts now;
  // What cannot be read now is read next time: the counts then cover both stretches.
  now.job = job_.cpu_time().value_or(last_counts_.job);
  now.machine = tick.machine.value_or(last_counts_.machine);
  return now;
}

void Meter::add(std::unique_ptr<sensors::Sensor> sensor, std::optional<time::Duration> since) {
  sensors::Tick tick{clock_.steady(), std::nullopt};
  const Counts now = counts_now(tick);
  add_at(std::move(sensor), tick, now, since);
}

void Meter::add_from_start(std::unique_ptr<sensors::Sensor> sensor) {
  add_at(std::move(sensor), first_tick_, first_counts_, std::nullopt);
}

void Meter::add_at(std::unique_ptr<sensors::Sensor> sensor, const sensors::Tick& tick, const Counts& now,
                   std::optional<time::Duration> since) {
  SensorState state;
  state.sensor = std::move(sensor);
  for (const auto& channel : state.sensor->channels()) {
    ChannelState own;
    own.component = components_++;
    own.kind = channel.kind;
    own.name = channel.name;
    auto idle = channel.idle;
    if (!idle && options_.idle_of) idle = options_.idle_of(channel);
    own.idle = IdleFloor(idle);
    own.given_is_known = options_.boards.has_value();
    own.given = options_.allocation.whole_machine ||
                (options_.boards && std::any_of(options_.boards->begin(), options_.boards->end(),
                                                [&](const auto& name) { return names_board(name, channel); }));
    std::string method = channel.method;
    const bool shared = channel.kind != hardware::ComponentKind::kGpu && !options_.allocation.whole_machine;
    if (shared && method.starts_with("measured:")) method = "attributed:" + method.substr(9);
    write(trace::Component{channel.name, channel.kind, channel.device, channel.id, method, channel.low_factor,
                           channel.high_factor, channel.source});
    state.channels.push_back(std::move(own));
  }
  readings_.clear();
  state.sensor->read(tick, readings_);
  state.read_at = tick.steady;
  for (auto& channel : state.channels) {
    channel.at = now;
    channel.compared_since = tick.steady;
    if (since && tick.steady > *since) {
      write(trace::Gap{channel.component, *since, tick.steady, std::string(name_of(sensors::GapCause::kUnread)),
                       "before the first reading", false});
    }
  }
  sensors_.push_back(std::move(state));
}

void Meter::sample(bool all) {
  if (!waiting_.empty()) flush();
  sensors::Tick tick{clock_.steady(), std::nullopt};
  watch_clock(tick.steady, last_);
  const Counts now = counts_now(tick);
  trace::Interval interval;
  interval.from = last_;
  interval.to = tick.steady;
  for (auto& state : sensors_) {
    // A tenth of a period early is due: timers are not exact, and the next chance is a whole period away.
    const auto due = state.read_at + state.sensor->period() - options_.period / 10;
    if (!state.dead && (all || tick.steady >= due)) read_sensor(state, tick, now, interval);
  }
  interval.job_cpu = difference(now.job, last_counts_.job);
  interval.machine_busy = difference(now.machine.busy, last_counts_.machine.busy);
  interval.machine_idle = difference(now.machine.idle, last_counts_.machine.idle);
  interval.machine_steal = difference(now.machine.steal, last_counts_.machine.steal);
  const auto own = own_cpu_();
  interval.meter_cpu = difference(own, last_own_);
  watch_steal(now, last_, tick.steady);
  last_ = tick.steady;
  last_counts_ = now;
  last_own_ = own;
  write(std::move(interval));
}

void Meter::watch_clock(time::Duration now, time::Duration since) {
  const auto slept = clock_.asleep() - asleep_;
  asleep_ += slept;
  if (slept > milliseconds(100)) {
    write(trace::Gap{std::nullopt, now - slept, now, std::string(name_of(sensors::GapCause::kSuspended)),
                     "the machine slept for " + time::text_of(std::chrono::duration_cast<milliseconds>(slept)), false});
  } else if (now - since > std::max<time::Duration>(3 * options_.period, options_.period + seconds(2))) {
    write(trace::Gap{std::nullopt, since + options_.period, now, "late",
                     "the sampling was not woken in time; counters cover the stretch", true});
  }
  const auto offset = clock_.now().time_since_epoch() - now;
  if (std::chrono::abs(offset - utc_offset_) > milliseconds(10)) {
    utc_offset_ = offset;
    write(trace::Anchor{now, time::Instant(offset + now)});
  }
}

void Meter::watch_steal(const Counts& now, time::Duration from, time::Duration to) {
  const auto steal = difference(now.machine.steal, last_counts_.machine.steal);
  const auto all = steal + difference(now.machine.busy, last_counts_.machine.busy) +
                   difference(now.machine.idle, last_counts_.machine.idle);
  // One clock tick of steal in a short interval is no news.
  if (steal < milliseconds(50)) return;
  const double share = time::in_seconds(steal) / time::in_seconds(all);
  if (share < kStealWorthSaying) return;
  write(trace::Gap{std::nullopt, from, to, "steal",
                   fmt::format("{:.0f}% of the CPU time was taken by other guests of the host", 100.0 * share), true});
}

void Meter::read_sensor(SensorState& state, const sensors::Tick& tick, const Counts& now, trace::Interval& interval) {
  readings_.clear();
  const auto health = state.sensor->read(tick, readings_);
  state.read_at = tick.steady;
  for (const auto& reading : readings_) take(state, reading, now, interval);
  if (health == sensors::Health::kFatal || health == sensors::Health::kGone) {
    state.dead = true;
    note(fmt::format("{}: {}; what it measured is not read any more", state.sensor->name(),
                     health == sensors::Health::kGone ? "the device has left" : "the sensor has failed for good"));
  }
}

void Meter::take(SensorState& state, const sensors::Reading& reading, const Counts& now, trace::Interval& interval) {
  auto& channel = state.channels[reading.channel];
  if (!reading.energy) {
    gap(channel, reading);
    // After a failed read the counter goes on, and the next reading covers both stretches; else it begins anew.
    if (reading.cause != sensors::GapCause::kReadFailed) channel.at = now;
    return;
  }
  if (channel.failed) settle(channel, reading.from <= channel.failed->from);
  channel.idle.observe(*reading.energy, reading.to - reading.from);
  const auto parts = parts_of(state, reading.channel, reading, now);
  channel.at = now;
  job_energy_ += parts.job + parts.job_idle;
  interval.energies.push_back(
      {channel.component, reading.from, reading.to, parts.job, parts.job_idle, parts.idle, parts.others});
  compare(channel, reading, reading.to);
}

void Meter::gap(ChannelState& channel, const sensors::Reading& reading) {
  trace::Gap gap{channel.component, reading.from, reading.to, std::string(name_of(reading.cause)),
                 reading.detail,    false};
  if (reading.cause != sensors::GapCause::kReadFailed) {
    settle(channel, false);
    write(std::move(gap));
  } else if (channel.failed) {
    channel.failed->to = reading.to;
  } else {
    channel.failed = std::move(gap);
  }
}

void Meter::settle(ChannelState& channel, bool recovered) {
  if (!channel.failed) return;
  channel.failed->recovered = recovered;
  write(*std::exchange(channel.failed, std::nullopt));
}

void Meter::end(const trace::End& end) {
  for (auto& state : sensors_) {
    for (auto& channel : state.channels) settle(channel, false);
  }
  write(end);
}

Parts Meter::parts_of(SensorState& state, std::size_t index, const sensors::Reading& reading, const Counts& now) {
  const auto& channel = state.channels[index];
  const auto energy = *reading.energy;
  const auto idle = channel.idle.part_of(energy, reading.to - reading.from);
  if (channel.kind == hardware::ComponentKind::kGpu) return attribute_board(energy, idle, board_use(state, index));
  const CpuUse use{difference(now.job, channel.at.job), difference(now.machine.busy, channel.at.machine.busy),
                   difference(now.machine.idle, channel.at.machine.idle)};
  if (channel.kind == hardware::ComponentKind::kDram) {
    return attribute_memory(energy, job_.memory_share(), use, options_.allocation);
  }
  return attribute_package(energy, idle, use, options_.allocation);
}

BoardUse Meter::board_use(SensorState& state, std::size_t index) {
  auto& channel = state.channels[index];
  BoardUse use;
  use.given = channel.given;
  if (channel.given_is_known && !channel.given) return use;
  const auto users = state.sensor->users_of(index);
  if (!users) {
    // Nobody says who works on it, and nobody said whose it is: the job's, and told once.
    if (!channel.given_is_known && !channel.sharing_told) {
      channel.sharing_told = true;
      note(
          fmt::format("{}: which processes use it cannot be seen here; all of its energy is taken as this run's. Name "
                      "the run's boards in CUDA_VISIBLE_DEVICES to have others left out",
                      channel.name));
    }
    use.given = use.given || !channel.given_is_known;
    return use;
  }
  std::vector<bool> is_jobs;
  is_jobs.reserve(users->size());
  for (const auto& user : *users) is_jobs.push_back(job_.has_process(user.pid));
  use.used = !users->empty();
  use.job_share = job_share_of(*users, is_jobs);
  const bool others = std::find(is_jobs.begin(), is_jobs.end(), false) != is_jobs.end();
  if (others && *use.job_share > 0.0 && !channel.sharing_told) {
    channel.sharing_told = true;
    note(fmt::format("{}: shared with processes of others; split by their share of the work", channel.name));
  }
  return use;
}

void Meter::compare(ChannelState& channel, const sensors::Reading& reading, time::Duration now) {
  if (!reading.cross_check) return;
  channel.counted += *reading.energy;
  channel.integrated += *reading.cross_check;
  if (now - channel.compared_since < kComparedOver) return;
  const double counted = units::in_joules(channel.counted);
  const double integrated = units::in_joules(channel.integrated);
  const double larger = std::max(counted, integrated);
  if (!channel.disagreement_told && larger > 0.0 && (larger - std::min(counted, integrated)) / larger > kDisagreement) {
    channel.disagreement_told = true;
    note(
        fmt::format("{}: counter and integrated power disagree: {:.1f} J by the counter, {:.1f} J by power x time over "
                    "{:.0f} s; the counter is used",
                    channel.name, counted, integrated, time::in_seconds(now - channel.compared_since)));
  }
  channel.counted = {};
  channel.integrated = {};
  channel.compared_since = now;
}

void Meter::mark(trace::Mark::Kind kind, const std::string& name) {
  sample(true);
  write(trace::Mark{last_, kind, name});
}

void Meter::pause_edge(bool paused) {
  sample(true);
  write(trace::PauseEdge{last_, paused});
}

void Meter::note(const std::string& text) { write(trace::Note{last_, text}); }

}  // namespace ebb::meter
