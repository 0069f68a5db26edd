#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "slurm/command.h"

namespace ebb::slurm::test {

/// Answers as told and keeps the calls. A call that nobody expects is an error of the service.
class FakeCommands final : public Commands {
 public:
  /// Whose words begin with these is answered so, as often as it comes; what was told last counts.
  void answer(std::vector<std::string> words, Answer answer) {
    answers_.insert(answers_.begin(), {std::move(words), std::move(answer)});
  }
  void fail(std::vector<std::string> words, std::string message) {
    failures_.insert(failures_.begin(), {std::move(words), std::move(message)});
  }

  base::Expected<Answer> run(const Call& call) override {
    calls.push_back(call);
    for (const auto& [words, message] : failures_) {
      if (begins(call.argv, words)) return base::service_error(message);
    }
    for (const auto& [words, answer] : answers_) {
      if (begins(call.argv, words)) return answer;
    }
    return base::service_error("nobody expects: " + line_of(call));
  }

  static std::string line_of(const Call& call) {
    std::string line;
    for (const auto& word : call.argv) line += (line.empty() ? "" : " ") + word;
    return line;
  }
  /// The calls of a command, as lines.
  [[nodiscard]] std::vector<std::string> lines(const std::string& command) const {
    std::vector<std::string> found;
    for (const auto& call : calls) {
      if (call.argv.front() == command) found.push_back(line_of(call));
    }
    return found;
  }

  std::vector<Call> calls;

 private:
  static bool begins(const std::vector<std::string>& argv, const std::vector<std::string>& words) {
    if (words.size() > argv.size()) return false;
    return std::equal(words.begin(), words.end(), argv.begin());
  }
  std::vector<std::pair<std::vector<std::string>, Answer>> answers_;
  std::vector<std::pair<std::vector<std::string>, std::string>> failures_;
};

}  // namespace ebb::slurm::test
