// Rows and forecasts line up, are finite, and the slots that import_sgip makes of them are theirs.
#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <string>

#include "formats/sgip.h"
#include "grid_import_target.h"

namespace {

using namespace ebb;

/// The importer reads files: one in memory, by its name under /proc.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    CHECK(fd_ >= 0 && ::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(fd_); }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto rows = formats::parse_sgip(text, "fuzz.csv", false);
  if (rows) {
    CHECK(!rows->times.empty() && rows->times.size() == rows->values.size() && rows->forecasts.empty());
    for (const double value : rows->values) CHECK(series::is_missing(value) || series::is_plausible(value));
    CHECK(rows->lines.size() == rows->times.size());
  }
  const auto all = formats::parse_sgip(text, "fuzz.csv", true);
  if (all) {
    CHECK(rows.ok() && rows->times == all->times);
    for (std::size_t i = 0; i < rows->values.size(); ++i) CHECK(same(rows->values[i], all->values[i]));
    CHECK(all->forecasts.size() == all->times.size() * all->horizon);
    for (const float value : all->forecasts) CHECK(!std::isinf(value));
  }
  formats::check_import(text, "SGIP_CAISO_PGE_2020-01.csv", formats::options_for("sgip"));
  if (!rows || text.starts_with("\x1f\x8b")) return 0;
  const MemoryFile file(text);
  const auto imported = formats::import_sgip({file.path()});
  if (!imported) return 0;
  const auto& counts = imported->counts;
  const auto& made = imported->series.front();
  CHECK(counts.rows == rows->times.size());
  // A row may hold nothing, so that its slot is missing as well.
  CHECK(made.size() - made.missing_count() <= counts.rows - counts.duplicates - counts.left_out);
  for (std::size_t i = 0; i < rows->times.size(); ++i) {
    const auto slot = made.slot_at(rows->times[i]);
    CHECK(!slot || same(made[*slot], rows->values[i]));
  }
  return 0;
}
