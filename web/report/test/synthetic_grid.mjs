// Plausible intensities without any data: seasons, days, weather that lasts, and (marginal) exact zeros.
// Deterministic: the same zone gives the same year, always.
// @ts-check

/**
 * @typedef {object} Zone
 * @property {string} region
 * @property {string} zone
 * @property {string} time_zone
 * @property {number} utc_hours offset of the local clock, kept fixed over the year
 * @property {number} mean g/kWh
 * @property {number} swing 0..1, how far the day and the weather move it
 */

/** @type {Zone[]} The paper's sixteen regions and their stand-in zones; two share one. */
export const kZones = [
  { region: "East US", zone: "US-MIDA-PJM", time_zone: "America/New_York", utc_hours: -5, mean: 425, swing: 0.12 },
  { region: "West US", zone: "US-CAL-CISO", time_zone: "America/Los_Angeles", utc_hours: -8, mean: 264, swing: 0.4 },
  { region: "West US 2", zone: "US-NW-BPAT", time_zone: "America/Los_Angeles", utc_hours: -8, mean: 96, swing: 0.35 },
  { region: "West US 3", zone: "US-SW-AZPS", time_zone: "America/Phoenix", utc_hours: -7, mean: 458, swing: 0.2 },
  { region: "Central US", zone: "US-MIDW-MISO", time_zone: "America/Chicago", utc_hours: -6, mean: 525, swing: 0.15 },
  { region: "North Central US", zone: "US-MIDA-PJM", time_zone: "America/New_York", utc_hours: -5, mean: 425, swing: 0.12 },
  { region: "South Central US", zone: "US-TEX-ERCO", time_zone: "America/Chicago", utc_hours: -6, mean: 402, swing: 0.3 },
  { region: "West Central US", zone: "US-NW-PACE", time_zone: "America/Denver", utc_hours: -7, mean: 663, swing: 0.2 },
  { region: "Canada", zone: "CA-ON", time_zone: "America/Toronto", utc_hours: -5, mean: 59, swing: 0.6 },
  { region: "France", zone: "FR", time_zone: "Europe/Paris", utc_hours: 1, mean: 99, swing: 0.35 },
  { region: "Germany", zone: "DE", time_zone: "Europe/Berlin", utc_hours: 1, mean: 482, swing: 0.35 },
  { region: "West Europe", zone: "NL", time_zone: "Europe/Amsterdam", utc_hours: 1, mean: 398, swing: 0.3 },
  { region: "North Europe", zone: "IE", time_zone: "Europe/Dublin", utc_hours: 0, mean: 397, swing: 0.35 },
  { region: "Norway", zone: "NO-NO1", time_zone: "Europe/Oslo", utc_hours: 1, mean: 29, swing: 0.15 },
  { region: "UK South", zone: "GB", time_zone: "Europe/London", utc_hours: 0, mean: 235, swing: 0.4 },
  { region: "Australia", zone: "AU-VIC", time_zone: "Australia/Melbourne", utc_hours: 10, mean: 541, swing: 0.25 },
];

/** A number in [0, 1) from a name and a count. @param {string} name @param {number} n */
function noise(name, n) {
  let x = n >>> 0;
  for (const c of name) x = Math.imul(x ^ c.charCodeAt(0), 2654435761) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 2246822519) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 3266489917) >>> 0;
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

/** Smooth weather: noise at every second day, joined by a cosine. @param {string} name @param {number} day */
function weather(name, day) {
  const knot = Math.floor(day / 2);
  const t = (1 - Math.cos(Math.PI * (day / 2 - knot))) / 2;
  return noise(name, knot) * (1 - t) + noise(name, knot + 1) * t;
}

/** Average intensities of a year, one value an hour. @param {Zone} zone @returns {Float64Array} */
export function average_year(zone) {
  return Float64Array.from({ length: 8760 }, (_, hour) => {
    const day = hour / 24;
    const local = (((hour + zone.utc_hours) % 24) + 24) % 24;
    const sun = Math.max(0, Math.cos(((local - 13) / 12) * Math.PI)) * (0.7 + 0.3 * Math.cos(((day - 172) / 182.5) * Math.PI));
    const evening = Math.exp(-((local - 20) ** 2) / 8);
    const season = Math.cos(((day - 15) / 182.5) * Math.PI);
    const factor = 1 + zone.swing * (0.5 * evening - 0.7 * sun + 0.15 * season + 1.1 * (weather(zone.zone, day) - 0.5) + 0.1 * (noise(zone.zone, hour + 9e5) - 0.5));
    return zone.mean * factor;
  });
}

/** Marginal intensities, four values an hour: jumps between plants, sometimes curtailment (exactly 0). @param {Zone} zone */
export function marginal_year(zone) {
  return Float64Array.from({ length: 8760 * 4 }, (_, i) => {
    const local = ((((i / 4 + zone.utc_hours) % 24) + 24) % 24);
    const day = i / 96;
    const sunny = local > 9 && local < 16 && weather(`${zone.zone} sun`, day) > 0.72;
    if (sunny && noise("curtail", i >> 1) > 0.45) return 0;
    const evening = Math.exp(-((local - 19) ** 2) / 10);
    return 380 + 120 * evening + 90 * (weather(`${zone.zone} gas`, day) - 0.5) + 160 * (noise("plant", i >> 2) - 0.5);
  });
}
