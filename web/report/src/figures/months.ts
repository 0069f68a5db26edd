// Figure: region by month, mean grams of one job that runs at once.

import * as Plot from "@observablehq/plot";
import { gram_axis, in_unit, kColour, kNarrow, label_width, legend, plot, shorten } from "../chart";
import type { Monthly } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { axis_unit, grams, kMonths } from "../format";
import type { Group } from "../signal";
import { job_choice, type Study } from "../study";
import type { TableSpec } from "../table";

interface Line {
  id: string;
  name: string;
  year_g: number;
  months: (Monthly & { mean_g: number })[];
}

export function months_figure(study: Study, update: () => void): FigureSpec | null {
  const all = study.doc.monthly;
  if (all.length === 0) return null;
  const job = job_choice(study, all, update);
  return {
    id: "months",
    title: "Where and in which month a job emits most",
    question: "What does the same job emit if it starts at once, by region and month of the start?",
    choices: [job],
    panels: () => study.groups_with(all.filter((m) => m.experiment === job.value)).map((g) => panel(study, g, job.value)),
  };
}

function panel(study: Study, group: Group, job: string): Panel {
  const records = study.doc.monthly.filter((m) => m.experiment === job);
  const lines = group.series
    .map((s) => {
      const months = records.filter((m): m is Line["months"][number] => m.series_id === s.id && m.mean_g !== null);
      const starts = months.reduce((sum, m) => sum + (m.starts ?? 1), 0);
      const year_g = months.reduce((sum, m) => sum + m.mean_g * (m.starts ?? 1), 0) / starts;
      return { id: s.id, name: study.name(s), year_g, months };
    })
    .filter((l) => l.months.length > 0)
    .sort((a, b) => b.year_g - a.year_g);
  const first = lines[0];
  const last = lines[lines.length - 1];
  const single = lines.length === 1;
  return {
    heading: `${study.job(job)}, run-now`,
    signal: group.signal,
    signal_text: group.name,
    series: group.series,
    summary: !first || !last ? "No month is known." : single ? one_line(first, study.job(job)) : `Over the year, ${study.job(job)} emits most in ${first.name} (${grams(first.year_g)} a job) and least in ${last.name} (${grams(last.year_g)}).`,
    caption: [
      single ? "Bars: mean over the starts of the month; thin lines: from the 5th to the 95th percentile of the starts." : "Each cell: mean over the starts of the month. Regions are sorted by their yearly mean.",
      ...study.shared_zones(group.series),
    ],
    draw: (width) => (single ? [columns(first!, width)] : heat_map(lines, width)),
    table: table(lines, group, job),
  };
}

function one_line(line: Line, job: string): string {
  const sorted = [...line.months].sort((a, b) => a.mean_g - b.mean_g);
  const [low, high] = [sorted[0]!, sorted[sorted.length - 1]!];
  return `In ${line.name}, ${job} emits ${grams(line.year_g)} a job over the year: least in ${kMonths[low.month - 1]} (${grams(low.mean_g)}), most in ${kMonths[high.month - 1]} (${grams(high.mean_g)}).`;
}

function heat_map(lines: Line[], width: number): Element[] {
  const narrow = width < kNarrow;
  const cells = lines.flatMap((l) => l.months.map((m) => ({ ...m, name: l.name })));
  const max = Math.max(...cells.map((c) => c.mean_g));
  const unit = axis_unit(max);
  const color: Plot.ScaleOptions = { type: "linear", scheme: "YlOrBr", domain: [0, max] };
  const margin = label_width(lines.map((l) => l.name), narrow ? 132 : 200);
  const chart = plot({
    width,
    height: lines.length * (narrow ? 22 : 26) + 30,
    marginLeft: margin,
    marginRight: 2,
    marginTop: 24,
    marginBottom: 4,
    padding: 0.06,
    x: { axis: "top", label: null, tickSize: 0, domain: kMonths.map((_, i) => i + 1), tickFormat: (m: number) => (narrow ? kMonths[m - 1]!.slice(0, 1) : kMonths[m - 1]!) },
    y: { label: null, tickSize: 0, domain: lines.map((l) => l.name), tickFormat: (name: string) => shorten(name, margin) },
    color,
    marks: [
      Plot.cell(cells, { x: "month", y: "name", fill: "mean_g", title: (c) => `${c.name}, ${kMonths[c.month - 1]}: ${grams(c.mean_g)} (${grams(c.p5_g)} to ${grams(c.p95_g)})` }),
      narrow ? null : Plot.text(cells, { x: "month", y: "name", text: (c) => in_unit(c.mean_g, unit), fill: (c) => (c.mean_g > 0.74 * max ? "#fff" : "#222"), pointerEvents: "none" }),
    ],
  });
  return [legend(color, `mean emissions of a job, ${unit.name} CO₂e`, gram_axis(max, "").tickFormat, width), chart];
}

function columns(line: Line, width: number): Element {
  const max = Math.max(...line.months.map((m) => m.p95_g ?? m.mean_g));
  const axis = gram_axis(max, "emissions of a job");
  return plot({
    width,
    height: 260,
    marginLeft: 48,
    marginRight: 4,
    x: { label: null, tickSize: 0, domain: kMonths.map((_, i) => i + 1), tickFormat: (m: number) => (width < kNarrow ? kMonths[m - 1]!.slice(0, 1) : kMonths[m - 1]!) },
    y: { label: axis.label, tickFormat: axis.tickFormat, grid: true, domain: [0, max * 1.05], ticks: 5 },
    marks: [
      Plot.barY(line.months, { x: "month", y: "mean_g", fill: kColour.bar, title: (m: Monthly) => `${kMonths[m.month - 1]}: ${grams(m.mean_g)}` }),
      Plot.ruleX(line.months, { x: "month", y1: (m: Monthly) => m.p5_g ?? m.mean_g, y2: (m: Monthly) => m.p95_g ?? m.mean_g, stroke: kColour.ink, strokeWidth: 1.2 }),
      Plot.ruleY([0], { stroke: kColour.muted }),
    ],
  });
}

function table(lines: Line[], group: Group, job: string): TableSpec {
  return {
    caption: `Run-now emissions of ${job} by month of the start (${group.name}), grams CO₂e a job`,
    series: lines.map((l) => l.id),
    columns: [
      { key: "region", label: "Region", kind: "text" },
      { key: "month", label: "Month", kind: "text" },
      { key: "starts", label: "Starts", kind: "number" },
      { key: "mean_g", label: "Mean", kind: "grams" },
      { key: "p5_g", label: "5th percentile", kind: "grams" },
      { key: "p95_g", label: "95th percentile", kind: "grams" },
    ],
    rows: lines.flatMap((l) => l.months.map((m) => [l.name, kMonths[m.month - 1]!, m.starts, m.mean_g, m.p5_g, m.p95_g])),
  };
}
