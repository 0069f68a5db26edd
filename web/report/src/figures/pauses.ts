// Figure: the grams that each further pause buys.

import * as Plot from "@observablehq/plot";
import { gram_axis, kColour, kNarrow, keep_apart, plot } from "../chart";
import type { Series, TradeoffPauses } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { count, grams, number, percent } from "../format";
import { change_of, words, type Group } from "../signal";
import { job_choice, slack_choice, slack_text, zone_choices, type Study } from "../study";

type Point = TradeoffPauses & { saved_g: number };

const kUnlimited = "no limit";

export function pauses_figure(study: Study, update: () => void): FigureSpec | null {
  const all = study.doc.tradeoff_pauses;
  if (all.length === 0) return null;
  const job = job_choice(study, all, update);
  const slack = slack_choice(all, update);
  const zones = zone_choices(study, study.groups_with(all), update);
  return {
    id: "pauses",
    title: "Grams against the pauses allowed",
    question: "How many pauses does it take? None is flexible-start; no limit is pause-resume.",
    choices: [job, slack, ...zones.values()],
    panels: () => {
      const records = all.filter((t) => t.experiment === job.value && t.slack === slack.value);
      return study.groups_with(records).map((g) => {
        const series = g.series.find((s) => s.id === zones.get(g.key)?.value) ?? g.series[0]!;
        return panel(study, g, series, records, `${study.job(job.value)}, slack ${slack_text(slack.value)}`);
      });
    },
  };
}

function panel(study: Study, group: Group, series: Series, records: TradeoffPauses[], what: string): Panel {
  const points = records
    .filter((t): t is Point => t.series_id === series.id && t.saved_g !== null)
    .sort((a, b) => (a.max_pauses ?? Infinity) - (b.max_pauses ?? Infinity));
  const line = (p: Point): string => `${limit(p)}: ${change_of(p.saved_g, p.saved_percent_of_total, p.baseline_g, group.signal)}`;
  return {
    heading: `${study.name(series)}: ${what}`,
    signal: group.signal,
    signal_text: group.name,
    series: [series],
    summary: points.length === 0 ? "No point is known." : `${points.map(line).filter((_, i) => i === 0 || i === Math.min(1, points.length - 2) || i === points.length - 1).join("; ")}.`.replace(/^./, (c) => c.toUpperCase()),
    caption: [words(group.signal).meaning],
    draw: (width) => [chart(points, group, width)],
    table: {
      caption: `${what}, ${study.name(series)} (${group.name}): difference from run-now by the number of pauses allowed`,
      series: [series.id],
      columns: [
        { key: "max_pauses", label: "Pauses allowed", kind: "text" },
        { key: "starts", label: "Starts", kind: "number" },
        { key: "baseline_g", label: "Run-now", kind: "grams" },
        { key: "saved_g", label: "Difference", kind: "change" },
        { key: "saved_percent_of_total", label: "in % of run-now", kind: "percent" },
        { key: "pauses_mean", label: "Pauses taken, mean", kind: "digits" },
      ],
      rows: points.map((p) => [p.max_pauses === null ? kUnlimited : String(p.max_pauses), p.starts, p.baseline_g, p.saved_g, p.saved_percent_of_total, p.pauses_mean]),
    },
  };
}

function limit(p: Point): string {
  return p.max_pauses === null ? "no limit" : p.max_pauses === 0 ? "no pause" : `at most ${count(p.max_pauses, "pause")}`;
}

function chart(points: Point[], group: Group, width: number): Element {
  const narrow = width < kNarrow;
  const max = Math.max(...points.map((p) => p.saved_g));
  const axis = gram_axis(max, words(group.signal).less);
  const x = (p: Point): string => (p.max_pauses === null ? kUnlimited : String(p.max_pauses));
  const limited = points.filter((p) => p.max_pauses !== null);
  return plot({
    width,
    height: narrow ? 250 : 290,
    marginLeft: 52,
    marginRight: 34,
    marginBottom: 40,
    x: { type: "point", domain: points.map(x), label: "pauses allowed", labelAnchor: "center", labelArrow: "none" },
    y: { label: axis.label, tickFormat: axis.tickFormat, grid: true, domain: [Math.min(0, ...points.map((p) => p.saved_g)), max * 1.15], ticks: 5 },
    marks: [
      Plot.ruleY([0], { stroke: kColour.muted }),
      Plot.line(limited, { x, y: "saved_g", stroke: kColour.pause_resume, strokeWidth: 2 }),
      Plot.dot(points, { x, y: "saved_g", symbol: (p: Point) => (p.max_pauses === 0 ? "diamond" : "circle"), fill: (p: Point) => (p.max_pauses === 0 ? kColour.flexible_start : kColour.pause_resume), stroke: kColour.surface, r: 5 }),
      Plot.text(points, keep_apart({ x, y: "saved_g", text: (p: Point) => grams(p.saved_g), dy: -13, fill: kColour.ink, stroke: kColour.surface, strokeWidth: 3 })),
      Plot.tip(points, Plot.pointerX({ x, y: "saved_g", fill: kColour.surface, title: (p: Point) => `${limit(p)}: ${grams(p.saved_g)} ${words(group.signal).less}\n${percent(p.saved_percent_of_total)} of ${grams(p.baseline_g)}\n${number(p.pauses_mean)} pauses taken on average` })),
    ],
  });
}
