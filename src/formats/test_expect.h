#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/expected.h"

namespace ebb::formats {

/// Refused with this kind, and the message says `part`.
template <typename T>
void expect_refused(const base::Expected<T>& result, std::string_view part,
                    base::ErrorKind kind = base::ErrorKind::kBadData) {
  ASSERT_FALSE(result.ok()) << "expected an error with: " << part;
  EXPECT_EQ(result.error().kind, kind) << result.error().message;
  EXPECT_NE(result.error().message.find(part), std::string::npos) << result.error().message;
}

}  // namespace ebb::formats
