// Figure: all regions by local hour, each in grams above or below its own mean.

import * as Plot from "@observablehq/plot";
import { interpolatePuOr } from "d3-scale-chromatic";
import { gram_axis, kNarrow, label_width, legend, plot, shorten } from "../chart";
import type { FigureSpec, Panel } from "../figure";
import { axis_unit, grams, hour_of_day } from "../format";
import type { Group } from "../signal";
import { job_choice, type Study } from "../study";

interface Cell {
  id: string;
  name: string;
  hour: number;
  mean_g: number;
  above_g: number;
  own_g: number;
}

export function hours_overview_figure(study: Study, update: () => void): FigureSpec | null {
  const all = study.doc.hourly;
  if (all.length === 0) return null;
  const job = job_choice(study, all, update);
  return {
    id: "hours-overview",
    title: "The time of day in all regions",
    question: "At which local hours does a start emit more or less than the region's own mean?",
    choices: [job],
    panels: () => study.groups_with(all.filter((r) => r.experiment === job.value)).map((g) => panel(study, g, job.value)),
  };
}

function panel(study: Study, group: Group, job: string): Panel {
  const lines = group.series.map((s) => line(study, s.id, study.name(s), job)).filter((l) => l.length > 0);
  lines.sort((a, b) => swing(b) - swing(a));
  const [most, least] = [lines[0], lines[lines.length - 1]];
  return {
    heading: `${study.job(job)}, run-now, against each region's own mean`,
    signal: group.signal,
    signal_text: group.name,
    series: group.series,
    summary:
      !most || !least
        ? "No hour is known."
        : `The hour of the start moves the mean most in ${most[0]!.name}: ${grams(swing(most))} between its highest and lowest hour, around ${grams(most[0]!.own_g)} a job` +
          (lines.length > 1 ? `; least in ${least[0]!.name}: ${grams(swing(least))} around ${grams(least[0]!.own_g)}.` : "."),
    caption: ["Each row in its own local time. Purple: below the region's mean over the hours; orange: above it. Sorted by the grams between highest and lowest hour.", ...study.shared_zones(group.series)],
    draw: (width) => draw(lines, width),
    table: {
      caption: `Run-now emissions of ${job} by local hour of the start (${group.name}), and the distance from the region's own mean`,
      series: group.series.map((s) => s.id),
      columns: [
        { key: "region", label: "Region", kind: "text" },
        { key: "local_hour", label: "Local hour", kind: "text" },
        { key: "mean_g", label: "Mean", kind: "grams" },
        { key: "above_g", label: "Above its own mean", kind: "grams" },
      ],
      rows: lines.flat().map((c) => [c.name, hour_of_day(c.hour), c.mean_g, c.above_g]),
    },
  };
}

function line(study: Study, id: string, name: string, job: string): Cell[] {
  const known = study.doc.hourly.filter((r) => r.series_id === id && r.experiment === job && r.mean_g !== null);
  const own_g = known.reduce((sum, r) => sum + r.mean_g!, 0) / known.length;
  return known
    .sort((a, b) => a.local_hour - b.local_hour)
    .map((r) => ({ id, name, hour: r.local_hour, mean_g: r.mean_g!, above_g: r.mean_g! - own_g, own_g }));
}

function swing(cells: Cell[]): number {
  const values = cells.map((c) => c.mean_g);
  return Math.max(...values) - Math.min(...values);
}

function draw(lines: Cell[][], width: number): Element[] {
  const narrow = width < kNarrow;
  const cells = lines.flat();
  const far = Math.max(...cells.map((c) => Math.abs(c.above_g)), 1e-9);
  const unit = axis_unit(far);
  const names = lines.map((l) => l[0]!.name);
  const margin = label_width(names, narrow ? 132 : 200);
  // From purple to orange, without the scheme's darkest ends.
  const color: Plot.ScaleOptions = { type: "diverging", interpolate: (t: number) => interpolatePuOr(0.08 + 0.84 * t), domain: [-far, far], pivot: 0 };
  const chart = plot({
    width,
    height: names.length * 20 + 34,
    marginLeft: margin,
    marginRight: 12,
    marginTop: 26,
    marginBottom: 4,
    padding: 0.04,
    x: { axis: null, type: "band", domain: [...Array(24).keys()] },
    y: { label: null, tickSize: 0, domain: names, tickFormat: (name: string) => shorten(name, margin) },
    color,
    marks: [
      Plot.axisX(narrow ? [0, 6, 12, 18] : [0, 3, 6, 9, 12, 15, 18, 21], { anchor: "top", label: null, tickSize: 0, tickFormat: hour_of_day }),
      Plot.cell(cells, { x: "hour", y: "name", fill: "above_g", title: (c: Cell) => `${c.name}, ${hour_of_day(c.hour)}: ${grams(c.mean_g)}, ${c.above_g < 0 ? `${grams(-c.above_g)} below` : `${grams(c.above_g)} above`} its mean` }),
    ],
  });
  const signed = (v: number): string => (v > 0 ? "+" : "") + gram_axis(far, "").tickFormat(v);
  return [legend(color, `above or below the region's own mean, ${unit.name} CO₂e`, signed, width), chart];
}
