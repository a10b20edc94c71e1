// Start a browser, say "ready", read an address from standard input, and say when its first points are painted.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline/promises";

const require = createRequire(new URL("../frontend/package.json", import.meta.url));
const { chromium } = require("playwright-core");

/** The first of these on PATH. */
function browserPath() {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // The next name may be there.
    }
  }
  throw new Error("no Chromium on PATH");
}

const browser = await chromium.launch({
  executablePath: browserPath(),
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  console.log("ready");
  const address = await createInterface({ input: process.stdin }).question("");
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.dataset.ready === "painted", null, { timeout: 60_000 });
  console.log("painted");
} finally {
  await browser.close();
}
