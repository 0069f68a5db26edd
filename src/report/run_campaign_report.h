#pragma once

#include <string>

#include "report/run_campaign.h"
#include "report/run_sentence.h"

namespace ebb::report {

/// {"schema": "ebb-campaign-1", ...}: docs/run-record.md. Every key is always there; null is not known.
Json campaign_json(const CampaignTotals& totals);

/// For a terminal.
std::string campaign_text(const CampaignTotals& totals);

/// One header; a row for the total, each signal, class, user, month and run; a row with grams is of one signal (law 5),
/// one without has them empty, never 0.
std::string campaign_csv(const CampaignTotals& totals);

/// The paragraph and the tables for a paper.
std::string campaign_paper(const CampaignTotals& totals, Markup markup);

/// One self-contained page without scripts: totals, tables, a bar for each run, one chart a signal.
std::string campaign_html(const CampaignTotals& totals, const std::string& title);

}  // namespace ebb::report
