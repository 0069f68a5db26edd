// Debian's Chromium, driven through playwright-core; and the template, built once for all tests of a process.
// @ts-check

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { fill } from "./sample.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{width?: number, scheme?: "light" | "dark", media?: "screen" | "print"}} Look */
/** @typedef {{page: Page, problems: string[], requests: string[], close: () => Promise<void>}} Opened */

const kChromium = process.env["EBB_CHROMIUM"] ?? "/usr/bin/chromium";
const kArgs = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** A reason to skip, or false. */
export const no_browser = existsSync(kChromium) ? false : `no Chromium at ${kChromium}: install it, or set EBB_CHROMIUM`;

export class Workshop {
  folder = mkdtempSync(join(tmpdir(), "ebb-report-"));
  /** @type {import("playwright-core").Browser | undefined} */
  browser;

  /** The template as `npm run build` makes it. @param {"study" | "run"} [page] */
  template(page = "study") {
    const path = join(this.folder, `${page}-template.html`);
    if (!existsSync(path)) execFileSync(process.execPath, [join(dirname(fileURLToPath(import.meta.url)), "..", "build.mjs"), "--page", page, "--outfile", path], { stdio: "pipe" });
    return readFileSync(path, "utf8");
  }

  /** Writes a page with this document in it; its path. @param {string} name @param {unknown} doc @param {"study" | "run"} [page] */
  write(name, doc, page = "study") {
    const path = join(this.folder, name);
    writeFileSync(path, doc === null ? this.template(page) : fill(this.template(page), doc));
    return path;
  }

  /** Opens a file and waits until it says that it is ready. @param {string} path @param {Look} [look] @returns {Promise<Opened>} */
  async open(path, { width = 1280, scheme = "light", media = "screen" } = {}) {
    this.browser ??= await chromium.launch({ executablePath: kChromium, args: kArgs });
    const context = await this.browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const page = await context.newPage();
    /** @type {string[]} */
    const problems = [];
    /** @type {string[]} */
    const requests = [];
    page.on("console", (m) => problems.push(`console ${m.type()}: ${m.text()}`));
    page.on("pageerror", (e) => problems.push(`page error: ${e.message}`));
    page.on("request", (r) => requests.push(r.url()));
    await page.emulateMedia({ media });
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector("html[data-ready=true]", { timeout: 30_000 });
    return { page, problems, requests, close: () => context.close() };
  }

  async close() {
    await this.browser?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
