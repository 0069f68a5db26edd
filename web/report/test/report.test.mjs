// The page in a real browser, on a sample made by code.
// @ts-check

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { no_browser, Workshop } from "./browser.mjs";
import { document_of, figure_faults, kTypicalYear, overlap_faults, percentage_faults, read_rows, rounding_faults, signal_faults, width_faults } from "./checks.mjs";
import { csv_cells, differences, parse_csv, to_csv } from "./csv.mjs";
import { make_sample } from "./sample.mjs";

/** @typedef {import("./browser.mjs").Look} Look */
/** @typedef {import("playwright-core").Page} Page */

const skip = no_browser;
const shop = new Workshop();
after(() => shop.close());

const sample = make_sample();
/** @type {Map<string, string>} */
const written = new Map();

/** Opens a page with this document, and fails on whatever the page complains of. @param {string} name @param {unknown} doc @param {Look} look @param {(page: Page) => Promise<void>} body */
async function with_page(name, doc, look, body) {
  const path = written.get(name) ?? shop.write(`${name}.html`, doc);
  written.set(name, path);
  const opened = await shop.open(path, look);
  try {
    await body(opened.page);
    assert.deepEqual(opened.problems, []);
    assert.equal(opened.requests.length, 1, `requests: ${opened.requests.join(", ")}`);
  } finally {
    await opened.close();
  }
}

for (const width of [1280, 768, 360])
  for (const scheme of /** @type {const} */ (["light", "dark"]))
    test(`at ${width} px, ${scheme}, every figure is drawn, labelled and inside the page`, { skip }, () =>
      with_page("sample", sample, { width, scheme }, async (page) => {
        assert.deepEqual(await figure_faults(page), []);
        assert.deepEqual(await width_faults(page), []);
        assert.deepEqual(await overlap_faults(page), []);
        assert.equal(await page.locator("section.figure").count(), 13);
        const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const light = Number(/\d+/.exec(background)?.[0]);
        assert.ok(scheme === "dark" ? light < 60 : light > 200, background);
      }));

test("on paper the page is light, its choices are text, and its figures keep together", { skip }, () =>
  with_page("sample", sample, { width: 690, scheme: "dark", media: "print" }, async (page) => {
    assert.deepEqual(await width_faults(page), []);
    assert.deepEqual(await figure_faults(page), []);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
    const choices = await page.$$eval("label.choice", (labels) => labels.map((l) => ({
      select: getComputedStyle(/** @type {Element} */ (l.querySelector("select"))).display,
      chosen: l.querySelector("select")?.selectedOptions[0]?.textContent,
      printed: /** @type {HTMLElement} */ (l.querySelector(".printed-choice")).innerText,
    })));
    assert.ok(choices.length > 10);
    for (const c of choices) assert.deepEqual({ select: c.select, printed: c.printed }, { select: "none", printed: c.chosen });
    assert.deepEqual(await page.$$eval("figure.panel", (panels) => panels.filter((p) => getComputedStyle(p).breakInside !== "avoid").length), 0);
  }));

test("for printing the charts are drawn at the width of the paper, and again for the screen after it", { skip }, () =>
  with_page("sample", sample, { width: 1280 }, async (page) => {
    const width = () => page.$eval("#regions svg[data-main]", (svg) => Number(svg.getAttribute("width")));
    const on_screen = await width();
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    assert.equal(await width(), 820);
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    assert.equal(await width(), on_screen);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    // A4 in points: the page was not cut to another size.
    assert.match(pdf.toString("latin1"), /MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
  }));

test("a chart is drawn again when the window changes its width", { skip }, () =>
  with_page("sample", sample, { width: 1280 }, async (page) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.waitForFunction(() => Number(document.querySelector("#regions svg[data-main]")?.getAttribute("width")) < 340);
    assert.deepEqual(await width_faults(page), []);
  }));

test("no panel mixes signals, each says its own, and only marginal differences are saved", { skip }, () =>
  with_page("sample", sample, {}, async (page) => {
    assert.deepEqual(await signal_faults(page), []);
    assert.deepEqual(await percentage_faults(page), []);
    assert.equal(await page.locator("figure.panel[data-signal='marginal/direct']").count(), await page.locator("figure.panel[data-signal='average/lifecycle']").count());
  }));

test("two vintages of one source are two panels", { skip }, () => {
  const series = sample.series.map((s, i) => (i === 0 ? { ...s, vintage: "2021" } : s));
  return with_page("vintages", { ...sample, series }, {}, async (page) => {
    assert.deepEqual(await page.$$eval("#months figure.panel .signal", (e) => e.map((x) => x.textContent)), ["marginal, direct", "average, lifecycle, vintage 2021", "average, lifecycle, vintage 2022"]);
    assert.deepEqual(await page.$$eval("#months figure.panel", (e) => e.map((x) => x.getAttribute("data-series")?.split(" ").length)), [1, 1, 4]);
  });
});

