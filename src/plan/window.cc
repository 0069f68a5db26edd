#include "plan/window.h"

#include <fmt/format.h>

#include <algorithm>

#include "time/text.h"

namespace ebb::plan {

double Window::integral(std::size_t cell, time::Duration from, time::Duration to) const {
  const auto in_head = std::max(time::Duration(0), std::min(to, head) - std::min(from, head));
  const auto in_tail = std::max(time::Duration(0), std::max(to, head) - std::max(from, head));
  return head_value[cell] * time::in_seconds(in_head) + tail_value[cell] * time::in_seconds(in_tail);
}

std::size_t Window::in_cells(time::Duration length_of_time) const {
  return static_cast<std::size_t>((length_of_time + step - time::Duration(1)) / step);
}

base::Expected<Window> make_window(const Job& job, const series::Series& series) {
  const auto covered = series.covers();
  // Compared as lengths: the window's end may lie behind the end of the calendar.
  if (job.start < covered.begin || job.start > covered.end || job.window_length() > covered.end - job.start) {
    return base::no_data(fmt::format(
        "the series of {} covers {} to {}, but the job's window begins at {} and is {} long: choose another "
        "start, a smaller slack, or a longer series",
        series.zone(), time::text_of(covered.begin), time::text_of(covered.end), time::text_of(job.start),
        time::text_of(job.window_length())));
  }
  Window window;
  window.begin = job.start;
  window.standing = job.standing;
  window.step = series.step();
  window.length = job.window_length();
  window.cells = window.in_cells(window.length);
  window.last_length = window.length - window.step * static_cast<std::int64_t>(window.cells - 1);
  window.whole = static_cast<std::size_t>(job.profile.duration() / window.step);
  window.piece = job.profile.duration() % window.step;

  const auto phase = (job.start - series.begin()) % window.step;
  window.head = window.step - phase;
  const auto first = *series.slot_at(job.start);
  window.head_value.resize(window.cells);
  window.tail_value.resize(window.cells);
  window.mean.resize(window.cells);
  window.missing.resize(window.cells);
  for (std::size_t cell = 0; cell < window.cells; ++cell) {
    const bool spans_two = window.cell_length(cell) > window.head;
    const double head_value = series[first + cell];
    const double tail_value = spans_two ? series[first + cell + 1] : head_value;
    if (series::is_missing(head_value) || series::is_missing(tail_value)) {
      window.missing[cell] = 1;
      continue;
    }
    window.head_value[cell] = head_value;
    window.tail_value[cell] = tail_value;
    window.mean[cell] = spans_two ? window.integral(cell, time::Duration(0), window.cell_length(cell)) /
                                        time::in_seconds(window.cell_length(cell))
                                  : head_value;
  }
  return window;
}

}  // namespace ebb::plan
