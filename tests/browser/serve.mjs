// Writes while `peil serve` runs, as an author does: saves, breaks, mends, and looks at what the browser shows.
// `node serve.mjs COMMAND...` starts the server with the command, `serve FOLDER` behind it; what is wrong is printed.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AXE, launch } from "./chromium.mjs";

const [program, ...before] = process.argv.slice(2);
if (!program) {
  console.error("no command that starts peil");
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "peil-serve-"));
const write = (name, text) => writeFileSync(join(folder, name), text);
mkdirSync(join(folder, "templates"));
const page = (fills) => `{% extends "peil/report.html" %}{% block before_sections %}${fills}{% endblock %}`;
const kpis = (title, column = "a") =>
  `source s { files "s.csv"; no persons "counts"; columns a }\nkpi mean_a "${title}" { formula mean(s.${column}) }\n` +
  'report one "The first" { sections scorecards, definitions }\nreport two "The second" { sections scorecards; template "two.html" }\n';
write("project.peil", 'project "Small" { peil 1; language en }\n');
write("kpis.peil", kpis("Mean of a"));
write("s.csv", "a\n1\n2\n6\n");
write("templates/two.html", page("As it was"));

const server = spawn(program, [...before, "serve", folder, "--today", "2025-01-01"], { stdio: ["ignore", "pipe", "inherit"] });
let browser;
const faults = [];
let steps = 0;

// Waits for something of the page to hold; that it never does is a fault.
async function step(what, holds) {
  steps += 1;
  const until = Date.now() + 30_000;
  let reason = "";
  while (Date.now() < until) {
    try {
      if (await holds()) return;
    } catch (error) {
      reason = `: ${error}`;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  faults.push(`serve: not so: ${what}${reason}`);
}

try {
  const address = await new Promise((done, fail) => {
    let said = "";
    server.stdout.on("data", (it) => {
      said += it;
      if (said.includes("\n")) done(said.trim());
    });
    server.on("exit", (code) => fail(new Error(`the server ended with ${code}`)));
  });
  browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, reducedMotion: "reduce" });
  const tab = await context.newPage();
  const said = [];
  let running = true;
  tab.on("console", (it) => running && ["error", "warning"].includes(it.type()) && said.push(`console: ${it.text()}`));
  tab.on("pageerror", (it) => said.push(`error of the script: ${it}`));
  tab.on("request", (it) => !it.url().startsWith(address) && !it.url().startsWith("data:") && said.push(`asked for ${it.url()}`));
  await tab.goto(address);

  const report = () => tab.frames().find((it) => it !== tab.mainFrame());
  const text = () => report().locator("#main").innerText();
  const trouble = tab.locator("#trouble");
  await step("the report is shown", async () => (await text()).includes("Mean of a"));
  await step("two reports have their names above", async () => (await tab.locator("nav a").count()) === 2);

  await report().evaluate(() => scrollTo(0, 240));
  write("kpis.peil", kpis("Another title"));
  await step("a save is seen", async () => (await text()).includes("Another title"));
  await step("where it was scrolled to", async () => (await report().evaluate(() => scrollY)) === 240);

  write("kpis.peil", kpis("Another title", "b"));
  await step("an error lies over the report", async () => (await trouble.isVisible()) && /unknown-column[\s\S]*kpis\.peil:2:/.test(await tab.locator("#text").innerText()));
  await step("the report is there behind it", async () => (await text()).includes("Another title"));
  rmSync(join(folder, "s.csv"));
  write("kpis.peil", kpis("Another title"));
  await step("data that are not there are told too", async () => (await trouble.isVisible()) && (await tab.locator("#text").innerText()).includes("missing-file"));
  await tab.locator("#hide").click();
  await step("it can be put aside", async () => !(await trouble.isVisible()));
  write("s.csv", "a\n1\n2\n6\n");
  write("kpis.peil", kpis("Mended"));
  await step("once mended it goes away", async () => (await text()).includes("Mended") && !(await trouble.isVisible()));

  await tab.locator("nav a").nth(1).click();
  await step("the other report is chosen", async () => report().url().endsWith("/two.html") && (await tab.locator("nav a").nth(1).getAttribute("aria-current")) === "page");
  await report().locator(".others summary").click();
  await report().locator(".others a").first().click();
  await step("a link in a report leads to another", async () => report().url().endsWith("/one.html") && (await tab.locator("nav a").nth(0).getAttribute("aria-current")) === "page");
  write("kpis.peil", kpis("Once more"));
  await step("and that one stays when it is made again", async () => report().url().endsWith("/one.html") && (await text()).includes("Once more"));

  write("templates/two.html", page("{% set ns = namespace(n=1) %}{{ 1 / (ns.n - 1) }}"));
  const second = tab.locator("nav a").nth(1);
  await step("what a template stops has a mark", async () => (await second.textContent()).endsWith("\u26a0"));
  await step("the other report has nothing over it", async () => !(await trouble.isVisible()) && (await text()).includes("Once more"));
  await second.click();
  await step("what stops it lies over it", async () => (await trouble.isVisible()) && /template-failed[\s\S]*two\.html:1:/.test(await tab.locator("#text").innerText()));
  await step("behind it is what it was", async () => (await text()).includes("As it was") && (await tab.locator("#behind").isVisible()));
  await tab.locator("nav a").first().click();
  await step("and it stays behind with its report", async () => !(await trouble.isVisible()) && report().url().endsWith("/one.html"));
  write("templates/two.html", page("As it is"));
  await step("mended, the mark goes", async () => !(await second.textContent()).includes("\u26a0"));

  // The policy of the page refuses what is injected; so it is read in a context that has none.
  const free = await browser.newContext({ bypassCSP: true });
  const shell = await free.newPage();
  write("kpis.peil", kpis("Once more", "b"));
  await shell.goto(address);
  await step("an error that was there before is shown", async () => shell.locator("#trouble").isVisible());
  await shell.addScriptTag({ path: AXE });
  const violations = await shell.evaluate(async () => (await window.axe.run(document, { iframes: false })).violations.map((it) => `axe ${it.id}: ${it.nodes[0].html}`));
  faults.push(...violations);
  await free.close();

  faults.push(...said);
  running = false;
  server.kill();
  await step("that the server stopped is said", async () => tab.locator("#gone").isVisible());
} catch (error) {
  faults.push(`serve: ${error}`);
} finally {
  server.kill();
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}

for (const it of faults) console.log(it);
console.log(`peil serve: ${steps} steps, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
