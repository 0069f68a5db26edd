// What the tests of this room start: this program itself, as `keeper_test --role keep FOLDER ATTEMPT`.
#include <cstdlib>

#include "keeper/keeper.h"
#include "keeper/test_keeping.h"

namespace ebb::keeper::test {
namespace {

int play_keeper(const std::string& folder, int attempt) {
  const time::SystemClock clock;
  sensors::Host host;
  host.environment = [](const std::string&) { return std::nullopt; };
  const measure::World world{clock, host, "node", "user", [] { return static_cast<std::uint64_t>(::getpid()); }};
  const auto run = [&](const exec::Task& task, measure::Control& control) {
    measure::Request request;
    request.command = task.argv;
    request.environment = task.environment;
    request.data_folder = folder;
    request.run_id = task.id + "." + std::to_string(task.attempt);
    request.sensors.automatic = false;
    request.sensors.names = {"model"};
    request.period = std::chrono::milliseconds(50);
    request.control = &control;
    return measure::measure(request, world);
  };
  const auto file = [&](const measure::Outcome& outcome) { std::ofstream(folder + "/filed") << outcome.run_id; };
  const auto log = [](std::string_view) {};
  const auto kept = keep(folder, attempt, {clock, run, file, log});
  return kept ? (*kept ? 0 : 7) : 8;
}

}  // namespace
}  // namespace ebb::keeper::test

int main(int argc, char** argv) {
  if (argc == 5 && std::string(argv[1]) == "--role") return ebb::keeper::test::play_keeper(argv[3], std::atoi(argv[4]));
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
