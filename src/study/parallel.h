#pragma once

#include <cstddef>
#include <functional>

namespace ebb::study {

/// Calls task(0) ... task(count - 1), each once, on `threads` threads (0: one per core). Tasks must not share what they
/// write; the order is not defined, so results belong into places of their own. Returns when all are done.
void for_each_task(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& task);

}  // namespace ebb::study
