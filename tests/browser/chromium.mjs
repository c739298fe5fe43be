// The browser that the tests of this folder read with, and what looks for faults in a page.

import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

// The script of axe, to be put into a page.
export const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

// The one that CHROMIUM names, else one where it usually stands; without any there is nothing to read with.
const program = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((it) => it && existsSync(it));
if (!program) {
  console.error("no Chromium here; CHROMIUM names one that stands elsewhere");
  process.exit(2);
}

// Starts it; who starts it closes it.
export const launch = () =>
  chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--font-render-hinting=none"],
  });
