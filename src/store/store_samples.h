#pragma once

// Series and files for the tests of this room; not part of the program.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "store/store.h"
#include "time/text.h"

namespace ebb::store {

inline time::Instant at(const char* text) { return *time::parse_instant(text); }
inline time::Interval between(const char* begin, const char* end) { return {at(begin), at(end)}; }

inline Origin origin_at(const char* retrieved) { return {"CC BY 4.0", "https://example.org/fr", at(retrieved)}; }

inline series::Provenance sample_provenance() { return {"FR", series::kAverageLifecycle, "Example", "2026", {}}; }

/// Hourly, from 2026-01-01 unless told otherwise.
inline series::Series hourly(std::vector<double> values, const char* begin = "2026-01-01T00:00:00Z",
                             series::Provenance provenance = sample_provenance()) {
  return {std::move(provenance), at(begin), std::chrono::hours(1), std::move(values)};
}

/// The same slots with the same bits; a missing value is any NaN.
inline testing::AssertionResult same_to_the_bit(const series::Series& a, const series::Series& b) {
  if (a.begin() != b.begin() || a.step() != b.step() || a.size() != b.size()) {
    return testing::AssertionFailure() << time::text_of(a.begin()) << " +" << a.size() << " is not "
                                       << time::text_of(b.begin()) << " +" << b.size();
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool both_missing = series::is_missing(a[i]) && series::is_missing(b[i]);
    if (both_missing || (a[i] == b[i] && std::signbit(a[i]) == std::signbit(b[i]))) continue;
    return testing::AssertionFailure() << "slot " << i << ": " << a[i] << " is not " << b[i];
  }
  return testing::AssertionSuccess();
}

/// An empty folder of the test's own.
class StoreFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("ebb_store_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(std::filesystem::create_directories(folder_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string folder() const { return folder_.string(); }
  [[nodiscard]] std::string path(const char* name = kFileName) const { return (folder_ / name).string(); }
  Store open(Access access = Access::kWrite) const {
    auto store = Store::open(path(), access);
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().message);
    return *std::move(store);
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace ebb::store
