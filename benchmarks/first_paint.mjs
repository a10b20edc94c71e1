// Start a browser, say "ready", read an address from standard input, and say when its first points are painted.
import { createInterface } from "node:readline/promises";

import { launch, openPainted } from "../scripts/browser.mjs";

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  console.log("ready");
  await openPainted(page, await createInterface({ input: process.stdin }).question(""));
  console.log("painted");
} finally {
  await browser.close();
}
