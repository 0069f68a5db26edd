// Figures: where energy and time went. Conservation: the run's work, idle that is its share, idle that is nobody's, and
// other work add up to what was measured.

import * as Plot from "@observablehq/plot";
import { bars } from "../bars";
import { kColour, kNarrow, label_width, plot, shorten } from "../chart";
import { h } from "../dom";
import type { FigureSpec, Panel } from "../figure";
import { count, digits, duration, number } from "../format";
import type { Component } from "./document";
import { energy, energy_span, energy_unit, kKindName, type Run } from "./run";

const kMostBars = 14;

const kParts = [
  { key: "job_kwh", name: "this run's work", fill: "var(--bar)" },
  { key: "job_idle_kwh", name: "idle draw that is its share", fill: "var(--bar-soft)" },
  { key: "idle_kwh", name: "idle draw that is nobody's", fill: "var(--surface)" },
  { key: "others_kwh", name: "other work on the machine", fill: "var(--muted)" },
] as const;

interface Row {
  name: string;
  job_kwh: number;
  job_idle_kwh: number;
  idle_kwh: number;
  others_kwh: number;
}

export function where_figure(run: Run): FigureSpec | null {
  if (run.record.components.length === 0) return null;
  return {
    id: "where",
    title: "Where energy and time went",
    question: "Which component used it, was it work or waiting, and in which part of the program?",
    choices: [],
    panels: () => [conservation(run), ...(run.record.regions.length > 0 ? [regions(run)] : [])],
  };
}

/** Components one by one; many of them, by node and kind. */
function rows_of(run: Run): Row[] {
  const { components } = run.record;
  if (components.length <= kMostBars) return components;
  const groups = new Map<string, Component[]>();
  for (const c of components) {
    const name = `${run.record.nodes.length > 1 ? `${c.node ?? "?"}: ` : ""}${kKindName[c.kind]}`;
    groups.set(name, [...(groups.get(name) ?? []), c]);
  }
  const sum = (of: Component[], key: keyof Row): number => of.reduce((s, c) => s + (c[key] as number), 0);
  return [...groups].map(([name, of]) => ({ name: `${name} (${of.length})`, job_kwh: sum(of, "job_kwh"), job_idle_kwh: sum(of, "job_idle_kwh"), idle_kwh: sum(of, "idle_kwh"), others_kwh: sum(of, "others_kwh") }));
}

function conservation(run: Run): Panel {
  const { conservation: sum } = run.record;
  const used = kParts.filter((p) => sum[p.key] !== 0);
  return {
    heading: "Energy by component: conservation",
    signal: null,
    series: [],
    summary: `${energy(sum.measured_kwh)} in all = ${kParts.map((p) => `${energy(sum[p.key])} ${p.name}`).join(" + ")}.`,
    caption: ["Energy at the equipment, measured or modelled, no grid signal involved. The first two are the run's: they are in its emissions and its SCI; the others are not."],
    draw: (width) => [
      h("ul", { class: "key" }, used.map((p) => h("li", {}, h("span", { class: "glyph", style: `color:${p.key === "idle_kwh" ? "var(--muted)" : p.fill}`, "aria-hidden": "true" }, p.key === "idle_kwh" ? "□" : "■"), ` ${p.name}`))),
      chart(rows_of(run), width),
    ],
    table: {
      caption: "Energy by component, kWh",
      columns: [
        { key: "name", label: "Component", kind: "text" },
        { key: "node", label: "Node", kind: "text" },
        { key: "measured_kwh", label: "In all", kind: "digits" },
        ...kParts.map((p) => ({ key: p.key, label: p.name, kind: "digits" as const })),
        { key: "emissions_g", label: "CO₂e at the equipment", kind: "grams" },
      ],
      rows: run.record.components.map((c) => [c.name, c.node, c.measured_kwh, c.job_kwh, c.job_idle_kwh, c.idle_kwh, c.others_kwh, c.emissions_g]),
    },
  };
}

