// The top of the page: the grams, both books, what ran, and what must not be overlooked.

import { h } from "../dom";
import { digits, duration, grams, share } from "../format";
import { signal_key } from "../signal";
import type { Book, BookName } from "./document";
import { energy, energy_span, gram_span, kMissingNode, moment, provenance, type Run } from "./run";
import { prediction_note } from "./where";

export function header(run: Run): HTMLElement {
  const { record } = run;
  return h("header", {},
    h("p", { class: "kicker" }, `A run measured by ebb: ${record.run_id}`),
    headline(run),
    under(run),
    run.books().length > 0 && h("ul", { class: "books", id: "books" }, (["attributional", "consequential"] as const).map((name) => book_card(run, name, record[name]))),
    h("p", { class: "lead", id: "summary" }, summary(run)),
    warnings(run),
    identity(run));
}

function headline(run: Run): HTMLElement {
  const { record, own } = run;
  if (own === null) return h("h1", { class: "headline" }, energy(record.energy_kwh), " ", h("span", { class: "unit" }, "emissions not known"));
  return h("h1", { class: "headline" }, grams(own.emissions_g), " ", h("span", { class: "unit" }, "CO₂e"));
}

function under(run: Run): HTMLElement {
  const { record, own } = run;
  if (own === null) {
    const why = record.zone === null ? "No zone was given, so there is no intensity to price the energy by." : `No series of ${record.zone} has an intensity for every moment of the run.`;
    return h("p", { class: "under", id: "unpriced" }, `${why} `, h("code", {}, `ebb runs price ${record.run_id} --zone ZONE`), " prices this run, as it was measured.");
  }
  const span = record.uncertainty.emissions_g;
  const interval = span === null ? "interval not known" : `${run.level}: ${gram_span(span)}`;
  return h("p", { class: "under" }, `${record.book ?? ""} (${provenance(own)}); ${interval}. Operational ${grams(own.operational_g)} with PUE, embodied ${record.embodied_parts.length === 0 ? "not known" : grams(record.embodied_g)}.`);
}

function book_card(run: Run, name: BookName, book: Book | null): HTMLElement {
  const own = run.record.book === name;
  if (book === null) return h("li", { class: "book" }, h("p", {}, name), h("strong", {}, "not known"), h("p", {}, name === "attributional" ? "No average series for the run: an inventory cannot use this record yet." : "No marginal series for the run: what a decision would change is not known."));
  return h("li", { class: own ? "book own" : "book", "data-signal": signal_key(book.signal) },
    h("p", {}, name === "attributional" ? "attributional: what an inventory reports" : "consequential: what a decision changes"),
    h("strong", {}, `${grams(book.emissions_g)} CO₂e`),
    h("p", {}, `${grams(book.operational_g)} operational at ${digits(book.intensity_mean_g_per_kwh)} g/kWh; ${provenance(book)}; slots measured ${share(book.data_quality.measured)}, modelled ${share(book.data_quality.modelled)}, filled ${share(book.data_quality.filled)}`));
}

function summary(run: Run): string {
  const { record } = run;
  const q = record.energy_quality;
  const all = energy(record.energy_kwh);
  const known = [["measured", q.measured], ["modelled", q.modelled], ["filled", q.filled]].filter((x): x is [string, number] => typeof x[1] === "number" && x[1] > 0);
  return [
    `${all} (${run.level}: ${energy_span(record.uncertainty.energy_kwh)}) in ${duration(record.duration_seconds)} on ${devices(run)}.`,
    known.length > 0 ? `Of it ${known.map(([name, part]) => `${energy(part * record.energy_kwh)} ${name}`).join(", ")}.` : "",
    record.equivalence === null ? "" : `The emissions are ${record.equivalence}.`,
    prediction_note(run) ?? "",
  ].filter((t) => t !== "").join(" ");
}

function devices(run: Run): string {
  const counts = new Map<string, number>();
  for (const c of run.record.components) if (c.device !== null) counts.set(c.device, (counts.get(c.device) ?? 0) + 1);
  const text = [...counts].map(([device, n]) => `${n} × ${device}`).join(", ");
  return text === "" ? "hardware that is not named" : text;
}

function warnings(run: Run): HTMLElement | null {
  const { record } = run;
  const lines = [
    ...record.missing_nodes.filter((node) => !record.warnings.some((w) => w.includes(node))).map((node) => `${node} did not report: its energy is in no figure here.`),
    ...(record.state === "lost" ? ["No end was recorded: these are the figures up to the last reading."] : record.state === "running" ? ["The run goes on: these are the figures so far."] : []),
    ...(record.coverage < 0.9995 ? [`Readings stand for ${share(record.coverage)} of ${duration(record.duration_seconds)}.`] : []),
    ...record.gaps.filter((g) => g.cause !== kMissingNode).map((g) => `Gap: ${g.count > 1 ? `${g.count} × ` : ""}${g.cause}${g.component === null ? "" : ` of ${g.component}`}, ${moment(g.begin)}, ${duration((Date.parse(g.end) - Date.parse(g.begin)) / 1000)}${g.detail === null ? "" : ` (${g.detail})`}${g.recovered ? "; a later reading holds its energy" : ""}.`),
    ...record.warnings.filter((w) => !kNotKnown.test(w)),
  ];
  if (lines.length === 0) return null;
  return h("section", { class: "note warn", id: "warnings" }, h("h2", {}, "Not to be overlooked"), h("ul", {}, lines.map((l) => h("li", {}, l))));
}

/** What is null in the record, and said elsewhere on the page or of little weight. */
const kNotKnown = /^(zone|exit_code|user|device|power|machine|attributional|consequential|sci|uncertainty): /;

function identity(run: Run): HTMLElement {
  const { record } = run;
  const tags = Object.entries(record.tags).map(([k, v]) => `${k}=${v}`).join(", ");
  const rows: [string, string | null][] = [
    ["Command", record.command.join(" ")],
    ["Time", `${moment(record.begin)} to ${moment(record.end)} (${duration(record.duration_seconds)})`],
    ["State", record.exit_code === null ? record.state : `${record.state}, exit code ${record.exit_code}`],
    ["Nodes", record.nodes.join(", ") + (record.missing_nodes.length > 0 ? `; did not report: ${record.missing_nodes.join(", ")}` : "")],
    ["Pauses", record.pauses > 0 ? `${record.pauses}, ${duration(record.paused_seconds)} in all` : null],
    ["User", record.user],
    ["Project", record.project],
    ["Tags", tags === "" ? null : tags],
    ["Parent run", record.parent_run],
    ["Not known", record.warnings.filter((w) => kNotKnown.test(w)).join("; ")],
  ];
  return h("details", { class: "plain identity", id: "identity" },
    h("summary", {}, "What ran"),
    h("dl", {}, rows.filter(([, v]) => v !== null && v !== "").map(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])));
}
