#include "serve/desk.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "keeper/task_file.h"
#include "queue/job_json.h"
#include "time/text.h"

namespace ebb::serve {
namespace {

using base::Expected;
using Json = nlohmann::ordered_json;

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json error_json(const base::Error& error) {
  return {{"ok", false}, {"code", static_cast<int>(error.kind)}, {"message", error.message}};
}

Expected<std::string> text_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) {
    return base::usage_error(fmt::format("the question has no text {}", key));
  }
  return found->get<std::string>();
}

/// What a hostile client could put into a submission; its options have been checked where they were typed.
base::Status check(const queue::Submission& what) {
  constexpr auto kLongest = std::chrono::hours(24 * 366);
  const auto is_length = [&](time::Duration length) { return length >= time::Duration(0) && length <= kLongest; };
  const auto is_amount = [](double value) { return std::isfinite(value) && value >= 0.0 && value <= 1e15; };
  // Texts give years 1900 to 2150: what lies beyond was not typed, and would overflow.
  const auto is_moment = [](time::Instant moment) {
    constexpr auto kFar = std::chrono::hours(24 * 366 * 180);
    return moment.time_since_epoch() > -kFar && moment.time_since_epoch() < kFar;
  };
  const auto& costs = what.costs;
  const bool fine = (!what.duration || (is_length(*what.duration) && *what.duration > time::Duration(0))) &&
                    (!what.deadline || is_moment(*what.deadline)) && is_length(what.margin) &&
                    is_length(costs.pause_time) && is_length(costs.min_run) && is_length(costs.min_pause) &&
                    is_amount(units::in_watts(what.power)) && is_amount(units::in_watts(costs.pause_power)) &&
                    is_amount(units::in_joules(costs.pause_energy)) && (!costs.max_pauses || *costs.max_pauses >= 0) &&
                    what.zone.size() <= 200 && what.project.size() <= 1000 && what.task.name.size() <= 1000;
  if (!fine) return base::usage_error("the submission holds a length, an amount or a text out of its range");
  if (what.task.argv.empty()) return base::usage_error("no command");
  return base::Done{};
}

Expected<Json> submit(queue::Queue& queue, const Peer& peer, const Json& question) {
  EBB_TRY(const auto task_text, text_at(question, "task"));
  EBB_TRY(const auto document, text_at(question, "submission"));
  EBB_TRY(auto task, keeper::parse_task(task_text));
  EBB_TRY(auto what, queue::parse_submission(document, std::move(task)));
  EBB_TRY_DO(check(what));
  what.task.uid = peer.uid;
  what.task.gid = peer.gid;
  what.task.boards.clear();
  const bool held = question.value("held", false);
  EBB_TRY(const auto ticket, queue.submit(std::move(what), held));
  const auto* job = queue.find(ticket.id);
  return Json{{"ok", true}, {"job", Json::parse(queue::public_json(*job))}, {"warnings", ticket.warnings}};
}

Json list(const queue::Queue& queue, const Json& question, const std::function<bool(const queue::Job&)>& may_see) {
  const bool all = question.value("all", false);
  const auto limit = question.value("limit", std::size_t{100});
  std::map<std::string, std::size_t> counts;
  std::vector<const queue::Job*> chosen;
  for (const auto* job : queue.jobs()) {
    if (!may_see(*job)) continue;
    ++counts[std::string(queue::name_of(job->state))];
    if (all || !queue::is_final(job->state)) chosen.push_back(job);
  }
  // What runs is worth more than what waits, and the newest of what has ended.
  std::stable_sort(chosen.begin(), chosen.end(), [](const auto* a, const auto* b) {
    const auto rank = [](const queue::Job& job) {
      if (queue::is_final(job.state)) return 0;
      return job.state == queue::State::kWaiting || job.state == queue::State::kHeld ? 2 : 1;
    };
    return rank(*a) < rank(*b);
  });
  const auto count = chosen.size();
  if (chosen.size() > limit) chosen.resize(limit);
  Json jobs = Json::array();
  for (const auto* job : chosen) jobs.push_back(Json::parse(queue::public_json(*job)));
  return {{"ok", true}, {"jobs", std::move(jobs)}, {"counts", counts}, {"not_shown", count - chosen.size()}};
}

Expected<Json> show(queue::Queue& queue, const queue::Job& job) {
  Json events = Json::array();
  EBB_TRY(const auto happened, queue.events(job.id()));
  for (const auto& event : happened) {
    events.push_back({{"at", time::text_of(event.at)}, {"what", event.what}, {"text", event.text}});
  }
  return Json{{"ok", true},
              {"job", Json::parse(queue::public_json(job))},
              {"output", job.what.task.output},
              {"events", std::move(events)}};
}

}  // namespace

std::string submit_question(const queue::Submission& what, bool held) {
  return dump({{"op", "submit"},
               {"task", keeper::json_of(what.task)},
               {"submission", queue::submission_json(what)},
               {"held", held}});
}

std::string Desk::answer(const Peer& peer, std::string_view text) {
  const auto question = Json::parse(text, nullptr, false);
  if (!question.is_object()) return dump(error_json(base::usage_error("the question is no JSON object")));
  const auto may_see = [&](const queue::Job& job) {
    return peer.uid == 0 || peer.uid == owner_ || peer.uid == job.what.task.uid;
  };
  const auto answered = [&]() -> Expected<Json> {
    // NOLINTNEXTLINE(bugprone-exception-escape): what .value() throws is caught below.
    EBB_TRY(const auto op, text_at(question, "op"));
    if (owner_ != 0 && peer.uid != owner_ && peer.uid != 0) {
      return base::usage_error("this queue is another user's: start your own (ebb serve)");
    }
    if (op == "ping") return Json{{"ok", true}};
    if (op == "submit") return submit(*queue_, peer, question);
    if (op == "list") return list(*queue_, question, may_see);
    EBB_TRY(const auto id, text_at(question, "id"));
    EBB_TRY(const auto job, queue_->look_up(id));
    // Another user's job is as if it were not there.
    if (!may_see(job)) return base::no_data(fmt::format("no job {}: ebb jobs --all lists them", id));
    if (op == "show") return show(*queue_, job);
    if (op == "hold") {
      EBB_TRY_DO(queue_->hold(job.id()));
    } else if (op == "release") {
      EBB_TRY_DO(queue_->release(job.id()));
    } else if (op == "cancel") {
      EBB_TRY_DO(queue_->cancel(job.id()));
    } else {
      return base::usage_error("no such question: " + op);
    }
    return Json{{"ok", true}, {"id", job.id()}};
  };
  try {
    const auto result = answered();
    return dump(result ? *result : error_json(result.error()));
  } catch (const Json::exception& problem) {
    return dump(error_json(base::usage_error(std::string("the question: ") + problem.what())));
  }
}

}  // namespace ebb::serve
