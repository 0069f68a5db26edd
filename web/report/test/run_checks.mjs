// What must hold of any page of a run. Each check reads the page as it stands and returns what is wrong.
// @ts-check

/** @typedef {import("playwright-core").Page} Page */

/** Each figure: an svg with marks, a label, a sentence with a number, a caption, and a table; no value that is none. @param {Page} page */
export function run_figure_faults(page) {
  return page.evaluate(() => {
    /** @type {string[]} */
    const faults = [];
    for (const panel of document.querySelectorAll("figure.panel")) {
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
      if (!/\d/.test(panel.querySelector(".summary")?.textContent ?? "")) faults.push(`${name}: no number in its sentence`);
      if ((panel.querySelector("figcaption")?.textContent ?? "").length < 20) faults.push(`${name}: no caption`);
      if (panel.querySelectorAll("details tbody tr").length === 0) faults.push(`${name}: no table`);
    }
    // A line of the record's warnings may say of a key that it is null.
    const shown = document.getElementById("page")?.cloneNode(true);
    if (shown instanceof Element) shown.querySelector("#identity")?.remove();
    const text = shown?.textContent ?? "";
    if (/\b(NaN|undefined|null|Infinity)\b/.test(text)) faults.push("a value is printed as NaN, undefined, null or Infinity");
    return faults;
  });
}

/** Law 5: what rests on a signal says which, and only a marginal difference is saved. @param {Page} page */
export function run_signal_faults(page) {
  return page.evaluate(() => {
    /** @type {string[]} */
    const faults = [];
    for (const box of document.querySelectorAll("#page [data-signal]")) {
      const own = box.getAttribute("data-signal") ?? "";
      const name = `${box.closest("section")?.id ?? box.className} (${own})`;
      const shown = box.textContent ?? "";
      if (!own.includes("unknown") && !shown.includes(own.replace("/", ", "))) faults.push(`${name} does not say its signal`);
      const claims = /\b(sav(e|es|ed|ing|ings)|avoid\w*)\b/i.exec(shown);
      if (!own.startsWith("marginal") && claims) faults.push(`${name} says “${claims[0]}” of a signal that is not marginal`);
      if (own.startsWith("marginal") && /\ballocat/i.test(shown)) faults.push(`${name} says “allocated” of a marginal signal`);
    }
    return faults;
  });
}

/** In the page's sentences a percentage stands with what it is of, after grams or energy; the level of an interval is none. @param {Page} page */
export function run_percentage_faults(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".lead, .under, .summary, .key, #found li")].flatMap((e) => {
      const text = (e.textContent ?? "").replace(/\d+%: /g, "");
      return [...text.matchAll(/.{0,30}\d%(?! of −?[\d,.]+ (µg|mg|g|kg|t|J|Wh|kWh|MWh)\b).{0,20}/g)].map((m) => `a percentage of what? “${m[0]}”`);
    }));
}