test("the table of rows holds the document's numbers, unrounded, and shows them to three digits", { skip }, () =>
  with_page("sample", sample, {}, async (page) => {
    const rows = await read_rows(page);
    const csv = to_csv(sample.rows.map(csv_cells));
    assert.deepEqual(differences(rows, parse_csv(csv)), []);
    assert.deepEqual(await rounding_faults(page), []);
    assert.deepEqual(await document_of(page), JSON.parse(JSON.stringify(sample)));
    // The comparison sees one changed digit, and one row less.
    const changed = parse_csv(csv).map((r, i) => (i === 7 ? { ...r, saved_g: `${Number(r["saved_g"]) * (1 + 1e-12)}` } : r));
    assert.equal(differences(rows, changed).length, 1);
    assert.equal(differences(rows, parse_csv(csv).slice(1)).length, 1);
  }));

test("a person can filter the rows and turn their pages", { skip }, () =>
  with_page("sample", sample, {}, async (page) => {
    const table = page.locator("#all-rows");
    await table.getByRole("combobox", { name: "Slack" }).selectOption("");
    await table.getByRole("combobox", { name: "Strategy" }).selectOption("pause-resume");
    const expected = sample.rows.filter((r) => r.experiment === "bert-finetune" && r.strategy === "pause-resume");
    assert.match((await table.getByRole("status").textContent()) ?? "", new RegExp(`^Rows 1 to 40 of ${expected.length} `));
    await table.getByRole("button", { name: "Next page" }).click();
    const shown = await page.$$eval("#rows tr[data-series] td[data-column='baseline_g']", (cells) => cells.map((c) => Number(c.getAttribute("data-value"))));
    const marginal_first = [...expected].sort((a, b) => Number(b.signal.kind === "marginal") - Number(a.signal.kind === "marginal"));
    assert.deepEqual(shown, marginal_first.slice(40).map((r) => r.baseline_g));
    assert.ok(await table.getByRole("button", { name: "Next page" }).isDisabled());
  }));

test("the summary gives the reference job's grams, and what they are of", { skip }, () =>
  with_page("sample", sample, {}, async (page) => {
    const text = (await page.locator("#summary").textContent()) ?? "";
    const row = sample.rows.find((r) => r.signal.kind === "marginal" && r.experiment === "bert-finetune" && r.slack === "24h" && r.strategy === "pause-resume");
    const kg = (/** @type {number | null | undefined} */ g) => `${(Number(g) / 1000).toPrecision(3)} kg`;
    assert.ok(text.includes(`bert-finetune (3.1 kWh, 6 h) emits ${kg(row?.baseline_g)} CO₂e in West US (marginal, direct intensity)`), text);
    assert.ok(text.includes(`${Number(row?.saved_g).toPrecision(3)} g saved (${row?.saved_percent_of_total?.toFixed(1)}% of ${kg(row?.baseline_g)}) by pause-resume`), text);
    assert.match(text, /hindsight/);
  }));

test("a choice changes its figure", { skip }, () =>
  with_page("sample", sample, {}, async (page) => {
    const figure = page.locator("#regions");
    const before = await figure.locator("svg[data-main]").first().innerHTML();
    await figure.getByRole("combobox", { name: "Slack" }).selectOption("6h");
    assert.notEqual(await figure.locator("svg[data-main]").first().innerHTML(), before);
    const row = sample.rows.find((r) => r.signal.kind === "marginal" && r.experiment === "bert-finetune" && r.slack === "6h" && r.strategy === "pause-resume");
    assert.equal(await figure.locator("td[data-column='pause_saved_g']").first().getAttribute("data-value"), String(row?.saved_g));
  }));

