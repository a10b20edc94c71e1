// Open an address in a browser and stay until it says that it is done: node opened.mjs URL
import { launch } from "../../scripts/browser.mjs";

const browser = await launch();
const page = await browser.newPage();
await page.goto(process.argv[2]);
await page.waitForFunction(() => document.getElementById("said").textContent.startsWith("Done"), null, { timeout: 60_000 });
await browser.close();
