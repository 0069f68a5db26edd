// Figure: the jobs, from their cleanest to their dirtiest region, among everyday quantities, on a logarithmic axis.

import * as Plot from "@observablehq/plot";
import { kColour, kNarrow, label_width, plot, shorten } from "../chart";
import type { JobRange } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { grams, number } from "../format";
import type { Group } from "../signal";
import { signal_key } from "../signal";
import type { Study } from "../study";

interface Entry {
  /** Unique; the name alone is not, where a quantity has two vintages. */
  key: string;
  job: boolean;
  name: string;
  min_g: number;
  max_g: number;
  text: string;
}

const kAxis = "grams CO₂e, logarithmic: each gridline is ten times the one before";

export function everyday_figure(study: Study): FigureSpec | null {
  const { jobs } = study.doc.equivalences;
  if (jobs.length === 0) return null;
  return {
    id: "everyday",
    title: "The jobs among everyday quantities",
    question: "How large is a training job beside things that people know?",
    choices: [],
    panels: () => study.groups.flatMap((g) => {
      const mine = jobs.filter((j) => signal_key(j.signal) === signal_key(g.signal));
      return mine.length > 0 ? [panel(study, g, mine)] : [];
    }),
  };
}

function panel(study: Study, group: Group, jobs: JobRange[]): Panel {
  const entries = [...job_entries(study, jobs), ...everyday_entries(study)].sort((a, b) => middle(a) - middle(b));
  const extrapolated = jobs.filter((j) => study.experiment(j.experiment)?.extrapolated);
  const known = jobs.filter((j) => j.min_g !== null && j.max_g !== null).sort((a, b) => a.max_g! - b.max_g!);
  const one_region = known.length > 0 && known.every((j) => j.min_region === j.max_region) ? known[0]!.min_region : null;
  const [small, large] = [known[0], known[known.length - 1]];
  return {
    heading: one_region === null ? "Run-now, from the cleanest to the dirtiest region" : `Run-now in ${one_region}`,
    signal: group.signal,
    signal_text: group.name,
    series: group.series,
    summary:
      !small || !large
        ? "No job is known."
        : `The smallest job, ${study.job(small.experiment)}: ${range(small)}${one_region === null ? ` (${small.min_region ?? "?"} to ${small.max_region ?? "?"})` : ""}; the largest, ${study.job(large.experiment)}: ${range(large)}.`,
    caption: [
      one_region === null ? "Bars: jobs, from the mean of the cleanest region to that of the dirtiest." : "Circles: jobs, mean in the one region of this signal.",
      "Diamonds: everyday quantities, each with the vintage of its factor and a method of its own.",
      ...extrapolated.map((j) => `‡ ${j.experiment} is extrapolated, not run${study.experiment(j.experiment)?.note ? ` (${study.experiment(j.experiment)!.note})` : ""}.`),
      ...jobs.filter((j) => j.note !== null).map((j) => `${j.experiment}: ${j.note}.`),
    ],
    draw: (width) => [chart(entries, width)],
    table: {
      caption: `Jobs (${group.name}) and everyday quantities, grams CO₂e`,
      series: group.series.map((s) => s.id),
      columns: [
        { key: "key", label: "Job or quantity", kind: "text" },
        { key: "energy_kwh", label: "Energy, kWh", kind: "digits" },
        { key: "min_g", label: "Least", kind: "grams" },
        { key: "min_region", label: "in", kind: "text" },
        { key: "max_g", label: "Most", kind: "grams" },
        { key: "max_region", label: "in", kind: "text" },
        { key: "source", label: "Source", kind: "text" },
      ],
      rows: [
        ...jobs.map((j) => [study.job(j.experiment), j.energy_kwh, j.min_g, j.min_region, j.max_g, j.max_region, j.note]),
        ...study.doc.equivalences.everyday.map((e) => [e.name, null, e.grams, null, e.grams, null, [e.vintage, e.source].filter(Boolean).join("; ")]),
      ],
    },
  };
}

function range(j: JobRange): string {
  return j.min_g === j.max_g ? grams(j.max_g) : `${grams(j.min_g)} to ${grams(j.max_g)}`;
}

function job_entries(study: Study, jobs: JobRange[]): Entry[] {
  return jobs.flatMap((j) => (j.min_g !== null && j.max_g !== null && j.max_g > 0 ? [{ key: `job ${j.experiment}`, job: true, name: study.job(j.experiment), min_g: j.min_g, max_g: j.max_g, text: range(j) }] : []));
}

