// What must hold of any report, whoever made it. Each check reads the page as it stands and returns what is wrong.
// @ts-check

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("../src/document").StudyReport} StudyReport */

export const kTypicalYear = "Illustration on a typical year: smoothing hides much of the saving.";

/** @param {Page} page @returns {Promise<StudyReport>} */
export const document_of = (page) => page.evaluate(() => /** @type {any} */ (window).ebbReport.doc);

/** Each figure: an svg with marks, a label, a unit, a sentence with a number, a caption, and a table. @param {Page} page */
export function figure_faults(page) {
  return page.evaluate(() => {
    /** @type {string[]} */
    const faults = [];
    for (const panel of document.querySelectorAll("figure.panel:not(.paper-panel)")) {
      const name = `${panel.closest("section")?.id}: ${panel.querySelector("h3")?.textContent}`;
      const charts = [...panel.querySelectorAll("svg[data-main]")];
      if (charts.length === 0) faults.push(`${name}: no chart`);
      for (const svg of charts) {
        const marks = svg.querySelectorAll("g[aria-label]:not([aria-label*='axis']):not([aria-label*='grid']) :is(rect, circle, path, line)");
        if (marks.length === 0) faults.push(`${name}: no marks`);
        if (svg.getAttribute("role") !== "img" || (svg.getAttribute("aria-label") ?? "").length < 20) faults.push(`${name}: not labelled`);
        if (/NaN|undefined|Infinity/.test(svg.outerHTML)) faults.push(`${name}: a mark without a number`);
        if (svg.getBoundingClientRect().width < 200) faults.push(`${name}: too small`);
      }
      const unit = `${panel.querySelector(".chart")?.textContent}`;
      if (!/CO₂e|, W$|W\b/.test(unit)) faults.push(`${name}: no unit on the chart`);
      if (!/\d/.test(panel.querySelector(".summary")?.textContent ?? "")) faults.push(`${name}: no number in its sentence`);
      if ((panel.querySelector("figcaption")?.textContent ?? "").length < 20) faults.push(`${name}: no caption`);
      if (panel.querySelectorAll("details tbody tr").length === 0) faults.push(`${name}: no table`);
    }
    for (const section of document.querySelectorAll("section.figure")) if (!section.querySelector("h2")?.textContent?.trim()) faults.push(`${section.id}: no title`);
    if (/\b(NaN|undefined|null|Infinity)\b/.test(document.getElementById("page")?.innerText ?? "")) faults.push("a value is printed as NaN, undefined, null or Infinity");
    return faults;
  });
}

/** No page wider than its window, nothing that sticks out of it, no chart wider than its box. @param {Page} page */
export function width_faults(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const faults = document.documentElement.scrollWidth > room ? [`the page is ${document.documentElement.scrollWidth} px wide in ${room} px`] : [];
    for (const e of document.querySelectorAll("main :is(p, h1, h2, h3, figure, select, button, ul, dl, pre, .scroll, .chart)")) {
      if (e.closest(".scroll") && !e.matches(".scroll")) continue;
      const box = e.getBoundingClientRect();
      if (box.width > 0 && box.right > room + 0.5) faults.push(`${e.tagName} .${e.className} ends at ${box.right} of ${room} px: ${e.textContent?.slice(0, 40)}`);
    }
    for (const svg of document.querySelectorAll(".chart > svg")) {
      const box = /** @type {Element} */ (svg.parentElement).getBoundingClientRect();
      for (const text of svg.querySelectorAll("text")) {
        const t = text.getBoundingClientRect();
        if (text.textContent && (t.right > box.right + 1 || t.left < box.left - 1 || t.bottom > box.bottom + 1.5 || t.top < box.top - 1.5)) faults.push(`cut at the edge: “${text.textContent}” in ${svg.getAttribute("aria-label")?.slice(0, 60)}`);
      }
    }
    return faults;
  });
}

/** No two texts of one chart lie over each other. @param {Page} page */
export function overlap_faults(page) {
  return page.evaluate(() => {
    /** @type {string[]} */
    const faults = [];
    for (const svg of document.querySelectorAll(".chart > svg")) {
      const texts = [...svg.querySelectorAll("text")].filter((t) => t.textContent && !t.closest("[aria-label='tip']")).map((t) => ({ t: t.textContent, b: t.getBoundingClientRect() }));
      texts.forEach((a, i) => {
        for (const b of texts.slice(i + 1)) {
          const x = Math.min(a.b.right, b.b.right) - Math.max(a.b.left, b.b.left);
          const y = Math.min(a.b.bottom, b.b.bottom) - Math.max(a.b.top, b.b.top);
          // The box of a line of text is higher than its letters.
          if (x > 1 && y > 4) faults.push(`“${a.t}” and “${b.t}” overlap in ${svg.closest("section")?.id}`);
        }
      });
    }
    return faults;
  });
}

