#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exec/job.h"
#include "measure/checkpointing.h"
#include "measure/control.h"
#include "measure/hold.h"
#include "measure/run_time.h"
#include "time/clock.h"

namespace ebb::measure {

/// Does to a run's job what its Control wishes, step by step: it never waits, the run's loop does.
///
/// Thread safety: none.
class Steering {
 public:
  struct Tools {
    const time::Clock& clock;
    exec::SignalInbox& inbox;
    std::function<void(Standing&)> complete;  ///< fills in what the run knows: its name, energy and power
    std::function<void(bool)> on_pause;       ///< the run is paused from here on, or goes on
    std::function<void(const std::string&)> note;
  };
  Steering(Control& control, Tools tools) : control_(control), tools_(std::move(tools)), time_(tools_.clock) {}

  // --- while there is no command ---
  /// Asks the control now.
  void ask();
  [[nodiscard]] bool wants_start() const { return !wants_end() && order_.wish == Wish::kRun; }
  /// By the control, or by a signal (ended_by() says which).
  [[nodiscard]] bool wants_end() const { return order_.wish == Wish::kEnd || ended_by_ != 0; }
  [[nodiscard]] int ended_by() const { return ended_by_; }

  // --- a command ---
  /// Before the first start. Errors: of exec::Pauser.
  base::Status open(exec::JobGroup& group, const std::string& name, const std::string& proc);
  /// `job` stays where it is until attempt_ended().
  void attempt_started(exec::LocalJob& job);
  /// The command has ended, and with it everything that was to end.
  [[nodiscard]] bool is_over();
  void attempt_ended();
  /// The last attempt ended by a checkpoint: the run waits for a wish.
  [[nodiscard]] bool checkpointed() const { return standing_.checkpointed; }
  /// It was the control that ended the job.
  [[nodiscard]] bool was_ended() const { return ending_ != Ending::kNo; }

  // --- always ---
  void on_event(const exec::Event& event);
  /// Lets go what is held, for good.
  void close() { hold_.reset(); }
  [[nodiscard]] time::Duration due() const;  ///< Clock::steady: on_event() is to be called then at the latest
  [[nodiscard]] std::vector<int> descriptors() const;
  [[nodiscard]] const Standing& standing();

 private:
  enum class Ending { kNo, kAsked, kKilled };
  void follow();
  void step();
  void pause();
  void resume();
  void begin_checkpoint();
  void begin_end();
  void step_end();
  void take_signal(int signal);
  void set(RunTime::Cause cause, bool is);
  void trouble(const std::string& text);

  Control& control_;
  Tools tools_;
  RunTime time_;
  std::unique_ptr<Hold> hold_;
  exec::LocalJob* job_ = nullptr;
  Standing standing_;
  Order order_;
  std::optional<Checkpointing> checkpoint_;
  bool changed_ = false;            // the control has not been told yet
  bool checkpoint_failed_ = false;  // not asked for again until the wish has changed
  time::Duration retry_at_{0};      // of a pause or resume that failed
  time::Duration released_until_{0};
  Ending ending_ = Ending::kNo;
  time::Duration end_due_{0};
  time::Duration given_up_at_{0};
  int ended_by_ = 0;
};

}  // namespace ebb::measure
