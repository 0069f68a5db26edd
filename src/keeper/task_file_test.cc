#include "keeper/task_file.h"

#include <gtest/gtest.h>

#include <random>

#include "keeper/json_fields.h"
#include "keeper/status.h"

namespace ebb::keeper {
namespace {

exec::Task full_task() {
  exec::Task task;
  task.id = "12-k3v9";
  task.attempt = 3;
  task.name = "a name \"with\" \n all kinds \xf0\x9f\x8c\xb1";
  task.argv = {"python", "-c", "print('\xff')", "", "--", "$(rm -rf /)"};
  task.environment = {"A=b", "EMPTY=", "BYTES=\x80\xc0\xaf\xed\xa0\x80", "LINES=1\n2"};
  task.folder = "/home/user/\xe9";
  task.output = "/home/user/out";
  task.uid = 1000;
  task.gid = 4294967290U;
  task.resources = {1.5, 3'000'000'000'000ULL, 2};
  task.boards = {0, 7};
  task.pausable = exec::Pausable::kCheckpoint;
  task.checkpoint_command = {"save", "\xfe"};
  task.checkpoint_signal = 12;
  task.grace = std::chrono::nanoseconds(1'500'000'001);
  task.run_options = {"--zone", "DE"};
  task.engine_options = {"--partition=x"};
  task.not_before = time::Instant(std::chrono::nanoseconds(1'700'000'000'123'456'789));
  return task;
}

void expect_same(const exec::Task& a, const exec::Task& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.attempt, b.attempt);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.argv, b.argv);
  EXPECT_EQ(a.environment, b.environment);
  EXPECT_EQ(a.folder, b.folder);
  EXPECT_EQ(a.output, b.output);
  EXPECT_EQ(a.uid, b.uid);
  EXPECT_EQ(a.gid, b.gid);
  EXPECT_EQ(a.resources, b.resources);
  EXPECT_EQ(a.boards, b.boards);
  EXPECT_EQ(a.pausable, b.pausable);
  EXPECT_EQ(a.checkpoint_command, b.checkpoint_command);
  EXPECT_EQ(a.checkpoint_signal, b.checkpoint_signal);
  EXPECT_EQ(a.grace, b.grace);
  EXPECT_EQ(a.run_options, b.run_options);
  EXPECT_EQ(a.engine_options, b.engine_options);
  EXPECT_EQ(a.not_before, b.not_before);
}

TEST(TaskFile, every_field_comes_back_to_the_byte) {
  const auto task = full_task();
  const auto back = parse_task(json_of(task));
  ASSERT_TRUE(back.ok()) << back.error().message;
  expect_same(task, *back);
  EXPECT_EQ(json_of(task), json_of(*back));
}

TEST(TaskFile, random_bytes_come_back) {
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    auto task = full_task();
    for (auto& argument : task.argv) {
      argument.clear();
      for (auto length = random() % 40; length > 0; --length) {
        argument += static_cast<char>(1 + random() % 255);
      }
    }
    const auto back = parse_task(json_of(task));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->argv, task.argv);
  }
}

TEST(TaskFile, what_is_missing_or_wrong_is_refused_by_name) {
  const auto good = Json::parse(json_of(full_task()));
  for (const auto& [key, value] : good.items()) {
    if (key == "not_before") continue;
    auto without = good;
    without.erase(key);
    const auto missing = parse_task(without.dump());
    ASSERT_FALSE(missing.ok()) << key;
    EXPECT_NE(missing.error().message.find(key), std::string::npos) << missing.error().message;
    auto odd = good;
    odd[key] = Json{{"x", 1}};
    EXPECT_FALSE(parse_task(odd.dump()).ok()) << key;
  }
}