/** Marginal and average, direct and lifecycle: never in one panel, table or body; and the words of each. @param {Page} page */
export function signal_faults(page) {
  return page.evaluate((typical) => {
    const doc = /** @type {StudyReport} */ (/** @type {any} */ (window).ebbReport.doc);
    /** @type {string[]} */
    const faults = [];
    const key = (/** @type {{kind: string | null, scope: string | null}} */ s) => `${s.kind ?? "unknown"}/${s.scope ?? "unknown"}`;
    const signal_of = new Map(doc.series.map((s) => [s.id, key(s.signal)]));
    // Every gram of the document by the signal that it belongs to, to look up what a panel's table shows.
    /** @type {Map<string, Set<number>>} */
    const grams = new Map();
    for (const record of [...doc.rows, ...doc.monthly, ...doc.hourly, ...doc.lengths, ...doc.tradeoff_delay, ...doc.tradeoff_pauses, ...doc.foresight]) {
      const own = signal_of.get(record.series_id) ?? "none";
      if (!grams.has(own)) grams.set(own, new Set());
      for (const v of Object.values(record)) if (typeof v === "number") grams.get(own)?.add(v);
    }
    for (const j of doc.equivalences.jobs) [j.min_g, j.max_g].forEach((v) => v !== null && grams.set(key(j.signal), (grams.get(key(j.signal)) ?? new Set()).add(v)));
    const everyday = new Set(doc.equivalences.everyday.map((e) => e.grams));

    for (const box of document.querySelectorAll("figure.panel[data-signal], #rows tbody[data-signal]")) {
      const own = (box.getAttribute("data-signal") ?? "").split(" ")[0] ?? "";
      const name = `${box.closest("section")?.id} (${own})`;
      const ids = [box, ...box.querySelectorAll("[data-series]")].flatMap((e) => (e.getAttribute("data-series") ?? "").split(" ")).filter(Boolean);
      for (const id of ids) if (signal_of.get(id) !== own) faults.push(`${name} draws ${id}, which is ${signal_of.get(id)}`);
      for (const cell of box.querySelectorAll("td[data-column$='_g'][data-value]:not([data-value='']):not([data-column='above_g'])")) {
        const value = Number(cell.getAttribute("data-value"));
        if (!grams.get(own)?.has(value) && !everyday.has(value)) faults.push(`${name} shows ${value} g, which is no number of its signal`);
      }
      const said = own.replace("/", ", ").replace("unknown", "not stated");
      // Cells apart: "513 g saved" and "35.4%" would else be one word.
      const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode()) texts.push(walker.currentNode.textContent);
      const shown = `${texts.join(" ")} ${[...box.querySelectorAll("[aria-label]")].map((e) => e.getAttribute("aria-label")).join(" ")}`.replaceAll(typical, "");
      if (!own.includes("unknown") && !box.closest("#paper") && !shown.includes(said)) faults.push(`${name} does not say its signal`);
      const claims = /\b(sav(e|es|ed|ing|ings)|avoid\w*)\b/i.exec(shown);
      if (!own.startsWith("marginal") && claims) faults.push(`${name} says “${claims[0]}” of a signal that is not marginal`);
      if (own.startsWith("marginal") && /\ballocat/i.test(shown)) faults.push(`${name} says “allocated” of a marginal signal`);
      const changes = ["regions", "lengths", "delay", "pauses", "foresight", "all-rows"].includes(box.closest("section")?.id ?? "");
      if (changes && own.startsWith("marginal") && !/\bsaved\b/.test(shown)) faults.push(`${name} does not say saved`);
      if (changes && own.startsWith("average") && !/\ballocated\b/.test(shown)) faults.push(`${name} does not say allocated`);
    }
    return faults;
  }, kTypicalYear);
}

/** In the page's sentences a percentage stands with what it is of, after grams. @param {Page} page */
export function percentage_faults(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".lead, .summary, .plan, figure.panel [aria-label='tip']")].flatMap((e) => {
      const text = (e.textContent ?? "").replace(/slack \d+%( of the running time)?/g, "");
      return [...text.matchAll(/.{0,30}\d%(?! of (−?[\d,.]+ (µg|mg|g|kg|t|W)\b|\d+ starts)).{0,20}/g)].map((m) => `a percentage of what? “${m[0]}”`);
    }));
}

/** Puts every row into the table and reads it back. @param {Page} page @returns {Promise<import("./csv.mjs").Cells[]>} */
export function read_rows(page) {
  return page.evaluate(() => {
    /** @type {any} */ (window).ebbReport.rows.show_all();
    return [...document.querySelectorAll("#rows tbody")].flatMap((body) => {
      const [kind, scope] = (body.getAttribute("data-signal") ?? "").split(" ")[0]?.split("/") ?? [];
      const known = (/** @type {string | undefined} */ v) => (v === undefined || v === "unknown" ? "" : v);
      return [...body.querySelectorAll("tr[data-series]")].map((row) => ({
        series_id: row.getAttribute("data-series") ?? "",
        signal_kind: known(kind),
        signal_scope: known(scope),
        ...Object.fromEntries([...row.querySelectorAll("td")].map((td) => [td.dataset["column"] ?? "", td.dataset["value"] ?? (td.textContent === "–" ? "" : (td.textContent ?? ""))])),
      }));
    });
  });
}

/** What a person reads in a cell is the number behind it, to three digits. @param {Page} page */
export function rounding_faults(page) {
  return page.evaluate(() => {
    /** @type {Record<string, number>} */
    const unit = { "µg": 1e-6, mg: 1e-3, g: 1, kg: 1e3, t: 1e6, min: 60, h: 3600, d: 86400, s: 1 };
    return [...document.querySelectorAll("#rows td[data-value]:not([data-value=''])")].flatMap((td) => {
      const value = Number(td.getAttribute("data-value"));
      const m = /^(−?)([\d,.]+) ?(µg|mg|g|kg|t|min|h|d|s|%)?( more| less.*| saved)?$/.exec(td.textContent ?? "");
      if (!m) return [`unreadable: ${td.textContent}`];
      const is_share = ["measured", "modelled", "filled"].includes(td.getAttribute("data-column") ?? "");
      const shown = Number((m[2] ?? "").replace(/,/g, "")) * (unit[m[3] ?? ""] ?? (is_share ? 0.01 : 1)) * (m[1] === "−" || m[4] === " more" ? -1 : 1);
      const room = m[3] === "%" ? (is_share ? 0.0006 : 0.051) : Math.abs(value) * 0.0051;
      return Math.abs(shown - value) <= room ? [] : [`${td.getAttribute("data-column")}: ${td.textContent} for ${value}`];
    });
  });
}
