#pragma once

#include <string>
#include <utility>

#include "account/run_record.h"
#include "report/reader.h"
#include "report/run_verify.h"

namespace ebb::report {

/// Compares recorded figures with recomputed ones and keeps the differences.
class Checks {
 public:
  /// `scale`: the size of the largest term behind the figure, where terms may cancel.
  void compare(const std::string& what, double recorded, double recomputed, const std::string& why, double scale = 0.0);
  /// A figure that may be null.
  void compare(const std::string& what, std::optional<double> recorded, std::optional<double> recomputed,
               const std::string& why, double scale = 0.0);
  /// A statement that must hold.
  void hold(bool holds, const std::string& what, double recorded, const std::string& why);
  void fault(Difference difference) { found_.differences.push_back(std::move(difference)); }
  void checked(std::string what) { found_.checked.push_back(std::move(what)); }
  void unchecked(std::string what) { found_.unchecked.push_back(std::move(what)); }
  [[nodiscard]] Verification found() && { return std::move(found_); }

 private:
  Verification found_;
};

// Each recomputes one part of the record; `document` has the figures that the record does not keep.
void check_energy(Checks& checks, const account::RunRecord& record, Reader& document);
void check_times(Checks& checks, const account::RunRecord& record, Reader& document);
void check_books(Checks& checks, const account::RunRecord& record, Reader& document);
void check_boundary(Checks& checks, const account::RunRecord& record);
void check_embodied(Checks& checks, const account::RunRecord& record);
void check_sci(Checks& checks, const account::RunRecord& record, Reader& document);
void check_uncertainty(Checks& checks, const account::RunRecord& record);
void check_what_ifs(Checks& checks, const account::RunRecord& record);

}  // namespace ebb::report
