// Builds the template of a report: one HTML file with its script and style inside, and one placeholder for the data.
//   node build.mjs [--page study|run] [--outfile PATH]

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const kPlaceholder = "<!--EBB_DATA-->";

/** @type {Record<string, {entry: string, style: string, title: string, file: string}>} */
const kPages = {
  study: { entry: "src/main.ts", style: "src/style.css", title: "ebb study", file: "report.html" },
  run: { entry: "src/run/main.ts", style: "src/run/style.css", title: "ebb run", file: "run.html" },
};

const { values } = parseArgs({ options: { page: { type: "string", default: "study" }, outfile: { type: "string" } } });
const chosen = kPages[/** @type {string} */ (values.page)];
if (!chosen) throw new Error(`--page: ${values.page} is none of ${Object.keys(kPages).join(", ")}`);
const outfile = values.outfile ?? join(here, "dist", chosen.file);

/** @param {string} entry */
async function bundle(entry) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2021", "chrome100", "firefox100", "safari15.4"],
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    write: false,
  });
  return { text: /** @type {{text: string}} */ (result.outputFiles[0]).text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

/** The licence of every package whose code is in the bundle: they ask to travel with it. Equal texts are given once. @param {string[]} inputs */
async function licences(inputs) {
  const packages = new Set(inputs.flatMap((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? []));
  /** @type {Map<string, string[]>} */
  const names_by_text = new Map();
  for (const name of [...packages].sort()) {
    const folder = join(here, "node_modules", name);
    const file = (await readdir(folder)).find((f) => /^licen[cs]e/i.test(f));
    if (!file) throw new Error(`${name} is in the bundle and has no licence file`);
    const text = (await readFile(join(folder, file), "utf8")).trim();
    names_by_text.set(text, [...(names_by_text.get(text) ?? []), name]);
  }
  return [...names_by_text].map(([text, names]) => `${names.join(", ")}\n\n${text}`).join("\n\n----\n\n");
}

/** @param {string} text */
function escape_html(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

const [script, style, page] = await Promise.all([bundle(chosen.entry), bundle(chosen.style), readFile(join(here, "src/page.html"), "utf8")]);
if (/<\/script|<!--/i.test(script.text)) throw new Error("the bundle holds text that would end or confuse its script element");

// Only this very script may run: a script that came in with the data would not.
const hash = createHash("sha256").update(script.text).digest("base64");
/** @type {Record<string, string>} */
const parts = {
  csp: `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`,
  title: chosen.title,
  style: style.text,
  licences: escape_html(await licences(script.inputs)),
  script: script.text,
};
const html = page.replace(/\{\{(\w+)\}\}/g, (_, name) => /** @type {string} */ (parts[name]));
if (html.split(kPlaceholder).length !== 2) throw new Error("the template must hold the placeholder exactly once");

await mkdir(dirname(outfile), { recursive: true });
await writeFile(outfile, html);
console.log(`${outfile}: ${(Buffer.byteLength(html) / 1000).toFixed(0)} kB`);
