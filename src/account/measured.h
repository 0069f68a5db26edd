#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "account/run_record.h"
#include "carbon/emissions.h"
#include "time/instant.h"
#include "trace/record.h"

namespace ebb::account {

/// Slots of a run's record: whole multiples of 5 minutes, UTC.
inline constexpr time::Duration kSlot = std::chrono::minutes(5);

/// Energy by the slot's number since 1970, in slots of kSlot.
using SlotEnergies = std::map<std::int64_t, units::Energy>;
inline time::Instant slot_begin(std::int64_t slot) { return time::Instant(kSlot * slot); }

/// What a run's traces say, before any price: energies, gaps, regions.
struct Measured {
  struct ComponentSum {
    trace::Component component;
    std::string node;
    units::Energy job;
    units::Energy job_idle;
    units::Energy idle;
    units::Energy others;
    time::Duration covered{0};
    SlotEnergies by_slot;  ///< the job's: job + job_idle
  };
  struct Passage {
    time::Duration length{0};
    units::Energy energy;
  };
  struct Region {
    std::string path;
    bool open = false;
    std::vector<Passage> passages;
    SlotEnergies by_slot;
  };
  struct Node {
    std::string name;
    time::Interval when;
    std::optional<int> exit_code;  ///< nothing: no End record (it runs still, or was killed)
  };
  trace::Header header;  ///< of the first trace
  std::vector<Node> nodes;
  std::vector<ComponentSum> components;
  std::vector<GapTotal> gaps;
  std::vector<Region> regions;
  std::vector<std::string> notes;
  PowerTimeline power;  ///< of the first node's trace where there are several
  time::Duration job_cpu{0};
  time::Duration meter_cpu{0};
  time::Duration machine_cpu{0};  ///< busy time of everything
  int pauses = 0;
  time::Duration paused{0};

  [[nodiscard]] time::Interval when() const;
};

/// Adds traces up, record by record; each trace begins with its header. Energies are spread evenly over the time that
/// they stand for and cut at slot edges, so that no joule is lost or counted twice.
///
/// A second trace of one node (another rank took over) adds to the same components.
class MeasuredBuilder {
 public:
  void add(const trace::Record& record);
  /// Ends what is open (regions, a pause) at the last record.
  [[nodiscard]] Measured finish();

 private:
  struct OpenRegion {
    std::size_t region;
    time::Duration since;
    units::Energy energy;
  };
  void on(const trace::Header& header);
  void on(const trace::Component& component);
  void on(const trace::Interval& interval);
  void on(const trace::Gap& gap);
  void on(const trace::Mark& mark);
  void on(const trace::PauseEdge& edge);
  void on(const trace::Anchor& anchor);
  void on(const trace::Note& note);
  void on(const trace::End& end);
  void end_trace();
  void close_region(time::Duration at, bool open);
  void seen(time::Duration steady);
  [[nodiscard]] time::Instant utc_of(time::Duration steady) const { return time::Instant(steady + utc_offset_); }
  void spread(SlotEnergies& into, units::Energy energy, time::Duration from, time::Duration to) const;
  void draw(std::size_t component, units::Energy energy, time::Duration from, time::Duration to);
  void halve_timeline();

  Measured measured_;
  std::vector<std::size_t> numbers_;  // of this trace's components among measured_.components
  std::vector<OpenRegion> open_;
  std::vector<std::vector<units::Energy>> timeline_;      // [component][bin]
  std::vector<std::vector<time::Duration>> timeline_of_;  // time that readings stand for
  time::Duration bin_{std::chrono::seconds(1)};
  time::Duration utc_offset_{0};
  time::Duration begin_{0};
  time::Duration last_{0};
  time::Duration job_cpu_{0};  // of this trace
  time::Duration meter_cpu_{0};
  std::optional<time::Duration> paused_since_;
  bool in_trace_ = false;
};

}  // namespace ebb::account
