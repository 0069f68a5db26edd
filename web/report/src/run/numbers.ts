// SCI with each of its terms, and how each number of the page is known.

import { h } from "../dom";
import { digits, duration, grams, number } from "../format";
import { signal_name } from "../signal";
import { data_table, type Cell } from "../table";
import { energy, energy_span, gram_span, method_name, provenance, type Run } from "./run";

export function sci_section(run: Run): HTMLElement {
  const { sci } = run.record;
  const own = run.own;
  return h("section", { class: "prose", id: "sci", "data-signal": own === null ? null : `${own.signal.kind ?? "unknown"}/${own.signal.scope ?? "unknown"}` },
    h("h2", {}, "Software Carbon Intensity"),
    sci === null || own === null
      ? h("p", {}, `SCI = ((E × I) + M) / R. Without an intensity there is none; known are E = ${energy(run.record.energy_kwh * run.record.pue)} and R = ${number(run.record.functional.count)} ${run.record.functional.unit}.`)
      : [
          h("p", { class: "formula" }, `((${energy(sci.E_kwh)} × ${digits(sci.I_g_per_kwh)} g/kWh) + ${grams(sci.M_g)}) / ${number(sci.R)} = `, h("strong", {}, `${grams(sci.value)} CO₂e per ${run.record.functional.unit}`)),
          h("p", { class: "small" }, `((E × I) + M) / R of ISO/IEC 21031:2024, location-based, ${signal_name(own.signal)}. E includes idle draw that is the run's share, and the building (PUE ${number(run.record.pue)}). Offsets and certificates have no term in it.`),
        ],
    numbers_table(run));
}

function numbers_table(run: Run): HTMLElement {
  const { record, own } = run;
  const u = record.uncertainty;
  const rows: Cell[][] = [
    ["Energy at the equipment", energy(record.energy_kwh), energy_span(u.energy_kwh), "sum of the components"],
    ...record.components.map((c): Cell[] => [`of it ${c.name}`, energy(c.energy_kwh), energy_span(c.interval_kwh), `${method_name(c.method)}${c.source === null ? "" : `; interval: ${c.source}`}`]),
    ["PUE", number(record.pue), null, record.pue_source ?? "no source stated"],
    ["E: energy with the building", energy(record.energy_kwh * record.pue), null, "energy × PUE"],
    ...run.books().map(([name, b]): Cell[] => [`Mean intensity, ${name}`, `${digits(b.intensity_mean_g_per_kwh)} g/kWh`, name === record.book && u.intensity_g_per_kwh !== null ? `${digits(u.intensity_g_per_kwh[0])} to ${digits(u.intensity_g_per_kwh[1])} g/kWh` : null, `weighted by the energy of each slot; ${provenance(b)}`]),
    ...run.books().map(([name, b]): Cell[] => [`Operational, ${name}`, grams(b.operational_g), null, "sum over the slots of energy × intensity, × PUE"]),
    ...record.embodied_parts.map((p): Cell[] => [`Embodied, ${number(p.count)} × ${p.device}`, grams(p.share_g), null, `${grams(p.each_g)} each × ${duration(p.held_seconds)} of ${number(p.lifetime_years)} years; ${p.source ?? "source not stated"}`]),
    ["M: embodied share", record.embodied_parts.length === 0 ? "not known, counted as 0 g" : grams(record.embodied_g), null, "sum of its parts"],
    ...run.books().map(([name, b]): Cell[] => [`Emissions, ${name}`, grams(b.emissions_g), name === record.book && u.emissions_g !== null ? gram_span(u.emissions_g) : null, "operational + embodied"]),
    ["R: functional units", `${number(record.functional.count)} ${record.functional.unit}`, null, "as the run was told"],
    ["ebb itself", energy(record.meter.energy_kwh), null, `${digits(record.meter.cpu_seconds)} s of CPU time`],
  ];
  return data_table({
    caption: `Each number, its interval (${run.level}) and how it is known${own === null ? "; emissions are not known" : ""}`,
    columns: [
      { key: "what", label: "Number", kind: "text" },
      { key: "value", label: "Value", kind: "text" },
      { key: "interval", label: "Interval", kind: "text" },
      { key: "method", label: "How it is known", kind: "text" },
    ],
    rows,
  });
}

export function footer(run: Run, licences: string): HTMLElement {
  const { versions } = run.record;
  const made = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
  return h("footer", {},
    h("p", { class: "small" }, `${made === "" ? "" : `Measured by ${made}. `}The record behind this page is inside it: open the source and look for “ebb-data”, or read window.ebbRun.doc in the console. ebb can recompute it from its own slots and factors: that shows that the arithmetic is right, not that the inputs are.`),
    h("details", { class: "plain" }, h("summary", {}, "Licences of the software inside this page"), h("pre", { class: "small" }, licences)));
}
