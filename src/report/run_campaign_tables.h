#pragma once

#include <string>
#include <vector>

#include "report/plain_table.h"
#include "report/run_campaign.h"

/// What every report of a campaign shows, in words.
namespace ebb::report {

/// "marginal direct, SGIP 2020 (vintage 2024)".
std::string line_name(const CampaignLine& line);

/// The sums by signal; by what became of the runs; by user; by month.
std::vector<PlainTable> campaign_tables(const CampaignTotals& totals);

/// "1 run", "12 runs".
std::string runs_text(std::size_t runs);

/// What stands above them, a sentence each: how many runs, how much energy and how it is known.
std::vector<std::string> campaign_summary(const CampaignTotals& totals);

/// What must not be overlooked: runs without emissions, nested ones, missing nodes, warnings.
std::vector<std::string> campaign_remarks(const CampaignTotals& totals);

}  // namespace ebb::report
