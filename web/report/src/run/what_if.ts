// Figure: the same energy at another time, in another zone, on other boards, in another building. Computed in this page
// from the run's slots and the series in it; original and changed side by side.

import * as Plot from "@observablehq/plot";
import { gram_axis, kColour, kNarrow, plot } from "../chart";
import { choice, h, type Choice } from "../dom";
import type { FigureSpec, Panel } from "../figure";
import { digits, duration, grams, number } from "../format";
import { change_of, signal_name, words } from "../signal";
import { number_box, slider } from "./control";
import type { GridSeries } from "./document";
import { board_of, families, price, type Change, type Family, type Outcome } from "./pricing";
import { energy, grid_series, is_of, kKindName, moment, provenance, type Run } from "./run";

const kLatestHours = 48;
const kStepHours = 0.5;

/** What the controls say, and what follows. */
interface State {
  family: Family;
  original_series: GridSeries | null;
  original: Outcome | null;
  change: Change;
  changed: Outcome;
  board: string;
}

export function what_if_figure(run: Run, update: () => void): FigureSpec | null {
  const all = families(run.doc.series);
  if (all.length === 0 || run.record.slots.length === 0) return null;
  const controls = new Controls(run, all, update);
  const status = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  return {
    id: "what-if",
    title: "The same work at another time, in another place",
    question: "What would the grams have been? Change one thing, or several; the page computes it anew from the run's slots.",
    choices: controls.choices,
    panels: () => {
      const state = controls.state();
      status.textContent = sentence(run, state);
      return [panel(run, state)];
    },
    after: status,
  };
}

class Controls {
  readonly choices: Choice[];
  private readonly family: Choice;
  private readonly zones: Map<string, Choice>;
  private readonly later: Choice;
  private readonly board: Choice | null;
  private readonly pue: Choice;

  constructor(
    private readonly run: Run,
    private readonly all: Family[],
    update: () => void,
  ) {
    const { record } = run;
    const own = run.own;
    const first = all.find((f) => own !== null && is_of(f.series[0]!, own)) ?? all[0]!;
    this.family = choice("Signal and source", all.map((f) => ({ value: f.key, text: `${signal_name(f.series[0]!.signal)} · ${f.series[0]!.source ?? "source not stated"}${f.series[0]!.vintage === null ? "" : ` · ${f.series[0]!.vintage}`}` })), first.key, () => {
      this.show_zones();
      update();
    });
    // One select for each family, so that a zone is always chosen within its own signal.
    this.zones = new Map(all.map((f) => [f.key, choice("Zone", f.series.map((s, i) => ({ value: String(i), text: s.zone === record.zone ? `${s.zone} (where it ran)` : s.zone })), String(Math.max(0, own_index(f, record.zone))), update)]));
    this.later = slider({ label: "Start", min: 0, max: kLatestHours, step: kStepHours, initial: 0, text: later_text, on_change: update });
    this.board = board_choice(run, update);
    this.pue = number_box({ label: "PUE", min: 1, max: 5, step: 0.01, initial: record.pue, text: (v) => number(v), on_change: update });
    this.choices = [this.family, ...this.zones.values(), this.later, ...(this.board ? [this.board] : []), this.pue];
    this.show_zones();
  }

  state(): State {
    const family = this.all.find((f) => f.key === this.family.value) ?? this.all[0]!;
    const series = family.series[Number(this.zones.get(family.key)!.value)] ?? family.series[0]!;
    const original_series = family.series[own_index(family, this.run.record.zone)] ?? null;
    const as_it_ran = { later_hours: 0, pue: this.run.record.pue, gpu_factor: 1 };
    const change = { series, later_hours: Number(this.later.value), pue: Number(this.pue.value), gpu_factor: Number(this.board?.value ?? 1) };
    const board = this.board?.element.querySelector("select")?.selectedOptions[0]?.textContent ?? "";
    return { family, original_series, original: original_series && price(this.run.doc, { ...as_it_ran, series: original_series }), change, changed: price(this.run.doc, change), board };
  }

  private show_zones(): void {
    for (const [key, zone] of this.zones) zone.element.hidden = key !== this.family.value;
  }
}

function own_index(family: Family, zone: string | null): number {
  return family.series.findIndex((s) => s.zone === zone);
}

function later_text(hours: number): string {
  return hours === 0 ? "when it ran" : `${number(hours)} h later`;
}

/** Other boards by the ratio of their rated powers; null where the run's own is not in the list, or there are several. */
function board_choice(run: Run, update: () => void): Choice | null {
  const gpus = run.of_kind("gpu");
  const own = new Set(gpus.map((c) => board_of(run.doc, c.device)));
  const [board] = [...own];
  if (gpus.length === 0 || own.size !== 1 || !board) return null;
  const others = run.doc.hardware.filter((b) => b !== board);
  const text = (b: { device: string; tdp_w: number }): string => `${b.device} (${number(b.tdp_w)} W)`;
  return choice("Boards", [{ value: "1", text: `${text(board)}, as it ran` }, ...others.map((b) => ({ value: String(b.tdp_w / board.tdp_w), text: text(b) }))], "1", update);
}

