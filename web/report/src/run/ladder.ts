// Figure: the boundary of this run as a ladder, each rung on top of the last.

import { bars } from "../bars";
import { gram_axis } from "../chart";
import type { FigureSpec, Panel } from "../figure";
import { grams, number } from "../format";
import type { Book } from "./document";
import { book_series, type Run } from "./run";

export function rungs(run: Run): { name: string; grams: number | null; kwh: number }[] {
  const { boundary: b, pue } = run.record;
  return [
    { name: "GPUs only (the paper's)", grams: b.gpu_g, kwh: b.gpu_kwh },
    { name: "+ CPU, memory, the rest", grams: b.plus_cpu_memory_g, kwh: b.plus_cpu_memory_kwh },
    { name: `× PUE ${number(pue)}`, grams: b.plus_pue_g, kwh: b.plus_pue_kwh },
    { name: "+ embodied", grams: b.plus_embodied_g, kwh: b.plus_pue_kwh },
  ];
}

/** Bars begin at 0: a run of negative intensity has its figures in the tables only. */
export function ladder_figure(run: Run): FigureSpec | null {
  const { own } = run;
  const known = rungs(run).flatMap((r) => (r.grams === null ? [] : [{ ...r, grams: r.grams }]));
  if (own === null || known.length === 0 || known.some((r) => r.grams < 0) || known.every((r) => r.grams === 0)) return null;
  return {
    id: "ladder",
    title: "What is counted: the boundary as a ladder",
    question: "How much is added when the CPU, the memory, the building and the making of the machine are counted too?",
    choices: [],
    panels: () => [panel(run, own, known)],
  };
}

function panel(run: Run, own: Book, known: { name: string; grams: number }[]): Panel {
  const steps = known.map((r, i) => {
    const before = known[i - 1]?.grams ?? 0;
    return { name: r.name, from: before, to: r.grams, text: i === 0 ? grams(r.grams) : `+${grams(r.grams - before)} = ${grams(r.grams)}` };
  });
  const [first, last] = [known[0]!, known[known.length - 1]!];
  const max = Math.max(...known.map((r) => r.grams));
  const axis = gram_axis(max, "cumulative emissions");
  return {
    heading: "From the GPUs to the making of the machine",
    signal: own.signal,
    series: [book_series(own, "own")],
    summary: `From “${first.name}”, ${grams(first.grams)}, to “${last.name}”, ${grams(last.grams)}: ${grams(last.grams - first.grams)} more.`,
    caption: [
      "Cumulative grams: each rung includes those above it; the dark part is what it adds.",
      ...(run.record.embodied_parts.length === 0 ? ["No part of the hardware has a known figure of its making: the last rung adds 0 g and is too low."] : []),
    ],
    draw: (width) => [bars(steps, max, { label: axis.label, tickFormat: axis.tickFormat }, width)],
    table: {
      caption: "Boundary: cumulative",
      columns: [
        { key: "name", label: "Rung", kind: "text" },
        { key: "energy_kwh", label: "Energy, kWh", kind: "digits" },
        { key: "rung_g", label: "Emissions so far", kind: "grams" },
      ],
      rows: rungs(run).map((r) => [r.name, r.kwh, r.grams]),
    },
  };
}
