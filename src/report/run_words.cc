#include "report/run_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "report/escape.h"
#include "report/table.h"

namespace ebb::report {
namespace {

using account::RunRecord;
using units::text_of;

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string gap_text(const account::GapTotal& gap) {
  std::string out = gap.count == 1 ? printable(gap.cause) : fmt::format("{} {}", gap.count, printable(gap.cause));
  if (!gap.component.empty()) out += " of " + printable(gap.component);
  out += fmt::format(" ({}", length_text(gap.when.length()));
  if (!gap.detail.empty()) out += ", " + printable(gap.detail);
  return out + (gap.recovered ? ", in a later reading)" : ")");
}

/// Gaps of one cause in one place as one, with the length of all of them.
std::vector<account::GapTotal> gaps_by_cause(const RunRecord& record) {
  std::vector<account::GapTotal> out;
  for (const auto& gap : record.gaps) {
    const auto same = std::find_if(out.begin(), out.end(), [&gap](const auto& other) {
      return other.cause == gap.cause && other.component == gap.component && other.recovered == gap.recovered;
    });
    if (same == out.end()) {
      out.push_back(gap);
      continue;
    }
    same->count += gap.count;
    same->when.end += gap.when.length();
    if (same->detail != gap.detail) same->detail.clear();
  }
  return out;
}

}  // namespace

std::string length_text(units::Seconds length) {
  const double seconds = units::in_seconds(length);
  if (seconds < 90.0) return units::three_digits(seconds) + " s";
  if (seconds < 5400.0) return units::three_digits(seconds / 60.0) + " min";
  if (seconds < 3.0 * 86400.0) return units::three_digits(seconds / 3600.0) + " h";
  return units::three_digits(seconds / 86400.0) + " d";
}

std::string span_text(const std::string& low, const std::string& high) {
  const auto low_unit = low.rfind(' ');
  const auto high_unit = high.rfind(' ');
  const bool same =
      low_unit != std::string::npos && high_unit != std::string::npos && low.substr(low_unit) == high.substr(high_unit);
  return fmt::format("{} to {}", same ? low.substr(0, low_unit) : low, high);
}

std::string count_text(double count) {
  return count == std::floor(count) && count < 1000.0 ? fmt::format("{:.0f}", count) : units::three_digits(count);
}

std::string kind_text(hardware::ComponentKind kind, std::size_t count) {
  using hardware::ComponentKind;
  const bool memory = kind == ComponentKind::kDram;
  const std::string name = kind == ComponentKind::kGpu   ? "GPU"
                           : kind == ComponentKind::kCpu ? "CPU"
                           : memory                      ? "memory"
                                                         : "other part";
  if (count == 1) return name;
  return memory ? fmt::format("memory x {}", count) : fmt::format("{} {}s", count, name);
}

std::string names_text(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + printable(name);
  return out;
}

std::string interval_words(double level, const std::string& span) {
  return level > 0.0 ? fmt::format("{:.0f}%: {}", 100.0 * level, span) : "range: " + span;
}

std::string method_text(const std::string& method) {
  const auto colon = method.find(':');
  if (colon == std::string::npos) return printable(method);
  return printable(fmt::format("{} ({})", method.substr(0, colon), method.substr(colon + 1)));
}

std::vector<ComponentGroup> component_groups(const RunRecord& record) {
  std::vector<ComponentGroup> groups;
  for (const auto& part : record.components) {
    auto found = std::find_if(groups.begin(), groups.end(), [&part](const ComponentGroup& group) {
      return group.kind == part.kind && group.method == part.method;
    });
    if (found == groups.end()) {
      found = groups.insert(groups.end(), {part.kind, part.method, 0, {{}, {}, {}, part.interval.level}, {}});
    }
    ++found->count;
    found->energy.low += part.interval.low;
    found->energy.value += part.energy;
    found->energy.high += part.interval.high;
  }
  const auto length = time::as_quantity(record.when.length());
  for (auto& group : groups) {
    if (length > units::Seconds{}) group.mean_power = group.energy.value / length;
  }
  return groups;
}

std::string hardware_text(const RunRecord& record) {
  std::vector<std::pair<std::string, std::size_t>> devices;
  for (const auto& part : record.components) {
    if (part.device.empty()) continue;
    const auto found = std::find_if(devices.begin(), devices.end(),
                                    [&part](const auto& device) { return device.first == part.device; });
    if (found == devices.end()) {
      devices.emplace_back(part.device, 1);
    } else {
      ++found->second;
    }
  }
  std::vector<std::string> texts;
  for (const auto& [device, count] : devices) texts.push_back(fmt::format("{} {}", count, printable(device)));
  return joined(texts, ", ");
}

std::string provenance_text(const account::BookTotal& book) {
  std::string out = series::text_of(book.signal);
  if (!book.zone.empty()) out += ", " + printable(book.zone);
  if (!book.source.empty()) out += ", " + printable(book.source);
  if (!book.vintage.empty()) out += fmt::format(" (vintage {})", printable(book.vintage));
  return out;
}

std::string short_provenance_text(const account::BookTotal& book) {
  std::string out = series::text_of(book.signal);
  if (!book.zone.empty()) out += ", " + printable(book.zone);
  if (!book.source.empty()) {
    const auto source = printable(book.source);
    out += ", " + source.substr(0, std::min(source.find(" ("), source.find(',')));
  }
  return out;
}

std::string cut_at(const std::string& text, std::size_t characters) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80U;
    if (begins && seen++ == characters) return text.substr(0, at) + "...";
  }
  return text;
}