function sentence(run: Run, { original, change, changed, original_series, board }: State): string {
  const { record } = run;
  const what = [
    change.series.zone === record.zone ? "" : `in ${change.series.zone}`,
    change.later_hours === 0 ? "" : `${number(change.later_hours)} h later`,
    change.gpu_factor === 1 ? "" : `on ${board}`,
    change.pue === record.pue ? "" : `with a PUE of ${number(change.pue)}`,
  ].filter((t) => t !== "");
  const subject = what.length === 0 ? "As it ran" : `The same work ${what.join(", ")}`;
  if (changed.missing_at !== null) return `${subject}: not known. The series of ${change.series.zone} has no value at ${moment(changed.missing_at)}, and nothing is put in its place.`;
  const { operational_g } = changed.priced;
  const average = change.series.signal.kind === "average";
  const verb = what.length === 0 ? (average ? "was allocated" : "emitted") : average ? "would be allocated" : "would emit";
  const now = `${subject}, it ${verb} ${grams(operational_g)} CO₂e operational (${signal_name(change.series.signal)})`;
  if (what.length === 0) return `${now}. Move a control to change that.`;
  if (original_series === null || original === null) return `${now}. There is no series of this signal, source and vintage where the run was, so there is nothing to compare it with.`;
  if (original.missing_at !== null) return `${now}. As it ran is not known in this series: no value at ${moment(original.missing_at)}.`;
  const before = original.priced.operational_g;
  const less = before - operational_g;
  if (less === 0) return `${now}: no different.`;
  return `${now}: ${change_of(less, before === 0 ? null : (100 * less) / before, before, change.series.signal)}.`;
}

function panel(run: Run, state: State): Panel {
  const { record } = run;
  const { change, original_series } = state;
  const shown = [change.series, ...(original_series !== null && original_series !== change.series ? [original_series] : [])];
  const curve = starts(run, change);
  const known = curve.filter((p) => p.grams !== null) as { hours: number; grams: number }[];
  const best = [...known].sort((a, b) => a.grams - b.grams)[0];
  return {
    heading: `${change.series.zone}, by hours of a later start`,
    signal: change.series.signal,
    series: shown.map((s, i) => grid_series(s, `series-${i}`)),
    summary: sentence(run, state),
    caption: [
      best === undefined ? `The series of ${change.series.zone} has no value for any start up to ${kLatestHours} h later.` : `Least among the starts of the next ${kLatestHours} h, in hindsight: ${later_text(best.hours)}, ${grams(best.grams)} CO₂e operational.`,
      words(change.series.signal).meaning,
      "Assumed: the same energy in the same time at every start and place; nothing waits, moves or is transferred.",
      ...(change.gpu_factor === 1 ? [] : [`Boards: an assumption, not a measurement. The GPUs' energy is multiplied by the ratio of the rated powers, ${digits(change.gpu_factor)}, at the same running time; ${others(run)} and the embodied share stay.`]),
      ...(known.length < curve.length ? [`${curve.length - known.length} of ${curve.length} starts touch a moment without a value: the line is broken there.`] : []),
      ...disagreement(run, state),
    ],
    draw: (width) => [sides(run, state), chart(curve, state, width)],
    table: {
      caption: `Starts in ${change.series.zone} (${signal_name(change.series.signal)})`,
      columns: [
        { key: "hours", label: "Hours later", kind: "number" },
        { key: "start_g", label: "Operational", kind: "grams" },
      ],
      rows: curve.map((p) => [p.hours, p.grams]),
    },
  };

  function others(of: Run): string {
    const kinds = of.kinds().filter((k) => k !== "gpu").map((k) => kKindName[k]);
    return kinds.length > 0 ? `${kinds.join(", ")}${record.embodied_parts.length > 0 ? "" : ","}` : "PUE";
  }
}

/** The series in this page need not be the one that the record was priced by: it may have been revised since. */
function disagreement(run: Run, { original, original_series }: State): string[] {
  if (original_series === null || original === null || original.missing_at !== null) return [];
  const book = run.books().find(([, b]) => is_of(original_series, b))?.[1];
  if (!book) return [];
  const again = original.priced.operational_g;
  if (Math.abs(again - book.operational_g) <= 1e-6 * Math.max(Math.abs(again), Math.abs(book.operational_g))) return [];
  return [`This page's series gives ${grams(again)} for the run as it was, the record says ${grams(book.operational_g)}: the two were priced by different data.`];
}

interface Point {
  hours: number;
  grams: number | null;
}

function starts(run: Run, change: Change): Point[] {
  const out: Point[] = [];
  for (let hours = 0; hours <= kLatestHours; hours += kStepHours) out.push({ hours, grams: price(run.doc, { ...change, later_hours: hours }).priced?.operational_g ?? null });
  return out;
}

