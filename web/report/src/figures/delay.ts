// Figure: the grams that a slack buys against the delay that it costs.

import * as Plot from "@observablehq/plot";
import { gram_axis, kColour, kNarrow, keep_apart, plot, strategy_colour, strategy_key, strategy_symbol, type Box } from "../chart";
import type { Series, TradeoffDelay } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { duration, grams } from "../format";
import { change_of, words, type Group } from "../signal";
import { job_choice, kStrategies, unique, zone_choices, type Study } from "../study";

type Point = TradeoffDelay & { saved_g: number; delay_seconds_mean: number };

export function delay_figure(study: Study, update: () => void): FigureSpec | null {
  const all = study.doc.tradeoff_delay;
  if (all.length === 0) return null;
  const job = job_choice(study, all, update);
  const zones = zone_choices(study, study.groups_with(all), update);
  return {
    id: "delay",
    title: "Grams against delay",
    question: "How much later does the job end for how many grams less?",
    choices: [job, ...zones.values()],
    panels: () =>
      study.groups_with(all.filter((t) => t.experiment === job.value)).map((g) => {
        const series = g.series.find((s) => s.id === zones.get(g.key)?.value) ?? g.series[0]!;
        return panel(study, g, series, job.value);
      }),
  };
}

function panel(study: Study, group: Group, series: Series, job: string): Panel {
  const points = study.doc.tradeoff_delay
    .filter((t): t is Point => t.series_id === series.id && t.experiment === job && t.saved_g !== null && t.delay_seconds_mean !== null)
    .sort((a, b) => a.slack_seconds - b.slack_seconds);
  const pause = points.filter((p) => p.strategy === "pause-resume");
  const shown = pause.length > 0 ? pause : points;
  const [first, last] = [shown[0], shown[shown.length - 1]];
  const line = (p: Point): string => `slack ${p.slack}: ${change_of(p.saved_g, p.saved_percent_of_total, p.baseline_g, group.signal)}, ending ${duration(p.delay_seconds_mean)} later on average`;
  return {
    heading: `${study.name(series)}: ${study.job(job)}`,
    signal: group.signal,
    signal_text: group.name,
    series: [series],
    summary: !first || !last ? "No point is known." : `With ${first.strategy} and ${line(first)}; ${line(last)}.`,
    caption: [`Each mark is one slack, written beside it; slacks of equal length fall together, and a label is left out where it would lie on another. ${words(group.signal).meaning}`],
    draw: (width) => [strategy_key(unique(points.map((p) => p.strategy))), chart(points, group, width)],
    table: {
      caption: `${job}, ${study.name(series)} (${group.name}): difference from run-now and delay, means over the starts`,
      series: [series.id],
      columns: [
        { key: "slack", label: "Slack", kind: "text" },
        { key: "strategy", label: "Strategy", kind: "text" },
        { key: "baseline_g", label: "Run-now", kind: "grams" },
        { key: "saved_g", label: "Difference", kind: "change" },
        { key: "saved_percent_of_total", label: "in % of run-now", kind: "percent" },
        { key: "delay_seconds_mean", label: "Delay, mean", kind: "duration" },
        { key: "delay_seconds_p95", label: "Delay, 95th percentile", kind: "duration" },
      ],
      rows: points.map((p) => [p.slack, p.strategy, p.baseline_g, p.saved_g, p.saved_percent_of_total, p.delay_seconds_mean, p.delay_seconds_p95]),
    },
  };
}

/** One label for all slacks of one length: "6h, 100%". */
function labelled(points: Point[]): (Point & { label: string })[] {
  return unique(points.map((p) => p.slack_seconds)).map((seconds) => {
    const same = points.filter((p) => p.slack_seconds === seconds);
    return { ...same[0]!, label: unique(same.map((p) => p.slack)).join(", ") };
  });
}

function chart(points: Point[], group: Group, width: number): Element {
  const narrow = width < kNarrow;
  const max = Math.max(...points.map((p) => p.saved_g));
  const axis = gram_axis(max, words(group.signal).less);
  const hours = (p: Point): number => p.delay_seconds_mean / 3600;
  const of = (s: string): Point[] => points.filter((p) => p.strategy === s);
  const strategies = unique([...kStrategies, ...points.map((p) => p.strategy)]);
  const taken: Box[] = [];
  return plot({
    width,
    height: narrow ? 260 : 310,
    marginLeft: 52,
    // Room for the labels of the first and last mark beside the axis.
    insetLeft: 20,
    insetRight: 12,
    marginRight: 28,
    marginBottom: 40,
    x: { label: "mean delay of the end, hours", labelAnchor: "center", labelArrow: "none", domain: [0, Math.max(...points.map(hours)) * 1.05], ticks: narrow ? 5 : 8, grid: true },
    y: { label: axis.label, tickFormat: axis.tickFormat, grid: true, domain: [Math.min(-0.12 * max, ...points.map((p) => p.saved_g)), max * 1.12], ticks: 5 },
    marks: [
      Plot.ruleY([0], { stroke: kColour.muted }),
      strategies.map((s) => Plot.line(of(s), { x: hours, y: "saved_g", stroke: strategy_colour(s), strokeWidth: 2 })),
      strategies.map((s) => Plot.dot(of(s), { x: hours, y: "saved_g", symbol: strategy_symbol(s), fill: strategy_colour(s), stroke: kColour.surface, r: (s === "flexible-start" ? 6.5 : 4.5) * (narrow ? 0.8 : 1) })),
      // On a phone one label a slack is all that there is room for.
      strategies.filter((s) => !narrow || s !== "flexible-start").map((s) => Plot.text(labelled(of(s)), keep_apart({ x: hours, y: "saved_g", text: "label", dy: s === "flexible-start" ? 14 : -13, fill: kColour.ink, stroke: kColour.surface, strokeWidth: 3 }, taken))),
      Plot.tip(points, Plot.pointer({ x: hours, y: "saved_g", fill: kColour.surface, title: (p: Point) => `${p.strategy}, slack ${p.slack}\n${change_of(p.saved_g, p.saved_percent_of_total, p.baseline_g, group.signal)}\ndelay ${duration(p.delay_seconds_mean)}, p95 ${duration(p.delay_seconds_p95)}\nrun-now ${grams(p.baseline_g)}` })),
    ],
  });
}
