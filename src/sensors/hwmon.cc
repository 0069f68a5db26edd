#include "sensors/hwmon.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "sensors/raw_sensor.h"
#include "sensors/value_file.h"

namespace ebb::sensors {
namespace {

namespace fs = std::filesystem;

constexpr time::Duration kPeriod = std::chrono::milliseconds(100);
constexpr time::Duration kHold = std::chrono::seconds(10);
const units::Power kMostPower = units::watts(3000);
constexpr double kLow = 0.85;
constexpr double kHigh = 1.15;
constexpr const char* kSource = "15% is assumed: there is no published validation of this driver's figure";

struct Quantity {
  const char* file;
  bool is_energy;
};
// energy2 is the package without the card around it: what xe has where it has no energy1.
constexpr std::array<Quantity, 4> kQuantities{
    {{"energy1_input", true}, {"energy2_input", true}, {"power1_average", false}, {"power1_input", false}}};

struct Board {
  fs::path path;
  std::string driver;
  std::string address;  // "0000:c1:00.0"
  std::string model;    // "1002:740C"
  std::string device;
  std::optional<Quantity> quantity;
  ValueFile file;
  std::optional<std::uint64_t> value;  // when it was opened; nothing where it failed for now
  std::string why;                     // of no quantity
};

bool is_graphics(std::string_view driver) { return driver == "amdgpu" || driver == "xe" || driver == "i915"; }

void identify(Board& board) {
  const std::string device = board.path / "device";
  ValueFile uevent(device + "/uevent");
  std::array<char, 4096> buffer{};
  if (uevent.is_open()) {
    base::Lines lines(uevent.read(buffer.data(), buffer.size()).value_or(""));
    while (const auto line = lines.next()) {
      if (line->starts_with("PCI_SLOT_NAME=")) board.address = line->substr(line->find('=') + 1);
      if (line->starts_with("PCI_ID=")) board.model = line->substr(line->find('=') + 1);
    }
  }
  std::error_code error;
  if (board.address.empty()) board.address = fs::canonical(device, error).filename().string();
  board.device = read_line(device + "/product_name").value_or("");
  if (board.device.empty()) {
    board.device = fmt::format("{} GPU {}", board.driver == "amdgpu" ? "AMD" : "Intel", board.model);
  }
}

/// Not supported here, as against: not now (amdgpu says EPERM while the board is reset or asleep).
bool is_for_good(int error) {
  return error == EOPNOTSUPP || error == EINVAL || error == ENODATA || error == ENOSYS || error == ENOENT ||
         error == EACCES;
}

void choose_quantity(Board& board) {
  std::vector<std::string> reasons;
  for (const auto& quantity : kQuantities) {
    ValueFile file(board.path / quantity.file);
    std::array<char, 64> buffer{};
    std::optional<std::string_view> text;
    if (file.is_open()) text = file.read(buffer.data(), buffer.size());
    if (!text && is_for_good(file.error())) {
      reasons.push_back(fmt::format("{}: {}", quantity.file, name_of_errno(file.error())));
      continue;
    }
    board.quantity = quantity;
    board.file = std::move(file);
    if (text) board.value = parse_count(*text);
    return;
  }
  board.why = fmt::format("{}", fmt::join(reasons, ", "));
}

std::vector<Board> boards_of(const Host& host) {
  std::vector<Board> boards;
  std::error_code error;
  for (fs::directory_iterator entry(host.sys + "/class/hwmon", error), end; !error && entry != end;
       entry.increment(error)) {
    Board board;
    board.path = entry->path();
    board.driver = read_line(board.path / "name").value_or("");
    if (!is_graphics(board.driver)) continue;
    identify(board);
    choose_quantity(board);
    boards.push_back(std::move(board));
  }
  std::sort(boards.begin(), boards.end(), [](const Board& a, const Board& b) {
    return std::pair(a.address.size(), a.address) < std::pair(b.address.size(), b.address);
  });
  return boards;
}

/// Why a board is not counted; nothing where it is.
std::optional<std::string> reason_against(const Board& board, const std::vector<Board>& all) {
  if (board.driver == "amdgpu" && fs::exists(board.path / "in1_input")) {
    return "it is a part of the processor, and its figure the whole processor's, which RAPL tells";
  }
  if (!board.quantity) return "it tells neither energy nor power (" + board.why + "), as in most virtual machines";
  if (board.value != 0) return std::nullopt;
  const bool has_twin = std::any_of(all.begin(), all.end(), [&](const Board& other) {
    return board.driver == "amdgpu" && other.driver == board.driver && other.model == board.model &&
           other.value.value_or(0) > 0;
  });
  if (has_twin) return "it shows 0: of a board's two dies one shows both, so they are counted once";
  if (!board.quantity->is_energy) return "it shows 0 W, which no board draws";
  return std::nullopt;
}

RawChannel channel_of(Board board, int number) {
  const bool energy = board.quantity->is_energy;
  Channel channel;
  channel.name = fmt::format("gpu{}", number);
  channel.kind = hardware::ComponentKind::kGpu;
  channel.device = board.device;
  channel.id = board.address;
  channel.method = energy ? "measured:hwmon-energy" : "measured:hwmon-power";
  channel.low_factor = kLow;
  channel.high_factor = kHigh;
  channel.source = kSource;
  auto meter = energy ? counter_meter({.unit = units::joules(1e-6), .range = {}, .max_power = kMostPower})
                      : power_meter(units::watts(1e-6), kHold);
  return {std::move(channel), std::make_unique<FileSource>(std::move(board.file)), std::move(meter),
          fmt::format("{} of {} at {}", board.quantity->file, board.driver, board.address)};
}

}  // namespace

Opened open_hwmon_gpus(const Host& host, int first_number) {
  Opened opened;
  opened.name = "hwmon";
  std::vector<Board> boards = boards_of(host);
  opened.present = !boards.empty();
  std::vector<std::optional<std::string>> against;
  against.reserve(boards.size());
  for (const auto& board : boards) against.push_back(reason_against(board, boards));
  std::vector<RawChannel> channels;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    Board& board = boards[i];
    if (against[i]) {
      opened.warnings.push_back(
          fmt::format("the board {} at {} is not counted: {}", board.device, board.address, *against[i]));
      continue;
    }
    if (std::string_view(board.quantity->file) == "energy2_input") {
      opened.warnings.push_back(
          fmt::format("the board {} at {} tells its package's energy only", board.device, board.address));
    }
    channels.push_back(channel_of(std::move(board), first_number + static_cast<int>(channels.size())));
  }
  if (channels.empty()) {
    opened.why = opened.present ? fmt::format("{}", fmt::join(opened.warnings, "; "))
                                : "no amdgpu, xe or i915 board in /sys/class/hwmon";
    opened.warnings.clear();
  } else {
    opened.sensor = std::make_unique<RawSensor>(opened.name, kPeriod, std::move(channels));
  }
  return opened;
}

}  // namespace ebb::sensors