test("small baselines and jobs below the resolution are marked and explained", { skip }, () =>
  with_page("sample", sample, {}, async (page) => {
    const regions = page.locator("#regions figure[data-signal='average/lifecycle']");
    assert.match((await regions.locator("svg").last().textContent()) ?? "", /Norway †/);
    assert.match((await regions.locator("figcaption").textContent()) ?? "", /† Baseline below a quarter of the median region's \(Norway [\d.]+ g\)/);
    const lengths = page.locator("#lengths figure[data-signal='average/lifecycle']");
    assert.equal(await lengths.locator("g[aria-label='dot'] :is(path, circle)[fill='var(--surface)']").count(), 6);
    assert.match((await lengths.locator("figcaption").textContent()) ?? "", /Hollow marks/);
    assert.equal(await page.locator("#lengths figure[data-signal='marginal/direct'] g[aria-label='dot'] :is(path, circle)[fill='var(--surface)']").count(), 0);
  }));

test("a typical year says so everywhere, and never stands beside the paper's tables", { skip }, () => {
  // The paper's rows should be empty then; should they not be, the page still keeps them apart.
  const doc = { ...make_sample({ kind: "typical-year" }), paper: sample.paper };
  return with_page("typical", doc, { width: 360 }, async (page) => {
    assert.ok(await page.locator("#typical-year").isVisible());
    assert.ok(((await page.locator("#typical-year").boundingBox())?.y ?? 1e9) < 100);
    const captions = await page.$$eval("figure.panel[data-signal] figcaption", (e) => e.map((x) => x.textContent ?? ""));
    assert.ok(captions.length > 10);
    for (const caption of captions) assert.ok(caption.includes(kTypicalYear), caption);
    assert.equal(await page.locator("#paper, .paper-table, #start-hour, #components").count(), 0);
    assert.deepEqual(await signal_faults(page), []);
    assert.deepEqual(await width_faults(page), []);
  });
});

test("real data stand beside the paper's tables, one table for each signal", { skip }, () =>
  with_page("sample", sample, {}, async (page) => {
    assert.equal(await page.locator("#typical-year").count(), 0);
    assert.deepEqual(await page.$$eval("#paper figure", (e) => e.map((x) => x.getAttribute("data-signal"))), ["average/lifecycle", "marginal/direct"]);
    assert.deepEqual(await page.$$eval("#start-hour tbody tr td:last-child", (e) => e.map((x) => x.textContent)), ["−29 g (−1.2% of 2,410 g)", "−9 g (−0.4% of 2,339 g)", "+113 g (+4.9% of 2,317 g)"]);
  }));

test("empty lists leave their sections out", { skip }, () => {
  const doc = Object.fromEntries(Object.entries(sample).map(([k, v]) => [k, Array.isArray(v) ? [] : v]));
  return with_page("empty", { ...doc, equivalences: { jobs: [], everyday: [] } }, {}, async (page) => {
    assert.equal(await page.locator("section.figure").count(), 0);
    assert.ok(await page.locator("#method").isVisible());
  });
});

test("what is not known is a dash, never a NaN", { skip }, () => {
  /** Sets every third value that may be unknown to null. @param {any} record @param {number} n */
  const holes = (record, n) => Object.fromEntries(Object.entries(record).map(([k, v], i) => [k, typeof v === "number" && /_g$|percent|p5|p95|p10|p90|mean|pauses_|starts|fraction|watts|kwh|share/.test(k) && (i + n) % 3 === 0 ? null : v]));
  const doc = {
    ...sample, title: null, command: null, generated_by: null,
    series: sample.series.map((s, i) => ({ ...s, region: i === 3 ? null : s.region, data_quality: i === 1 ? null : s.data_quality, vintage: null, source: i === 2 ? null : s.source, time_zone: null, mean_g_per_kwh: null, signal: i === 0 ? { kind: null, scope: null } : s.signal })),
    experiments: sample.experiments.map(holes), monthly: sample.monthly.map(holes), hourly: sample.hourly.map(holes), lengths: sample.lengths.map(holes),
    rows: sample.rows.map((r, i) => ({ ...holes(r, i), data_quality: null, signal: r.series_id === sample.series[0]?.id ? { kind: null, scope: null } : r.signal })),
    tradeoff_delay: sample.tradeoff_delay.map(holes), tradeoff_pauses: sample.tradeoff_pauses.map((t, i) => ({ ...holes(t, i), max_pauses: t.max_pauses })),
    foresight: sample.foresight.map(holes), table1: sample.table1.map(holes), equivalences: { ...sample.equivalences, jobs: sample.equivalences.jobs.map(holes) },
    ladder: sample.ladder.map((l) => ({ ...l, rungs: l.rungs.map(holes) })), paper: sample.paper.map(holes),
  };
  return with_page("holes", doc, { width: 360 }, async (page) => {
    const faults = (await figure_faults(page)).filter((f) => !f.includes("no number in its sentence"));
    assert.deepEqual(faults, []);
    assert.ok((await page.locator("figure[data-signal='unknown/unknown']").count()) > 3);
  });
});

test("text of the document stays text, and the policy lets nothing else in", { skip }, () =>
  with_page("markup", { ...sample, title: "<img src=x onerror=alert(1)>" }, {}, async (page) => {
    assert.equal(await page.locator("h1").textContent(), "<img src=x onerror=alert(1)>");
    assert.equal(await page.locator("img, #attributions b").count(), 0);
    const policy = (await page.locator("meta[http-equiv='Content-Security-Policy']").getAttribute("content")) ?? "";
    assert.match(policy, /^default-src 'none'; script-src 'sha256-/);
    assert.doesNotMatch(policy, /unsafe-eval|https?:|\*/);
  }));

test("the unfilled template says that it is one", { skip }, () =>
  with_page("template", null, {}, async (page) => {
    assert.match((await page.locator("main").textContent()) ?? "", /empty template/);
  }));

test("the template is one file of modest size with one place for the data", { skip }, () => {
  const html = shop.template();
  assert.equal(html.split("<!--EBB_DATA-->").length, 2);
  assert.ok(Buffer.byteLength(html) < 450_000, `${Buffer.byteLength(html)} bytes`);
  assert.doesNotMatch(html, /<(script|link|img)[^>]+(src|href)="(?!data:)/);
});
