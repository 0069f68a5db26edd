// The numbers behind the figure of regions.

import type { Group } from "../signal";
import type { TableSpec } from "../table";
import type { RegionChange } from "./regions";

export function regions_table(changes: RegionChange[], group: Group, job: string, slack: string): TableSpec {
  const of = (c: RegionChange, key: "flexible" | "pause"): (number | null)[] => {
    const row = c[key];
    return [row?.emissions_g ?? null, row?.saved_g ?? null, row?.saved_percent_of_total ?? null, row?.harmed_percent ?? null];
  };
  const columns = (key: string, name: string): TableSpec["columns"] => [
    { key: `${key}_emissions_g`, label: `${name}: emissions`, kind: "grams" },
    { key: `${key}_saved_g`, label: `${name}: difference from run-now`, kind: "change" },
    { key: `${key}_saved_percent_of_total`, label: "in % of run-now", kind: "percent" },
    { key: `${key}_harmed_percent`, label: "starts harmed", kind: "percent" },
  ];
  return {
    caption: `${job}, slack ${slack} (${group.name}): means over the starts, grams CO₂e a job`,
    series: changes.map((c) => c.id),
    columns: [
      { key: "region", label: "Region", kind: "text" },
      { key: "starts", label: "Starts", kind: "number" },
      { key: "baseline_g", label: "Run-now", kind: "grams" },
      ...columns("flexible", "Flexible-start"),
      ...columns("pause", "Pause-resume"),
    ],
    rows: changes.map((c) => [c.name + (c.small ? " †" : ""), (c.pause ?? c.flexible)?.starts ?? null, c.baseline_g, ...of(c, "flexible"), ...of(c, "pause")]),
  };
}
