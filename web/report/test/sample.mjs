// A whole sample document, made by code: node test/sample.mjs [--kind typical-year] [--full] > sample.json
// @ts-check

import { average_year, kZones, marginal_year } from "./synthetic_grid.mjs";
import { evaluate, Grid, kStarts, mean, percentile, slack_hours } from "./sample_study.mjs";

/** @typedef {import("../src/document").StudyReport} StudyReport */
/** @typedef {import("../src/document").Series} Series */
/** @typedef {{series: Series, grid: Grid, utc_hours: number}} Place */

/** @type {[string, number, number, boolean][]} */
const kJobs = [
  ["bert-finetune", 6, 3.1, false],
  ["bert-lm", 36, 37.3, false],
  ["6b-transformer", 192, 13812.4, false],
  ["densenet-121", 0.3, 0.02, false],
  ["densenet-169", 0.3, 0.03, false],
  ["densenet-201", 0.4, 0.04, false],
  ["vit-tiny", 19, 1.7, false],
  ["vit-small", 19, 2.2, false],
  ["vit-base", 21, 4.7, false],
  ["vit-large", 90, 93.3, false],
  ["vit-huge", 216, 237.6, false],
  ["6b-transformer-full", 1440, 103593, true],
];
const kSlacks = ["6h", "12h", "18h", "24h", "25%", "50%", "75%", "100%"];
const kStrategies = ["flexible-start", "pause-resume"];
const kLengths = [0.25, 0.5, 1, 2, 4, 8, 16, 24, 48, 96, 168, 336, 672];

/** @param {{kind?: StudyReport["data_kind"], full?: boolean, average?: (zone: string) => Float64Array | null}} [options] @returns {StudyReport} */
export function make_sample({ kind = "real", full = false, average } = {}) {
  const zones = full ? kZones : kZones.filter((z) => ["East US", "West US", "North Central US", "Germany", "Norway"].includes(z.region));
  const jobs = full ? kJobs : kJobs.filter(([name]) => ["bert-finetune", "densenet-121", "vit-large", "6b-transformer-full"].includes(name));
  const swept = jobs.filter(([, , , extrapolated]) => !extrapolated);
  const west = /** @type {typeof kZones[number]} */ (kZones[1]);
  /** @type {Place[]} */
  const places = zones.map((z) => ({
    series: series(z, { kind: "average", scope: "lifecycle" }, "Synthetic hourly averages", 3600),
    grid: new Grid(average?.(z.zone) ?? average_year(z), 1),
    utc_hours: z.utc_hours,
  }));
  places.push({ series: series(west, { kind: "marginal", scope: "direct" }, "Synthetic 15-minute marginal", 900), grid: new Grid(marginal_year(west), 0.25), utc_hours: west.utc_hours });
  for (const p of places) p.series.mean_g_per_kwh = mean([...p.grid.values]);
  const rows = make_rows(places, swept);
  const reference = /** @type {[string, number, number, boolean]} */ (kJobs[0]);
  return {
    schema: "ebb-study-report-1",
    title: "Dodge et al. 2022, again on open data",
    generated_by: "ebb sample",
    command: "ebb study dodge2022 --slack 6h,12h,18h,24h,25%,50%,75%,100% --strategies flexible-start,pause-resume --starts monthly5 --html study.html",
    data_kind: kind,
    data_notes: ["Synthetic intensities, made by the test of this page: no grid was measured.", "Sixteen regions have fifteen stand-in zones."],
    attributions: [{ source: "Synthetic grid", licence: "Apache-2.0", text: "made by test/synthetic_grid.mjs </script><b>not markup</b>" }],
    series: places.map((p) => p.series),
    experiments: jobs.map(([name, hours, energy_kwh, extrapolated]) => ({ name, hours, energy_kwh, hardware: null, note: extrapolated ? "the full run, of which 13% were run" : null, extrapolated })),
    rows,
    monthly: places.flatMap((p) => by_month(p, reference)),
    hourly: places.flatMap((p) => by_hour(p, reference)),
    lengths: places.filter((_, i) => i < 3 || i === places.length - 1).flatMap(by_length),
    tradeoff_delay: rows.map((r) => ({ ...pick(r, ["series_id", "experiment", "slack", "strategy", "delay_seconds_mean", "delay_seconds_p95", "baseline_g", "saved_g", "saved_percent_of_total"]), slack_seconds: 3600 * slack_hours(r.slack, hours_of(r.experiment)) })),
    tradeoff_pauses: pauses(rows),
    equivalences: { jobs: ranges(places, jobs), everyday: kEveryday },
    ladder: kLadder,
    table1: kind === "typical-year" ? [] : kTable1,
    foresight: foresight(rows, places),
    paper: kind === "typical-year" ? [] : paper(rows),
    warnings: ["West US marginal: 15-minute steps, synthetic."],
  };
}

