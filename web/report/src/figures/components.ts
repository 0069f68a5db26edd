// Figure: the paper's Table 1, where the watts of one training go.

import { bars } from "../bars";
import type { Component } from "../document";
import type { FigureSpec, Panel } from "../figure";
import { digits, number, share } from "../format";
import type { Study } from "../study";

export function components_figure(study: Study): FigureSpec | null {
  const parts = study.doc.table1.filter((c) => c.component !== "total");
  if (parts.length === 0) return null;
  return {
    id: "components",
    title: "Where the watts of one training go",
    question: "Is it enough to measure the GPU? The paper's Table 1: BERT-base on one TITAN X, 12 hours.",
    choices: [],
    panels: () => [components_panel(parts, study.doc.table1.find((c) => c.component === "total"))],
  };
}

function components_panel(parts: Component[], total: Component | undefined): Panel {
  const known = parts.filter((c): c is Component & { watts: number } => c.watts !== null);
  const gpu = known.find((c) => c.component === "gpu");
  return {
    heading: "Mean power by component",
    signal: null,
    series: [],
    summary: gpu ? `The GPU draws ${digits(gpu.watts)} W${total?.watts ? ` (${share(gpu.fraction)} of ${digits(total.watts)} W)` : ""}: a figure of the GPU alone leaves out the rest.` : "Power by component.",
    caption: ["Watts, not emissions: no grid signal is involved."],
    draw: (width) => [bars(known.map((c) => ({ name: c.component, from: 0, to: c.watts, text: `${digits(c.watts)} W (${share(c.fraction)})` })), Math.max(...known.map((c) => c.watts)), { label: "mean power, W", tickFormat: (v) => number(v) }, width)],
    table: {
      caption: "Mean power by component",
      columns: [
        { key: "component", label: "Component", kind: "text" },
        { key: "watts", label: "Watts", kind: "digits" },
        { key: "fraction", label: "Share", kind: "share" },
      ],
      rows: [...parts, ...(total ? [total] : [])].map((c) => [c.component, c.watts, c.fraction]),
    },
  };
}
