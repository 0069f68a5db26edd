// The frame of every figure: question, choices, one panel for each signal, and in each panel a sentence, the chart,
// its caption with signal and source, and the numbers as a table.

import type { Series, Signal } from "./document";
import { h, type Choice } from "./dom";
import { share } from "./format";
import { signal_key, signal_name } from "./signal";
import { unique } from "./study";
import { data_table, type TableSpec } from "./table";

export const kTypicalYear = "Illustration on a typical year: smoothing hides much of the saving.";

export interface Panel {
  heading: string;
  /** null where the numbers rest on no grid signal (watts). */
  signal: Signal | null;
  /** Overrides the name of the signal in the heading, where a group is more than its signal (a vintage). */
  signal_text?: string;
  /** The series drawn; source and data quality of the caption come from them. */
  series: Series[];
  summary: string;
  /** What the marks mean. */
  caption: string[];
  /** Draws for a width in CSS pixels; the first element with a chart is the panel's own. */
  draw(width: number): Element[];
  table: TableSpec;
}

export interface FigureSpec {
  id: string;
  title: string;
  question: string;
  choices: Choice[];
  panels(): Panel[];
  /** Follows the panels. */
  after?: Node | null;
}

interface Drawn {
  chart: HTMLElement;
  panel: Panel;
  width: number;
}

/** What a figure asks of the document that it belongs to. */
export interface Setting {
  readonly typical_year: boolean;
}

export class Figure {
  readonly element: HTMLElement;
  private readonly body = h("div", { class: "panels" });
  private drawn: Drawn[] = [];

  constructor(
    private readonly setting: Setting,
    private readonly spec: FigureSpec,
    index: number,
  ) {
    this.element = h(
      "section",
      { class: "figure", id: spec.id, "aria-labelledby": `${spec.id}-title` },
      h("div", { class: "figure-head" },
        h("h2", { id: `${spec.id}-title` }, h("span", { class: "figure-number" }, `Figure ${index}.`), " ", spec.title),
        h("p", { class: "question" }, spec.question),
        spec.choices.length > 0 && h("div", { class: "choices" }, spec.choices.map((c) => c.element))),
      this.body,
      spec.after,
    );
  }

  /** Rebuilds the panels for the state of the choices, and draws them. */
  update(): void {
    const open = [...this.body.querySelectorAll("details")].map((d) => d.open);
    this.drawn = [];
    this.body.replaceChildren(...this.spec.panels().map((panel, i) => this.build(panel, open[i] ?? false)));
    this.draw(null);
  }

  /** Draws for the width at hand, or for `width` where paper asks for one; a width that is drawn already stays. */
  draw(width: number | null): void {
    for (const d of this.drawn) {
      const wanted = Math.floor(width ?? d.chart.clientWidth);
      if (wanted <= 0 || wanted === d.width) continue;
      d.width = wanted;
      d.chart.replaceChildren(...d.panel.draw(wanted));
      d.chart.querySelectorAll("svg[data-main]").forEach((svg) => {
        svg.setAttribute("role", "img");
        if (!svg.hasAttribute("aria-label")) svg.setAttribute("aria-label", `${this.spec.title}. ${d.panel.heading}${d.panel.signal ? ` (${d.panel.signal_text ?? signal_name(d.panel.signal)})` : ""}. ${d.panel.summary}`);
      });
    }
  }

  private build(panel: Panel, open: boolean): HTMLElement {
    const chart = h("div", { class: "chart" });
    this.drawn.push({ chart, panel, width: 0 });
    return h(
      "figure",
      { class: "panel", "data-signal": panel.signal && signal_key(panel.signal), "data-series": panel.series.map((s) => s.id).join(" ") },
      h("div", { class: "panel-top" },
        h("h3", {}, panel.heading, panel.signal && [" ", h("span", { class: "signal" }, panel.signal_text ?? signal_name(panel.signal))]),
        h("p", { class: "summary" }, panel.summary)),
      chart,
      h("figcaption", {}, [...panel.caption, ...this.provenance(panel)].map((line) => h("span", { class: "line" }, line, " "))),
      h("details", { open }, h("summary", {}, "The numbers as a table"), data_table(panel.table)),
    );
  }

  private provenance(panel: Panel): string[] {
    const lines: string[] = [];
    if (panel.signal) lines.push(`Signal: ${panel.signal_text ?? signal_name(panel.signal)}.`);
    if (panel.series.length > 0) lines.push(`Source: ${sources(panel.series)}.`, quality(panel.series));
    if (this.setting.typical_year && panel.signal) lines.push(kTypicalYear);
    return lines;
  }
}

function sources(series: Series[]): string {
  return unique(series.map((s) => `${s.source ?? "not stated"}${s.vintage === null ? "" : ` (${s.vintage})`}`)).join("; ");
}

/** The range of each share over the series: shares are not averaged over zones. */
function quality(series: Series[]): string {
  const known = series.map((s) => s.data_quality);
  const range = (pick: "measured" | "modelled" | "filled"): string => {
    const values = known.map((q) => q?.[pick] ?? null).filter((v) => v !== null);
    if (values.length === 0) return `${pick} not known`;
    const [low, high] = [share(Math.min(...values)), share(Math.max(...values))];
    return `${pick} ${low === high ? low : `${low} to ${high}`}`;
  };
  return `Slots: ${range("measured")}, ${range("modelled")}, ${range("filled")}.`;
}
