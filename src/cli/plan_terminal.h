#pragma once

#include <termios.h>

#include <memory>
#include <optional>
#include <string>

#include "cli/plan_control.h"

namespace ebb::cli {

/// A line at each change of state, on stderr: for logs.
class PlanLines : public PlanDisplay {
 public:
  /// `context` outlives it.
  explicit PlanLines(const Context& context) : context_(context) {}
  void show(const PlanNews& news, bool changed, time::Instant now) override;

 protected:
  [[nodiscard]] const Context& context() const { return context_; }

 private:
  const Context& context_;
};

/// A live line while the command waits or is paused, wiped out when it runs, and the same lines as in a log.
///
/// Meanwhile the terminal gives Ctrl-C to us as a key, not to the (held) command as a signal: it asks what to do. The
/// terminal is as it was before the command runs, and after the destructor.
class PlanTerminal final : public PlanLines {
 public:
  /// Null where there is no terminal of ours: stderr is none, or we are in its background.
  static std::unique_ptr<PlanTerminal> open(const Context& context);
  PlanTerminal(const PlanTerminal&) = delete;
  PlanTerminal& operator=(const PlanTerminal&) = delete;
  ~PlanTerminal() override;

  void show(const PlanNews& news, bool changed, time::Instant now) override;
  [[nodiscard]] std::optional<time::Duration> every() const override { return std::chrono::seconds(1); }
  [[nodiscard]] int fd() const override { return keys_ && !gone_ ? fd_ : -1; }
  Answer answer() override;
  bool takes_interrupt() override;
  void release() override { take_keys(false); }

 private:
  PlanTerminal(const Context& context, int fd) : PlanLines(context), fd_(fd) {}
  void take_keys(bool on);
  void wipe();
  void ask();
  Answer take(char pressed);

  int fd_;
  termios before_{};  // as the command had it
  bool keys_ = false;
  bool drawn_ = false;
  bool asking_ = false;
  bool gone_ = false;
};

/// The live line, without colours: "waiting  412 g/kWh now  starts in 2h10m, at 03:20 UTC  120 g less promised".
std::string live_line(const PlanNews& news, time::Instant now);

}  // namespace ebb::cli
