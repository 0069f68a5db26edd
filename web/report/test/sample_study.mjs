// A small study of the kind that the program makes, on plain arrays: enough to give the page numbers that hang together.
// @ts-check

/** Emissions of one kWh-hour at constant power 1 kW over [from, to), in steps of the series. @param {Float64Array} sums @param {number} at */
function upto(sums, at) {
  const whole = Math.floor(at);
  const last = sums.length - 1;
  const a = /** @type {number} */ (sums[Math.min(whole, last)]);
  return whole >= last ? a : a + (at - whole) * (/** @type {number} */ (sums[whole + 1]) - a);
}

export class Grid {
  /** @param {Float64Array} values g/kWh @param {number} step_hours */
  constructor(values, step_hours) {
    this.values = values;
    this.step_hours = step_hours;
    this.sums = new Float64Array(values.length + 1);
    values.forEach((v, i) => (this.sums[i + 1] = /** @type {number} */ (this.sums[i]) + v));
  }

  /** g for `kw` from hour `begin` on, for `hours`. @param {number} begin @param {number} hours @param {number} kw */
  run_now(begin, hours, kw) {
    const s = this.step_hours;
    return (upto(this.sums, (begin + hours) / s) - upto(this.sums, begin / s)) * s * kw;
  }

  /** @param {number} begin @param {number} hours @param {number} slack @param {number} kw */
  flexible_start(begin, hours, slack, kw) {
    let best = { g: Infinity, delay: 0 };
    for (let wait = 0; wait <= slack + 1e-9; wait += this.step_hours) {
      const g = this.run_now(begin + wait, hours, kw);
      if (g < best.g) best = { g, delay: wait };
    }
    return best;
  }

  /** The cheapest slots of the window, the dearest of them in part. @param {number} begin @param {number} hours @param {number} slack @param {number} kw */
  pause_resume(begin, hours, slack, kw) {
    const s = this.step_hours;
    const first = Math.round(begin / s);
    const last = Math.max(Math.ceil((begin + hours) / s - 1e-9), Math.floor((begin + hours + slack) / s + 1e-9));
    const order = Array.from({ length: last - first }, (_, i) => first + i).sort((a, b) => this.at(a) - this.at(b) || a - b);
    let left = hours;
    let g = 0;
    /** @type {number[]} */
    const used = [];
    for (const slot of order) {
      const take = Math.min(left, s);
      if (take <= 1e-9) break;
      g += this.at(slot) * take * kw;
      left -= take;
      used.push(slot);
    }
    used.sort((a, b) => a - b);
    const pauses = used.filter((slot, i) => i > 0 && slot !== /** @type {number} */ (used[i - 1]) + 1).length;
    const end = (/** @type {number} */ (used[used.length - 1]) + 1) * s;
    return { g, delay: Math.max(0, end - begin - hours), pauses };
  }

  /** @param {number} slot */
  at(slot) {
    return /** @type {number} */ (this.values[slot]);
  }
}

/** Days 1, 7, 13, 19, 25 of each month at 00:00 UTC, as hours of a year without a leap day. */
export const kStarts = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].flatMap((_, month, lengths) => {
  const before = lengths.slice(0, month).reduce((a, b) => a + b, 0);
  return [0, 6, 12, 18, 24].map((day) => (before + day) * 24);
});

/** @param {number[]} values */
export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** @param {number[]} values @param {number} p */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]);
}

/** Hours of a slack as typed. @param {string} slack @param {number} hours */
export const slack_hours = (slack, hours) => (slack.endsWith("%") ? (hours * Number.parseFloat(slack)) / 100 : Number.parseFloat(slack));

/** Means over the starts of one strategy. @param {Grid} grid @param {number} hours @param {number} kwh @param {number} slack @param {string} strategy */
export function evaluate(grid, hours, kwh, slack, strategy) {
  const kw = kwh / hours;
  const end = grid.values.length * grid.step_hours;
  const starts = kStarts.filter((b) => b + hours + slack <= end);
  const plans = starts.map((b) => {
    const base = grid.run_now(b, hours, kw);
    const plan = strategy === "flexible-start" ? { ...grid.flexible_start(b, hours, slack, kw), pauses: 0 } : grid.pause_resume(b, hours, slack, kw);
    return { base, ...plan };
  });
  const baseline_g = mean(plans.map((p) => p.base));
  const emissions_g = mean(plans.map((p) => p.g));
  const counted = plans.filter((p) => p.base > 0);
  const pauses_mean = mean(plans.map((p) => p.pauses));
  return {
    starts: plans.length,
    skipped_starts: 0,
    zero_baseline_starts: plans.length - counted.length,
    baseline_g,
    emissions_g,
    saved_g: baseline_g - emissions_g,
    saved_percent_mean: mean(counted.map((p) => (100 * (p.base - p.g)) / p.base)),
    saved_percent_of_total: (100 * (baseline_g - emissions_g)) / baseline_g,
    harmed_percent: 0,
    pauses_mean,
    pauses_per_hour: pauses_mean / (hours + slack),
    delay_seconds_mean: 3600 * mean(plans.map((p) => p.delay)),
    delay_seconds_p95: 3600 * percentile(plans.map((p) => p.delay), 0.95),
  };
}
