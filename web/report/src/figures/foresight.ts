// Figure: what a plan on forecasts promised, what the grid then gave, and what hindsight would have found.

import * as Plot from "@observablehq/plot";
import { gram_axis, kColour, kNarrow, plot } from "../chart";
import type { Foresight, Series } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { h } from "../dom";
import { digits, duration, grams, percent, share } from "../format";
import { change, words, type Group } from "../signal";
import { job_choice, slack_choice, slack_text, zone_choices, type Study } from "../study";

const kBars = [
  { key: "promised_saved_g", name: "promised", fill: kColour.bar_soft, stroke: kColour.bar_soft },
  { key: "realised_saved_g", name: "realised", fill: kColour.bar, stroke: kColour.bar },
  { key: "best_saved_g", name: "best possible", fill: "none", stroke: kColour.muted },
] as const;

export function foresight_figure(study: Study, update: () => void): FigureSpec | null {
  const all = study.doc.foresight;
  if (all.length === 0) return null;
  const job = job_choice(study, all, update);
  const slack = slack_choice(all, update);
  const zones = zone_choices(study, study.groups_with(all), update);
  return {
    id: "foresight",
    title: "Promised, realised, best possible",
    question: "What is left of it when the plan has only a forecast, not hindsight?",
    choices: [job, slack, ...zones.values()],
    panels: () => {
      const records = all.filter((f) => f.experiment === job.value && f.slack === slack.value);
      return study.groups_with(records).map((g) => {
        const series = g.series.find((s) => s.id === zones.get(g.key)?.value) ?? g.series[0]!;
        return panel(study, g, series, records.filter((f) => f.series_id === series.id), `${study.job(job.value)}, slack ${slack_text(slack.value)}`);
      });
    },
  };
}

function panel(study: Study, group: Group, series: Series, records: Foresight[], what: string): Panel {
  const best = records.reduce<Foresight | undefined>((a, b) => (a === undefined || (b.realised_saved_g ?? -Infinity) > (a.realised_saved_g ?? -Infinity) ? b : a), undefined);
  const noun = words(group.signal).noun;
  return {
    heading: `${study.name(series)}: ${what}`,
    signal: group.signal,
    signal_text: group.name,
    series: [series],
    summary: !best
      ? "No plan is known."
      : `Run-now is ${grams(best.baseline_g)}. The plan that realised most (${plan_name(best)}) promised ${change(best.promised_saved_g, group.signal)}, realised ${change(best.realised_saved_g, group.signal)}; hindsight finds ${grams(best.best_saved_g)}.`,
    caption: [`Promised: ${noun} by the forecast when the plan was made. Realised: by what the grid then did. Best possible: perfect foresight, which nobody has. Means over the starts; “harmed”: starts that the plan made dirtier than run-now.`, words(group.signal).meaning],
    draw: (width) => charts(records, group, width),
    table: {
      caption: `${what}, ${study.name(series)} (${group.name}): plans on forecasts, means over the starts`,
      series: [series.id],
      columns: [
        { key: "plan", label: "Plan", kind: "text" },
        { key: "starts", label: "Starts", kind: "number" },
        { key: "baseline_g", label: "Run-now", kind: "grams" },
        { key: "promised_saved_g", label: "Promised", kind: "change" },
        { key: "realised_saved_g", label: "Realised", kind: "change" },
        { key: "best_saved_g", label: "Best possible", kind: "change" },
        { key: "realised_share_of_best", label: "Realised, share of best", kind: "share" },
        { key: "harmed_percent", label: "Starts harmed", kind: "percent" },
        { key: "loss_p95_g_per_kwh", label: "Loss, 95th percentile, g/kWh", kind: "digits" },
        { key: "delay_seconds_mean", label: "Delay, mean", kind: "duration" },
        { key: "delay_seconds_p95", label: "Delay, 95th percentile", kind: "duration" },
        { key: "saving_per_delay_hour_g", label: "Per hour of delay", kind: "grams" },
      ],
      rows: records.map((f) => [plan_name(f), f.starts, f.baseline_g, f.promised_saved_g, f.realised_saved_g, f.best_saved_g, f.realised_share_of_best, f.harmed_percent, f.loss_p95_g_per_kwh, f.delay_seconds_mean, f.delay_seconds_p95, f.saving_per_delay_hour_g]),
    },
  };
}

function plan_name(f: Foresight): string {
  const again = f.replan_seconds === null ? "planned once" : `re-planned every ${duration(f.replan_seconds)}`;
  return `${f.strategy}, ${f.forecast ?? "forecast not stated"}, ${again}`;
}

function consequences(f: Foresight): string {
  return `harms ${percent(f.harmed_percent)} of ${f.starts ?? "?"} starts; ends ${duration(f.delay_seconds_mean)} later, p95 ${duration(f.delay_seconds_p95)}; ${grams(f.saving_per_delay_hour_g)} per hour of delay; loss p95 ${digits(f.loss_p95_g_per_kwh)} g/kWh`;
}

/** One small chart for each plan under its own words, all on the same axis. */
function charts(records: Foresight[], group: Group, width: number): Element[] {
  const narrow = width < kNarrow;
  const values = records.flatMap((f) => kBars.map((b) => f[b.key] ?? 0));
  const [min, max] = [Math.min(0, ...values), Math.max(0, ...values)];
  const axis = gram_axis(Math.max(-min, max), words(group.signal).less);
  return records.flatMap((f, i) => {
    const last = i === records.length - 1;
    const bars = kBars.filter((b) => f[b.key] !== null).map((b) => ({ ...b, grams: f[b.key]!, text: bar_text(f, b.key) }));
    const chart = plot({
      width,
      height: bars.length * 20 + (last ? 44 : 6),
      marginLeft: 92,
      marginRight: 30,
      marginTop: 2,
      marginBottom: last ? 40 : 4,
      ariaLabel: `${plan_name(f)}: ${bars.map((b) => `${b.name} ${b.text}`).join(", ")}; ${consequences(f)}`,
      x: { axis: last ? "bottom" : null, label: axis.label, labelAnchor: "center", labelArrow: "none", tickFormat: axis.tickFormat, domain: [min, max * (narrow ? 1.9 : 1.3)], ticks: narrow ? 4 : 6 },
      y: { domain: bars.map((b) => b.name), label: null, tickSize: 0, padding: 0.12 },
      marks: [
        Plot.barX(bars, { y: "name", x: "grams", fill: "fill", stroke: "stroke" }),
        Plot.ruleX([0], { stroke: kColour.muted }),
        Plot.text(bars, { y: "name", x: (b: { grams: number }) => Math.max(0, b.grams), text: "text", textAnchor: "start", dx: 6, fill: kColour.ink }),
      ],
    });
    return [h("p", { class: "plan" }, h("strong", {}, plan_name(f)), h("span", {}, consequences(f))), chart];
  });
}

function bar_text(f: Foresight, key: (typeof kBars)[number]["key"]): string {
  const of_best = key === "realised_saved_g" && f.realised_share_of_best !== null;
  return `${grams(f[key])}${of_best ? ` (${share(f.realised_share_of_best)} of ${grams(f.best_saved_g)})` : ""}`;
}
