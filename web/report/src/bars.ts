// Horizontal bars with their text: a ladder's rungs, a machine's components.

import * as Plot from "@observablehq/plot";
import { kColour, kNarrow, label_width, plot, shorten } from "./chart";

export interface Bar {
  name: string;
  from: number;
  to: number;
  text: string;
}

export function bars(rows: Bar[], max: number, axis: { label: string; tickFormat: (v: number) => string }, width: number): Element {
  const narrow = width < kNarrow;
  const margin = narrow ? 6 : label_width(rows.map((r) => r.name), 230);
  // Room right of the longest bar for its text.
  const room = narrow ? 1.05 : 1.3;
  const inset = narrow ? { insetTop: 18, insetBottom: 4 } : { insetTop: 4, insetBottom: 4 };
  return plot({
    width,
    height: rows.length * (narrow ? 42 : 30) + 46,
    marginLeft: margin,
    marginRight: 14,
    marginTop: 4,
    marginBottom: 40,
    x: { label: axis.label, labelAnchor: "center", labelArrow: "none", tickFormat: axis.tickFormat, domain: [0, max * room], ticks: narrow ? 4 : 6, grid: true },
    y: { domain: rows.map((r) => r.name), label: null, tickSize: 0, axis: narrow ? null : "left", tickFormat: (n: string) => shorten(n, margin) },
    marks: [
      Plot.barX(rows.filter((r) => r.from > 0), { y: "name", x1: 0, x2: "from", fill: kColour.bar_soft, ...inset }),
      Plot.barX(rows, { y: "name", x1: "from", x2: "to", fill: kColour.bar, ...inset }),
      Plot.ruleX([0], { stroke: kColour.muted }),
      narrow
        ? Plot.text(rows, { y: "name", text: (r: Bar) => `${r.name}: ${r.text}`, frameAnchor: "left", textAnchor: "start", dx: 2, dy: -13, fill: kColour.ink })
        : Plot.text(rows, { y: "name", x: (r: Bar) => Math.max(r.from, r.to), text: "text", textAnchor: "start", dx: 7, fill: kColour.ink, stroke: kColour.surface, strokeWidth: 3 }),
    ],
  });
}
