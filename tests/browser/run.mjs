// Reads reports as people do: in a browser, on three widths, on light and dark paper, by keyboard, without a script and
// without a network. `node run.mjs FOLDER...` reads every page below the folders; what is wrong is printed, a line each.
// First of all it reads a page that has every fault: a reader that misses one of them is no test.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AXE, launch } from "./chromium.mjs";
import * as page from "./page.mjs";

const WIDTHS = [1280, 390, 320];
const SCHEMES = ["light", "dark"];
const OPTIONS = { rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] };

const below = (path) => (statSync(path).isDirectory() ? readdirSync(path).sort().flatMap((it) => below(join(path, it))) : [path]);
const broken = new URL("broken.html", import.meta.url);
const files = process.argv.slice(2).flatMap((it) => below(resolve(it))).filter((it) => it.endsWith(".html"));
if (files.length === 0) {
  console.error("no pages to read");
  process.exit(2);
}

const browser = await launch();
const faults = [];
let checks = 0;

// Opens a page with no network; gives it with what it complained of and asked for.
async function open(file, options, script) {
  const context = await browser.newContext({ offline: true, reducedMotion: "reduce", viewport: { width: 1280, height: 900 }, ...options });
  if (script) await context.addInitScript({ path: script });
  const tab = await context.newPage();
  const said = [];
  const address = pathToFileURL(file).href;
  tab.on("console", (it) => ["error", "warning"].includes(it.type()) && said.push(`console: ${it.text()}`));
  tab.on("pageerror", (it) => said.push(`error of the script: ${it}`));
  tab.on("request", (it) => it.url() !== address && !it.url().startsWith("data:") && said.push(`asked for ${it.url()}`));
  tab.on("requestfailed", (it) => said.push(`could not get ${it.url()}`));
  await tab.goto(address);
  return { context, tab, said };
}

// Links to pages beside a page that are not there, or to places that these have not.
function missing(file, links) {
  return links.flatMap((link) => {
    const [name, place] = link.split("#");
    const other = join(file, "..", decodeURIComponent(name));
    if (!existsSync(other)) return [`a link to a page that is not there: ${link}`];
    const has = !place || readFileSync(other, "utf8").includes(`id="${decodeURIComponent(place)}"`);
    return has ? [] : [`a link to nowhere on another page: ${link}`];
  });
}

async function look(file) {
  const name = basename(file);
  const note = (where, messages) => {
    checks += 1;
    for (const it of messages) faults.push(`${name} ${where}: ${it}`);
  };

  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      const where = `${width} ${colorScheme}`;
      const { context, tab, said } = await open(file, { colorScheme, viewport: { width, height: 900 } }, AXE);
      note(where, await tab.evaluate(page.overflow));
      note(where, await tab.evaluate(page.squeezed));
      note(where, await tab.evaluate(page.drawings));
      note(where, await tab.evaluate(page.motion));
      if (colorScheme === "light" && width === WIDTHS[0]) {
        note(where, await tab.evaluate(page.references));
        note(where, missing(file, await tab.evaluate(page.beside)));
        note(where, await tab.evaluate(page.alternatives));
      }
      const violations = await tab.evaluate(async (options) => {
        const found = await window.axe.run(document, options);
        return found.violations.map((it) => `axe ${it.id}: ${it.nodes.slice(0, 2).map((node) => `${node.target.join(" ")} (${node.failureSummary.split("\n").slice(1, 2).join("").trim()})`).join("; ")} (${it.nodes.length} ×)`);
      }, OPTIONS);
      note(where, violations);
      note(where, said);
      await context.close();
    }
  }

  // A page is whole without its script.
  const on = await open(file, {});
  const off = await open(file, { javaScriptEnabled: false });
  const [withScript, without] = [await on.tab.evaluate(page.text), await off.tab.evaluate(page.text)];
  const same = withScript === without;
  const at = [...without].findIndex((it, place) => it !== withScript[place]);
  note("without a script", same ? [] : [`another text: "${without.slice(at, at + 60)}", not "${withScript.slice(at, at + 60)}"`]);
  note("without a script", [...off.said, ...(await off.tab.evaluate(page.overflow))]);
  await off.context.close();
  note("by keyboard", await keyboard(on.tab));
  note("by keyboard", on.said);
  await on.context.close();

  for (const colorScheme of SCHEMES) {
    const { context, tab } = await open(file, { colorScheme, forcedColors: "active" });
    note(`forced colours, ${colorScheme}`, [...(await tab.evaluate(page.forced)), ...(await tab.evaluate(page.overflow))]);
    await context.close();
  }
}

// From the first stop to the last: the skip link first, every stop seen.
async function keyboard(tab) {
  const found = [];
  await tab.keyboard.press("Tab");
  const first = await tab.evaluate(page.focus);
  if (!first?.skip) return [`the first stop is ${first?.name}, not the skip link`];
  if (!first.inside || first.covered || !first.drawn) found.push("the skip link is not seen when it has the focus");
  await tab.keyboard.press("Enter");
  const arrived = await tab.evaluate(() => location.hash === "#main" && document.getElementById("main").getBoundingClientRect().top < innerHeight);
  if (!arrived) found.push("the skip link does not lead to the contents");
  await tab.keyboard.press("Tab");
  const inMain = await tab.evaluate(() => document.getElementById("main").contains(document.activeElement));
  if (!inMain) found.push("behind the skip link the keyboard is not in the contents");
  // And once more from the top, through all of it.
  await tab.evaluate(() => {
    history.replaceState(null, "", location.pathname);
    document.activeElement.blur();
    scrollTo(0, 0);
    document.querySelector(".skip").focus();
  });
  const stops = await tab.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, summary, [tabindex='0']")];
    return all.filter((it) => it.checkVisibility({ visibilityProperty: true })).length;
  });
  let walked = 1;
  for (; walked < stops; walked += 1) {
    await tab.keyboard.press("Tab");
    const at = await tab.evaluate(page.focus);
    if (!at) break;
    if (!at.drawn) found.push(`the focus cannot be seen on ${at.name}`);
    if (!at.inside) found.push(`the focus leaves the window on ${at.name}`);
    if (at.covered) found.push(`something lies over ${at.name}`);
  }
  if (walked < stops) found.push(`the keyboard reaches ${walked} of ${stops} stops`);
  return [...new Set(found)].slice(0, 12);
}

const started = Date.now();
await look(fileURLToPath(broken));
const planted = readFileSync(broken, "utf8").split('id="faults">')[1].split("</script>")[0].trim().split("\n");
const missed = planted.filter((it) => !faults.some((fault) => fault.includes(it)));
if (missed.length > 0) {
  console.error(`faults that are not found any more:\n${missed.join("\n")}\nwhat was found:\n${faults.join("\n")}`);
  process.exit(1);
}
faults.length = 0;
// Two at a time: a page that is read keeps one core busy.
const waiting = [...files];
const reader = async () => {
  for (let file = waiting.shift(); file; file = waiting.shift()) await look(file);
};
await Promise.all([reader(), reader()]);
faults.sort();
await browser.close();

for (const it of faults) console.log(it);
console.log(`${files.length} pages, ${checks} checks, ${faults.length} faults, ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(faults.length > 0 ? 1 : 0);
