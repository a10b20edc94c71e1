// Start a browser, say "ready", read an address from standard input, and say when its first points are painted.
import { createInterface } from "node:readline/promises";

import { launch } from "../scripts/browser.mjs";

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  console.log("ready");
  await page.goto(await createInterface({ input: process.stdin }).question(""));
  await page.waitForFunction(() => document.documentElement.dataset.ready === "painted", null, { timeout: 60_000 });
  console.log("painted");
} finally {
  await browser.close();
}
