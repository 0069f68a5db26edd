// The paper's Tables 4-13 beside ours: one table for each group of series, never one for both signals.

import type { PaperRow, Row, Signal } from "../document";
import { h, type Choice } from "../dom";
import { change, signal_key } from "../signal";
import { grams } from "../format";
import { slack_choice, unique, type Study } from "../study";
import { caption, cell, head, scroll_box, type Column } from "../table";

const kColumns: Column[] = [
  { key: "experiment", label: "Job", kind: "text" },
  { key: "baseline", label: "Ours: run-now", kind: "text" },
  { key: "difference", label: "Ours: difference with pause-resume", kind: "text" },
  { key: "paper_flexible_start_percent", label: "Flexible-start: paper", kind: "percent" },
  { key: "flexible_start_percent", label: "ours", kind: "percent" },
  { key: "paper_pause_resume_percent", label: "Pause-resume: paper", kind: "percent" },
  { key: "pause_resume_percent", label: "ours", kind: "percent" },
  { key: "paper_pauses_per_hour", label: "Pauses per hour: paper", kind: "digits" },
  { key: "pauses_per_hour", label: "ours", kind: "digits" },
];

/** Null on a typical year, whatever the document holds: it never stands beside the paper's tables. */
export function paper_section(study: Study): HTMLElement | null {
  const all = study.doc.paper;
  if (all.length === 0 || study.typical_year) return null;
  const body = h("div");
  const slack: Choice = slack_choice(all, () => update());
  const update = (): void => body.replaceChildren(...unique(all.map((p) => p.group)).map((g) => table(study, g, all.filter((p) => p.group === g && p.slack === slack.value))));
  update();
  return h("section", { class: "figure", id: "paper" },
    h("h2", {}, "The paper's Tables 4 to 13 beside ours"),
    h("p", { class: "question" }, "Do the percentages of Dodge et al. (2022) come out again on open data?"),
    h("p", {}, "They can be compared, not expected to be equal: the paper used marginal intensities of 2020 (WattTime, proprietary), averaged over 16 regions and 60 starts. The paper prints percentages only; the grams are ours, and the percentages are means of each start's percentage of run-now."),
    h("div", { class: "choices" }, slack.element),
    body);
}

function table(study: Study, group: string, rows: PaperRow[]): HTMLElement {
  const signal = signal_of(study, group);
  const ours = study.doc.rows.filter((r) => signal !== null && signal_key(r.signal) === signal_key(signal));
  return h("figure", { class: "panel paper-panel", "data-signal": signal && signal_key(signal) },
    h("h3", {}, `Ours: ${group}`),
    scroll_box(`The paper beside ours: ${group}`,
      h("table", { class: "paper-table" },
        caption(`Paper: marginal, mean of 16 regions, 2020. Ours: ${group}.`),
        head(kColumns),
        h("tbody", {}, rows.map((p) => {
          const mine = ours.filter((r) => r.experiment === p.experiment && r.slack === p.slack && r.strategy === "pause-resume");
          const values: Record<string, string | number | null> = { ...p, experiment: study.job(p.experiment), baseline: range(mine, (r) => r.baseline_g, grams), difference: range(mine, (r) => r.saved_g, (v) => change(v, signal!)) };
          return h("tr", {}, kColumns.map((c) => cell(values[c.key] ?? null, c)));
        })))));
}

/** The group's name says its signal in words ("average lifecycle", "marginal"): the one of our groups with that kind. */
function signal_of(study: Study, group: string): Signal | null {
  const kind = /\bmarginal\b/i.test(group) ? "marginal" : /\baverage of\b.*\baverage\b|\baverage lifecycle\b|\baverage direct\b/i.test(group) ? "average" : null;
  return study.groups.find((g) => g.signal.kind === kind)?.signal ?? null;
}

/** From the least to the most over the regions: grams are not averaged over zones. */
function range(rows: Row[], pick: (r: Row) => number | null, show: (v: number) => string): string {
  const values = rows.map(pick).filter((v) => v !== null);
  if (values.length === 0) return "–";
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? show(low) : `${grams(low)} to ${show(high)}`;
}
