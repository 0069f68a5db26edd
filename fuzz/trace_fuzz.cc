// Any bytes are read as a trace to their end, or refused; and, since no fuzzer guesses a checksum, as one payload too.
// What is read as a record is written and read back as the same record.
#include "target.h"
#include "trace/codec.h"
#include "trace/equality.h"
#include "trace/frame.h"
#include "trace/reader.h"

namespace {

using namespace ebb;

void comes_back(const trace::Record& record, time::Duration base) {
  const auto payload = trace::encode(record, base);
  // A header with bytes that JSON takes and a clock does not, or that grew by being written, may be refused.
  if (!payload) {
    CHECK(std::holds_alternative<trace::Header>(record));
    return;
  }
  const auto again = trace::decode(*payload, base);
  CHECK(again.has_value() && *again == record);
  const std::string frame = trace::framed(*payload);
  const auto head = trace::frame_head(frame, trace::kMostHeaderPayload);
  CHECK(head.has_value() && trace::payload_of(frame, *head) == *payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(fuzz::text_of(data, size));
  for (const auto base : {time::Duration(0), time::Duration(std::chrono::hours(200))}) {
    if (const auto record = trace::decode(bytes, base)) comes_back(*record, base);
  }
  auto reader = trace::Reader::over(bytes, "fuzz");
  if (!reader) return 0;
  std::size_t records = 0;
  time::Duration base{0};
  for (auto record = reader->next(); record; record = reader->next()) {
    if (const auto* header = std::get_if<trace::Header>(&*record)) base = header->steady;
    comes_back(*record, base);
    ++records;
  }
  const auto& damage = reader->damage();
  CHECK(records > 0 && damage.skipped_bytes + damage.tail_bytes < size);
  CHECK(damage.any() || !damage.text().empty() || damage.has_end);
  return 0;
}
