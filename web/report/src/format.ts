// Numbers as text. Emissions come in g CO2e and are shown in g, kg or t; durations come in seconds.

const kUnknown = "–";

const three_digits = new Intl.NumberFormat("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

const minus = (text: string): string => text.replace("-", "−");

/** Three significant digits, thousands separated: 1,430. */
export function digits(value: number | null): string {
  if (value === null) return kUnknown;
  return value === 0 ? "0" : minus(three_digits.format(value));
}

/** A number as short as it is: 6, 0.3, 13,812.4. */
export function number(value: number | null): string {
  return value === null ? kUnknown : minus(plain.format(value));
}

export interface GramUnit {
  name: "µg" | "mg" | "g" | "kg" | "t";
  grams: number;
}

const kGram: GramUnit = { name: "g", grams: 1 };
const kMilligram: GramUnit = { name: "mg", grams: 1e-3 };
const kMicrogram: GramUnit = { name: "µg", grams: 1e-6 };
const kKilogram: GramUnit = { name: "kg", grams: 1e3 };
const kTonne: GramUnit = { name: "t", grams: 1e6 };

/** The unit in which `grams`, rounded to three digits, reads best: 999.6 g is 1.00 kg, 0.04 g is 40.0 mg. */
export function gram_unit(grams: number): GramUnit {
  const rounded = Math.abs(Number(grams.toPrecision(3)));
  if (rounded >= kTonne.grams) return kTonne;
  if (rounded >= kKilogram.grams) return kKilogram;
  if (rounded >= 0.1 || rounded === 0) return kGram;
  return rounded >= 1e-4 ? kMilligram : kMicrogram;
}

/** The unit for a whole axis or heat map whose largest value is `max`: whole numbers of at most four digits stay grams. */
export function axis_unit(max: number): GramUnit {
  if (max < 1e-5) return kMicrogram;
  if (max < 1e-2) return kMilligram;
  if (max < 1e4) return kGram;
  return max < 1e7 ? kKilogram : kTonne;
}

export function grams(value: number | null): string {
  if (value === null) return kUnknown;
  const unit = gram_unit(value);
  return `${digits(value / unit.grams)} ${unit.name}`;
}

/** A share that is already in percent. Always written beside its grams and its baseline, never alone. */
export function percent(value: number | null): string {
  if (value === null) return kUnknown;
  const size = Math.abs(value);
  return `${minus(value.toFixed(size >= 0.05 || size === 0 ? 1 : 2))}%`;
}

export function share(fraction: number | null): string {
  return fraction === null ? kUnknown : `${minus(String(Math.round(fraction * 1000) / 10))}%`;
}

export function duration(seconds: number | null): string {
  if (seconds === null) return kUnknown;
  const size = Math.abs(seconds);
  if (size === 0) return "0 h";
  if (size < 60) return `${digits(seconds)} s`;
  if (size < 3600) return `${number(Number((seconds / 60).toPrecision(3)))} min`;
  if (size < 2 * 86400) return `${number(Number((seconds / 3600).toPrecision(3)))} h`;
  return `${number(Number((seconds / 86400).toPrecision(3)))} d`;
}

/** A tick of a duration axis: weeks where they are whole. */
export function duration_tick(seconds: number): string {
  return seconds % 604800 === 0 ? `${seconds / 604800} wk` : duration(seconds);
}

export function hour_of_day(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

export const kMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function day(time: string | null): string {
  return time === null ? kUnknown : time.slice(0, 10);
}

/** A count with its noun: 1 pause, 2 pauses. */
export function count(n: number, noun: string): string {
  return `${number(n)} ${noun}${n === 1 ? "" : "s"}`;
}
