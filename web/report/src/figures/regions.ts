// Figure: what shifting changes in each region, from run-now over flexible-start to pause-resume, in grams.

import * as Plot from "@observablehq/plot";
import { gram_axis, kColour, kNarrow, label_width, plot, shorten, strategy_key } from "../chart";
import type { Row } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { grams, percent } from "../format";
import { change_of, words, type Group } from "../signal";
import { job_choice, median, slack_choice, slack_text, type Study } from "../study";
import { regions_table } from "./regions_table";

/** One region: run-now, and the rows of the two strategies where the study has them. */
export interface RegionChange {
  id: string;
  name: string;
  baseline_g: number;
  flexible: Row | undefined;
  pause: Row | undefined;
  /** A percentage of so small a baseline says little. */
  small: boolean;
}

const kSmallShare = 0.25;
const kMark = "†";

export function regions_figure(study: Study, update: () => void): FigureSpec | null {
  const all = study.doc.rows;
  if (all.length === 0) return null;
  const job = job_choice(study, all, update);
  const slack = slack_choice(all, update);
  return {
    id: "regions",
    title: "What shifting changes, region by region",
    question: "How many grams less does the same job emit, or is it allocated, when it may start later or pause?",
    choices: [job, slack],
    panels: () => {
      const rows = all.filter((r) => r.experiment === job.value && r.slack === slack.value);
      return study.groups_with(rows).map((g) => panel(study, g, rows, job.value, slack.value));
    },
  };
}

export function region_changes(study: Study, group: Group, rows: Row[]): RegionChange[] {
  const changes = group.series.flatMap((s) => {
    const mine = rows.filter((r) => r.series_id === s.id && r.baseline_g !== null);
    const baseline_g = mine[0]?.baseline_g;
    if (baseline_g === undefined || baseline_g === null) return [];
    const of = (strategy: string): Row | undefined => mine.find((r) => r.strategy === strategy && r.emissions_g !== null);
    return [{ id: s.id, name: study.name(s), baseline_g, flexible: of("flexible-start"), pause: of("pause-resume"), small: false }];
  });
  const middle = changes.length > 0 ? median(changes.map((c) => c.baseline_g)) : 0;
  for (const c of changes) c.small = c.baseline_g < kSmallShare * middle;
  return changes.sort((a, b) => best(b) - best(a));
}

function best(c: RegionChange): number {
  return (c.pause ?? c.flexible)?.saved_g ?? 0;
}

function panel(study: Study, group: Group, rows: Row[], job: string, slack: string): Panel {
  const changes = region_changes(study, group, rows);
  const small = changes.filter((c) => c.small);
  const most = changes[0];
  const row = most && (most.pause ?? most.flexible);
  return {
    heading: `${study.job(job)}, slack ${slack_text(slack)}`,
    signal: group.signal,
    signal_text: group.name,
    series: group.series,
    summary: !most || !row ? "No region is known." : `${changes.length > 1 ? "Most in" : "In"} ${most.name}, with ${row.strategy}: ${change_of(row.saved_g, row.saved_percent_of_total, row.baseline_g, group.signal)}, mean of ${row.starts ?? "?"} starts, in hindsight.`,
    caption: [
      "Numbers: means over the starts; in brackets, percent of that region's run-now.",
      words(group.signal).meaning,
      ...(small.length > 0 ? [`${kMark} Baseline below a quarter of the median region's (${small.map((c) => `${c.name} ${grams(c.baseline_g)}`).join(", ")}): a large percentage there is few grams.`] : []),
      ...study.shared_zones(group.series),
    ],
    draw: (width) => [strategy_key(["run-now", "flexible-start", "pause-resume"]), chart(changes, group, width)],
    table: regions_table(changes, group, job, slack),
  };
}

function label(c: RegionChange): string {
  return c.small ? `${c.name} ${kMark}` : c.name;
}

function short_change(row: Row | undefined, group: Group): string {
  if (!row || row.saved_g === null) return "";
  const more = row.saved_g < 0;
  return `${grams(Math.abs(row.saved_g))} ${more ? "more" : group.signal.kind === "marginal" ? "saved" : "less"} (${percent(Math.abs(row.saved_percent_of_total ?? 0))})`;
}

function chart(changes: RegionChange[], group: Group, width: number): Element {
  const narrow = width < kNarrow;
  const max = Math.max(...changes.flatMap((c) => [c.baseline_g, c.flexible?.emissions_g ?? 0, c.pause?.emissions_g ?? 0]));
  const axis = gram_axis(max, "mean emissions of a job");
  const names = changes.map(label);
  const margin = narrow ? 4 : label_width(names, 190);
  const y = { y: (c: RegionChange) => label(c) };
  const at = (key: "flexible" | "pause") => (c: RegionChange) => c[key]?.emissions_g ?? NaN;
  // On a wide page three columns of numbers stand right of the marks; on a phone one line stands above them.
  const column = (text: (c: RegionChange) => string, dx: number, header: string): Plot.Markish[] => [
    Plot.text(changes, { ...y, text, frameAnchor: "right", textAnchor: "end", dx, fill: kColour.ink, fontVariant: "tabular-nums" }),
    Plot.text([header], { frameAnchor: "top-right", textAnchor: "end", dx, dy: -16, fill: kColour.muted, fontWeight: 600 }),
  ];
  const text_above = (c: RegionChange): string => `${label(c)}: ${short_change(c.pause ?? c.flexible, group)} of ${grams(c.baseline_g)}`;
  return plot({
    width,
    height: changes.length * (narrow ? 42 : 27) + (narrow ? 44 : 66),
    marginLeft: margin,
    marginRight: narrow ? 12 : 390,
    marginTop: narrow ? 6 : 28,
    marginBottom: 38,
    x: { label: axis.label, labelAnchor: "center", labelArrow: "none", tickFormat: axis.tickFormat, ticks: narrow ? 4 : 5, domain: [0, max], nice: true, grid: true },
    y: { label: null, domain: names, tickSize: 0, axis: narrow ? null : "left", tickFormat: (n: string) => shorten(n, margin) },
    marks: [
      Plot.ruleX([0], { stroke: kColour.line }),
      Plot.link(changes, { ...y, x1: "baseline_g", x2: (c: RegionChange) => c.pause?.emissions_g ?? c.flexible?.emissions_g ?? c.baseline_g, stroke: kColour.muted, strokeWidth: 2, strokeOpacity: 0.5 }),
      Plot.dot(changes, { ...y, x: "baseline_g", symbol: "square", stroke: kColour.run_now, fill: kColour.surface, strokeWidth: 2, r: 4 }),
      Plot.dot(changes, { ...y, x: at("flexible"), symbol: "diamond", fill: kColour.flexible_start, r: 7 }),
      Plot.dot(changes, { ...y, x: at("pause"), symbol: "circle", fill: kColour.pause_resume, stroke: kColour.surface, r: 4 }),
      narrow
        ? Plot.text(changes, { ...y, text: text_above, frameAnchor: "left", textAnchor: "start", dy: -15, fill: kColour.ink, stroke: kColour.surface, strokeWidth: 4 })
        : [
            column((c) => grams(c.baseline_g), 84, "run-now"),
            column((c) => short_change(c.flexible, group), 232, "flexible-start"),
            column((c) => short_change(c.pause, group), 384, "pause-resume"),
          ],
    ],
  });
}
