// Two small programs in one, for bench/run_cost.py.
//
//   run_cost_parts loop PERIOD_MS SECONDS CPU_STAT_FILE   the least that any sampler does: read the machine's CPU times
//                                                         and a cgroup's, write a line to a file, wait
//   run_cost_parts burn ITERATIONS                        a fixed amount of work on every CPU
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace {

int loop(int period_ms, int seconds, const char* group) {
  const int stat = ::open("/proc/stat", O_RDONLY | O_CLOEXEC);
  const int usage = ::open(group, O_RDONLY | O_CLOEXEC);
  const int out = ::open("/tmp/ebb-bare-loop", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::array<char, 256> buffer{};
  for (int i = 0; i < seconds * 1000 / period_ms; ++i) {
    ::poll(nullptr, 0, period_ms);
    auto got = ::pread(stat, buffer.data(), buffer.size(), 0);
    if (usage >= 0) got += ::pread(usage, buffer.data(), buffer.size(), 0);
    if (got < 0 || ::write(out, buffer.data(), 40) < 0) return 1;
  }
  return ::unlink("/tmp/ebb-bare-loop");
}

int burn(std::uint64_t iterations) {
  std::vector<std::thread> threads;
  std::vector<std::uint64_t> results(std::thread::hardware_concurrency());
  for (auto& result : results) {
    threads.emplace_back([&result, iterations] {
      std::uint64_t state = 88172645463325252ULL;
      for (std::uint64_t i = 0; i < iterations; ++i) {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
      }
      result = state;
    });
  }
  for (auto& thread : threads) thread.join();
  return results[0] == 0 ? 1 : 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view what = count > 1 ? words[1] : "";
  if (what == "loop" && count == 5) return loop(std::atoi(words[2]), std::atoi(words[3]), words[4]);
  if (what == "burn" && count == 3) return burn(std::strtoull(words[2], nullptr, 10));
  std::fputs("run_cost_parts loop PERIOD_MS SECONDS FILE | burn ITERATIONS\n", stderr);
  return 2;
}
