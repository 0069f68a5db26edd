// What the run would have emitted at another time, in another zone, on other boards: its energy by slot x a series. A
// moment without a value gives no figure, and says when: nothing is filled.

import type { GridSeries, RunReport } from "./document";
import { signal_key } from "../signal";

const kSlotMs = 300_000;

/** Series that may be compared with each other: of one signal, source and vintage. */
export interface Family {
  key: string;
  series: GridSeries[];
}

export function families(series: GridSeries[]): Family[] {
  const found = new Map<string, Family>();
  for (const s of series) {
    const key = JSON.stringify([signal_key(s.signal), s.source, s.vintage]);
    if (!found.has(key)) found.set(key, { key, series: [] });
    found.get(key)!.series.push(s);
  }
  return [...found.values()];
}

export interface Change {
  series: GridSeries;
  later_hours: number;
  pue: number;
  /** The GPUs' energy as a multiple of what they used. */
  gpu_factor: number;
}

export interface Priced {
  energy_kwh: number;
  operational_g: number;
  emissions_g: number;
  /** null: no energy. */
  intensity_mean_g_per_kwh: number | null;
}

/** Or the first moment that has no value. */
export type Outcome = { priced: Priced; missing_at: null } | { priced: null; missing_at: Date };

export function price(doc: RunReport, change: Change): Outcome {
  const { run } = doc;
  const later = change.later_hours * 3_600_000;
  const [begin, end] = [Date.parse(run.begin), Date.parse(run.end)];
  let energy = 0;
  let at_equipment = 0;
  for (const slot of run.slots) {
    const part = slot.by_component_kwh.reduce((sum, kwh, i) => sum + kwh * (run.components[i]?.kind === "gpu" ? change.gpu_factor : 1), 0);
    energy += part;
    if (part === 0) continue;
    const at = Date.parse(slot.begin);
    // The part of the slot that the run touches; its energy is spread evenly over it.
    let [from, to] = [Math.max(at, begin), Math.min(at + kSlotMs, end)];
    if (to <= from) [from, to] = [at, at + kSlotMs];
    const mean = mean_over(change.series, from + later, to + later);
    if (mean.missing_at !== null) return { priced: null, missing_at: mean.missing_at };
    at_equipment += part * mean.value;
  }
  const operational_g = at_equipment * change.pue;
  return {
    priced: { energy_kwh: energy, operational_g, emissions_g: operational_g + run.embodied_g, intensity_mean_g_per_kwh: energy > 0 ? at_equipment / energy : null },
    missing_at: null,
  };
}

/** Mean weighted by time over [from, to), in milliseconds since 1970. */
function mean_over(series: GridSeries, from: number, to: number): { value: number; missing_at: null } | { missing_at: Date } {
  const begin = Date.parse(series.begin);
  const step = series.step_seconds * 1000;
  let sum = 0;
  for (let at = from; at < to; ) {
    const slot = Math.floor((at - begin) / step);
    const value = slot < 0 ? null : (series.g_per_kwh[slot] ?? null);
    if (value === null) return { missing_at: new Date(at) };
    const until = Math.min(to, begin + (slot + 1) * step);
    sum += value * (until - at);
    at = until;
  }
  return { value: sum / (to - from), missing_at: null };
}

/** The board that a component's device is: the longest name of the list that stands in it as whole words. */
export function board_of(doc: RunReport, device: string | null): { device: string; tdp_w: number } | null {
  const words = (text: string): string => ` ${text.toLowerCase().replace(/[^a-z0-9.]+/g, " ").trim()} `;
  if (device === null) return null;
  const found = doc.hardware.filter((board) => words(device).includes(words(board.device)));
  return found.sort((a, b) => b.device.length - a.device.length)[0] ?? null;
}
