// Figure: emissions by 5-minute slot under the intensity that made them, one panel a book.

import * as Plot from "@observablehq/plot";
import { gram_axis, kColour, plot } from "../chart";
import { h } from "../dom";
import type { FigureSpec, Panel } from "../figure";
import { digits, grams, number } from "../format";
import { words } from "../signal";
import type { Book, BookName, Slot } from "./document";
import { book_series, energy, moment, time_axis, type Run } from "./run";

interface Bar {
  from: Date;
  to: Date;
  kwh: number;
  intensity: number | null;
  grams: number | null;
}

export function slots_figure(run: Run): FigureSpec | null {
  if (run.books().length === 0 || run.record.slots.length === 0) return null;
  return {
    id: "slots",
    title: "Emissions by slot, under the intensity of the grid",
    question: "When did the run emit what, and how clean was the grid then?",
    choices: [],
    panels: () => run.books().map(([name, book]) => panel(run, name, book)),
  };
}

function bars_of(run: Run, name: BookName): Bar[] {
  const { pue, slots } = run.record;
  return slots.map((slot: Slot) => {
    const intensity = slot[`${name}_g_per_kwh`];
    const begin = Date.parse(slot.begin);
    return { from: new Date(begin), to: new Date(begin + 300_000), kwh: slot.energy_kwh, intensity, grams: intensity === null ? null : slot.energy_kwh * intensity * pue };
  });
}

function panel(run: Run, name: BookName, book: Book): Panel {
  const all = bars_of(run, name);
  const known = all.filter((b): b is Bar & { grams: number; intensity: number } => b.grams !== null);
  const most = [...known].sort((a, b) => b.grams - a.grams)[0];
  const clean = [...known].sort((a, b) => a.intensity - b.intensity);
  const [least, worst] = [clean[0], clean[clean.length - 1]];
  return {
    heading: name === "attributional" ? "Attributional: what an inventory reports" : "Consequential: what a decision changes",
    signal: book.signal,
    series: [book_series(book, name)],
    summary: !most || !least || !worst ? `${grams(book.operational_g)} CO₂e operational; no slot has an intensity.` : `${grams(book.operational_g)} CO₂e operational at ${digits(book.intensity_mean_g_per_kwh)} g/kWh on average; most in the slot of ${moment(most.from)}, ${grams(most.grams)}; the grid ${digits(least.intensity) === digits(worst.intensity) ? "at" : `between ${digits(least.intensity)} and`} ${digits(worst.intensity)} g/kWh.`,
    caption: [
      `Bars: energy of the slot × its intensity × PUE ${number(run.record.pue)}; embodied emissions are not in them. Line: the intensity, weighted by the run's energy in the slot.`,
      ...(known.length < all.length ? [`${all.length - known.length} of ${all.length} slots have no intensity: they are blank, not 0 g.`] : []),
      ...(name === "attributional" ? [words(book.signal).meaning] : []),
    ],
    draw: (width) => [h("p", { class: "small" }, "intensity, g/kWh"), intensity_chart(known, all, width), emissions_chart(known, all, width)],
    table: {
      caption: `Slots of 5 minutes, ${name}`,
      series: [name],
      columns: [
        { key: "begin", label: "Begin", kind: "text" },
        { key: "energy_kwh", label: "Energy, kWh", kind: "digits" },
        { key: "g_per_kwh", label: "Intensity, g/kWh", kind: "digits" },
        { key: "slot_g", label: "Operational", kind: "grams" },
      ],
      rows: all.map((b) => [moment(b.from), b.kwh, b.intensity, b.grams]),
    },
  };
}

function whole_time(all: Bar[], width: number): Plot.ScaleOptions {
  return time_axis(all[0]!.from, all[all.length - 1]!.to, width);
}

const kMargins = { marginLeft: 52, marginRight: 30 };

/** The step of a slot as two points, so that a slot before one without a value keeps its width. */
function intensity_chart(known: Bar[], all: Bar[], width: number): SVGElement {
  const points = all.flatMap((b) => [b.from, b.to].map((at) => ({ at, value: b.intensity ?? NaN })));
  const values = known.map((b) => b.intensity!);
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  return plot({
    width,
    height: 130,
    ...kMargins,
    marginTop: 8,
    marginBottom: 8,
    x: { ...whole_time(all, width), axis: null },
    y: { label: null, grid: true, domain: [low, high * 1.05], ticks: 4 },
    marks: [Plot.ruleY([0], { stroke: kColour.muted }), Plot.lineY(points, { x: "at", y: "value", stroke: kColour.flexible_start, strokeWidth: 2 })],
  });
}

function emissions_chart(known: Bar[], all: Bar[], width: number): SVGElement {
  const values = known.map((b) => b.grams!);
  const [low, high] = [Math.min(0, ...values), Math.max(1e-12, ...values)];
  const axis = gram_axis(high, "emissions of a slot");
  return plot({
    width,
    height: 222,
    ...kMargins,
    marginTop: 28,
    marginBottom: 40,
    x: whole_time(all, width),
    y: { label: axis.label, labelArrow: "none", tickFormat: axis.tickFormat, grid: true, domain: [low * 1.05, high * 1.05], ticks: 4 },
    marks: [
      Plot.rectY(known, { x1: "from", x2: "to", y: "grams", fill: kColour.bar, inset: known.length > 150 ? 0 : 0.5, title: (b: Bar) => `${moment(b.from)}: ${grams(b.grams)} CO₂e (${energy(b.kwh)} at ${digits(b.intensity)} g/kWh)` }),
      Plot.ruleY([0], { stroke: kColour.muted }),
    ],
  });
}
