#pragma once

#include <string>
#include <string_view>

#include "queue/queue.h"
#include "serve/wire.h"

namespace ebb::serve {

/// Answers questions about a queue, for whoever asks: JSON in, JSON out (docs/queue.md).
///
/// A job is its submitter's: only he, the daemon's own user and root see its command, hold, release or cancel it. It
/// runs as the user that the kernel says submitted it, whatever the question claims. Others' jobs are not listed.
/// Thread safety: none.
class Desk {
 public:
  /// `queue` outlives it. `owner`: the daemon's user; unless root, he is the only one who may submit.
  Desk(queue::Queue& queue, uid_t owner) : queue_(&queue), owner_(owner) {}

  /// Never fails: an error is an answer, {"ok":false,"code":2,"message":...}.
  std::string answer(const Peer& peer, std::string_view question);

 private:
  queue::Queue* queue_;
  uid_t owner_;
};

/// The question that submits a job; its id, user and output are made by the daemon.
std::string submit_question(const queue::Submission& what, bool held);

}  // namespace ebb::serve
