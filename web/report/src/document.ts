// The document that the program writes into the page: schema "ebb-study-report-1".
// Every key is always present; what is not known is null. Energies are in kWh, emissions in g CO2e, times in seconds.

export interface Signal {
  kind: "marginal" | "average" | null;
  scope: "direct" | "lifecycle" | null;
}

/** Shares of the slots, 0..1, that were measured, modelled, or filled in. */
export interface DataQuality {
  measured: number | null;
  modelled: number | null;
  filled: number | null;
}

export interface Series {
  id: string;
  region: string | null;
  zone: string;
  label: string;
  signal: Signal;
  source: string | null;
  vintage: string | null;
  step_seconds: number | null;
  begin: string | null;
  end: string | null;
  data_quality: DataQuality | null;
  time_zone: string | null;
  mean_g_per_kwh: number | null;
}

export interface Experiment {
  name: string;
  hours: number | null;
  energy_kwh: number | null;
  hardware: string | null;
  note: string | null;
  extrapolated: boolean;
}

export interface Row {
  series_id: string;
  region: string | null;
  zone: string;
  signal: Signal;
  source: string | null;
  data_quality: DataQuality | null;
  experiment: string;
  slack: string;
  strategy: string;
  starts: number | null;
  skipped_starts: number | null;
  zero_baseline_starts: number | null;
  baseline_g: number | null;
  emissions_g: number | null;
  saved_g: number | null;
  saved_percent_mean: number | null;
  saved_percent_of_total: number | null;
  harmed_percent: number | null;
  pauses_mean: number | null;
  pauses_per_hour: number | null;
  delay_seconds_mean: number | null;
  delay_seconds_p95: number | null;
}

/** Run-now emissions of the job by the month of its start. */
export interface Monthly {
  series_id: string;
  experiment: string;
  month: number;
  starts: number | null;
  mean_g: number | null;
  p5_g: number | null;
  p95_g: number | null;
}

/** Run-now emissions of the job by the hour of its start, in the zone's own time. */
export interface Hourly {
  series_id: string;
  experiment: string;
  local_hour: number;
  starts: number | null;
  mean_g: number | null;
  p10_g: number | null;
  p90_g: number | null;
}

export interface Length {
  series_id: string;
  duration_seconds: number;
  slack: string;
  strategy: string;
  baseline_g_per_kwh: number | null;
  saved_g_per_kwh: number | null;
  saved_percent_of_total: number | null;
  limited_by_resolution: boolean;
}

export interface TradeoffDelay {
  series_id: string;
  experiment: string;
  slack: string;
  slack_seconds: number;
  strategy: string;
  delay_seconds_mean: number | null;
  delay_seconds_p95: number | null;
  baseline_g: number | null;
  saved_g: number | null;
  saved_percent_of_total: number | null;
}

export interface TradeoffPauses {
  series_id: string;
  experiment: string;
  slack: string;
  /** null: as many pauses as the plan likes. */
  max_pauses: number | null;
  starts: number | null;
  baseline_g: number | null;
  saved_g: number | null;
  saved_percent_of_total: number | null;
  pauses_mean: number | null;
}

export interface JobRange {
  experiment: string;
  energy_kwh: number | null;
  min_g: number | null;
  max_g: number | null;
  min_region: string | null;
  max_region: string | null;
  signal: Signal;
  note: string | null;
}

export interface Everyday {
  name: string;
  grams: number;
  vintage: string | null;
  source: string | null;
}

export interface Rung {
  name: string;
  watts: number | null;
  energy_kwh: number | null;
  /** Cumulative: this rung and all before it. */
  g: number | null;
  method: string | null;
}

export interface Ladder {
  title: string;
  note: string | null;
  rungs: Rung[];
}

export interface Component {
  component: string;
  watts: number | null;
  fraction: number | null;
}

export interface Foresight {
  series_id: string;
  experiment: string;
  slack: string;
  strategy: string;
  replan_seconds: number | null;
  forecast: string | null;
  starts: number | null;
  baseline_g: number | null;
  promised_saved_g: number | null;
  realised_saved_g: number | null;
  best_saved_g: number | null;
  realised_share_of_best: number | null;
  harmed_percent: number | null;
  loss_p95_g_per_kwh: number | null;
  delay_seconds_mean: number | null;
  delay_seconds_p95: number | null;
  saving_per_delay_hour_g: number | null;
}

export interface PaperRow {
  slack: string;
  experiment: string;
  paper_flexible_start_percent: number | null;
  paper_pause_resume_percent: number | null;
  paper_pauses_per_hour: number | null;
  group: string;
  flexible_start_percent: number | null;
  pause_resume_percent: number | null;
  pauses_per_hour: number | null;
}

export interface StudyReport {
  schema: "ebb-study-report-1";
  title: string | null;
  generated_by: string | null;
  command: string | null;
  data_kind: "real" | "typical-year" | "given";
  data_notes: string[];
  attributions: { source: string; licence: string | null; text: string | null }[];
  series: Series[];
  experiments: Experiment[];
  rows: Row[];
  monthly: Monthly[];
  hourly: Hourly[];
  lengths: Length[];
  tradeoff_delay: TradeoffDelay[];
  tradeoff_pauses: TradeoffPauses[];
  equivalences: { jobs: JobRange[]; everyday: Everyday[] };
  ladder: Ladder[];
  table1: Component[];
  foresight: Foresight[];
  paper: PaperRow[];
  warnings: string[];
}

/** Reads the document out of the page; null when this page is still the unfilled template. */
export function load_document(page: Document): StudyReport | null {
  const text = page.getElementById("ebb-data")?.textContent;
  if (!text) return null;
  const doc = JSON.parse(text) as StudyReport;
  if (doc.schema !== "ebb-study-report-1") throw new Error(`this page reads ebb-study-report-1, not ${String(doc.schema)}`);
  return doc;
}
