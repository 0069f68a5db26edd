// Builds the page of a run from the document inside it, and keeps the figures as wide as their boxes.

import { h } from "../dom";
import { Figure, type FigureSpec } from "../figure";
import { follow_width } from "../paper";
import { load_document, type RunReport } from "./document";
import { header } from "./header";
import { ladder_figure } from "./ladder";
import { footer, sci_section } from "./numbers";
import { power_figure } from "./power";
import { Run } from "./run";
import { slots_figure } from "./slots";
import { found_list, what_if_figure, what_if_missing } from "./what_if";
import { where_figure } from "./where";

declare global {
  interface Window {
    ebbRun?: { doc: RunReport };
  }
}

function build(doc: RunReport): void {
  const run = new Run(doc);
  const figures: Figure[] = [];
  const figure = (make: (run: Run, update: () => void) => FigureSpec | null): HTMLElement | null => {
    const spec = make(run, () => made?.update());
    const made: Figure | null = spec && new Figure(run, spec, figures.length + 1);
    if (made) figures.push(made);
    return made?.element ?? null;
  };
  const sections = [
    figure(power_figure),
    figure(slots_figure),
    figure(where_figure),
    figure(ladder_figure),
    found_list(run),
    figure(what_if_figure) ?? what_if_missing(run),
    sci_section(run),
  ].filter((s) => s !== null);
  const licences = document.querySelector<HTMLTemplateElement>("#licences")?.content.textContent ?? "";
  document.title = `ebb run ${doc.run.run_id}`;
  document.getElementById("page")!.replaceChildren(header(run), contents(sections), ...sections, footer(run, licences));
  for (const made of figures) made.update();
  follow_width(figures);
  // Paper cannot be clicked: what ran is printed.
  window.addEventListener("beforeprint", () => document.querySelector("#identity")?.setAttribute("open", ""));
  window.ebbRun = { doc };
}

function contents(sections: HTMLElement[]): HTMLElement {
  return h("nav", { "aria-label": "Contents" }, h("ul", {}, sections.map((s) => h("li", {}, h("a", { href: `#${s.id}` }, s.querySelector("h2")?.textContent ?? s.id)))));
}

function start(): void {
  const page = document.getElementById("page")!;
  try {
    const doc = load_document(document);
    if (doc === null) page.replaceChildren(h("p", { class: "note warn" }, "This is the empty template of a report: `ebb report RUN` puts the run into it."));
    else build(doc);
    document.documentElement.dataset["ready"] = "true";
  } catch (error) {
    page.prepend(h("p", { class: "note warn", role: "alert" }, `The report cannot be drawn: ${String(error)}`));
    throw error;
  }
}

start();
