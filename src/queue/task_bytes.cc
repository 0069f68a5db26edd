#include "queue/task_bytes.h"

#include <cstring>

namespace ebb::queue {
namespace {

constexpr std::uint8_t kVersion = 1;

/// Numbers as eight bytes in the machine's order: the file stays on its machine. Texts with their length before them.
class Writer {
 public:
  template <typename Number>
  void number(Number value) {
    static_assert(sizeof(Number) <= 8);
    char bytes[8] = {};
    std::memcpy(bytes, &value, sizeof(Number));
    out_.append(bytes, sizeof(bytes));
  }
  void text(const std::string& text) {
    number(std::uint64_t{text.size()});
    out_ += text;
  }
  void texts(const std::vector<std::string>& texts) {
    number(std::uint64_t{texts.size()});
    for (const auto& one : texts) text(one);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <typename Number>
  Number number() {
    Number value{};
    if (rest_.size() < 8) {
      good_ = false;
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof(Number));
    rest_.remove_prefix(8);
    return value;
  }
  std::string text() {
    const auto size = number<std::uint64_t>();
    if (size > rest_.size()) {
      good_ = false;
      return {};
    }
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  std::vector<std::string> texts() {
    const auto count = number<std::uint64_t>();
    std::vector<std::string> texts;
    // Each takes eight bytes at least.
    if (count > rest_.size() / 8) good_ = false;
    for (std::uint64_t i = 0; good_ && i < count; ++i) texts.push_back(text());
    return texts;
  }
  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string bytes_of(const std::vector<std::string>& texts) {
  Writer out;
  out.texts(texts);
  return out.take();
}

base::Expected<std::vector<std::string>> parse_texts(std::string_view bytes) {
  Reader in(bytes);
  auto texts = in.texts();
  if (!in.done()) return base::bad_data("a list of texts in the queue's file is damaged");
  return texts;
}

std::string bytes_of(const exec::Task& task) {
  Writer out;
  out.number(kVersion);
  out.text(task.id);
  out.number(task.attempt);
  out.text(task.name);
  out.texts(task.argv);
  out.text(task.folder);
  out.text(task.output);
  out.number(task.uid);
  out.number(task.gid);
  out.number(task.resources.cpus);
  out.number(task.resources.memory_bytes);
  out.number(task.resources.gpus);
  out.number(std::uint64_t{task.boards.size()});
  for (const int board : task.boards) out.number(board);
  out.number(task.pausable);
  out.texts(task.checkpoint_command);
  out.number(task.checkpoint_signal);
  out.number(task.grace.count());
  out.texts(task.run_options);
  out.texts(task.engine_options);
  out.number(std::uint8_t{task.not_before ? std::uint8_t{1} : std::uint8_t{0}});
  out.number(task.not_before ? task.not_before->time_since_epoch().count() : 0);
  return out.take();
}

base::Expected<exec::Task> parse_task(std::string_view bytes) {
  Reader in(bytes);
  exec::Task task;
  if (in.number<std::uint8_t>() != kVersion) return base::bad_data("a task in the queue's file is of another version");
  task.id = in.text();
  task.attempt = in.number<int>();
  task.name = in.text();
  task.argv = in.texts();
  task.folder = in.text();
  task.output = in.text();
  task.uid = in.number<uid_t>();
  task.gid = in.number<gid_t>();
  task.resources.cpus = in.number<double>();
  task.resources.memory_bytes = in.number<std::uint64_t>();
  task.resources.gpus = in.number<int>();
  const auto boards = in.number<std::uint64_t>();
  for (std::uint64_t i = 0; in.good() && i < boards; ++i) task.boards.push_back(in.number<int>());
  const auto pausable = in.number<std::uint32_t>();
  if (pausable > static_cast<std::uint32_t>(exec::Pausable::kCheckpoint)) {
    return base::bad_data("a task in the queue's file is damaged");
  }
  task.pausable = static_cast<exec::Pausable>(pausable);
  task.checkpoint_command = in.texts();
  task.checkpoint_signal = in.number<int>();
  task.grace = time::Duration(in.number<std::int64_t>());
  task.run_options = in.texts();
  task.engine_options = in.texts();
  const bool has_begin = in.number<std::uint8_t>() != 0;
  const auto begin = in.number<std::int64_t>();
  if (has_begin) task.not_before = time::Instant(time::Duration(begin));
  if (!in.done()) return base::bad_data("a task in the queue's file is damaged");
  return task;
}

}  // namespace ebb::queue
