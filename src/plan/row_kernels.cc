#include "plan/row_kernels.h"

// Sanitizers run before the clones can be resolved, and clang 14 has no clones for these.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define EBB_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define EBB_WIDE
#endif

namespace ebb::plan {

EBB_WIDE void add_units(std::size_t n, const double* __restrict head, const double* __restrict tail, double a, double b,
                        const double* __restrict next, double charge, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = head[i] * a + tail[i] * b + (next[i] + charge);
}

EBB_WIDE void fill_plain_row(std::size_t n, const double* __restrict whole, const double* __restrict piece,
                             const double* __restrict in_pause, const double* __restrict begin_pause, double idle,
                             double resume, double* __restrict running, double* __restrict paused) {
  for (std::size_t i = 0; i < n; ++i) {
    const double on = piece[i] < whole[i] ? piece[i] : whole[i];
    const double stop = begin_pause[i] + idle;
    const double stay = in_pause[i] + idle;
    const double again = on + resume;
    running[i] = stop < on ? stop : on;
    paused[i] = stay < again ? stay : again;
  }
}

EBB_WIDE void min_of(std::size_t n, const double* __restrict a, const double* __restrict b, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] < b[i] ? a[i] : b[i];
}

EBB_WIDE void min_with(std::size_t n, const double* __restrict in, double charge, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double other = in[i] + charge;
    out[i] = other < out[i] ? other : out[i];
  }
}

EBB_WIDE void min_with_power(std::size_t n, const double* __restrict in, const double* __restrict power, double factor,
                             double charge, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double other = in[i] + (power[i] * factor + charge);
    out[i] = other < out[i] ? other : out[i];
  }
}

EBB_WIDE void min_with_block(std::size_t n, const double* __restrict from, const double* __restrict to,
                             const double* __restrict next, const double* __restrict power, double factor,
                             double charge, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double other = (from[i] - to[i]) + next[i] + (power[i] * factor + charge);
    out[i] = other < out[i] ? other : out[i];
  }
}

}  // namespace ebb::plan