/** @param {typeof kZones[number]} z @param {Series["signal"]} signal @param {string} source @param {number} step_seconds @returns {Series} */
function series(z, signal, source, step_seconds) {
  return {
    id: `${z.region.toLowerCase().replace(/ /g, "-")}-${signal.kind}`,
    region: z.region,
    zone: z.zone,
    label: `${z.region} (${z.zone})`,
    signal,
    source,
    vintage: "2022",
    step_seconds,
    begin: "2022-01-01T00:00:00Z",
    end: "2023-01-01T00:00:00Z",
    data_quality: signal.kind === "marginal" ? { measured: 0, modelled: 1, filled: 0 } : { measured: 0.9, modelled: 0.0625, filled: 0.0375 },
    time_zone: z.time_zone,
    mean_g_per_kwh: null,
  };
}

/** @param {Place[]} places @param {typeof kJobs} jobs @returns {StudyReport["rows"]} */
function make_rows(places, jobs) {
  return places.flatMap(({ series: s, grid }) =>
    jobs.flatMap(([experiment, hours, kwh]) =>
      kSlacks.flatMap((slack) =>
        kStrategies.map((strategy) => ({
          series_id: s.id, region: s.region, zone: s.zone, signal: s.signal, source: s.source, data_quality: s.data_quality,
          experiment, slack, strategy, ...evaluate(grid, hours, kwh, slack_hours(slack, hours), strategy),
        })))));
}

/** @param {string} name */
const hours_of = (name) => /** @type {typeof kJobs[number]} */ (kJobs.find((j) => j[0] === name))[1];

/** @template {object} T @template {keyof T} K @param {T} from @param {K[]} keys @returns {Pick<T, K>} */
const pick = (from, keys) => /** @type {Pick<T, K>} */ (Object.fromEntries(keys.map((k) => [k, from[k]])));

/** @param {Place} p @param {typeof kJobs[number]} job @returns {{hour: number, g: number}[]} */
function all_starts({ grid }, [, hours, kwh]) {
  return Array.from({ length: 8760 - hours }, (_, hour) => ({ hour, g: grid.run_now(hour, hours, kwh / hours) }));
}

/** @param {Place} p @param {typeof kJobs[number]} job @returns {StudyReport["monthly"]} */
function by_month(p, job) {
  const starts = all_starts(p, job);
  return Array.from({ length: 12 }, (_, m) => {
    const from = /** @type {number} */ (kStarts[m * 5]);
    const g = starts.filter(({ hour }) => hour >= from && hour < (kStarts[m * 5 + 5] ?? 8760)).map((s) => s.g);
    return { series_id: p.series.id, experiment: job[0], month: m + 1, starts: g.length, mean_g: mean(g), p5_g: percentile(g, 0.05), p95_g: percentile(g, 0.95) };
  });
}

/** @param {Place} p @param {typeof kJobs[number]} job @returns {StudyReport["hourly"]} */
function by_hour(p, job) {
  const starts = all_starts(p, job);
  return Array.from({ length: 24 }, (_, h) => {
    const g = starts.filter(({ hour }) => (hour + p.utc_hours + 24) % 24 === h).map((s) => s.g);
    return { series_id: p.series.id, experiment: job[0], local_hour: h, starts: g.length, mean_g: mean(g), p10_g: percentile(g, 0.1), p90_g: percentile(g, 0.9) };
  });
}

/** @param {Place} p @returns {StudyReport["lengths"]} */
function by_length({ series: s, grid }) {
  return ["24h", "100%"].flatMap((slack) =>
    kLengths.flatMap((hours) =>
      kStrategies.map((strategy) => {
        const r = evaluate(grid, hours, 1, slack_hours(slack, hours), strategy);
        return { series_id: s.id, duration_seconds: hours * 3600, slack, strategy, baseline_g_per_kwh: r.baseline_g, saved_g_per_kwh: r.saved_g, saved_percent_of_total: r.saved_percent_of_total, limited_by_resolution: s.step_seconds === 3600 && hours < 2 };
      })));
}

/** @param {StudyReport["rows"]} rows @returns {StudyReport["tradeoff_pauses"]} */
function pauses(rows) {
  return rows.filter((r) => r.strategy === "pause-resume").flatMap((r) => {
    const flexible = /** @type {typeof r} */ (rows.find((f) => f.series_id === r.series_id && f.experiment === r.experiment && f.slack === r.slack && f.strategy === "flexible-start"));
    return [0, 1, 2, 3, 5, 8, null].map((max_pauses) => {
      const part = max_pauses === null ? 1 : 1 - 0.5 ** max_pauses;
      const saved_g = /** @type {number} */ (flexible.saved_g) + part * (/** @type {number} */ (r.saved_g) - /** @type {number} */ (flexible.saved_g));
      return { ...pick(r, ["series_id", "experiment", "slack", "starts", "baseline_g"]), max_pauses, saved_g, saved_percent_of_total: (100 * saved_g) / /** @type {number} */ (r.baseline_g), pauses_mean: Math.min(max_pauses ?? Infinity, /** @type {number} */ (r.pauses_mean)) };
    });
  });
}

