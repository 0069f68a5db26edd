// A report made by the real program: EBB_REPORT_HTML=report.html [EBB_REPORT_CSV=rows.csv] npm test
// @ts-check

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, test } from "node:test";
import { no_browser, Workshop } from "./browser.mjs";
import { document_of, figure_faults, kTypicalYear, overlap_faults, percentage_faults, read_rows, rounding_faults, signal_faults, width_faults } from "./checks.mjs";
import { csv_cells, differences, parse_csv } from "./csv.mjs";

const html = process.env["EBB_REPORT_HTML"];
const csv = process.env["EBB_REPORT_CSV"];
const skip = no_browser || (html ? false : "no EBB_REPORT_HTML");
const shop = new Workshop();
after(() => shop.close());

/** @param {import("./browser.mjs").Look} look @param {(page: import("./browser.mjs").Page) => Promise<void>} body */
async function with_report(look, body) {
  const opened = await shop.open(resolve(/** @type {string} */ (html)), look);
  try {
    await body(opened.page);
    assert.deepEqual(opened.problems, []);
    assert.equal(opened.requests.length, 1, `requests: ${opened.requests.join(", ")}`);
  } finally {
    await opened.close();
  }
}

/** @type {import("./browser.mjs").Look[]} */
const kLooks = [{ width: 1280 }, { width: 360 }, { width: 360, scheme: "dark" }, { width: 690, media: "print" }];
for (const look of kLooks)
  test(`the program's report is drawn, labelled and inside the page: ${JSON.stringify(look)}`, { skip }, () =>
    with_report(look, async (page) => {
      assert.deepEqual(await figure_faults(page), []);
      assert.deepEqual(await width_faults(page), []);
      assert.deepEqual(await overlap_faults(page), []);
    }));

test("the program's report keeps signals apart and percentages with their grams", { skip }, () =>
  with_report({}, async (page) => {
    assert.deepEqual(await signal_faults(page), []);
    assert.deepEqual(await percentage_faults(page), []);
    const { data_kind } = await document_of(page);
    assert.equal(await page.locator("#typical-year").count(), data_kind === "typical-year" ? 1 : 0);
    if (data_kind === "typical-year") {
      assert.equal(await page.locator("#paper, #start-hour").count(), 0);
      for (const caption of await page.$$eval("figure.panel[data-signal] figcaption", (e) => e.map((x) => x.textContent ?? ""))) assert.ok(caption.includes(kTypicalYear), caption);
    }
  }));

test("the program's report shows the numbers of its document", { skip }, () =>
  with_report({}, async (page) => {
    const { rows } = await document_of(page);
    assert.ok(rows.length > 0);
    assert.deepEqual(differences(await read_rows(page), rows.map(csv_cells)), []);
    assert.deepEqual(await rounding_faults(page), []);
  }));

test("the program's report shows the numbers of its CSV", { skip: skip || (csv ? false : "no EBB_REPORT_CSV") }, () =>
  with_report({}, async (page) => {
    const rows = parse_csv(readFileSync(/** @type {string} */ (csv), "utf8"));
    assert.ok(rows.length > 0);
    assert.deepEqual(differences(await read_rows(page), rows), []);
  }));
