// Every row of the study as a table: filtered, page by page, one body for each signal.

import type { Row } from "../document";
import { choice, h, type Choice } from "../dom";
import { number } from "../format";
import { change, words, type Group } from "../signal";
import { default_slack, kReferenceJob, slack_text, unique, type Study } from "../study";
import { caption, cell, head, scroll_box, type Cell, type Column } from "../table";

const kColumns: Column[] = [
  { key: "region", label: "Region", kind: "text" },
  { key: "zone", label: "Zone", kind: "text" },
  { key: "experiment", label: "Job", kind: "text" },
  { key: "slack", label: "Slack", kind: "text" },
  { key: "strategy", label: "Strategy", kind: "text" },
  { key: "baseline_g", label: "Run-now", kind: "grams" },
  { key: "emissions_g", label: "Plan", kind: "grams" },
  { key: "saved_g", label: "Difference from run-now", kind: "change" },
  { key: "saved_percent_of_total", label: "% of total", kind: "percent" },
  { key: "saved_percent_mean", label: "Mean %", kind: "percent" },
  { key: "harmed_percent", label: "Starts harmed", kind: "percent" },
  { key: "pauses_mean", label: "Pauses", kind: "digits" },
  { key: "pauses_per_hour", label: "Pauses per hour", kind: "digits" },
  { key: "delay_seconds_mean", label: "Delay, mean", kind: "duration" },
  { key: "delay_seconds_p95", label: "Delay, p95", kind: "duration" },
  { key: "starts", label: "Starts", kind: "number" },
  { key: "skipped_starts", label: "Skipped", kind: "number" },
  { key: "zero_baseline_starts", label: "Zero baseline", kind: "number" },
  { key: "measured", label: "Measured", kind: "share" },
  { key: "modelled", label: "Modelled", kind: "share" },
  { key: "filled", label: "Filled", kind: "share" },
  { key: "source", label: "Source", kind: "text" },
];

const kPage = 40;
const kAll = "";

export interface RowsTable {
  element: HTMLElement;
  /** All rows of the document, in its order. */
  all: Row[];
  /** The rows that pass the filters, signal by signal; the page shows a part of them. */
  shown(): Row[];
  /** Clears the filters and puts every row into the page. */
  show_all(): void;
  /** Sets filters by name: experiment, slack, strategy, signal, region. "" means all. */
  filter(wanted: Record<string, string>): void;
}

export function rows_table(study: Study): RowsTable | null {
  const all = study.doc.rows;
  if (all.length === 0) return null;
  const group_of = new Map(study.groups.flatMap((g) => g.series.map((s) => [s.id, g] as const)));
  const text = new Map(all.map((r) => [r.series_id, r.region ?? r.zone]));
  let page = 0;
  let per_page = kPage;

  const options = (values: string[], show: (v: string) => string, every: string) => [{ value: kAll, text: every }, ...unique(values).map((value) => ({ value, text: show(value) }))];
  const jobs = unique(all.map((r) => r.experiment));
  const slacks = unique(all.map((r) => r.slack));
  const changed = (): void => {
    page = 0;
    per_page = kPage;
    render();
  };
  const filters: Record<string, Choice> = {
    experiment: choice("Job", options(jobs, (j) => study.job(j), "all jobs"), jobs.includes(kReferenceJob) ? kReferenceJob : kAll, changed),
    slack: choice("Slack", options(slacks, slack_text, "all slacks"), default_slack(slacks), changed),
    strategy: choice("Strategy", options(all.map((r) => r.strategy), (s) => s, "all strategies"), kAll, changed),
    signal: choice("Signal", options(study.groups_with(all).map((g) => g.key), (k) => study.groups.find((g) => g.key === k)!.name, "all signals, one by one"), kAll, changed),
    region: choice("Region", options([...text.values()].sort(), (r) => r, "all regions"), kAll, changed),
  };
  const passes = (r: Row): boolean =>
    (["experiment", "slack", "strategy"] as const).every((key) => filters[key]!.value === kAll || filters[key]!.value === r[key]) &&
    (filters["signal"]!.value === kAll || filters["signal"]!.value === group_of.get(r.series_id)?.key) &&
    (filters["region"]!.value === kAll || filters["region"]!.value === text.get(r.series_id));
  // Signal by signal, and within one in the document's own order.
  const shown = (): Row[] => study.groups.flatMap((g) => all.filter((r) => group_of.get(r.series_id) === g && passes(r)));

  const status = h("p", { class: "status", role: "status" });
  const table = h("table", { id: "rows" }, caption("Means over the starts. Grams CO₂e of one job; percentages are of the run-now grams in the same row."), head(kColumns));
  const back = h("button", { type: "button" }, "Previous page");
  const next = h("button", { type: "button" }, "Next page");
  const render = (): void => {
    const rows = shown();
    const part = rows.slice(page * per_page, (page + 1) * per_page);
    table.querySelectorAll("tbody").forEach((body) => body.remove());
    for (const g of study.groups) {
      const mine = part.filter((r) => group_of.get(r.series_id) === g);
      if (mine.length > 0) table.append(body_of(g, mine));
    }
    const from = rows.length === 0 ? 0 : page * per_page + 1;
    status.textContent = `Rows ${number(from)} to ${number(page * per_page + part.length)} of ${number(rows.length)} (${number(all.length)} in the study).`;
    back.disabled = page === 0;
    next.disabled = (page + 1) * per_page >= rows.length;
  };
  const turn = (by: number) => (): void => {
    page += by;
    render();
  };
  back.addEventListener("click", turn(-1));
  next.addEventListener("click", turn(1));
  render();

  const filter = (wanted: Record<string, string>): void => {
    for (const [name, value] of Object.entries(wanted)) filters[name]?.set(value);
  };
  return {
    element: h("section", { class: "figure", id: "all-rows" },
      h("h2", {}, "All rows of the study"),
      h("p", { class: "question" }, "Every job, region, slack and strategy, with what stands behind it. Hold the pointer over a number for its unrounded value."),
      h("div", { class: "choices" }, Object.values(filters).map((c) => c.element)),
      scroll_box("All rows of the study", table),
      h("div", { class: "pager" }, back, next, status)),
    all,
    shown,
    show_all() {
      filter({ experiment: kAll, slack: kAll, strategy: kAll, signal: kAll, region: kAll });
      per_page = all.length;
      render();
    },
    filter,
  };
}

function body_of(group: Group, rows: Row[]): HTMLTableSectionElement {
  const claim = group.signal.kind === "average" ? "differences of average intensity are allocated" : words(group.signal).meaning;
  return h("tbody", { "data-signal": group.key },
    h("tr", { class: "group" }, h("th", { colspan: kColumns.length, scope: "rowgroup" }, h("span", {}, `Signal: ${group.name}; ${claim}`))),
    rows.map((r) => h("tr", { "data-series": r.series_id }, kColumns.map((c) => row_cell(r, c)))));
}

function row_cell(row: Row, column: Column): HTMLTableCellElement {
  const { data_quality, signal: _signal, ...flat } = row;
  const values = { ...flat, measured: data_quality?.measured ?? null, modelled: data_quality?.modelled ?? null, filled: data_quality?.filled ?? null } as Record<string, Cell>;
  const made = cell(values[column.key] ?? null, column);
  if (column.key === "saved_g" && row.saved_g !== null) made.textContent = change(row.saved_g, row.signal);
  return made;
}
