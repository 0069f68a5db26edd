#pragma once

namespace ebb::base {

/// Prints the broken expectation and aborts. Called by CHECK only.
[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace ebb::base

/// A programmer's error ends the program, in every build. Never on input: what the world says is an Expected.
#define CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::ebb::base::check_failed(#expression, __FILE__, __LINE__))