TEST(TaskFile, hostile_values_are_refused) {
  const auto good = Json::parse(json_of(full_task()));
  const std::vector<std::pair<std::string, std::string>> values{
      {"id", R"("../x")"},
      {"id", R"("")"},
      {"attempt", "0"},
      {"attempt", "1e3"},
      {"attempt", "99999999999999999999"},
      {"argv", "[]"},
      {"argv", R"(["a\u0000b"])"},
      {"argv", R"([{"hex":"0"}])"},
      {"argv", R"([{"hex":"zz"}])"},
      {"argv", R"([{"hex":"00"}])"},
      {"environment", R"(["=x"])"},
      {"environment", R"(["x"])"},
      {"folder", R"("here")"},
      {"output", R"("out")"},
      {"uid", "-1"},
      {"uid", "4294967295"},
      {"gid", "1.5"},
      {"boards", "[-1]"},
      {"boards", "[4096]"},
      {"boards", R"(["0"])"},
      {"pausable", R"("maybe")"},
      {"checkpoint_signal", "0"},
      {"checkpoint_signal", "65"},
      {"grace_ns", "-1"},
      {"grace_ns", "9223372036854775807"},
      {"not_before", R"("tomorrow")"},
      {"resources", R"({"cpus":1e999,"memory_bytes":0,"gpus":0})"},
      {"resources", R"({"cpus":-1,"memory_bytes":0,"gpus":0})"},
      {"resources", R"({"cpus":1,"memory_bytes":18446744073709551615,"gpus":0})"}};
  for (const auto& [key, text] : values) {
    auto bad = good;
    bad[key] = "@here@";
    auto json = bad.dump();
    json.replace(json.find("\"@here@\""), 8, text);
    const auto parsed = parse_task(json);
    EXPECT_FALSE(parsed.ok()) << key << " " << text;
  }
}

TEST(TaskFile, what_is_no_object_is_refused) {
  for (const std::string text : {"", "null", "[]", "{", "{}", "{\"schema\":", "\xff", "{\"a\":\"\xff\"}"}) {
    EXPECT_FALSE(parse_task(text).ok()) << text;
  }
  EXPECT_FALSE(parse_task(std::string(3'000'000, '[')).ok());
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "{\"a\":";
  EXPECT_FALSE(parse_task(deep).ok());
}

TEST(TaskFile, cut_anywhere_it_is_refused) {
  const auto whole = json_of(full_task());
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    EXPECT_FALSE(parse_task(whole.substr(0, length)).ok()) << length;
  }
}

Status full_status() {
  Status status;
  status.state = exec::TaskState::kPaused;
  status.wanted = Wanted::kPause;
  status.begun = time::Instant(std::chrono::nanoseconds(1'700'000'000'000'000'001));
  status.ran = std::chrono::nanoseconds(12345);
  status.paused = std::chrono::seconds(5);
  status.pauses = 2;
  status.energy = units::joules(0.1 + 0.2);
  status.power = units::watts(1e-300);
  status.run_id = "20260301-142233-k3v9q2";
  status.note = "\xff";
  status.keeper = {12, 34};
  status.job = {56, 78};
  status.boot = "b";
  status.as_of = time::Instant(std::chrono::seconds(1'700'000'010));
  return status;
}

TEST(StatusFile, every_field_comes_back) {
  auto status = full_status();
  auto back = parse_status(json_of(status));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, status);
  status.state = exec::TaskState::kEnded;
  EXPECT_FALSE(parse_status(json_of(status)).ok()) << "an end without its code";
  status.exit_code = 137;
  status.ended = status.as_of;
  status.energy.reset();
  back = parse_status(json_of(status));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, status);
}

TEST(StatusFile, cut_anywhere_it_is_refused) {
  const auto whole = json_of(full_status());
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    EXPECT_FALSE(parse_status(whole.substr(0, length)).ok()) << length;
  }
}

TEST(StatusFile, what_ran_when_it_was_written_has_run_on_but_not_for_ever) {
  auto status = full_status();
  EXPECT_EQ(observation_of(status, status.as_of + std::chrono::seconds(3)).paused, std::chrono::seconds(8));
  EXPECT_EQ(observation_of(status, status.as_of + std::chrono::seconds(3)).ran, status.ran);
  status.state = exec::TaskState::kRunning;
  EXPECT_EQ(observation_of(status, status.as_of + std::chrono::seconds(3)).ran, status.ran + std::chrono::seconds(3));
  // Clocks that were set.
  EXPECT_EQ(observation_of(status, status.as_of - std::chrono::hours(9)).ran, status.ran);
  EXPECT_EQ(observation_of(status, status.as_of + std::chrono::hours(9)).ran, status.ran + std::chrono::minutes(1));
  status.state = exec::TaskState::kLost;
  EXPECT_EQ(observation_of(status, status.as_of + std::chrono::seconds(3)).ran, status.ran);
}

}  // namespace
}  // namespace ebb::keeper