function everyday_entries(study: Study): Entry[] {
  return study.doc.equivalences.everyday.filter((e) => e.grams > 0).map((e) => ({ key: `${e.name} ${e.vintage ?? ""}`, job: false, name: e.name, min_g: e.grams, max_g: e.grams, text: e.vintage === null ? grams(e.grams) : `${grams(e.grams)} (${e.vintage})` }));
}

function middle(e: Entry): number {
  return Math.sqrt(Math.max(e.min_g, e.max_g / 1e6) * e.max_g);
}

function chart(entries: Entry[], width: number): Element {
  const narrow = width < kNarrow;
  const least = Math.min(...entries.map((e) => (e.min_g > 0 ? e.min_g : e.max_g)));
  const decades = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(Math.max(...entries.map((e) => e.max_g))))] as const;
  const domain = [10 ** decades[0], 10 ** decades[1]] as const;
  const name_of = new Map(entries.map((e) => [e.key, e.name]));
  const margin = label_width([...name_of.values()], 290);
  // Labels such as "1,000 t" need room: every second gridline keeps its own where there is little.
  const crowded = narrow || (width - margin) / (decades[1] - decades[0] + 1) < 48;
  const ticks = Array.from({ length: decades[1] - decades[0] + 1 }, (_, i) => 10 ** (decades[0] + i));
  const of = (job: boolean): Entry[] => entries.filter((e) => e.job === job);
  // A label stands right of its mark, or left of it where the mark ends near the right edge.
  const fits_right = (e: Entry): boolean => Math.log10(e.max_g) < decades[0] + 0.72 * (decades[1] - decades[0]);
  return plot({
    width,
    height: entries.length * (narrow ? 38 : 25) + 66,
    marginLeft: narrow ? 20 : margin,
    marginRight: narrow ? 22 : 32,
    marginTop: narrow ? 6 : 8,
    marginBottom: 44,
    x: { type: "log", domain: [...domain], label: narrow ? "grams CO₂e, each gridline ten times the last" : kAxis, labelAnchor: "center", labelArrow: "none", grid: true, ticks: ticks.filter((_, i) => !crowded || i % 2 === 0), tickFormat: (v: number) => tick(v) },
    y: { domain: [...name_of.keys()], label: null, tickSize: 0, axis: narrow ? null : "left", tickFormat: (key: string) => shorten(name_of.get(key)!, margin) },
    marks: [
      Plot.gridX(ticks),
      Plot.ruleX(of(false), { x: "max_g", stroke: kColour.muted, strokeOpacity: 0.35, strokeDasharray: "2,4" }),
      Plot.barX(of(true).filter((e) => e.min_g < e.max_g), { y: "key", x1: (e: Entry) => Math.max(e.min_g, domain[0]), x2: "max_g", fill: kColour.bar, insetTop: narrow ? 14 : 6, insetBottom: narrow ? 10 : 6, rx: 2, stroke: kColour.bar, strokeWidth: 2 }),
      Plot.dot(of(true).filter((e) => e.min_g === e.max_g), { y: "key", x: "max_g", r: 5, fill: kColour.bar, dy: narrow ? 2 : 0 }),
      Plot.dot(of(false), { y: "key", x: "max_g", symbol: "diamond", r: 5, fill: kColour.muted, dy: narrow ? 2 : 0 }),
      narrow
        ? Plot.text(entries, { y: "key", text: (e: Entry) => above(e, width), dx: -14, frameAnchor: "left", textAnchor: "start", dy: -13, fill: kColour.ink, stroke: kColour.surface, strokeWidth: 4 })
        : [
            Plot.text(entries.filter(fits_right), { y: "key", x: "max_g", text: "text", textAnchor: "start", dx: 10, fill: kColour.ink, stroke: kColour.surface, strokeWidth: 4 }),
            Plot.text(entries.filter((e) => !fits_right(e)), { y: "key", x: "min_g", text: "text", textAnchor: "end", dx: -10, fill: kColour.ink, stroke: kColour.surface, strokeWidth: 4 }),
          ],
    ],
  });
}

/** On a phone the vintage, which the table has too, gives way where the line would not fit. */
function above(e: Entry, width: number): string {
  const text = `${e.name}: ${e.text}`;
  return text.length * 6.8 < width ? text : text.replace(/ \(.*\)$/, "");
}

function tick(g: number): string {
  if (g >= 1e6) return `${number(g / 1e6)} t`;
  return g >= 1e3 ? `${number(g / 1e3)} kg` : `${number(g)} g`;
}
