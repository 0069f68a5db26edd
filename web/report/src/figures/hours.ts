// Figure: emissions by the local hour of the start. One region in full, then all regions against their own mean.

import * as Plot from "@observablehq/plot";
import { gram_axis, kColour, kNarrow, plot } from "../chart";
import type { Hourly, Series } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { grams, hour_of_day } from "../format";
import type { Group } from "../signal";
import { job_choice, zone_choices, type Study } from "../study";

export function hours_figure(study: Study, update: () => void, after: Node | null): FigureSpec | null {
  const all = study.doc.hourly;
  if (all.length === 0) return null;
  const job = job_choice(study, all, update);
  const zones = zone_choices(study, study.groups_with(all), update);
  return {
    id: "hours",
    title: "What the time of day changes",
    question: "What does a job emit that starts at once at this hour, on the clock of the place where it runs?",
    choices: [job, ...zones.values()],
    panels: () =>
      study.groups_with(all.filter((r) => r.experiment === job.value)).map((g) => {
        const series = g.series.find((s) => s.id === zones.get(g.key)?.value) ?? g.series[0]!;
        return panel(study, g, series, job.value);
      }),
    after,
  };
}

function panel(study: Study, group: Group, series: Series, job: string): Panel {
  const hours = study.doc.hourly
    .filter((r): r is Hourly & { mean_g: number } => r.series_id === series.id && r.experiment === job && r.mean_g !== null)
    .sort((a, b) => a.local_hour - b.local_hour);
  const sorted = [...hours].sort((a, b) => a.mean_g - b.mean_g);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const clock = `local time at the zone (${series.time_zone ?? "time zone not stated"})`;
  return {
    heading: `${study.name(series)}: ${study.job(job)}, run-now`,
    signal: group.signal,
    signal_text: group.name,
    series: [series],
    summary:
      !low || !high
        ? "No hour is known."
        : `Lowest for starts at ${hour_of_day(low.local_hour)} (${grams(low.mean_g)} a job), highest at ${hour_of_day(high.local_hour)} (${grams(high.mean_g)}): ${grams(high.mean_g - low.mean_g)} between them, on average over the year.`,
    caption: ["Line: mean over the starts at that hour. Band: from the 10th to the 90th percentile of them."],
    draw: (width) => [chart(hours, clock, width)],
    table: {
      caption: `Run-now emissions of ${job} in ${study.name(series)} (${group.name}) by hour of the start, ${clock}`,
      series: [series.id],
      columns: [
        { key: "local_hour", label: "Local hour", kind: "text" },
        { key: "starts", label: "Starts", kind: "number" },
        { key: "mean_g", label: "Mean", kind: "grams" },
        { key: "p10_g", label: "10th percentile", kind: "grams" },
        { key: "p90_g", label: "90th percentile", kind: "grams" },
      ],
      rows: hours.map((r) => [hour_of_day(r.local_hour), r.starts, r.mean_g, r.p10_g, r.p90_g]),
    },
  };
}

function chart(hours: (Hourly & { mean_g: number })[], clock: string, width: number): Element {
  const narrow = width < kNarrow;
  const max = Math.max(...hours.map((r) => r.p90_g ?? r.mean_g));
  const axis = gram_axis(max, "emissions of a job");
  return plot({
    width,
    height: narrow ? 240 : 280,
    marginLeft: 52,
    marginRight: 16,
    marginBottom: 38,
    x: { label: clock, labelAnchor: "center", labelArrow: "none", domain: [0, 23], ticks: narrow ? [0, 6, 12, 18] : [0, 3, 6, 9, 12, 15, 18, 21], tickFormat: hour_of_day },
    y: { label: axis.label, tickFormat: axis.tickFormat, grid: true, domain: [0, max * 1.05], ticks: 5 },
    marks: [
      Plot.areaY(hours, { x: "local_hour", y1: (r: Hourly) => r.p10_g ?? r.mean_g, y2: (r: Hourly) => r.p90_g ?? r.mean_g, fill: kColour.bar, fillOpacity: 0.22 }),
      Plot.lineY(hours, { x: "local_hour", y: "mean_g", stroke: kColour.bar, strokeWidth: 2.2 }),
      Plot.ruleY([0], { stroke: kColour.muted }),
      Plot.tip(hours, Plot.pointerX({ x: "local_hour", y: "mean_g", fill: kColour.surface, title: (r: Hourly) => `${hour_of_day(r.local_hour)}\nmean ${grams(r.mean_g)}\n${grams(r.p10_g)} to ${grams(r.p90_g)}` })),
    ],
  });
}