/** @param {Place[]} places @param {typeof kJobs} jobs @returns {StudyReport["equivalences"]["jobs"]} */
function ranges(places, jobs) {
  return ["marginal", "average"].flatMap((kind) =>
    jobs.map(([experiment, , energy_kwh]) => {
      const sorted = places.map((p) => p.series).filter((s) => s.signal.kind === kind).sort((a, b) => Number(a.mean_g_per_kwh) - Number(b.mean_g_per_kwh));
      const [low, high] = [/** @type {Series} */ (sorted[0]), /** @type {Series} */ (sorted[sorted.length - 1])];
      return { experiment, energy_kwh, min_g: energy_kwh * Number(low.mean_g_per_kwh), max_g: energy_kwh * Number(high.mean_g_per_kwh), min_region: low.region, max_region: high.region, signal: low.signal, note: null };
    }));
}

/** @param {StudyReport["rows"]} rows @param {Place[]} places @returns {StudyReport["foresight"]} */
function foresight(rows, places) {
  const ids = [places[1], places[places.length - 1]].map((p) => p?.series.id);
  return rows.filter((r) => ids.includes(r.series_id) && r.experiment === "bert-finetune" && ["6h", "24h"].includes(r.slack)).flatMap((r) =>
    [null, 900].map((replan_seconds) => {
      const best = /** @type {number} */ (r.saved_g);
      const realised = best * (replan_seconds === null ? 0.61 : 0.78);
      return { ...pick(r, ["series_id", "experiment", "slack", "strategy", "starts", "baseline_g", "delay_seconds_mean", "delay_seconds_p95"]), replan_seconds, forecast: "as issued, 3 h ahead", promised_saved_g: best * 0.9, realised_saved_g: realised, best_saved_g: best, realised_share_of_best: realised / best, harmed_percent: 7.5, loss_p95_g_per_kwh: 14.25, saving_per_delay_hour_g: (3600 * realised) / /** @type {number} */ (r.delay_seconds_mean) };
    }));
}

/** @param {StudyReport["rows"]} rows @returns {StudyReport["paper"]} */
function paper(rows) {
  return ["average of 16 regions (stand-ins, average lifecycle)", "West US, marginal 5-minute"].flatMap((group) =>
    rows.filter((r) => r.strategy === "pause-resume" && r.region === "West US" && r.signal.kind === (group.startsWith("West") ? "marginal" : "average")).map((r) => ({
      slack: r.slack, experiment: r.experiment, paper_flexible_start_percent: 6.9, paper_pause_resume_percent: 9.4, paper_pauses_per_hour: 0.41, group,
      flexible_start_percent: 0.7 * Number(r.saved_percent_mean), pause_resume_percent: r.saved_percent_mean, pauses_per_hour: r.pauses_per_hour,
    })));
}

const kEveryday = [
  { name: "smartphone charge", grams: 8.22, vintage: "EPA 2021", source: "the paper's figure" },
  { name: "smartphone charge", grams: 12.4, vintage: "EPA 2026", source: "third party's audit" },
  { name: "mile in an average passenger car", grams: 398, vintage: "EPA 2021", source: "the paper's figure" },
  { name: "gallon of gasoline", grams: 8887, vintage: "EPA 2021", source: "the paper's figure" },
  { name: "barrel of crude oil", grams: 430000, vintage: "EPA 2021", source: "the paper's figure" },
  { name: "home energy for a year", grams: 8300000, vintage: "EPA 2021", source: "the paper's figure" },
  { name: "railcar of coal", grams: 181290000, vintage: "EPA 2021", source: "the paper's figure" },
];

const kLadder = [{
  title: "BERT-base on one TITAN X, 12 h, West US (average, lifecycle)",
  note: "264 g/kWh, average lifecycle; PUE 1.2; embodied: 150 kg over four years.",
  rungs: [
    { name: "GPU only (the paper's)", watts: 187.1, energy_kwh: 2.2452, g: 592.7, method: "measured" },
    { name: "+ CPU and memory", watts: 251.6, energy_kwh: 3.0192, g: 797.1, method: "measured" },
    { name: "x PUE 1.2", watts: 301.92, energy_kwh: 3.62304, g: 956.5, method: "assumed PUE" },
    { name: "+ embodied", watts: null, energy_kwh: null, g: 1007.9, method: "150 kg x 12 h / 4 years" },
  ],
}];

const kTable1 = [
  { component: "gpu", watts: 187.1, fraction: 0.74 },
  { component: "cpu0", watts: 22.9, fraction: 0.09 },
  { component: "cpu1", watts: 9.3, fraction: 0.04 },
  { component: "dram0", watts: 23.0, fraction: 0.09 },
  { component: "dram1", watts: 9.3, fraction: 0.04 },
  { component: "total", watts: 251.6, fraction: 1 },
];

/** The page as the program writes it. @param {string} template @param {unknown} doc */
export function fill(template, doc) {
  const json = JSON.stringify(doc).replace(/<\//g, "<\\/");
  return template.replace("<!--EBB_DATA-->", () => `<script type="application/json" id="ebb-data">${json}</script>`);
}
