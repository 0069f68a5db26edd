// The document that the program writes into the page of a run: schema "ebb-run-report-1"; `run` is a record of the
// ledger (docs/run-record.md). Every key is always present; what is not known is null.

import type { DataQuality, Signal } from "../document";

export interface Component {
  name: string;
  kind: "gpu" | "cpu" | "dram" | "other";
  method: string;
  energy_kwh: number;
  coverage: number;
  node: string | null;
  device: string | null;
  interval_kwh: [number, number];
  measured_kwh: number;
  job_kwh: number;
  job_idle_kwh: number;
  idle_kwh: number;
  others_kwh: number;
  emissions_g: number | null;
  source: string | null;
}

export interface Book {
  signal: Signal;
  zone: string | null;
  source: string | null;
  vintage: string | null;
  data_quality: DataQuality;
  intensity_mean_g_per_kwh: number;
  operational_g: number;
  emissions_g: number;
}

export interface Slot {
  begin: string;
  energy_kwh: number;
  g_per_kwh: number | null;
  by_component_kwh: number[];
  attributional_g_per_kwh: number | null;
  consequential_g_per_kwh: number | null;
}

export interface WhatIf {
  kind: string;
  zone: string | null;
  signal: Signal;
  source: string | null;
  later_seconds: number;
  operational_g: number;
  difference_g: number;
  word: string;
}

export interface Gap {
  component: string | null;
  cause: string;
  detail: string | null;
  begin: string;
  end: string;
  count: number;
  recovered: boolean;
}

export interface Region {
  path: string;
  passages: number;
  open: boolean;
  seconds: number;
  energy_kwh: number;
  operational_g: number | null;
}

export interface EmbodiedPart {
  device: string;
  count: number;
  held_seconds: number;
  lifetime_years: number;
  each_g: number;
  share_g: number;
  source: string | null;
}

export interface Prediction {
  region: string;
  done: number;
  expected: number;
  level: number;
  energy_kwh: number;
  energy_interval_kwh: [number, number];
  seconds: number;
  seconds_interval: [number, number];
  emissions_g: number | null;
  emissions_interval_g: [number, number] | null;
}

export interface RunRecord {
  run_id: string;
  command: string[];
  project: string | null;
  tags: Record<string, string>;
  parent_run: string | null;
  nodes: string[];
  begin: string;
  end: string;
  exit_code: number | null;
  components: Component[];
  energy_kwh: number;
  boundary: { gpu_g: number | null; plus_cpu_memory_g: number | null; plus_pue_g: number | null; plus_embodied_g: number | null; gpu_kwh: number; plus_cpu_memory_kwh: number; plus_pue_kwh: number };
  pue: number;
  zone: string | null;
  embodied_g: number;
  operational_g: number | null;
  emissions_g: number | null;
  attributional: Book | null;
  consequential: Book | null;
  sci: { value: number; unit: string; E_kwh: number; I_g_per_kwh: number; M_g: number; R: number } | null;
  uncertainty: { level: number; energy_kwh: [number, number]; intensity_g_per_kwh: [number, number] | null; emissions_g: [number, number] | null };
  slots: Slot[];
  coverage: number;
  pauses: number;
  what_if: WhatIf[];
  meter: { cpu_seconds: number; energy_kwh: number };
  versions: Record<string, string>;
  warnings: string[];
  state: string;
  user: string | null;
  missing_nodes: string[];
  book: BookName | null;
  energy_quality: DataQuality;
  pue_source: string | null;
  duration_seconds: number;
  paused_seconds: number;
  functional: { unit: string; count: number };
  equivalence: string | null;
  conservation: { measured_kwh: number; job_kwh: number; job_idle_kwh: number; idle_kwh: number; others_kwh: number };
  embodied_parts: EmbodiedPart[];
  regions: Region[];
  prediction: Prediction | null;
  gaps: Gap[];
  power: { begin: string; bin_seconds: number; components: { name: string; watts: (number | null)[] }[] } | null;
}

export type BookName = "attributional" | "consequential";
export const kBooks: BookName[] = ["attributional", "consequential"];

/** Intensities at a fixed step; null: missing. */
export interface GridSeries {
  zone: string;
  signal: Signal;
  source: string | null;
  vintage: string | null;
  data_quality: DataQuality | null;
  begin: string;
  step_seconds: number;
  g_per_kwh: (number | null)[];
}

export interface RunReport {
  schema: "ebb-run-report-1";
  run: RunRecord;
  series: GridSeries[];
  hardware: { device: string; tdp_w: number }[];
}

/** Reads the document out of the page; null when this page is still the unfilled template. */
export function load_document(page: Document): RunReport | null {
  const text = page.getElementById("ebb-data")?.textContent;
  if (!text) return null;
  const doc = JSON.parse(text) as RunReport;
  if (doc.schema !== "ebb-run-report-1") throw new Error(`this page reads ebb-run-report-1, not ${String(doc.schema)}`);
  return doc;
}
