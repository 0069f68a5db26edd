// What every figure asks of the document: the reference job, names of series, orders of slacks, medians.

import type { Experiment, Series, StudyReport } from "./document";
import { choice, type Choice, type Option } from "./dom";
import { number } from "./format";
import { signal_groups, type Group } from "./signal";

export const kReferenceJob = "bert-finetune";
export const kStrategies = ["flexible-start", "pause-resume"];

export class Study {
  readonly groups: Group[];
  private readonly by_id: Map<string, Series>;
  private readonly experiment_by_name: Map<string, Experiment>;

  constructor(readonly doc: StudyReport) {
    this.groups = signal_groups(doc);
    this.by_id = new Map(doc.series.map((s) => [s.id, s]));
    this.experiment_by_name = new Map(doc.experiments.map((e) => [e.name, e]));
  }

  get typical_year(): boolean {
    return this.doc.data_kind === "typical-year";
  }

  series(id: string): Series | undefined {
    return this.by_id.get(id);
  }

  experiment(name: string): Experiment | undefined {
    return this.experiment_by_name.get(name);
  }

  /** The region where it names one series of its group, else the label. */
  name(series: Series): string {
    if (series.region === null) return series.label;
    const group = this.groups.find((g) => g.series.includes(series))!;
    return group.series.filter((s) => s.region === series.region).length === 1 ? series.region : series.label;
  }

  /** The name of a job as people read it: a figure that was extrapolated says so. */
  job(name: string): string {
    return this.experiment(name)?.extrapolated ? `${name} ‡` : name;
  }

  job_line(name: string): string {
    const e = this.experiment(name);
    return e ? `${this.job(name)} (${number(e.energy_kwh)} kWh, ${number(e.hours)} h)` : name;
  }

  /** The groups that have data in these records, each with only the series that do. */
  groups_with(records: { series_id: string }[]): Group[] {
    const ids = new Set(records.map((r) => r.series_id));
    return this.groups.map((g) => ({ ...g, series: g.series.filter((s) => ids.has(s.id)) })).filter((g) => g.series.length > 0);
  }

  /** Sentences about regions that one zone stands in for: their values are equal by construction. */
  shared_zones(series: Series[]): string[] {
    const by_zone = new Map<string, string[]>();
    for (const s of series) if (s.region !== null) by_zone.set(s.zone, [...(by_zone.get(s.zone) ?? []), s.region]);
    return [...by_zone].filter(([, regions]) => regions.length > 1).map(([zone, regions]) => `${regions.join(" and ")} share one zone (${zone}): their values are equal.`);
  }
}

export function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function job_choice(study: Study, records: { experiment: string }[], on_change: () => void): Choice {
  const names = unique(records.map((r) => r.experiment));
  const initial = names.includes(kReferenceJob) ? kReferenceJob : (names[0] ?? "");
  return choice("Job", names.map((value) => ({ value, text: study.job_line(value) })), initial, on_change);
}

/** The slack that a figure opens with: a day, else the first. */
export function default_slack(slacks: string[]): string {
  return slacks.includes("24h") ? "24h" : (slacks[0] ?? "");
}

export function slack_choice(records: { slack: string }[], on_change: () => void): Choice {
  const slacks = unique(records.map((r) => r.slack));
  return choice("Slack", slacks.map((value) => ({ value, text: slack_text(value) })), default_slack(slacks), on_change);
}

export function slack_text(slack: string): string {
  return slack.endsWith("%") ? `${slack} of the running time` : slack;
}

/** One select for each group, so that a zone is always chosen within its own signal. */
export function zone_choices(study: Study, groups: Group[], on_change: () => void): Map<string, Choice> {
  // Panels of different signals open on the same region where they can.
  const region = groups[0]?.series[0]?.region;
  return new Map(
    groups.map((g) => {
      const options: Option[] = g.series.map((s) => ({ value: s.id, text: `${study.name(s)} · ${s.zone}` }));
      const initial = g.series.find((s) => s.region === region) ?? g.series[0]!;
      return [g.key, choice(`Region (${g.name})`, options, initial.id, on_change)];
    }),
  );
}
