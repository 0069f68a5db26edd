#pragma once

#include <cstddef>

namespace ebb::plan {

// Vector arithmetic on rows of a PauseTable. Wide registers are used where the machine has them; never a fused
// multiply-add, so that every machine gives the same bits. Rows must not overlap.

/// out = head x a + tail x b + next + charge
void add_units(std::size_t n, const double* head, const double* tail, double a, double b, const double* next,
               double charge, double* out);

/// One row of the table where a resume takes one unit and a pause at least one cell:
/// go on = min(whole, piece), stay = in_pause + idle, running = min(go on, begin_pause + idle),
/// paused = min(stay, go on + resume).
void fill_plain_row(std::size_t n, const double* whole, const double* piece, const double* in_pause,
                    const double* begin_pause, double idle, double resume, double* running, double* paused);

/// out = min(a, b)
void min_of(std::size_t n, const double* a, const double* b, double* out);

/// out = min(out, in + charge)
void min_with(std::size_t n, const double* in, double charge, double* out);

/// out = min(out, in + power x factor + charge)
void min_with_power(std::size_t n, const double* in, const double* power, double factor, double charge, double* out);

/// out = min(out, (from - to) + next + power x factor + charge)
void min_with_block(std::size_t n, const double* from, const double* to, const double* next, const double* power,
                    double factor, double charge, double* out);

}  // namespace ebb::plan
