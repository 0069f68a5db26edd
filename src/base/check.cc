#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace ebb::base {

void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "ebb: internal error: CHECK(%s) failed at %s:%d\n", expression, file, line);
  std::abort();
}

}  // namespace ebb::base
