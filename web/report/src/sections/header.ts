// The top of the page: what this is, of what kind the data are, and three sentences in grams.

import { kTypicalYear } from "../figure";
import type { Row, Series } from "../document";
import { h } from "../dom";
import { day, duration, grams, number } from "../format";
import { change_of, signal_name, words, type Group } from "../signal";
import { default_slack, kReferenceJob, unique, type Study } from "../study";
import { data_table } from "../table";

const kKind: Record<string, string> = {
  real: "Real data: series of measured or modelled intensities of actual hours.",
  "typical-year": kTypicalYear,
  given: "Data given by the user: ebb knows nothing of them but what the file says.",
};

export function banner(study: Study): HTMLElement | null {
  if (!study.typical_year) return null;
  return h("div", { class: "banner", role: "note", id: "typical-year" },
    h("strong", {}, "Typical year. "),
    `${kTypicalYear} No number on this page is the emissions of an actual year, and none can stand beside the paper's tables.`);
}

export function header(study: Study): HTMLElement {
  const { doc } = study;
  return h("header", {},
    h("p", { class: "kicker" }, "Carbon of AI training jobs: a study"),
    h("h1", {}, doc.title ?? "Study"),
    h("p", { class: "kind", "data-kind": doc.data_kind }, kKind[doc.data_kind] ?? doc.data_kind),
    summary(study),
    notes("Warnings", doc.warnings, "warnings"),
    notes("About the data", doc.data_notes, "data-notes"),
    series_table(study));
}

function notes(title: string, lines: string[], id: string): HTMLElement | null {
  if (lines.length === 0) return null;
  return h("section", { class: id === "warnings" ? "note warn" : "plain", id }, h("h2", {}, title), h("ul", {}, lines.map((l) => h("li", {}, l))));
}

/** Three sentences on the reference job: what it emits at once, what shifting changes, and how far to trust that. */
function summary(study: Study): HTMLElement | null {
  const group = study.groups_with(study.doc.rows)[0];
  if (!group) return null;
  const jobs = unique(study.doc.rows.map((r) => r.experiment));
  const job = jobs.includes(kReferenceJob) ? kReferenceJob : jobs[0]!;
  const slack = default_slack(unique(study.doc.rows.filter((r) => r.experiment === job).map((r) => r.slack)));
  const rows = study.doc.rows.filter((r) => r.experiment === job && r.slack === slack);
  const sentences = [baseline_sentence(study, rows, job), change_sentence(study, group, rows, slack), trust_sentence(group)];
  return h("p", { class: "lead", id: "summary" }, sentences.filter((s) => s !== "").join(" "));
}

function baseline_sentence(study: Study, rows: Row[], job: string): string {
  const parts = study.groups_with(rows).map((g) => {
    const own = g.series.flatMap((s) => {
      const row = rows.find((r) => r.series_id === s.id && r.baseline_g !== null);
      return row ? [{ s, g: row.baseline_g! }] : [];
    });
    own.sort((a, b) => a.g - b.g);
    const [low, high] = [own[0], own[own.length - 1]];
    if (!low || !high) return "";
    const where = own.length === 1 ? `${grams(low.g)} CO₂e in ${study.name(low.s)}` : `from ${grams(low.g)} CO₂e in ${study.name(low.s)} to ${grams(high.g)} in ${study.name(high.s)}`;
    return `${g.signal.kind === "average" ? "is allocated" : "emits"} ${where} (${g.name}${g.signal.kind ? " intensity" : ""})`;
  });
  return `Started at once, ${study.job_line(job)} ${parts.filter((p) => p !== "").join("; it ")}, means over the starts.`;
}

function change_sentence(study: Study, group: Group, rows: Row[], slack: string): string {
  const of = (s: Series, strategy: string): Row | undefined => rows.find((r) => r.series_id === s.id && r.strategy === strategy && r.saved_g !== null);
  const ranked = group.series
    .map((s) => ({ s, flexible: of(s, "flexible-start"), pause: of(s, "pause-resume") }))
    .filter((x) => x.flexible ?? x.pause)
    .sort((a, b) => ((b.pause ?? b.flexible)!.saved_g ?? 0) - ((a.pause ?? a.flexible)!.saved_g ?? 0));
  const most = ranked[0];
  if (!most) return "";
  const say = (row: Row | undefined): string => (row ? `${change_of(row.saved_g, row.saved_percent_of_total, row.baseline_g, group.signal)} by ${row.strategy}` : "");
  const where = `In ${study.name(most.s)}${ranked.length > 1 ? ", where it changes most" : ""} (${group.name})`;
  return `${where}, a slack of ${slack} brings ${[say(most.flexible), say(most.pause)].filter((t) => t !== "").join(", and ")}.`;
}

function trust_sentence(group: Group): string {
  const claim = group.signal.kind === "marginal" ? "a short-run saving" : group.signal.kind === "average" ? "a shift of what is allocated to the job, not of what the grid emitted" : "a difference under a signal that is not stated";
  return `These are plans in hindsight (perfect foresight): upper bounds of ${claim}.`;
}

function series_table(study: Study): HTMLElement | null {
  const { series } = study.doc;
  if (series.length === 0) return null;
  const shares = (s: Series): (number | null)[] => [s.data_quality?.measured ?? null, s.data_quality?.modelled ?? null, s.data_quality?.filled ?? null];
  return h("details", { class: "plain", id: "series" },
    h("summary", {}, `The ${number(series.length)} series: zone, signal, source, step, quality`),
    study.groups.map((g) => data_table({
      caption: `Series: ${g.name}. ${words(g.signal).meaning}`,
      series: g.series.map((s) => s.id),
      columns: [
        { key: "region", label: "Region", kind: "text" }, { key: "zone", label: "Zone", kind: "text" },
        { key: "signal", label: "Signal", kind: "text" }, { key: "mean_g_per_kwh", label: "Mean, g/kWh", kind: "digits" },
        { key: "step", label: "Step", kind: "text" }, { key: "begin", label: "From", kind: "text" }, { key: "end", label: "To", kind: "text" },
        { key: "measured", label: "Measured", kind: "share" }, { key: "modelled", label: "Modelled", kind: "share" }, { key: "filled", label: "Filled", kind: "share" },
        { key: "time_zone", label: "Time zone", kind: "text" }, { key: "source", label: "Source", kind: "text" }, { key: "vintage", label: "Vintage", kind: "text" },
      ],
      rows: g.series.map((s) => [study.name(s), s.zone, signal_name(s.signal), s.mean_g_per_kwh, duration(s.step_seconds), day(s.begin), day(s.end), ...shares(s), s.time_zone, s.source, s.vintage]),
    })));
}
