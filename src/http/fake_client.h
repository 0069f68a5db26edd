#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "http/client.h"
#include "http/waiter.h"
#include "time/clock.h"

namespace ebb::http {

inline Answer answer_of(int status, std::string body = "", std::vector<Header> headers = {}) {
  Answer answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.headers = std::move(headers);
  return answer;
}

/// A client that answers what it is told, in order, and keeps what it was asked. Where nothing is left to say it
/// answers by `otherwise`, else 404.
class FakeClient final : public Client {
 public:
  void then(Answer answer) { answers_.push_back(std::move(answer)); }
  void then(int status, std::string body = "", std::vector<Header> headers = {}) {
    then(answer_of(status, std::move(body), std::move(headers)));
  }
  std::function<Answer(const Request&)> otherwise;
  std::vector<Request> requests;

  Answer get(const Request& request) override {
    requests.push_back(request);
    if (answers_.empty()) return otherwise ? otherwise(request) : answer_of(404, "nothing is left to say");
    auto answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

 private:
  std::deque<Answer> answers_;
};

/// Time goes by as it waits; the n-th wait from now (0 = the next) may be told to stop.
class FakeWaiter final : public Waiter {
 public:
  explicit FakeWaiter(time::FakeClock& clock) : clock_(clock) {}
  int stop_in = -1;
  std::vector<time::Duration> waits;

  bool wait(time::Duration length) override {
    if (stop_in == 0) return false;
    if (stop_in > 0) --stop_in;
    waits.push_back(length);
    clock_.advance(length);
    return true;
  }

 private:
  time::FakeClock& clock_;
};

}  // namespace ebb::http
