#include <fmt/format.h>

#include "base/file.h"
#include "cli/common.h"
#include "cli/doctor_providers.h"
#include "cli/ledger_rows.h"
#include "exec/group.h"
#include "grid/typical_year.h"
#include "measure/machine.h"
#include "measure/record.h"
#include "measure/sensor_set.h"
#include "report/json.h"
#include "sensors/nvml.h"

namespace ebb::cli {
namespace {

using report::Json;

/// One thing that was looked at.
struct Finding {
  std::string part;  ///< "sensor", "data", "execution"
  std::string name;
  bool works = false;
  bool matters = true;  ///< false: this machine has no such thing, and nothing is wrong with that
  std::string what;     ///< what works, or why not
  std::string mend;
};

Finding finding_of(const sensors::Opened& opened) {
  Finding finding{"sensor",   opened.name, opened.sensor != nullptr, opened.present || opened.sensor,
                  opened.why, opened.mend};
  if (opened.sensor) {
    std::string channels;
    for (const auto& channel : opened.sensor->channels()) {
      channels += fmt::format("{}{} ({}{}{})", channels.empty() ? "" : ", ", channel.name, channel.device,
                              channel.device.empty() ? "" : "; ", channel.method);
    }
    finding.what =
        fmt::format("{}; read every {:.0f} ms at most", channels, time::in_seconds(opened.sensor->period()) * 1e3);
  }
  for (const auto& warning : opened.warnings) finding.what += "; " + warning;
  return finding;
}

std::vector<Finding> look_at_sensors(const Context& context, std::vector<sensors::Opened>& all) {
  const measure::SensorChoice choice;
  all = measure::open_quick_sensors(choice, context.host);
  all.push_back(sensors::open_nvml(context.host, context.clock));
  std::vector<const sensors::Sensor*> open;
  for (const auto& opened : all) {
    if (opened.sensor) open.push_back(opened.sensor.get());
  }
  all.push_back(measure::open_model(choice, measure::look_at_machine(context.host), open));
  std::vector<Finding> findings;
  for (const auto& opened : all) findings.push_back(finding_of(opened));
  return findings;
}

Finding look_at_group() {
  exec::GroupOptions options;
  options.name = "doctor";
  auto group = exec::JobGroup::create(options);
  if (!group) return {"execution", "process accounting", false, true, group.error().message, ""};
  Finding finding{"execution", "process accounting", true, true, std::string(exec::name_of(group->kind())), ""};
  for (const auto& why : group->why_not_better()) finding.what += "; " + why;
  if (group->kind() == exec::GroupKind::kNone) {
    finding.what += "; short-lived processes are counted when they end";
    finding.mend = "systemd-run --user --scope -p Delegate=yes ebb run -- COMMAND gives it a cgroup of its own";
  }
  if (const auto removed = group->remove(); !removed) finding.what += "; " + removed.error().message;
  return finding;
}

Finding look_at_ledger(const Arguments& arguments, const Context& context) {
  const auto folder = data_folder(arguments, context);
  if (!folder) return {"data", "ledger", false, true, folder.error().message, "export XDG_DATA_HOME=DIR"};
  if (const auto made = base::make_folder(*folder); !made) {
    return {"data", "ledger", false, true, made.error().message, "ebb --data-dir DIR, or export XDG_DATA_HOME=DIR"};
  }
  auto ledger = open_ledger(*folder);
  if (!ledger) {
    return {"data",
            "ledger",
            false,
            true,
            ledger.error().message,
            fmt::format("mv {0}/ledger.db {0}/ledger.db.broken && ebb runs import {0}/runs", *folder)};
  }
  if (const auto sound = ledger->check(); !sound) {
    return {"data",
            "ledger",
            false,
            true,
            sound.error().message,
            fmt::format("mv {0}/ledger.db {0}/ledger.db.broken && ebb runs import {0}/runs", *folder)};
  }
  const auto runs = ledger->list({});
  return {"data", "ledger", true, true, fmt::format("{}/ledger.db, {} runs", *folder, runs ? runs->size() : 0), ""};
}

std::vector<Finding> look_at_series(const Arguments& arguments, const Context& context) {
  std::vector<Finding> findings;
  const auto catalogue = open_catalogue(arguments, context);
  findings.push_back({"data", "measured series", catalogue.has_real_data(), false,
                      catalogue.has_real_data() ? catalogue.folder() : "no folder with series",
                      catalogue.has_real_data() ? "" : "ebb plan --grid-data DIR, or export EBB_GRID_DATA=DIR"});
  findings.push_back({"data", "typical year", true, true,
                      fmt::format("{} zones, hourly, average; California 5-minute, marginal (ships with ebb)",
                                  grid::typical_year_zones().size()),
                      ""});
  const auto zone = context.environment("EBB_ZONE");
  findings.push_back({"data", "zone", zone.has_value(), true,
                      zone ? *zone : "$EBB_ZONE is not set: ebb run states energy, and grams only with --zone",
                      zone ? "" : "export EBB_ZONE=DE (ebb estimate --help names zones and cloud regions)"});
  return findings;
}

std::string text_of(const std::vector<Finding>& findings, bool colour) {
  std::string out;
  std::string part;
  for (const auto& finding : findings) {
    if (finding.part != part) out += (part.empty() ? "" : "\n") + finding.part + "\n";
    part = finding.part;
    const char* word = finding.works ? "works" : finding.matters ? "does not work" : "not here";
    const char* paint = !colour ? "" : finding.works ? "\033[32m" : finding.matters ? "\033[31m" : "\033[2m";
    out += fmt::format("  {}{:<14}{} {:<19} {}\n", paint, word, colour ? "\033[0m" : "", finding.name, finding.what);
    if (!finding.mend.empty()) out += fmt::format("{:38}mend: {}\n", "", finding.mend);
  }
  return out;
}

Json json_of(const std::vector<Finding>& findings) {
  Json all = Json::array();
  for (const auto& finding : findings) {
    all.push_back({{"part", finding.part},
                   {"name", finding.name},
                   {"works", finding.works},
                   {"present", finding.works || finding.matters},
                   {"what", finding.what},
                   {"mend", report::text_or_null(finding.mend)}});
  }
  return {{"version", EBB_VERSION}, {"findings", all}};
}

base::Expected<int> run_doctor(const Arguments& arguments, const Context& context) {
  std::vector<sensors::Opened> opened;
  auto findings = look_at_sensors(context, opened);
  if (const auto file = arguments.get("--record")) {
    EBB_TRY(const auto length, duration_option(arguments, "--for"));
    EBB_TRY_DO(measure::record_sensors(*file, opened, context.host, context.clock,
                                       length.value_or(std::chrono::seconds(60)),
                                       "ebb doctor on " + context.host_name));
    if (!arguments.has("--quiet"))
      context.err(fmt::format("wrote {}; play it with --sensors replay:{}\n", *file, *file));
    return 0;
  }
  findings.push_back(look_at_group());
  findings.push_back(look_at_ledger(arguments, context));
  for (auto& finding : look_at_series(arguments, context)) findings.push_back(std::move(finding));
  for (const auto& one : look_at_providers(arguments, context)) {
    findings.push_back({"provider", one.name, one.works, one.matters, one.what, one.mend});
  }
  context.out(arguments.has("--json") ? report::dump(json_of(findings)) + "\n"
                                      : text_of(findings, wants_colour(arguments, context)));
  return 0;
}

}  // namespace

const Command& doctor_command() {
  static const Command command{"doctor",
                               "what works here, and the command that mends what does not",
                               "Looks at each sensor, at the data and at how commands are run: works, or exactly why "
                               "not. With --record it plays "
                               "the sensors into a file that --sensors replay:FILE takes.",
                               {{"--record", "FILE", "record the sensors of this machine"},
                                {"--for", "D", "how long to record; default 1m"},
                                {"--network", "", "ask the web providers whether they answer; else nothing is asked"},
                                option_rows::kGridData},
                               {"ebb doctor", "ebb doctor --record idle.csv --for 10m"},
                               run_doctor,
                               false};
  return command;
}

}  // namespace ebb::cli