function sides(run: Run, state: State): HTMLElement {
  const { change, changed, original, original_series } = state;
  const why_not = original_series === null ? "no series of this kind for where it ran" : "no value when it ran";
  return h("div", { class: "sides" },
    side("As it ran", original, why_not, run.record.pue, original_series?.zone ?? run.record.zone ?? "zone not known", run.record.begin),
    side("Changed", changed, "no value at that time", change.pue, change.series.zone, new Date(Date.parse(run.record.begin) + change.later_hours * 3_600_000)));
}

function side(title: string, outcome: Outcome | null, why_not: string, pue: number, zone: string, begin: string | Date): HTMLElement {
  const priced = outcome?.priced ?? null;
  const rows: [string, string][] = priced === null ? [] : [
    ["energy", energy(priced.energy_kwh)],
    ["mean intensity", priced.intensity_mean_g_per_kwh === null ? "–" : `${digits(priced.intensity_mean_g_per_kwh)} g/kWh`],
    ["PUE", number(pue)],
    ["with embodied", grams(priced.emissions_g)],
  ];
  return h("div", { class: "side", "data-grams": priced?.operational_g ?? null },
    h("h4", {}, title),
    h("strong", {}, priced === null ? "not known" : grams(priced.operational_g)),
    h("p", { class: "small" }, priced === null ? why_not : "operational CO₂e"),
    h("dl", {}, ([["zone", zone], ["start", moment(begin)], ...rows] as [string, string][]).map(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])));
}

function chart(curve: Point[], { change, changed, original }: State, width: number): Element {
  const values = curve.flatMap((p) => (p.grams === null ? [] : [p.grams]));
  const before = original?.priced?.operational_g ?? null;
  const [low, high] = [Math.min(0, ...values, before ?? 0), Math.max(1e-12, ...values, before ?? 0)];
  const axis = gram_axis(high, "operational");
  const here = changed.priced === null ? [] : [{ hours: change.later_hours, grams: changed.priced.operational_g }];
  return plot({
    width,
    height: 250,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 28,
    marginBottom: 40,
    x: { label: "start, hours later", labelAnchor: "center", labelArrow: "none", labelOffset: 34, domain: [0, kLatestHours], ticks: width < kNarrow ? 5 : 9 },
    y: { label: axis.label, labelArrow: "none", tickFormat: axis.tickFormat, grid: true, domain: [low * 1.05, high * 1.08], ticks: 5 },
    marks: [
      Plot.ruleY([0], { stroke: kColour.muted }),
      before === null ? null : Plot.ruleY([before], { stroke: kColour.run_now, strokeDasharray: "4,4", title: () => `as it ran: ${grams(before)}` }),
      Plot.ruleX([change.later_hours], { stroke: kColour.line }),
      Plot.lineY(curve, { x: "hours", y: (p: Point) => p.grams ?? NaN, stroke: kColour.flexible_start, strokeWidth: 2 }),
      // A start between two without a value would be a line without length.
      Plot.dot(curve.filter((p) => p.grams !== null), { x: "hours", y: "grams", r: 1.5, fill: kColour.flexible_start, title: (p: Point) => `${later_text(p.hours)}: ${grams(p.grams)}` }),
      Plot.dot(here, { x: "hours", y: "grams", r: 6, symbol: "diamond", fill: kColour.pause_resume, stroke: kColour.surface }),
    ],
  });
}

/** Where the page cannot compute anything: what is missing, and how to have it. */
export function what_if_missing(run: Run): HTMLElement {
  const { record } = run;
  const why = record.slots.length === 0 ? "The record has no slots." : record.zone === null ? "The run has no zone, and the page no series of intensities." : `The page has no series of intensities of ${record.zone}.`;
  return h("section", { class: "note", id: "what-if" },
    h("h2", {}, "The same work at another time, in another place"),
    h("p", {}, `${why} With a zone whose series ebb knows, this section computes other times and places: `, h("code", {}, `ebb report ${record.run_id} --zone ZONE`), "."));
}

/** What ebb found when the run ended, as a list; null where nothing was looked at. */
export function found_list(run: Run): HTMLElement | null {
  const { what_if } = run.record;
  const own = run.own;
  if (what_if.length === 0 || own === null) return null;
  const line = (w: (typeof what_if)[number]): string => {
    const where = w.kind === "zone" ? `in ${w.zone ?? "?"}` : `started ${duration(w.later_seconds)} later`;
    const share = own.operational_g === 0 ? null : (100 * w.difference_g) / own.operational_g;
    return `${where}: ${grams(w.operational_g)}; ${w.difference_g === 0 ? "no different" : change_of(w.difference_g, share, own.operational_g, w.signal)}`;
  };
  return h("section", { class: "plain", id: "found", "data-signal": `${own.signal.kind ?? "unknown"}/${own.signal.scope ?? "unknown"}` },
    h("h2", {}, "What would have been better, or worse, in hindsight"),
    h("p", { class: "small" }, `Operational CO₂e, ${provenance({ ...own })}. ${words(own.signal).meaning}`),
    h("ul", {}, what_if.map((w) => h("li", {}, line(w)))));
}
