// Builds the page from the document inside it, and keeps the figures as wide as their boxes.

import { load_document, type Row, type StudyReport } from "./document";
import { h } from "./dom";
import { Figure, type FigureSpec } from "./figure";
import { components_figure } from "./figures/components";
import { delay_figure } from "./figures/delay";
import { everyday_figure } from "./figures/everyday";
import { foresight_figure } from "./figures/foresight";
import { hours_figure } from "./figures/hours";
import { hours_overview_figure } from "./figures/hours_overview";
import { ladder_figure } from "./figures/ladder";
import { lengths_figure } from "./figures/lengths";
import { months_figure } from "./figures/months";
import { pauses_figure } from "./figures/pauses";
import { regions_figure } from "./figures/regions";
import { follow_width } from "./paper";
import { banner, header } from "./sections/header";
import { attributions_section, footer, method_section } from "./sections/method";
import { paper_section } from "./sections/paper";
import { rows_table, type RowsTable } from "./sections/rows_table";
import { start_hour_note } from "./sections/start_hour";
import { Study } from "./study";

declare global {
  interface Window {
    ebbReport?: {
      doc: StudyReport;
      /** Settled when every figure has been drawn. */
      ready: Promise<void>;
      rows: Omit<RowsTable, "element"> | { all: Row[] };
    };
  }
}

type MakeFigure = (study: Study, update: () => void) => FigureSpec | null;

const kFigures: MakeFigure[] = [
  months_figure,
  // The paper's table never stands beside a typical year.
  (study, update) => hours_figure(study, update, study.typical_year ? null : start_hour_note()),
  hours_overview_figure,
  regions_figure,
  lengths_figure,
  everyday_figure,
  delay_figure,
  pauses_figure,
  foresight_figure,
  ladder_figure,
  components_figure,
];

function build(doc: StudyReport): Promise<void> {
  const study = new Study(doc);
  const figures: Figure[] = [];
  for (const make of kFigures) {
    const spec = make(study, () => figure?.update());
    const figure: Figure | null = spec && new Figure(study, spec, figures.length + 1);
    if (figure) figures.push(figure);
  }
  const rows = rows_table(study);
  const licences = document.querySelector<HTMLTemplateElement>("#licences")?.content.textContent ?? "";
  const sections = [...figures.map((f) => f.element), rows?.element, paper_section(study), method_section(study), attributions_section(study)].filter((s): s is HTMLElement => s instanceof HTMLElement);
  document.title = doc.title ?? "ebb study";
  document.getElementById("page")!.replaceChildren(...[banner(study), header(study), contents(sections), ...sections, footer(study, licences)].filter((s) => s !== null));
  for (const figure of figures) figure.update();
  follow_width(figures);
  const ready = new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
  window.ebbReport = { doc, ready, rows: rows ?? { all: doc.rows } };
  return ready;
}

function contents(sections: HTMLElement[]): HTMLElement {
  const entries = sections.filter((s) => s.id !== "").map((s) => h("li", {}, h("a", { href: `#${s.id}` }, s.querySelector("h2")?.textContent ?? s.id)));
  return h("nav", { "aria-label": "Contents" }, h("ul", {}, entries));
}

async function start(): Promise<void> {
  const page = document.getElementById("page")!;
  try {
    const doc = load_document(document);
    if (doc === null) page.replaceChildren(h("p", { class: "note warn" }, "This is the empty template of a report: `ebb report` puts the study into it."));
    else await build(doc);
    document.documentElement.dataset["ready"] = "true";
  } catch (error) {
    page.prepend(h("p", { class: "note warn", role: "alert" }, `The report cannot be drawn: ${String(error)}`));
    throw error;
  }
}

void start();
