// How the numbers were made, whose data they rest on, and how to make them again.

import { h } from "../dom";
import type { Study } from "../study";

const kDefinitions: [string, string][] = [
  ["intensity", "Grams of CO₂-equivalent for each kWh, g/kWh. A series gives one value for each slot of a fixed step; emissions are the energy in the slot times the slot's intensity, summed."],
  ["signal", "What an intensity means. Marginal: what the plants that react to one more kWh emit; the signal for decisions. Average: the emissions of the whole grid over all its kWh; the signal for inventories. Direct counts the chimney, lifecycle the fuel and the plant too. Two signals are never mixed in one panel, sum or difference."],
  ["saved, allocated", "Only a marginal difference is called saved, and short-run at that. A difference of averages is allocated: it moves the share that falls to this job."],
  ["run-now", "The job starts at its earliest start and runs through. The baseline of every difference."],
  ["flexible-start", "The job starts later, within its slack, and runs through."],
  ["pause-resume", "The job may also pause and go on later, within the same slack. Pauses cost nothing here unless a figure says so."],
  ["slack", "How much longer than its running time a job may take, from its earliest start to its end; in hours, or in percent of the running time."],
  ["perfect foresight", "Hindsight: the plan knows what the grid will do. Every figure but “Promised, realised, best possible” rests on it and is an upper bound."],
  ["mean %, % of total", "The mean % is the mean of each start's percentage, the paper's way; a start with a baseline near zero can carry it away. The % of total is the ratio of the sums. The grams come first; both percentages are of the run-now emissions in the same row."],
  ["harmed", "Starts for which the plan was dirtier than run-now, in percent of the starts."],
  ["delay", "The plan's end less run-now's end."],
  ["starts", "Evaluated starts whose whole window lies inside the series. Skipped: the window touches a missing slot. Zero baseline: run-now emits nothing, so there is no percentage."],
];

export function method_section(study: Study): HTMLElement {
  const { doc } = study;
  return h("section", { class: "prose", id: "method" },
    h("h2", {}, "How these numbers were made"),
    h("dl", {}, kDefinitions.map(([term, text]) => [h("dt", {}, term), h("dd", {}, text)])),
    doc.command !== null && [h("h3", {}, "The command"), h("pre", { class: "command" }, h("code", {}, doc.command.split(" ").map((part) => [h("span", {}, part), " "])))],
    h("p", { class: "small" }, "The document behind this page is inside it: open the source and look for “ebb-data”, or read window.ebbReport.doc in the console."));
}

export function attributions_section(study: Study): HTMLElement | null {
  const { attributions } = study.doc;
  if (attributions.length === 0) return null;
  return h("section", { class: "prose", id: "attributions" },
    h("h2", {}, "Data and attributions"),
    h("ul", {}, attributions.map((a) => h("li", {}, h("strong", {}, a.source), a.licence !== null && ` (${a.licence})`, a.text !== null && `: ${a.text}`))));
}

export function footer(study: Study, licences: string): HTMLElement {
  return h("footer", {},
    h("p", { class: "small" }, study.doc.generated_by === null ? "" : `Made by ${study.doc.generated_by}.`),
    h("details", { class: "plain" }, h("summary", {}, "Licences of the software inside this page"), h("pre", { class: "small" }, licences)));
}
