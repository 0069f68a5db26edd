// Figure: power over time, by what draws it.

import * as Plot from "@observablehq/plot";
import { kColour, plot } from "../chart";
import { h } from "../dom";
import type { FigureSpec, Panel } from "../figure";
import { duration, number, share } from "../format";
import type { RunRecord } from "./document";
import { energy, energy_span, kMissingNode, kKindColour, kKindName, method_name, power, time_axis, type Kind, type Run } from "./run";

type Timeline = NonNullable<RunRecord["power"]>;

/** One kind of component over one bin, stacked on the kinds before it; NaN: no reading. */
interface Step {
  kind: Kind;
  at: Date;
  y1: number;
  y2: number;
}

export function power_figure(run: Run): FigureSpec | null {
  const timeline = run.record.power;
  if (timeline === null || !timeline.components.some((c) => c.watts.some((w) => w !== null))) return null;
  return {
    id: "power",
    title: "Power over time",
    question: "What drew how much power, and when?",
    choices: [],
    panels: () => [panel(run, timeline)],
  };
}

function panel(run: Run, timeline: Timeline): Panel {
  const { record } = run;
  const watts = (kwh: number): number => (record.duration_seconds > 0 ? (kwh * 3.6e6) / record.duration_seconds : 0);
  const parts = run.kinds().map((kind) => {
    const kwh = run.of_kind(kind).reduce((sum, c) => sum + c.energy_kwh, 0);
    return `${kKindName[kind]} ${energy(kwh)}`;
  });
  const unread = bins_unread(timeline);
  return {
    heading: `Means over ${duration(timeline.bin_seconds)}`,
    signal: null,
    series: [],
    summary: `${power(watts(record.energy_kwh))} on average over ${duration(record.duration_seconds)}: ${energy(record.energy_kwh)}; ${parts.join(", ")}.`,
    caption: [
      "The run's power at the equipment: its work, and the idle draw that is its share; other work on the machine is not in it. Stacked in the order of the key.",
      unread > 0 ? `Blank: no reading (${unread} of ${bin_count(timeline)} bins have a component without one); it is not drawn as 0 W.` : "Every bin has a reading of every component.",
      ...(record.gaps.some((g) => g.cause !== kMissingNode) ? ["Grey bands: gaps on record."] : []),
      ...(timeline.components.length < record.components.length ? [`Only ${timeline.components.length} of ${record.components.length} components have a timeline: those of the first node.`] : []),
    ],
    draw: (width) => [key(run), chart(run, timeline, width)],
    table: {
      caption: "Components: energy of the run and how it is known",
      columns: [
        { key: "name", label: "Component", kind: "text" },
        { key: "device", label: "Device", kind: "text" },
        { key: "method", label: "Method", kind: "text" },
        { key: "energy_kwh", label: "Energy, kWh", kind: "digits" },
        { key: "interval", label: `Interval (${run.level})`, kind: "text" },
        { key: "mean_w", label: "Mean, W", kind: "digits" },
        { key: "coverage", label: "Read", kind: "share" },
        { key: "source", label: "Source of the interval", kind: "text" },
      ],
      rows: record.components.map((c) => [c.name, c.device, method_name(c.method), c.energy_kwh, energy_span(c.interval_kwh), watts(c.energy_kwh), c.coverage, c.source]),
    },
  };
}

function key(run: Run): HTMLElement {
  return h("ul", { class: "key" },
    run.kinds().map((kind) => h("li", {}, h("span", { class: "glyph", style: `color:${kKindColour[kind]}`, "aria-hidden": "true" }, "■"), ` ${kKindName[kind]} (${run.of_kind(kind).length}, ${share_of(run, kind)})`)));
}

function share_of(run: Run, kind: Kind): string {
  const all = run.record.energy_kwh;
  const own = run.of_kind(kind).reduce((sum, c) => sum + c.energy_kwh, 0);
  return all > 0 ? `${share(own / all)} of ${energy(all)}` : energy(own);
}

function bin_count(timeline: Timeline): number {
  return Math.max(...timeline.components.map((c) => c.watts.length));
}

function bins_unread(timeline: Timeline): number {
  let unread = 0;
  for (let i = 0; i < bin_count(timeline); ++i) if (timeline.components.some((c) => (c.watts[i] ?? null) === null)) ++unread;
  return unread;
}

/** Sum of a kind in a bin; NaN where one of its components has no reading: a part is not the sum. */
function sum_of(run: Run, timeline: Timeline, kind: Kind, bin: number): number {
  const rows = timeline.components.filter((_, i) => run.record.components[i]?.kind === kind);
  return rows.reduce((sum, row) => sum + (row.watts[bin] ?? NaN), 0);
}

function steps(run: Run, timeline: Timeline): Step[] {
  const begin = Date.parse(timeline.begin);
  const end = Date.parse(run.record.end);
  const bin_ms = timeline.bin_seconds * 1000;
  const out: Step[] = [];
  for (let bin = 0; bin < bin_count(timeline); ++bin) {
    const from = begin + bin * bin_ms;
    if (from >= end && bin > 0) break;
    let base = 0;
    for (const kind of run.kinds()) {
      const value = sum_of(run, timeline, kind, bin);
      const known = Number.isFinite(value);
      // Two points a bin, so that a bin before a gap keeps its width.
      for (const at of [from, Math.max(from, Math.min(from + bin_ms, end))]) out.push({ kind, at: new Date(at), y1: known ? base : NaN, y2: known ? base + value : NaN });
      if (known) base += value;
    }
  }
  return out;
}

function chart(run: Run, timeline: Timeline, width: number): Element {
  const all = steps(run, timeline);
  const max = Math.max(1e-9, ...all.map((s) => s.y2).filter(Number.isFinite));
  const unit = max >= 1000 ? { name: "kW", watts: 1000 } : { name: "W", watts: 1 };
  const gaps = run.record.gaps.filter((g) => g.cause !== kMissingNode).map((g) => ({ from: new Date(g.begin), to: new Date(g.end), text: `${g.cause}${g.component === null ? "" : ` of ${g.component}`}` }));
  return plot({
    width,
    height: 260,
    marginLeft: 46,
    marginRight: 30,
    marginBottom: 40,
    x: time_axis(new Date(timeline.begin), new Date(Math.max(Date.parse(run.record.end), Date.parse(timeline.begin) + 1)), width),
    y: { label: `power, ${unit.name}`, labelArrow: "none", grid: true, domain: [0, (max / unit.watts) * 1.05], ticks: 5, tickFormat: (v: number) => number(v) },
    marks: [
      Plot.rectX(gaps, { x1: "from", x2: "to", fill: kColour.muted, fillOpacity: 0.25, title: "text" }),
      Plot.areaY(all, { x: "at", y1: (s: Step) => s.y1 / unit.watts, y2: (s: Step) => s.y2 / unit.watts, z: "kind", fill: (s: Step) => kKindColour[s.kind], fillOpacity: 0.85 }),
      Plot.ruleY([0], { stroke: kColour.muted }),
    ],
  });
}
