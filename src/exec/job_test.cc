#include "exec/job.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>
#include <numeric>

#include "exec/test_processes.h"

namespace ebb::exec {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what this room's tests share

std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

base::Error start_error(const JobSpec& spec) {
  auto inbox = SignalInbox::open();
  const auto job = LocalJob::start(spec, *inbox);
  EXPECT_FALSE(job.ok());
  return job ? base::usage_error("it started") : job.error();
}

TEST(LocalJob, the_commands_exit_code_is_given_back) {
  EXPECT_EQ(run(spec_of({"/bin/true"})).code, 0);
  for (const int code : {1, 42, 127, 255}) {
    const auto status = run(spec_of(shell(fmt::format("exit {}", code))));
    EXPECT_EQ(status.code, code);
    EXPECT_FALSE(status.signal);
  }
}

TEST(LocalJob, death_by_a_signal_is_128_and_the_signal) {
  for (const int signal : {SIGKILL, SIGTERM, SIGSEGV, SIGINT}) {
    const auto status = run(spec_of(shell(fmt::format("ulimit -c 0; kill -{} $$", signal))));
    EXPECT_EQ(status.code, 128 + signal);
    EXPECT_EQ(status.signal, signal);
  }
}

TEST(LocalJob, what_it_used_is_told_at_its_end) {
  const auto status = run(spec_of(role({"burn", "0.05"})));
  EXPECT_GE(status.cpu, std::chrono::milliseconds(50));
  EXPECT_GT(status.max_rss_bytes, 100'000U);
}

TEST(LocalJob, what_is_not_found_is_127) {
  for (const std::string name : {"no-such-command", "/no/such/file", "./none", ""}) {
    JobSpec spec = spec_of({name});
    // Not ours, in which a folder may be closed to us: that would be 126.
    spec.launch.set = {{"PATH", "/usr/bin:/bin"}};
    const auto error = start_error(spec);
    EXPECT_EQ(static_cast<int>(error.kind), 127) << name;
    EXPECT_NE(error.message.find("No such file"), std::string::npos) << error.message;
  }
  JobSpec spec = spec_of({"no-such-command"});
  spec.launch.set = {{"PATH", "/usr/bin:/bin"}};
  EXPECT_EQ(start_error(spec).message, "cannot run \"no-such-command\": No such file or directory in PATH");
}

TEST(LocalJob, what_is_found_but_cannot_be_run_is_126) {
  const TemporaryFolder folder;
  const std::string file = folder.path() + "/plain";
  std::ofstream(file) << "text";
  JobSpec in_path = spec_of({"plain"});
  in_path.launch.set = {{"PATH", "/nowhere:" + folder.path()}};
  for (const JobSpec& spec : {spec_of({file}), spec_of({folder.path()}), spec_of({file + "/below"}), in_path}) {
    EXPECT_EQ(static_cast<int>(start_error(spec).kind), 126) << spec.launch.argv[0];
  }
}

TEST(LocalJob, a_command_that_is_none_is_a_usage_error) {
  JobSpec nul = spec_of({std::string("a\0b", 3)});
  JobSpec nameless = spec_of({"/bin/true"});
  nameless.launch.set = {{"A=B", "x"}};
  for (const JobSpec& spec : {spec_of({}), nul, nameless}) {
    EXPECT_EQ(start_error(spec).kind, base::ErrorKind::kUsage);
  }
}

TEST(LocalJob, a_script_without_a_first_line_is_run_by_the_shell) {
  const TemporaryFolder folder;
  const std::string file = folder.path() + "/script";
  std::ofstream(file) << "echo \"$0\" \"$1\"\n";
  ::chmod(file.c_str(), 0755);
  EXPECT_EQ(output_of(spec_of({file, "two words"})), file + " two words\n");
}

TEST(LocalJob, the_program_is_looked_for_in_the_commands_own_path) {
  const TemporaryFolder folder;
  for (const std::string name : {"first", "second"}) {
    std::filesystem::create_directory(folder.path() + "/" + name);
    const std::string file = folder.path() + "/" + name + "/tool";
    std::ofstream(file) << "#!/bin/sh\necho " << name << "\n";
    ::chmod(file.c_str(), 0755);
  }
  JobSpec spec = spec_of({"tool"});
  spec.launch.set = {{"PATH", folder.path() + "/second:" + folder.path() + "/first:/bin"}};
  EXPECT_EQ(output_of(spec), "second\n");
  ::chmod((folder.path() + "/second/tool").c_str(), 0644);
  EXPECT_EQ(output_of(spec), "first\n");
}

TEST(LocalJob, binary_data_passes_through) {
  std::string bytes(100'000, '\0');
  std::iota(bytes.begin(), bytes.end(), static_cast<char>(0));
  const TemporaryFolder folder;
  std::ofstream(folder.path() + "/in", std::ios::binary) << bytes;
  const Descriptor in(::open((folder.path() + "/in").c_str(), O_RDONLY | O_CLOEXEC));
  const Descriptor out(::open((folder.path() + "/out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  {
    const Redirected stdin_of(STDIN_FILENO, in.get());
    const Redirected stdout_of(STDOUT_FILENO, out.get());
    EXPECT_EQ(run(spec_of({"cat"})).code, 0);
  }
  std::ifstream file(folder.path() + "/out", std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), bytes);
}

TEST(LocalJob, the_environment_is_changed_only_as_asked) {
  JobSpec spec = spec_of({"/usr/bin/env"});
  spec.launch.environment = {"B=1", "A=x=y", "GONE=1", "A=twice", "odd", "EBB=old", ""};
  spec.launch.set = {{"EBB", "new"}, {"EMPTY", ""}};
  spec.launch.unset = {"GONE", "ABSENT"};
  EXPECT_EQ(output_of(spec), "B=1\nA=x=y\nA=twice\nodd\n\nEBB=new\nEMPTY=\n");
}

/// What a command sees of itself when it is started by fork and exec alone, in the same circumstances.
std::string state_without_ebb() {
  Pipe out = make_pipe();
  const auto argv = role({"state"});
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  {
    const Redirected stdout_of(STDOUT_FILENO, out.write.get());
    wait_for(fork_child([&] { ::execv(words[0], words.data()); }));
  }
  out.write.reset();
  return read_all(out.read.get());
}

/// Descriptors of a pipe differ by the pipe's number.
std::string without_pipe_numbers(std::string text) {
  for (std::size_t at = 0; (at = text.find("pipe:[", at)) != std::string::npos; at += 6) {
    text.erase(at + 6, text.find(']', at) - at - 6);
  }
  return text;
}

TEST(LocalJob, the_command_finds_everything_as_it_would_without_us) {
  const std::string said = in_child([] {
    ::umask(027);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGHUP, SIG_IGN);
    ::signal(SIGCHLD, SIG_DFL);
    ::signal(SIGUSR1, [](int) {});
    sigset_t blocked{};
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR2);
    ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
    const rlimit limit{200, 300};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    // One that the command is to have, as from a shell's <(...), and a hole in the numbers.
    const int inherited = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
    ::dup2(inherited, 7);
    const std::string alone = without_pipe_numbers(state_without_ebb());
    if (alone.find("fd 7 /dev/zero") == std::string::npos) return "the state is not told: " + alone;
    GroupOptions options;
    options.name = fmt::format("test-{}-state", ::getpid());
    auto group = JobGroup::create(options);
    auto tree = ProcessTree::open();
    JobSpec spec = spec_of(role({"state"}));
    const std::string by_tree = without_pipe_numbers(output_of(spec));
    spec.launch.group = &*group;
    spec.tree = &*tree;
    const std::string by_group = without_pipe_numbers(output_of(spec));
    static_cast<void>(group->remove());
    if (by_tree != alone) return "in a tree: " + by_tree + "\nand alone: " + alone;
    return by_group == alone ? std::string("the same") : "in a group: " + by_group + "\nand alone: " + alone;
  });
  EXPECT_EQ(said, "the same");
}

TEST(LocalJob, an_ignored_sigchld_is_handed_on_and_does_not_hide_the_end) {
  const std::string said = in_child([] {
    ::signal(SIGCHLD, SIG_IGN);
    const auto output = output_of(spec_of({"grep", "SigIgn", "/proc/self/status"}));
    struct sigaction action {};
    ::sigaction(SIGCHLD, nullptr, &action);
    return output + (action.sa_handler == SIG_IGN ? "still ignored" : "changed");
  });
  EXPECT_EQ(said, "SigIgn:\t0000000000010000\nstill ignored");
}

TEST(LocalJob, waits_for_the_deadline_and_for_other_descriptors) {
  const time::SystemClock clock;
  Pipe in = make_pipe();
  Pipe other = make_pipe();
  auto inbox = SignalInbox::open();
  const Redirected stdin_of(STDIN_FILENO, in.read.get());
  auto job = LocalJob::start(spec_of({"cat"}), *inbox);
  ASSERT_TRUE(job.ok());
  const auto deadline = clock.steady() + std::chrono::milliseconds(20);
  EXPECT_EQ(job->wait_until(clock, deadline)->kind, Event::Kind::kDeadline);
  EXPECT_GE(clock.steady(), deadline);
  const int fds[] = {other.read.get()};
  EXPECT_EQ(job->wait_until(clock, clock.steady(), fds)->kind, Event::Kind::kDeadline);
  write_text(other.write.get(), "x");
  auto event = job->wait_until(clock, clock.steady() + kGenerous, fds);
  EXPECT_EQ(event->kind, Event::Kind::kReadable);
  EXPECT_EQ(event->fd, other.read.get());
  EXPECT_FALSE(job->status());
  in.write.reset();
  while (event->kind == Event::Kind::kReadable) event = job->wait_until(clock, clock.steady() + kGenerous, fds);
  EXPECT_EQ(event->kind, Event::Kind::kExited);
  EXPECT_EQ(job->status()->code, 0);
}

TEST(LocalJob, a_descendant_that_lives_on_is_counted_and_not_waited_for) {
  for (const bool with_group : {true, false}) {
    GroupOptions options;
    options.name = fmt::format("test-{}-left", ::getpid());
    if (!with_group) options.prefer = GroupKind::kNone;
    auto group = JobGroup::create(options);
    auto tree = ProcessTree::open();
    Pipe in = make_pipe();
    Pipe out = make_pipe();
    JobSpec spec = spec_of(role({"daemon"}));
    spec.launch.group = &*group;
    spec.tree = &*tree;
    auto inbox = SignalInbox::open();
    std::optional<LocalJob> job;
    {
      const Redirected stdin_of(STDIN_FILENO, in.read.get());
      const Redirected stdout_of(STDOUT_FILENO, out.write.get());
      auto started = LocalJob::start(spec, *inbox);
      ASSERT_TRUE(started.ok());
      job = *std::move(started);
    }
    out.write.reset();
    EXPECT_EQ(run_to_end(*job).code, 0);
    const pid_t daemon = std::stoi(read_line(out.read.get()));
    EXPECT_EQ(job->left_behind(), 1U);
    EXPECT_EQ(::kill(daemon, 0), 0);
    in.write.reset();
    EXPECT_EQ(read_all(out.read.get()), "");
    while (::waitpid(daemon, nullptr, 0) < 0 && errno == EINTR) {
    }
    EXPECT_EQ(job->left_behind(), 0U);
    static_cast<void>(group->remove());
  }
}

TEST(LocalJob, lives_on_unharmed_when_we_are_killed) {
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  const pid_t ebb = fork_child([&] {
    ::dup2(in.read.get(), STDIN_FILENO);
    ::dup2(out.write.get(), STDOUT_FILENO);
    in.write.reset();
    run(spec_of(role({"idle"})));
  });
  out.write.reset();
  EXPECT_EQ(read_line(out.read.get()), "ready");
  ::kill(ebb, SIGKILL);
  wait_for(ebb);
  // Still there: its end of the pipe is open, until it is told to end.
  pollfd waiting{out.read.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&waiting, 1, 50), 0);
  in.write.reset();
  EXPECT_EQ(read_all(out.read.get()), "");
}

}  // namespace
}  // namespace ebb::exec
