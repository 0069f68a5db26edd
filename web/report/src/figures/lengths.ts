// Figure: what flexible-start and pause-resume change per kWh, against the length of the job.

import * as Plot from "@observablehq/plot";
import { gram_axis, kColour, kNarrow, keep_apart, plot, strategy_colour, strategy_key, strategy_symbol } from "../chart";
import type { Length, Series } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { digits, duration, duration_tick, percent } from "../format";
import { words, type Group } from "../signal";
import { kStrategies, slack_choice, slack_text, unique, zone_choices, type Study } from "../study";

type Point = Length & { saved_g_per_kwh: number };

const kTicks = [900, 3600, 6 * 3600, 86400, 2 * 86400, 604800, 4 * 604800];
const kNarrowTicks = [900, 6 * 3600, 2 * 86400, 4 * 604800];

export function lengths_figure(study: Study, update: () => void): FigureSpec | null {
  const all = study.doc.lengths;
  if (all.length === 0) return null;
  const slack = slack_choice(all, update);
  const zones = zone_choices(study, study.groups_with(all), update);
  return {
    id: "lengths",
    title: "Short jobs and long jobs",
    question: "How does the length of a job decide what a later start, or pauses, can change for each kWh?",
    choices: [slack, ...zones.values()],
    panels: () =>
      study.groups_with(all.filter((l) => l.slack === slack.value)).map((g) => {
        const series = g.series.find((s) => s.id === zones.get(g.key)?.value) ?? g.series[0]!;
        return panel(study, g, series, slack.value);
      }),
  };
}

function panel(study: Study, group: Group, series: Series, slack: string): Panel {
  const points = study.doc.lengths
    .filter((l): l is Point => l.series_id === series.id && l.slack === slack && l.saved_g_per_kwh !== null)
    .sort((a, b) => a.duration_seconds - b.duration_seconds);
  const limited = points.some((p) => p.limited_by_resolution);
  const less = words(group.signal).less;
  return {
    heading: `${study.name(series)}, slack ${slack_text(slack)}`,
    signal: group.signal,
    signal_text: group.name,
    series: [series],
    summary: summary(points, less),
    caption: [
      words(group.signal).meaning,
      ...(limited ? [`Hollow marks: the job is short against the data's step (${duration(series.step_seconds)}), so the resolution, not the grid, limits what a plan can find.`] : []),
    ],
    draw: (width) => [
      strategy_key(kStrategies, limited ? [["◇ ○", "hollow: limited by the data's resolution"]] : []),
      chart(points, less, width),
    ],
    table: {
      caption: `Difference from run-now by length of the job, ${study.name(series)} (${group.name}), slack ${slack}; g CO₂e per kWh`,
      series: [series.id],
      columns: [
        { key: "duration_seconds", label: "Job length", kind: "duration" },
        { key: "strategy", label: "Strategy", kind: "text" },
        { key: "baseline_g_per_kwh", label: "Run-now, g/kWh", kind: "digits" },
        { key: "saved_g_per_kwh", label: "Less, g/kWh", kind: "digits" },
        { key: "saved_percent_of_total", label: "in % of run-now", kind: "percent" },
        { key: "limited_by_resolution", label: "Limited by resolution", kind: "text" },
      ],
      rows: points.map((p) => [p.duration_seconds, p.strategy, p.baseline_g_per_kwh, p.saved_g_per_kwh, p.saved_percent_of_total, p.limited_by_resolution ? "yes" : "no"]),
    },
  };
}

function describe(p: Point, less: string): string {
  return `${digits(p.saved_g_per_kwh)} g/kWh ${less} (${percent(p.saved_percent_of_total)} of ${digits(p.baseline_g_per_kwh)} g/kWh)`;
}

function summary(points: Point[], less: string): string {
  const sentences = unique(points.map((p) => p.strategy)).map((strategy) => {
    const best = points.filter((p) => p.strategy === strategy).reduce((a, b) => (b.saved_g_per_kwh > a.saved_g_per_kwh ? b : a));
    return `${strategy} changes most for jobs of ${duration(best.duration_seconds)}: ${describe(best, less)}`;
  });
  const text = sentences.join("; ");
  return text === "" ? "No length is known." : `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function chart(points: Point[], less: string, width: number): Element {
  const narrow = width < kNarrow;
  const max = Math.max(...points.map((p) => p.saved_g_per_kwh));
  const axis = gram_axis(max, "");
  const lengths = points.map((p) => p.duration_seconds);
  const [low, high] = [Math.min(...lengths), Math.max(...lengths)];
  const ticks = (narrow ? kNarrowTicks : kTicks).filter((t) => t >= low && t <= high);
  return plot({
    width,
    height: narrow ? 260 : 320,
    marginLeft: 52,
    // Room for the labels of the first and last mark beside the axis.
    insetLeft: 20,
    insetRight: 12,
    marginRight: 20,
    marginBottom: 40,
    x: { type: "log", domain: [low * 0.9, high * 1.1], axis: null },
    y: { label: `${less}, ${axis.unit.name} CO₂e per kWh`, tickFormat: axis.tickFormat, grid: true, domain: [Math.min(-0.07 * max, ...points.map((p) => p.saved_g_per_kwh)), max * 1.08], ticks: 5 },
    marks: [
      Plot.gridX(ticks),
      // `text`, since a log axis would drop the labels that are not round in its own base.
      Plot.axisX(ticks, { text: duration_tick, labelOffset: 34, label: "length of the job (logarithmic)", labelAnchor: "center", labelArrow: "none" }),
      Plot.ruleY([0], { stroke: kColour.muted }),
      kStrategies.map((s) => Plot.lineY(points.filter((p) => p.strategy === s), { x: "duration_seconds", y: "saved_g_per_kwh", stroke: strategy_colour(s), strokeWidth: 2 })),
      kStrategies.map((s) =>
        Plot.dot(points.filter((p) => p.strategy === s), {
          x: "duration_seconds",
          y: "saved_g_per_kwh",
          symbol: strategy_symbol(s),
          stroke: strategy_colour(s),
          fill: (p: Point) => (p.limited_by_resolution ? kColour.surface : strategy_colour(s)),
          strokeWidth: 1.8,
          // The larger diamond shows around the circle where the strategies agree.
          r: (s === "flexible-start" ? 6.5 : 4) * (narrow ? 0.7 : 1),
        })),
      narrow ? null : Plot.text(points.filter((p) => p.strategy === "pause-resume"), keep_apart({ x: "duration_seconds", y: "saved_g_per_kwh", text: (p: Point) => digits(p.saved_g_per_kwh), dy: -14, fill: kColour.muted, stroke: kColour.surface, strokeWidth: 3 })),
      Plot.tip(points, Plot.pointer({ x: "duration_seconds", y: "saved_g_per_kwh", fill: kColour.surface, title: (p: Point) => `${p.strategy}, ${duration(p.duration_seconds)}\n${describe(p, less)}${p.limited_by_resolution ? "\nlimited by resolution" : ""}` })),
    ],
  });
}
