#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/escape.h"
#include "report/run_campaign_report.h"
#include "report/run_campaign_tables.h"
#include "report/run_words.h"

extern "C" const char ebb_campaign_page_begin[];
extern "C" const char ebb_campaign_page_end[];

namespace ebb::report {
namespace {

constexpr std::size_t kMostBars = 60;

std::string shown(const std::string& text) { return escaped_html(valid_utf8(text)); }

std::string list_html(const std::vector<std::string>& lines, const std::string& attributes) {
  if (lines.empty()) return "";
  std::string out = "<ul" + attributes + ">";
  for (const auto& line : lines) out += "<li>" + shown(line) + "</li>";
  return out + "</ul>\n";
}

std::string bar_html(const CampaignGroup& run, units::Emissions emissions, double largest) {
  const double grams = units::in_grams(emissions);
  const double width = largest > 0.0 ? 100.0 * std::fabs(grams) / largest : 0.0;
  const auto name = shown(run.name);
  const auto kind = run.kind == RunClass::kDone ? std::string() : fmt::format(" ({})", name_of(run.kind));
  return fmt::format(
      "<li class=\"{}\"><span class=\"name\">{}{}</span><span class=\"track\"><span class=\"bar\" "
      "style=\"width:{:.3f}%\"></span></span><span class=\"n\">{}</span></li>\n",
      name_of(run.kind), name, kind, width, units::text_of(emissions));
}

/// One chart a signal (law 5); the largest first, and what is not known last, as words.
std::string chart_html(const CampaignTotals& totals, std::size_t line) {
  std::vector<const CampaignGroup*> known;
  std::vector<std::string> unknown;
  for (const auto& run : totals.runs) {
    if (run.emissions[line]) {
      known.push_back(&run);
    } else {
      unknown.push_back(run.name);
    }
  }
  std::stable_sort(known.begin(), known.end(),
                   [line](const auto* a, const auto* b) { return *a->emissions[line] > *b->emissions[line]; });
  double largest = 0.0;
  for (const auto* run : known) largest = std::max(largest, std::fabs(units::in_grams(*run->emissions[line])));
  std::string out = fmt::format("<section><h2>CO2e of each run: {}</h2>\n<ol class=\"bars\">\n",
                                shown(line_name(totals.lines[line])));
  for (std::size_t i = 0; i < std::min(known.size(), kMostBars); ++i) {
    out += bar_html(*known[i], *known[i]->emissions[line], largest);
  }
  out += "</ol>\n";
  if (known.size() > kMostBars) {
    out += fmt::format("<p class=\"small\">The {} largest of {} runs; the CSV and JSON have all.</p>\n", kMostBars,
                       known.size());
  }
  if (!unknown.empty()) {
    out +=
        fmt::format("<p class=\"small\">Not known in this signal, and not 0 g: {}</p>\n", shown(names_text(unknown)));
  }
  return out + "</section>\n";
}

std::string totals_html(const CampaignTotals& totals) {
  std::string out = "<ul class=\"totals\">";
  for (const auto& line : totals.lines) {
    out += fmt::format("<li><strong>{} CO2e</strong> {}: {}, {} of {}</li>", units::text_of(line.emissions),
                       carbon::name_of(line.book), shown(line_name(line)), line.runs, runs_text(totals.all.runs));
  }
  if (totals.lines.empty()) out += "<li><strong>Emissions not known</strong>: no run has a zone.</li>";
  return out + "</ul>\n";
}

void put(std::string& page, const std::string& place, const std::string& content) {
  for (auto at = page.find(place); at != std::string::npos; at = page.find(place, at + content.size())) {
    page.replace(at, place.size(), content);
  }
}

}  // namespace

std::string campaign_html(const CampaignTotals& totals, const std::string& title) {
  std::string body = "<h1>" + shown(title) + "</h1>\n" + totals_html(totals);
  for (const auto& sentence : campaign_summary(totals)) body += "<p>" + shown(sentence) + "</p>\n";
  body += list_html(campaign_remarks(totals), " class=\"note\"");
  for (std::size_t line = 0; line < totals.lines.size(); ++line) body += chart_html(totals, line);
  for (const auto& table : campaign_tables(totals)) {
    if (!table.rows.empty()) body += html_of(table);
  }
  std::string page(ebb_campaign_page_begin, ebb_campaign_page_end);
  put(page, "<!--EBB_TITLE-->", shown(title));
  put(page, "<!--EBB_BODY-->", body);
  return page;
}

}  // namespace ebb::report
