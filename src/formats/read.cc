#include "formats/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "formats/carbon_aware_sdk.h"
#include "formats/csv_readers.h"
#include "formats/eia930.h"
#include "formats/electricity_maps_api.h"
#include "formats/electricity_maps_wide.h"
#include "formats/neso.h"
#include "formats/settle.h"
#include "formats/sgip.h"
#include "formats/watttime.h"
#include "series/csv.h"

namespace ebb::formats {
namespace {

/// A series that stands on a step already, as a draft.
Draft draft_of(const series::Series& read, const std::string& name, std::uint32_t first_place) {
  Draft draft;
  draft.provenance = read.provenance();
  draft.unit = "g/kWh";
  draft.name = name;
  draft.step = read.step();
  draft.ready = read;
  draft.ready_place = first_place;
  return draft;
}

base::Expected<Drafts> draft_canonical(std::string_view text, const std::string& name, const Options& options) {
  EBB_TRY_DO(documented_unit(name, "g/kWh", options));
  EBB_TRY(auto read, series::parse_csv(text, name));
  auto provenance = read.provenance();
  // A file that names no zone has its stem for one, which the user may better.
  const bool names_zone = text.substr(0, 4096).find("# zone:") != std::string_view::npos;
  if (!names_zone && options.zones.size() == 1) provenance.zone = options.zones.front();
  // The row of each slot, for messages: comments and header come first, and no row may be left out.
  std::uint32_t head = 1;
  for (base::Lines lines(text); const auto line = lines.next();) {
    if (base::trimmed(*line).starts_with("time,")) break;
    ++head;
  }
  Drafts out;
  out.drafts.push_back(draft_of(read.with(std::move(provenance)), name, head + 1));
  return out;
}

base::Expected<Drafts> draft_wide(std::string_view text, const std::string& name, const Options& options) {
  EBB_TRY_DO(documented_unit(name, "gCO2eq/kWh", options));
  EBB_TRY(const auto imported, parse_electricity_maps_wide(text, name));
  Drafts out;
  for (const auto& one : imported.series) {
    out.drafts.push_back(draft_of(one, name, 2));
    out.drafts.back().unit = "gCO2eq/kWh";
    out.drafts.back().licence = "ODbL 1.0";
  }
  return out;
}

using Reader = base::Expected<Drafts> (*)(std::string_view, const std::string&, const Options&);
struct Named {
  std::string_view name;
  Reader read;
};

/// Formats whose files are read one by one.
Reader reader_of(std::string_view format) {
  static constexpr Named kReaders[] = {
      {"canonical", draft_canonical},
      {"electricity-maps-portal", draft_electricity_maps_portal},
      {"electricity-maps-wide", draft_wide},
      {"electricity-maps-api", draft_electricity_maps},
      {"watttime-v3", draft_watttime_v3},
      {"watttime-v3-csv", draft_watttime_v3_csv},
      {"watttime-v2-csv", draft_watttime_v2_csv},
      {"neso", draft_neso},
      {"neso-csv", draft_neso_csv},
      {"cats", draft_cats_csv},
      {"carbon-aware-sdk", draft_carbon_aware_sdk},
      {"carbon-aware-computing", draft_carbon_aware_computing},
      {"csv", draft_named_columns},
  };
  for (const auto& one : kReaders) {
    if (one.name == format) return one.read;
  }
  return nullptr;
}

/// Files of one format, one after the other.
class Reading {
 public:
  explicit Reading(const Options& options) : options_(options), sgip_(options) {}

  base::Status add(std::string_view text, const std::string& name) {
    EBB_TRY_DO(choose_format(text, name));
    if (first_name_.empty()) first_name_ = name;
    if (format_ == "openstudio") return refuse_openstudio(text, name);
    if (format_ == "sgip") return sgip_.add(text, name);
    if (format_ == "eia930") return pages_.add(text, name);
    const auto reader = reader_of(format_);
    if (reader == nullptr) {
      return base::bad_data(fmt::format("{}: the format {} is known and not read yet", name, format_));
    }
    EBB_TRY(auto drafts, reader(text, name, options_));
    for (auto& draft : drafts.drafts) drafts_.drafts.push_back(std::move(draft));
    for (auto& note : drafts.notes) drafts_.notes.push_back(std::move(note));
    return base::Done{};
  }

  base::Expected<Understood> finish() {
    if (format_ == "sgip") return finish_sgip();
    if (format_ == "eia930") {
      EBB_TRY(drafts_, pages_.drafts(first_name_));
    }
    return understood_of(format_, first_name_, std::move(drafts_), options_);
  }

 private:
  base::Status choose_format(std::string_view text, const std::string& name) {
    if (!options_.format.empty()) {
      format_ = options_.format;
      return base::Done{};
    }
    EBB_TRY(auto found, detect(text, name));
    if (!format_.empty() && found != format_) {
      return base::bad_data(
          fmt::format("{} is {} and {} is {}: import them one after the other", first_name_, format_, name, found));
    }
    format_ = std::move(found);
    return base::Done{};
  }

  base::Expected<Understood> finish_sgip() {
    EBB_TRY(auto made, sgip_.finish());
    // The same checks as of any other format, on drafts without rows.
    Drafts heads;
    for (const auto& one : made) {
      Draft head;
      head.provenance = one.series.provenance();
      head.name = first_name_;
      head.licence = one.licence;
      heads.drafts.push_back(std::move(head));
    }
    EBB_TRY(const auto settled, settle(first_name_, std::move(heads), options_));
    Understood out;
    out.format = format_;
    for (auto& one : made) {
      const auto kept = std::find_if(settled.drafts.begin(), settled.drafts.end(),
                                     [&](const Draft& draft) { return draft.provenance.zone == one.series.zone(); });
      if (kept == settled.drafts.end()) continue;
      one.series = one.series.with(kept->provenance);
      one.licence = kept->licence;
      out.series.push_back(std::move(one));
    }
    return out;
  }

  Options options_;
  std::string format_;
  std::string first_name_;
  SgipReader sgip_;
  Eia930Pages pages_;
  Drafts drafts_;
};

base::Status check_format(const Options& options) {
  if (options.format.empty()) return base::Done{};
  std::vector<std::string_view> names;
  for (const auto& one : formats()) names.push_back(one.name);
  if (std::find(names.begin(), names.end(), options.format) != names.end()) return base::Done{};
  return base::usage_error(
      fmt::format("--format: {} is none of {}", base::in_quotes(options.format), fmt::join(names, ", ")));
}

}  // namespace

base::Expected<Understood> read_files(const std::vector<std::string>& paths, const Options& options) {
  EBB_TRY_DO(check_format(options));
  if (paths.empty()) return base::usage_error("name the files to import");
  Reading reading(options);
  for (const auto& path : paths) {
    EBB_TRY(const auto bytes, base::load_text_file(path));
    EBB_TRY_DO(reading.add(bytes.view(), path));
  }
  return reading.finish();
}

base::Expected<Understood> read_text(std::string_view text, const std::string& name, const Options& options) {
  EBB_TRY_DO(check_format(options));
  Reading reading(options);
  EBB_TRY_DO(reading.add(text, name));
  return reading.finish();
}

}  // namespace ebb::formats
