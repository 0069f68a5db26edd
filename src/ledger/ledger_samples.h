#pragma once

// Runs and files for the tests of this room; not part of the program.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "ledger/ledger.h"
#include "time/text.h"

namespace ebb::ledger {

inline time::Instant at(const char* text) { return *time::parse_instant(text); }

/// A priced run that has finished, with something in every field.
inline RunRow sample_run(const std::string& run_id) {
  RunRow row;
  row.run_id = run_id;
  row.project = "nlp";
  row.user = "ada";
  row.node_count = 2;
  row.command = "python train.py --name 'a \"b\"'\n\xC3\xA9";
  row.tags = {{"model", "bert"}, {"seed", "3"}};
  row.parent_run = "sweep-1";
  row.begin = at("2026-03-01T10:00:00.000000001Z");
  row.end = at("2026-03-01T12:30:00Z");
  row.exit_code = 0;
  row.energy = units::joules(1.0 / 3.0);
  row.operational = units::grams(1320.1);
  row.embodied = units::grams(40.25);
  row.emissions = units::grams(1360.35);
  row.zone = "US-CAL-CISO";
  row.signal = "marginal direct";
  row.source = "WattTime";
  row.vintage = "2025";
  row.record_json = R"({"run_id":"x","slots":[]})";
  row.trace_folder = "/data/traces/x";
  row.state = RunState::kFinished;
  return row;
}

/// One that has only begun.
inline RunRow running(const std::string& run_id) {
  RunRow row;
  row.run_id = run_id;
  row.begin = at("2026-03-02T00:00:00Z");
  row.state = RunState::kRunning;
  return row;
}

/// An empty folder of the test's own.
class LedgerFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("ebb_ledger_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(std::filesystem::create_directories(folder_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const char* name = "ledger.db") const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace ebb::ledger