std::string shortened(const std::string& text, std::size_t columns) {
  if (display_width(text) <= columns) return text;
  std::string out;
  for (const auto word : base::split(text, ' ')) {
    if (display_width(out) + 1 + display_width(std::string(word)) + 3 > columns) break;
    out += (out.empty() ? "" : " ") + std::string(word);
  }
  return out + "...";
}

const account::WhatIf* best_what_if(const RunRecord& record) {
  const account::WhatIf* best = nullptr;
  for (const auto& other : record.what_if) {
    if (other.difference > (best == nullptr ? units::Emissions{} : best->difference)) best = &other;
  }
  return best;
}

std::string what_if_text(const account::WhatIf& other, const RunRecord& record) {
  std::string what = other.kind == "zone" ? "running" : fmt::format("starting {} later", length_text(other.later));
  if (!other.zone.empty() && (other.kind == "zone" || other.zone != record.zone))
    what += " in " + printable(other.zone);
  const auto signal = series::text_of(other.signal);
  const auto* own = record.own_book();
  const auto done = own != nullptr ? text_of(own->operational) : "what was done";
  if (other.difference == units::Emissions{}) return fmt::format("{} would have been no different ({})", what, signal);
  if (other.difference < units::Emissions{}) {
    return fmt::format("{} would have been {} more than {} ({})", what, text_of(-other.difference), done, signal);
  }
  const auto grams = text_of(other.difference);
  // Only a marginal difference is of something that the grid would not have emitted.
  if (other.signal.kind == series::SignalKind::kMarginal) {
    return fmt::format("{} would have avoided {} of {} ({})", what, grams, done, signal);
  }
  return fmt::format("{} would have been allocated {} less than {} ({})", what, grams, done, signal);
}

std::string conservation_text(const RunRecord& record) {
  account::ComponentTotal sum;
  for (const auto& part : record.components) {
    sum.measured += part.measured;
    sum.job += part.job;
    sum.job_idle += part.job_idle;
    sum.idle += part.idle;
    sum.others += part.others;
  }
  if (sum.idle == units::Energy{} && sum.others == units::Energy{}) return "";
  return fmt::format("{} = {} this run + {} its idle share + {} idle + {} others", text_of(sum.measured),
                     text_of(sum.job), text_of(sum.job_idle), text_of(sum.idle), text_of(sum.others));
}

std::string gaps_text(const RunRecord& record) {
  constexpr std::size_t kMost = 4;
  std::vector<std::string> texts;
  std::size_t more = 0;
  for (const auto& gap : gaps_by_cause(record)) {
    // A node that did not report has a line of its own.
    if (gap.cause == "missing-node") continue;
    if (texts.size() == kMost) {
      ++more;
    } else {
      texts.push_back(gap_text(gap));
    }
  }
  if (more > 0) texts.push_back(fmt::format("and {} more", more));
  return joined(texts, ", ");
}

std::string command_text(const RunRecord& record) {
  std::vector<std::string> words;
  for (const auto& word : record.command) {
    const auto shown = printable(word);
    const bool plain = !shown.empty() && shown.find_first_of(" \"'") == std::string::npos;
    words.push_back(plain ? shown : "\"" + shown + "\"");
  }
  return joined(words, " ");
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t column) {
  std::string out;
  std::size_t at = column;
  for (const auto word : base::split(text, ' ')) {
    const auto length = display_width(std::string(word));
    if (!out.empty() && at + 1 + length > width) {
      out += "\n" + std::string(column, ' ');
      at = column;
    } else if (!out.empty()) {
      out += ' ';
      ++at;
    }
    out += word;
    at += length;
  }
  return out;
}

}  // namespace ebb::report