function chart(rows: Row[], width: number): Element {
  const narrow = width < kNarrow;
  const total = (r: Row): number => kParts.reduce((sum, p) => sum + r[p.key], 0);
  const max = Math.max(1e-12, ...rows.map(total));
  const unit = energy_unit(max);
  const margin = narrow ? 6 : label_width(rows.map((r) => r.name), 230) + 8;
  const pieces = rows.flatMap((r) => {
    let at = 0;
    return kParts.map((p) => ({ name: r.name, fill: p.fill, from: at / unit.kwh, to: (at += r[p.key]) / unit.kwh, title: `${r.name}: ${energy(r[p.key])} ${p.name}` }));
  });
  return plot({
    width,
    height: rows.length * (narrow ? 42 : 28) + 46,
    marginLeft: margin,
    marginRight: 14,
    marginTop: 4,
    marginBottom: 40,
    x: { label: `energy, ${unit.name}`, labelAnchor: "center", labelArrow: "none", domain: [0, (max / unit.kwh) * (narrow ? 1.05 : 1.2)], tickFormat: (v: number) => number(v), ticks: narrow ? 4 : 6, grid: true },
    y: { domain: rows.map((r) => r.name), label: null, tickSize: 0, axis: narrow ? null : "left", tickFormat: (n: string) => shorten(n, margin) },
    marks: [
      Plot.barX(pieces.filter((p) => p.to > p.from), { y: "name", x1: "from", x2: "to", fill: "fill", stroke: kColour.muted, strokeWidth: 0.8, insetTop: narrow ? 18 : 4, insetBottom: 4, title: "title" }),
      Plot.ruleX([0], { stroke: kColour.muted }),
      narrow
        ? Plot.text(rows, { y: "name", text: (r: Row) => `${r.name}: ${energy(total(r))}`, frameAnchor: "left", textAnchor: "start", dx: 2, dy: -13, fill: kColour.ink })
        : Plot.text(rows, { y: "name", x: (r: Row) => total(r) / unit.kwh, text: (r: Row) => energy(total(r)), textAnchor: "start", dx: 7, fill: kColour.ink, stroke: kColour.surface, strokeWidth: 3 }),
    ],
  });
}

function regions(run: Run): Panel {
  const { regions: all } = run.record;
  const most = [...all].sort((a, b) => b.energy_kwh - a.energy_kwh)[0]!;
  const unit = energy_unit(Math.max(1e-12, ...all.map((r) => r.energy_kwh)));
  const shown = [...all].sort((a, b) => b.energy_kwh - a.energy_kwh).slice(0, kMostBars);
  return {
    heading: "Energy by region of the program",
    signal: null,
    series: [],
    summary: `${most.path}: ${energy(most.energy_kwh)} in ${duration(most.seconds)} (${count(most.passages, "passage")}), the most of ${count(all.length, "region")}.`,
    caption: [
      "Regions as the program marked them; one inside another counts in both.",
      ...(all.some((r) => r.open) ? ["Marked as not ended: the run ended inside."] : []),
      ...(shown.length < all.length ? [`The ${shown.length} largest of ${all.length}; the table has all.`] : []),
    ],
    draw: (width) => [bars(shown.map((r) => ({ name: r.path, from: 0, to: r.energy_kwh / unit.kwh, text: `${energy(r.energy_kwh)} in ${duration(r.seconds)}` })), Math.max(1e-12, ...shown.map((r) => r.energy_kwh / unit.kwh)), { label: `energy, ${unit.name}`, tickFormat: (v) => number(v) }, width)],
    table: {
      caption: "Regions",
      columns: [
        { key: "path", label: "Region", kind: "text" },
        { key: "passages", label: "Passages", kind: "number" },
        { key: "seconds", label: "Time", kind: "duration" },
        { key: "energy_kwh", label: "Energy, kWh", kind: "digits" },
        { key: "mean_w", label: "Mean, W", kind: "digits" },
        { key: "region_g", label: "Operational CO₂e", kind: "grams" },
        { key: "open", label: "", kind: "text" },
      ],
      rows: all.map((r) => [r.path, r.passages, r.seconds, r.energy_kwh, r.seconds > 0 ? (r.energy_kwh * 3.6e6) / r.seconds : null, r.operational_g, r.open ? "not ended" : ""]),
    },
  };
}

/** A sentence on the whole that the first passages foretell; null where none was asked for. */
export function prediction_note(run: Run): string | null {
  const p = run.record.prediction;
  if (p === null) return null;
  const level = p.level > 0 ? `${number(Math.round(p.level * 100))}%: ` : "";
  return `After ${p.done} of ${p.expected} passages of ${p.region}, the whole is expected to use ${energy(p.energy_kwh)} (${level}${energy_span(p.energy_interval_kwh)}) in ${duration(p.seconds)}${p.emissions_g === null ? "" : `, ${digits(p.emissions_g)} g CO₂e`}.`;
}
