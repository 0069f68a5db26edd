// The checks of a run's page on one that the program made: EBB_RUN_HTML=run.html npm test
// @ts-check

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { no_browser, Workshop } from "./browser.mjs";
import { overlap_faults, width_faults } from "./checks.mjs";
import { run_figure_faults, run_percentage_faults, run_signal_faults } from "./run_checks.mjs";

const path = process.env["EBB_RUN_HTML"];
const skip = no_browser || (path ? false : "EBB_RUN_HTML names no page of a run made by the program");
const shop = new Workshop();
after(() => shop.close());

for (const width of [1280, 360])
  test(`the program's page of a run at ${width} px holds what any page must`, { skip }, async () => {
    const opened = await shop.open(String(path), { width });
    try {
      assert.deepEqual(await run_figure_faults(opened.page), []);
      assert.deepEqual(await width_faults(opened.page), []);
      assert.deepEqual(await overlap_faults(opened.page), []);
      assert.deepEqual(await run_signal_faults(opened.page), []);
      assert.deepEqual(await run_percentage_faults(opened.page), []);
      assert.deepEqual(opened.problems, []);
      assert.equal(opened.requests.length, 1);
    } finally {
      await opened.close();
    }
  });

test("where the page can compute the run again, it gets the record's grams", { skip }, async () => {
  const opened = await shop.open(String(path));
  try {
    const shown = await opened.page.$$eval("#what-if .side", (sides) => sides.map((s) => s.getAttribute("data-grams")));
    const recorded = await opened.page.evaluate(() => /** @type {any} */ (window).ebbRun.doc.run.operational_g);
    if (shown.length === 0 || shown[0] === null || recorded === null) return;
    const again = Number(shown[0]);
    assert.ok(Math.abs(again - recorded) <= 1e-6 * Math.max(Math.abs(again), Math.abs(recorded)), `${again} for ${recorded}`);
  } finally {
    await opened.close();
  }
});
