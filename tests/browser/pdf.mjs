// Reads the PDFs of reports by their tags, as a screen reader does: every KPI that a page shows is there by name and value,
// and what is hidden is not. `node pdf.mjs COMMAND...` starts peil with the command; pdfinfo and pdftotext of poppler must
// be there. What is wrong is printed.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [program, ...before] = process.argv.slice(2);
const peil = (...more) => execFileSync(program, [...before, ...more], { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
const poppler = (name, ...more) => execFileSync(name, ["-enc", "UTF-8", ...more], { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
// Lines are broken anywhere, so blanks tell nothing; letters may be drawn as one.
const bare = (it) => it.normalize("NFKC").replace(/[\s\u00ad\u200b]+/g, "");
// The texts of a PDF in the order of its tags: row by row, where the drawing of it goes column by column.
const read = (file) => bare([...poppler("pdfinfo", "-struct-text", file).matchAll(/^ *"(.*)"$/gm)].map((it) => it[1]).join(""));

const folder = mkdtempSync(join(tmpdir(), "peil-pdf-"));
const faults = [];
let found = 0;

// Whether a value stands soon behind a name.
function near(text, name, value) {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (text.slice(at, at + name.length + 400).includes(value)) return true;
  }
  return false;
}

// What the page shows of each KPI in its tables stands in the PDF.
function whole(project, today) {
  const out = join(folder, "whole");
  peil("report", project, "--today", today, "--out", out, "--pdf");
  const all = JSON.parse(peil("report", project, "--today", today, "--dump-context"));
  for (const [report, { view, kpis }] of Object.entries(all)) {
    const text = read(join(out, `${report}.pdf`));
    // A card or a row for each KPI of the report, or one for each of the summary.
    const shown = view.sections.filter((it) => ["scorecards", "summary"].includes(it.kind));
    const rows = shown.length > 0 ? shown.flatMap((it) => it.rows) : Object.values(kpis);
    if (rows.length === 0) faults.push(`${report}.pdf: no KPI to look for`);
    for (const { title, figure } of rows) {
      const value = figure.value === null ? figure.absent : `${figure.prefix}${figure.value}${figure.suffix}`;
      if (!near(text, bare(title), bare(value ?? ""))) faults.push(`${report}.pdf: not there: ${title} ${value}`);
      found += 1;
    }
  }
  // Everything else that was printed is no report that nobody looked at.
  const printed = readdirSync(out).filter((it) => it.endsWith(".pdf"));
  if (printed.length !== Object.keys(all).length) faults.push(`${printed.length} PDFs of ${Object.keys(all).length} reports`);
}

// A figure of so few answers that it is hidden; nobody gave it as an answer.
function hidden() {
  const project = join(folder, "hidden");
  mkdirSync(project);
  writeFileSync(join(project, "project.peil"), 'project "Hidden" { peil 1 }\n');
  writeFileSync(
    join(project, "kpis.peil"),
    'source s { files "s.csv"; time day; columns place; column q scale 0..1000 }\ndimension place { from s.place }\n' +
      "kpi mark { formula mean(s.q) }\nreport one { kpis mark; cuts place; grain quarter }\n",
  );
  const rows = [...Array(60).keys()].map((it) => `2024-02-01,big,${400 + (it % 2)}`).concat(Array(40).fill("2024-02-01,middle,300"));
  rows.push("2024-02-01,tiny,700", "2024-02-01,tiny,800", "2024-02-01,tiny,831");
  writeFileSync(join(project, "s.csv"), `day,place,q\n${rows.join("\n")}\n`);
  peil("report", project, "--today", "2025-01-01", "--out", folder, "--pdf");
  // Also what is drawn and has no tag, such as what stands at the foot of a sheet.
  const file = join(folder, "one.pdf");
  const text = read(file) + bare(poppler("pdftotext", "-raw", file, "-"));
  if (!text.includes("400.5") || !text.includes("tiny")) faults.push("hidden: what may be seen is not there");
  if (text.includes("777")) faults.push("hidden: the PDF has the hidden figure");
}

try {
  whole("examples/autoruit", "2025-10-01");
  hidden();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const it of faults) console.log(it);
console.log(`PDFs: ${found} KPIs, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
