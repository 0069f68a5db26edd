// What all charts share: fonts, colours, axes of grams, labels that keep apart, and how a chart becomes an element.

import * as Plot from "@observablehq/plot";
import { h } from "./dom";
import { axis_unit, digits, number, type GramUnit } from "./format";

/** Below this width labels go above their rows, and cells lose their values. */
export const kNarrow = 620;

/** Colours are CSS variables: the same drawing turns dark, light, and fit for paper. Shapes differ as well. */
export const kColour = {
  run_now: "var(--run-now)",
  flexible_start: "var(--flexible-start)",
  pause_resume: "var(--pause-resume)",
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  surface: "var(--surface)",
  bar: "var(--bar)",
  bar_soft: "var(--bar-soft)",
};

export function strategy_colour(strategy: string): string {
  if (strategy === "flexible-start") return kColour.flexible_start;
  return strategy === "pause-resume" ? kColour.pause_resume : kColour.run_now;
}

export function strategy_symbol(strategy: string): "circle" | "diamond" | "square" {
  if (strategy === "flexible-start") return "diamond";
  return strategy === "pause-resume" ? "circle" : "square";
}

/** A plot in the page's own look. Its svg is the panel's main one. */
export function plot(options: Plot.PlotOptions): SVGElement {
  const made = Plot.plot({ ...options, style: { fontSize: "12px", overflow: "visible", background: "transparent" } });
  made.setAttribute("data-main", "");
  return made as unknown as SVGElement;
}

/** Ticks in the unit that suits the largest value, which is named in the label: "kg CO2e". */
export function gram_axis(max: number, what: string): { unit: GramUnit; label: string; tickFormat: (v: number) => string } {
  const unit = axis_unit(max);
  return { unit, label: `${what}, ${unit.name} CO₂e`, tickFormat: (v) => number(v / unit.grams).replace(/^−0$/, "0") };
}

/** A cell of a heat map: whole numbers where they have three digits already. */
export function in_unit(value: number, unit: GramUnit): string {
  const scaled = value / unit.grams;
  return Math.abs(scaled) >= 100 ? number(Math.round(scaled)) : digits(scaled);
}

/** The colour scale of a heat map as a legend. `options` are the colour scale's own. */
export function legend(options: Plot.ScaleOptions, label: string, tickFormat: (v: number) => string, width: number): Element {
  const made = Plot.legend({ color: options, label, tickFormat, ticks: 5, width: Math.min(340, width), marginLeft: 12, marginRight: 22, style: { fontSize: "11px" } });
  // Explained in the caption and beside it: no second image for a screen reader.
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** What the colours and shapes of strategies mean, in words beside their marks. */
export function strategy_key(strategies: string[], extra: [glyph: string, text: string][] = []): HTMLElement {
  const glyphs: Record<string, string> = { "run-now": "□", "flexible-start": "◆", "pause-resume": "●" };
  return h("ul", { class: "key" },
    strategies.map((s) => h("li", {}, h("span", { class: "glyph", style: `color:${strategy_colour(s)}`, "aria-hidden": "true" }, glyphs[s] ?? "■"), ` ${s}`)),
    extra.map(([glyph, text]) => h("li", {}, h("span", { class: "glyph", "aria-hidden": "true" }, glyph), ` ${text}`)));
}

/** The width that labels at 12 px need, up to `most`. */
export function label_width(labels: string[], most: number): number {
  return Math.min(most, Math.ceil(Math.max(0, ...labels.map((l) => l.length)) * 6.6) + 14);
}

export function shorten(label: string, width: number): string {
  const room = Math.floor((width - 14) / 6.6);
  return label.length <= room ? label : `${label.slice(0, room - 1)}…`;
}

/** Where a label already lies, in pixels of the chart. */
export interface Box {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** Leaves out a label that would lie over an earlier one; marks that share `taken` keep apart from each other as well. For the page's 12 px. */
export function keep_apart<T extends { dy?: number }>(options: T, taken: Box[] = []): T {
  return Plot.initializer(options as object, (data, facets, channels, scales) => {
    const { x, y, text } = channels as Record<string, { value: ArrayLike<unknown> }>;
    const at = (axis: "x" | "y", channel: { value: ArrayLike<unknown> }, i: number): number => {
      const scale = scales[axis] as unknown as ((v: unknown) => number) | undefined;
      return scale ? scale(channel.value[i]) : Number(channel.value[i]);
    };
    const kept = facets.map((index) =>
      Array.from(index).filter((i) => {
        const half = (String(text!.value[i]).length * 7) / 2 + 3;
        const [cx, cy] = [at("x", x!, i), at("y", y!, i) + (options.dy ?? 0)];
        const box: Box = { x0: cx - half, x1: cx + half, y0: cy - 8, y1: cy + 8 };
        if (taken.some((b) => b.x0 < box.x1 && box.x0 < b.x1 && b.y0 < box.y1 && box.y0 < b.y1)) return false;
        taken.push(box);
        return true;
      }),
    );
    return { data, facets: kept as never };
  }) as unknown as T;
}
