// Numbers as a table: every cell shows three digits and carries the unrounded value.

import { h, type Child } from "./dom";
import { digits, duration, grams, number, percent, share } from "./format";

export type CellKind = "text" | "grams" | "change" | "percent" | "share" | "duration" | "number" | "digits";

export interface Column {
  key: string;
  label: string;
  kind: CellKind;
}

export type Cell = string | number | null;

export interface TableSpec {
  caption: string;
  columns: Column[];
  rows: Cell[][];
  /** Ids of the series behind the rows, so that a test can see that no two signals meet. */
  series?: string[];
}

const kShow: Record<Exclude<CellKind, "text">, (value: number) => string> = {
  grams,
  change: (value) => (value < 0 ? `${grams(-value)} more` : `${grams(value)} less`),
  percent,
  share,
  duration,
  number,
  digits,
};

const kUnit: Record<CellKind, string> = { text: "", grams: " g", change: " g", percent: "%", share: " (of 1)", duration: " s", number: "", digits: "" };

/** One cell; `data-value` holds the unrounded number, empty when it is not known. */
export function cell(value: Cell, column: Column): HTMLTableCellElement {
  if (column.kind === "text") return h("td", { "data-column": column.key }, value === null ? "–" : String(value));
  const known = typeof value === "number";
  return h(
    "td",
    {
      class: "n",
      "data-column": column.key,
      "data-value": known ? String(value) : "",
      title: known ? `${value}${kUnit[column.kind]}` : "not known",
    },
    known ? kShow[column.kind](value) : "–",
  );
}

export function head(columns: Column[]): HTMLTableSectionElement {
  return h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col", class: c.kind === "text" ? null : "n" }, c.label))));
}

/** A caption that stays in sight, and no wider than the box, however wide the table is. */
export function caption(text: string): HTMLTableCaptionElement {
  return h("caption", {}, h("span", {}, text));
}

/** The table in its own scrolling box: a wide one never widens the page. */
export function data_table(spec: TableSpec): HTMLElement {
  const body = h("tbody", {}, spec.rows.map((row) => h("tr", {}, row.map((value, i) => cell(value, spec.columns[i]!)))));
  return scroll_box(spec.caption, h("table", { "data-series": spec.series?.join(" ") }, caption(spec.caption), head(spec.columns), body));
}

export function scroll_box(label: string, ...content: Child[]): HTMLElement {
  // Focusable, so that it can be scrolled with the keyboard alone.
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, content);
}
