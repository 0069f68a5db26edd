// What every section of the page asks of the run.

import type * as Plot from "@observablehq/plot";
import { kNarrow } from "../chart";
import type { Series } from "../document";
import { digits, grams, number } from "../format";
import { signal_key, signal_name } from "../signal";
import { kBooks, type Book, type BookName, type Component, type GridSeries, type RunRecord, type RunReport } from "./document";

export const kKinds = ["gpu", "cpu", "dram", "other"] as const;
export type Kind = (typeof kKinds)[number];

export const kKindName: Record<Kind, string> = { gpu: "GPU", cpu: "CPU", dram: "memory", other: "other" };

/** Colours by what draws the power; the key names them, and the order in a stack is that of the key. */
export const kKindColour: Record<Kind, string> = { gpu: "var(--gpu)", cpu: "var(--cpu)", dram: "var(--dram)", other: "var(--other)" };

/** The cause of a gap that is a whole node: it has no time of its own. */
export const kMissingNode = "missing-node";

export class Run {
  readonly record: RunRecord;
  /** A run rests on its own moments, never on a typical year. */
  readonly typical_year = false;

  constructor(readonly doc: RunReport) {
    this.record = doc.run;
  }

  /** The book of the headline. */
  get own(): Book | null {
    return this.record.book === null ? null : this.record[this.record.book];
  }

  books(): [BookName, Book][] {
    return kBooks.flatMap((name) => (this.record[name] === null ? [] : [[name, this.record[name]] as [BookName, Book]]));
  }

  kinds(): Kind[] {
    return kKinds.filter((kind) => this.record.components.some((c) => c.kind === kind));
  }

  of_kind(kind: Kind): Component[] {
    return this.record.components.filter((c) => c.kind === kind);
  }

  get level(): string {
    const { level } = this.record.uncertainty;
    return level > 0 ? `${number(Math.round(level * 100))}%` : "range";
  }
}

/** The frame of a figure wants series; a book is one. */
export function book_series(book: Book, id: string): Series {
  return { id, region: null, zone: book.zone ?? "not stated", label: book.zone ?? "not stated", signal: book.signal, source: book.source, vintage: book.vintage, step_seconds: null, begin: null, end: null, data_quality: book.data_quality, time_zone: null, mean_g_per_kwh: book.intensity_mean_g_per_kwh };
}

export function grid_series(series: GridSeries, id: string): Series {
  return { ...book_series({ ...series, intensity_mean_g_per_kwh: 0, operational_g: 0, emissions_g: 0, data_quality: series.data_quality ?? { measured: null, modelled: null, filled: null } }, id), data_quality: series.data_quality, mean_g_per_kwh: null };
}

/** "marginal, direct; US-CAL-CISO; SOURCE (vintage 2024)". */
export function provenance(book: { signal: Book["signal"]; zone: string | null; source: string | null; vintage: string | null }): string {
  return [signal_name(book.signal), book.zone ?? "zone not stated", `${book.source ?? "source not stated"}${book.vintage === null ? "" : ` (vintage ${book.vintage})`}`].join("; ");
}

export function is_of(series: GridSeries, book: Book): boolean {
  return signal_key(series.signal) === signal_key(book.signal) && series.source === book.source && series.vintage === book.vintage;
}

/** "measured (nvml-counter)" of "measured:nvml-counter". */
export function method_name(method: string): string {
  const at = method.indexOf(":");
  return at < 0 ? method : `${method.slice(0, at)} (${method.slice(at + 1)})`;
}

interface EnergyUnit {
  name: string;
  kwh: number;
}

const kEnergyUnits: EnergyUnit[] = [
  { name: "J", kwh: 1 / 3.6e6 },
  { name: "Wh", kwh: 1e-3 },
  { name: "kWh", kwh: 1 },
  { name: "MWh", kwh: 1e3 },
];

/** As the terminal says it: joules up to a tenth of a watt-hour, kWh from a tenth of one, MWh from ten. */
export function energy_unit(kwh: number): EnergyUnit {
  const size = Math.abs(Number(kwh.toPrecision(3)));
  if (size >= 1e4) return kEnergyUnits[3]!;
  if (size >= 0.1) return kEnergyUnits[2]!;
  return size >= 1e-4 ? kEnergyUnits[1]! : kEnergyUnits[0]!;
}

export function energy(kwh: number | null): string {
  if (kwh === null) return "–";
  if (kwh === 0) return "0 kWh";
  const unit = energy_unit(kwh);
  return `${digits(kwh / unit.kwh)} ${unit.name}`;
}

/** "4.74 to 5.10 kWh": the unit once where both have it. */
export function span(low: string, high: string): string {
  const unit = (text: string): string => text.slice(text.lastIndexOf(" "));
  return `${unit(low) === unit(high) ? low.slice(0, low.lastIndexOf(" ")) : low} to ${high}`;
}

export function energy_span([low, high]: [number, number]): string {
  return span(energy(low), energy(high));
}

export function gram_span([low, high]: [number, number]): string {
  return span(grams(low), grams(high));
}

export function power(watts: number): string {
  return Math.abs(watts) >= 999.5 ? `${digits(watts / 1000)} kW` : `${digits(watts)} W`;
}

/** An axis of time in UTC on a clock of 24 hours: days for long runs, seconds for short ones. */
export function time_axis(from: Date, to: Date, width: number): Plot.ScaleOptions {
  const seconds = (to.getTime() - from.getTime()) / 1000;
  const show = (at: Date): string => (seconds > 3 * 86400 ? at.toISOString().slice(5, 10) : seconds > 86400 ? at.toISOString().slice(5, 16).replace("T", " ") : at.toISOString().slice(11, seconds < 240 ? 19 : 16));
  return { type: "utc", label: "time, UTC", labelAnchor: "center", labelArrow: "none", labelOffset: 34, domain: [from, to], ticks: width < kNarrow ? (seconds < 240 ? 2 : 3) : 6, tickFormat: show };
}

/** "2024-05-02 12:02 UTC". */
export function moment(time: string | Date): string {
  const text = typeof time === "string" ? time : time.toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
