#include "serve/desk.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "queue/test_world.h"

namespace ebb::serve {
namespace {

using Json = nlohmann::json;
using queue::test::World;
using std::chrono::hours;

constexpr uid_t kRoot = 0;
constexpr uid_t kAnna = 1001;
constexpr uid_t kBen = 1002;

class DeskTest : public testing::Test {
 protected:
  void SetUp() override { world_.open(); }
  Json ask(uid_t uid, const Json& question, uid_t owner = kRoot) {
    Desk desk(*world_.queue, owner);
    return Json::parse(desk.answer({uid, uid, 1}, question.dump()));
  }
  static queue::Submission job() {
    auto what = World::job(60, hours(10));
    what.task.id = "new";
    what.task.folder = "/tmp";
    what.task.output = "/dev/null";
    // What a client claims to be is not what counts.
    what.task.uid = kRoot;
    return what;
  }
  Json submit(uid_t uid, const queue::Submission& what, uid_t owner = kRoot) {
    return ask(uid, Json::parse(submit_question(what, false)), owner);
  }

  World world_{std::vector<double>(96, 300.0)};
};

TEST_F(DeskTest, a_job_is_of_whom_the_kernel_says_and_nobody_elses) {
  const auto answer = submit(kAnna, job());
  ASSERT_TRUE(answer["ok"].get<bool>()) << answer;
  const auto id = answer["job"]["id"].get<std::string>();
  EXPECT_EQ(world_.queue->find(id)->what.task.uid, kAnna);
  for (const auto* op : {"show", "hold", "release", "cancel"}) {
    const auto refused = ask(kBen, {{"op", op}, {"id", id}});
    EXPECT_FALSE(refused["ok"].get<bool>()) << op;
    EXPECT_EQ(refused["code"], static_cast<int>(base::ErrorKind::kNoData)) << op;
  }
  EXPECT_EQ(ask(kBen, {{"op", "list"}, {"all", true}})["jobs"].size(), 0U);
  EXPECT_EQ(ask(kAnna, {{"op", "list"}})["jobs"].size(), 1U);
  EXPECT_EQ(ask(kRoot, {{"op", "list"}})["jobs"].size(), 1U);
  EXPECT_TRUE(ask(kAnna, {{"op", "cancel"}, {"id", id}})["ok"].get<bool>());
  EXPECT_EQ(world_.queue->find(id)->state, queue::State::kCancelled);
}

TEST_F(DeskTest, the_queue_of_one_user_is_not_anothers) {
  EXPECT_FALSE(submit(kBen, job(), kAnna)["ok"].get<bool>());
  EXPECT_TRUE(submit(kAnna, job(), kAnna)["ok"].get<bool>());
}

TEST_F(DeskTest, what_no_option_could_say_is_refused) {
  const auto refused = [&](const std::function<void(queue::Submission&)>& spoil) {
    auto what = job();
    spoil(what);
    return !submit(kAnna, what)["ok"].get<bool>();
  };
  const auto far = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(refused([&](auto& what) { what.deadline = time::Instant(time::Duration(far)); }));
  EXPECT_TRUE(refused([&](auto& what) { what.deadline = time::Instant(time::Duration(-far)); }));
  EXPECT_TRUE(refused([&](auto& what) { what.duration = time::Duration(far); }));
  EXPECT_TRUE(refused([&](auto& what) { what.duration = time::Duration(0); }));
  EXPECT_TRUE(refused([&](auto& what) { what.margin = time::Duration(-1); }));
  EXPECT_TRUE(refused([&](auto& what) { what.costs.min_pause = time::Duration(far); }));
  EXPECT_TRUE(refused([&](auto& what) { what.power = units::watts(-1.0); }));
  EXPECT_TRUE(refused([&](auto& what) { what.costs.max_pauses = -1; }));
  EXPECT_TRUE(refused([&](auto& what) { what.zone = std::string(300, 'x'); }));
  EXPECT_TRUE(refused([&](auto& what) { what.task.argv.clear(); }));
  EXPECT_TRUE(refused([&](auto& what) { what.executor = "elsewhere"; }));
  EXPECT_EQ(world_.queue->open_count(), 0U);
}

TEST_F(DeskTest, nonsense_is_answered_as_such) {
  Desk desk(*world_.queue, kRoot);
  for (const std::string text :
       {"", "{}", "[]", "null", "{\"op\":7}", "{\"op\":\"x\",\"id\":\"1\"}", "\xff", "{\"op\":\"list\",\"limit\":{}}",
        "{\"op\":\"submit\",\"task\":\"\",\"submission\":\"\"}"}) {
    const auto answer = Json::parse(desk.answer({kAnna, kAnna, 1}, text));
    EXPECT_FALSE(answer["ok"].get<bool>()) << text;
    EXPECT_FALSE(answer["message"].get<std::string>().empty());
  }
}

}  // namespace
}  // namespace ebb::serve
