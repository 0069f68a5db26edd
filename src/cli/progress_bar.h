#pragma once

#include <cstddef>
#include <string>

#include "cli/command.h"
#include "time/instant.h"

namespace ebb::cli {

/// How far a long command is, on stderr, where that is a terminal and --quiet is not given; wiped out at its end.
class ProgressBar {
 public:
  /// `context` must outlive it. `what` stands before the bar.
  ProgressBar(const Arguments& arguments, const Context& context, std::string what);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void draw(std::size_t done, std::size_t total, time::Instant up_to);

 private:
  const Context& context_;
  std::string what_;
  bool shown_;
  bool drawn_ = false;
};

}  // namespace ebb::cli
