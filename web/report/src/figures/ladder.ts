// Figure: the boundary as a ladder, each rung on top of the last.

import { bars } from "../bars";
import { gram_axis } from "../chart";
import type { Ladder } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { grams } from "../format";
import type { Study } from "../study";

interface Step {
  name: string;
  before_g: number;
  g: number;
  text: string;
}

export function ladder_figure(study: Study): FigureSpec | null {
  const { ladder } = study.doc;
  const ladders = ladder.filter((l) => l.rungs.some((r) => r.g !== null));
  if (ladders.length === 0) return null;
  return {
    id: "ladder",
    title: "What is counted: the boundary as a ladder",
    question: "How much is added when the CPU, the memory, the building and the making of the machine are counted too?",
    choices: [],
    panels: () => ladders.map(ladder_panel),
  };
}

function ladder_panel(ladder: Ladder): Panel {
  const known = ladder.rungs.filter((r): r is typeof r & { g: number } => r.g !== null);
  const steps: Step[] = known.map((r, i) => {
    const before_g = known[i - 1]?.g ?? 0;
    return { name: r.name, before_g, g: r.g, text: i === 0 ? grams(r.g) : `${r.g < before_g ? "−" : "+"}${grams(Math.abs(r.g - before_g))} = ${grams(r.g)}` };
  });
  const [first, last] = [known[0]!, known[known.length - 1]!];
  return {
    heading: ladder.title,
    signal: null,
    series: [],
    summary: `From “${first.name}”, ${grams(first.g)}, to “${last.name}”, ${grams(last.g)}: ${grams(last.g - first.g)} more.`,
    caption: ["Cumulative grams: each rung includes those above it; the dark part is what it adds.", ...(ladder.note === null ? [] : [ladder.note]), ...(/marginal|average/i.test(`${ladder.title} ${ladder.note}`) ? [] : ["The signal of this ladder is not stated."])],
    draw: (width) => [ladder_chart(steps, width)],
    table: {
      caption: `${ladder.title}: cumulative, grams CO₂e`,
      columns: [
        { key: "name", label: "Rung", kind: "text" },
        { key: "watts", label: "Watts", kind: "digits" },
        { key: "energy_kwh", label: "Energy, kWh", kind: "digits" },
        { key: "g", label: "Emissions so far", kind: "grams" },
        { key: "method", label: "Method", kind: "text" },
      ],
      rows: ladder.rungs.map((r) => [r.name, r.watts, r.energy_kwh, r.g, r.method]),
    },
  };
}

function ladder_chart(steps: Step[], width: number): Element {
  const max = Math.max(...steps.map((s) => s.g));
  const axis = gram_axis(max, "cumulative emissions");
  return bars(steps.map((s) => ({ name: s.name, from: s.before_g, to: s.g, text: s.text })), max, { label: axis.label, tickFormat: axis.tickFormat }, width);
}
