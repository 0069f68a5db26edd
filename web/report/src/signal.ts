// What an intensity means, and which words it allows. Signals, and vintages of one source, never share a panel.

import type { Series, Signal, StudyReport } from "./document";
import { grams, percent } from "./format";

export function signal_name(signal: Signal): string {
  if (!signal.kind && !signal.scope) return "signal not stated";
  return `${signal.kind ?? "kind not stated"}, ${signal.scope ?? "scope not stated"}`;
}

export function signal_key(signal: Signal): string {
  return `${signal.kind ?? "unknown"}/${signal.scope ?? "unknown"}`;
}

export interface Words {
  /** After a number of grams: "120 g saved", "120 g less allocated". */
  less: string;
  /** As a noun: "promised saving", "promised reduction of the allocation". */
  noun: string;
  /** What the words mean, for a caption. */
  meaning: string;
}

/** Only a marginal difference may be called saved; a difference of averages moves what is allocated to the job. */
export function words(signal: Signal): Words {
  if (signal.kind === "marginal")
    return { less: "saved", noun: "saving", meaning: "“Saved” is short-run: what the plants running at that moment would have emitted less." };
  if (signal.kind === "average")
    return {
      less: "less allocated",
      noun: "reduction of the allocation",
      meaning: "“Allocated”: the job's share of what the whole grid emitted. A difference of averages says how the allocation moves, not what the grid emitted less.",
    };
  return { less: "less", noun: "difference", meaning: "The signal is not stated, so a difference is only a difference." };
}

/** "120 g saved", "120 g less allocated", or "12 g more" where the plan did harm. */
export function change(saved_g: number | null, signal: Signal): string {
  if (saved_g === null) return "not known";
  return saved_g < 0 ? `${grams(-saved_g)} more` : `${grams(saved_g)} ${words(signal).less}`;
}

/** The grams, then the percentage and the baseline that it is of. */
export function change_of(saved_g: number | null, share_percent: number | null, baseline_g: number | null, signal: Signal): string {
  const size = share_percent === null ? null : Math.abs(share_percent);
  return `${change(saved_g, signal)} (${percent(size)} of ${grams(baseline_g)})`;
}

/** The series that may stand in one panel. */
export interface Group {
  key: string;
  name: string;
  signal: Signal;
  series: Series[];
}

/** Groups by signal; where one source comes in several vintages, by vintage as well. Marginal first: it is the one for decisions. */
export function signal_groups(doc: StudyReport): Group[] {
  const vintages = new Map<string, Set<string | null>>();
  for (const s of doc.series) {
    const model = `${signal_key(s.signal)} ${s.source ?? ""}`;
    vintages.set(model, (vintages.get(model) ?? new Set()).add(s.vintage));
  }
  const several = new Set([...vintages].filter(([, v]) => v.size > 1).map(([model]) => model.split(" ")[0]));
  const groups = new Map<string, Group>();
  for (const s of doc.series) {
    const by_vintage = several.has(signal_key(s.signal));
    const key = signal_key(s.signal) + (by_vintage ? ` ${s.vintage ?? "unknown"}` : "");
    const name = signal_name(s.signal) + (by_vintage ? `, vintage ${s.vintage ?? "not stated"}` : "");
    if (!groups.has(key)) groups.set(key, { key, name, signal: s.signal, series: [] });
    groups.get(key)!.series.push(s);
  }
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
}

function rank(group: Group): number {
  return group.signal.kind === "marginal" ? 0 : group.signal.kind === "average" ? 1 : 2;
}
