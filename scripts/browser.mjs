// A headless Chromium for scripts and tests, and a page of Emblink that has painted its first points.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const require = createRequire(new URL("../frontend/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The path of the first browser on PATH, or of $CHROMIUM. */
function browserPath() {
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  const path = process.env.CHROMIUM ?? found;
  if (path === undefined) throw new Error("no Chromium on PATH: run scripts/setup --browser, or set CHROMIUM");
  return path;
}

export function launch() {
  return chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--no-first-run"] });
}

/** Open an address that `emblink open` printed, and wait for the first painted points and the panels round them. */
export async function openPainted(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.dataset.panels === "read", null, { timeout: 60_000 });
}
