#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"

/// What libFuzzer, or replay_main.cc, calls with each input. A broken property is a failed CHECK, which aborts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace ebb::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace ebb::fuzz
