#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "exec/proc_stat.h"
#include "keeper/local_executor.h"
#include "time/clock.h"

namespace ebb::keeper::test {

/// Nothing here takes long; a loaded machine may take this long.
inline constexpr auto kGenerous = std::chrono::seconds(60);

inline std::string text_of_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline bool comes_true(const std::function<bool()>& question) {
  const time::SystemClock clock;
  for (const auto end = clock.steady() + kGenerous; clock.steady() < end; ::poll(nullptr, 0, 1)) {
    if (question()) return true;
  }
  return false;
}

inline std::string own_program() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

/// A folder of jobs that is gone afterwards, and an executor on it whose keepers are this test program.
class Keeping : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "ebb-keeper-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    std::filesystem::permissions(folder_, std::filesystem::perms(0711));
    executor_.emplace(options(), clock_);
  }
  void TearDown() override {
    // Nobody of ours lives on, whatever failed.
    for (const auto& task : started_) {
      static_cast<void>(executor_->cancel(task, ref(task)));
      EXPECT_TRUE(comes_true([&] { return is_over(task); })) << task.id;
    }
    std::error_code none;
    std::filesystem::remove_all(folder_, none);
  }
  [[nodiscard]] LocalOptions options() const {
    LocalOptions options;
    options.folder = folder_ + "/jobs";
    options.keeper = {own_program(), "--role", "keep"};
    return options;
  }
  /// A job that is a shell script, in a folder of its own.
  exec::Task task(const std::string& id, const std::string& script) {
    exec::Task task;
    task.id = id;
    task.argv = {"/bin/sh", "-c", script};
    task.folder = folder_ + "/place";
    task.environment = {"PATH=/usr/bin:/bin", "HOME=" + task.folder};
    task.output = folder_ + "/place/" + id + ".out";
    task.uid = ::geteuid();
    task.gid = ::getegid();
    task.pausable = exec::Pausable::kFreeze;
    std::filesystem::create_directories(task.folder);
    return task;
  }
  void start(const exec::Task& task) {
    const auto handle = executor_->start(task);
    ASSERT_TRUE(handle.ok()) << handle.error().message;
    started_.push_back(task);
  }
  static exec::TaskRef ref(const exec::Task& task) { return {task.id, task.attempt, ""}; }
  exec::Observation see(const exec::Task& task) {
    const auto one = ref(task);
    const auto seen = executor_->observe(std::span(&one, 1));
    EXPECT_TRUE(seen.ok());
    return seen ? seen->at(0) : exec::Observation{};
  }
  bool is_over(const exec::Task& task) {
    const auto state = see(task).state;
    return state == exec::TaskState::kEnded || state == exec::TaskState::kLost;
  }
  exec::Observation wait_for(const exec::Task& task, exec::TaskState state) {
    EXPECT_TRUE(comes_true([&] { return see(task).state == state; }))
        << name_of(see(task).state) << " instead of " << name_of(state) << ": " << see(task).note;
    return see(task);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ + "/place/" + name; }
  [[nodiscard]] bool is_there(const std::string& name) const { return std::filesystem::exists(file(name)); }
  [[nodiscard]] std::uintmax_t size(const std::string& name) const {
    std::error_code none;
    const auto bytes = std::filesystem::file_size(file(name), none);
    return none ? 0 : bytes;
  }
  [[nodiscard]] Status status(const exec::Task& task) const {
    const auto text = text_of_file(executor_->folder_of(task.id) + "/" + attempt_file(task.attempt, "status"));
    const auto parsed = parse_status(text);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed ? *parsed : Status{};
  }

  time::SystemClock clock_;
  std::string folder_;
  std::optional<LocalExecutor> executor_;
  std::vector<exec::Task> started_;
};

/// Says x without end, so that one sees whether it runs.
inline constexpr const char* kWrites = "while :; do echo x; sleep 0.005; done";

}  // namespace ebb::keeper::test
