// The rows of a study as CSV (the program's rows.csv): read, and compared with the page's table number by number.
// @ts-check

/** @typedef {import("../src/document").Row} Row */
/** @typedef {Record<string, string>} Cells one row by column */

const kKey = ["series_id", "experiment", "slack", "strategy"];
/** Compared as text, unlike all other columns. */
const kText = ["region", "zone", "experiment", "slack", "strategy", "source"];

/** RFC 4180. @param {string} text @returns {Cells[]} */
export function parse_csv(text) {
  /** @type {string[][]} */
  const lines = [[]];
  const token = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gy;
  for (let m = token.exec(text); m && m.index < text.length; m = token.exec(text)) {
    const value = m[1] ?? "";
    lines[lines.length - 1]?.push(value.startsWith('"') ? value.slice(1, -1).replace(/""/g, '"') : value);
    if (m[2] !== ",") lines.push([]);
  }
  const [header = [], ...rows] = lines.filter((l) => l.length > 0);
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""])));
}

/** One row of the document as its CSV cells. @param {Row} row @returns {Cells} */
export function csv_cells(row) {
  const { signal, data_quality, ...rest } = row;
  const all = { ...rest, signal_kind: signal.kind, signal_scope: signal.scope, measured: data_quality?.measured ?? null, modelled: data_quality?.modelled ?? null, filled: data_quality?.filled ?? null };
  return Object.fromEntries(Object.entries(all).map(([k, v]) => [k, v === null ? "" : String(v)]));
}

/** @param {Cells[]} rows */
export function to_csv(rows) {
  const header = Object.keys(rows[0] ?? {});
  const quote = (/** @type {string} */ v) => (/[",\n]/.test(v) ? `"${v.replace(/"/g, '""')}"` : v);
  return [header, ...rows.map((r) => header.map((k) => r[k] ?? ""))].map((line) => line.map(quote).join(",")).join("\n") + "\n";
}

/**
 * What differs between the page's rows and the CSV's: empty when every number is the same double.
 * @param {Cells[]} page @param {Cells[]} csv @returns {string[]}
 */
export function differences(page, csv) {
  const key = (/** @type {Cells} */ r) => kKey.map((k) => r[k]).join(" | ");
  const by_key = new Map(page.map((r) => [key(r), r]));
  const found = page.length === csv.length ? [] : [`${page.length} rows in the page, ${csv.length} in the CSV`];
  if (by_key.size !== page.length) found.push("two rows of the page have the same series, experiment, slack and strategy");
  for (const wanted of csv) {
    const shown = by_key.get(key(wanted));
    if (!shown) found.push(`not in the page: ${key(wanted)}`);
    else
      for (const column of Object.keys(wanted)) {
        if (!(column in shown)) found.push(`the page has no column ${column}`);
        else if (!same(column, shown[column] ?? "", wanted[column] ?? "")) found.push(`${key(wanted)}: ${column} is ${shown[column]} in the page, ${wanted[column]} in the CSV`);
      }
  }
  return found;
}

/** @param {string} column @param {string} a @param {string} b */
function same(column, a, b) {
  if (kText.includes(column) || kKey.includes(column) || column.startsWith("signal_")) return a === b;
  return a === "" || b === "" ? a === b : Number(a) === Number(b);
}
