// In a real JupyterLab: run all cells but the last, wait for every page, run the last, save.
// node lab.mjs ADDRESS N_PAGES; prints one line of JSON: what the last cell printed, and a line when all is still there.
import { createInterface } from "node:readline";
import { launch } from "../../scripts/browser.mjs";

const [address, pages] = process.argv.slice(2);
const SLOW = { timeout: 300_000 };
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 3200 }, colorScheme: "light" });
  await page.goto(address);
  await page.locator(".jp-Notebook").waitFor(SLOW);
  await page.getByText(/Python 3.*Idle/).first().waitFor(SLOW).catch(() => undefined);
  console.log(JSON.stringify({ at: "empty" }));
  await lines.next();
  const cells = page.locator(".jp-CodeCell");
  const count = await cells.count();
  const run = async (at) => {
    await cells.nth(at).locator(".jp-InputPrompt").click();
    await page.keyboard.press("Control+Enter");
  };
  for (let at = 0; at < count - 1; at += 1) {
    await run(at);
    if (at === 0) continue;
    const element = cells.nth(at).locator("iframe");
    await element.waitFor(SLOW);
    const frame = await (await element.elementHandle()).contentFrame();
    await frame.waitForFunction(() => document.documentElement.dataset.ready === "painted", null, SLOW);
  }
  await page.waitForTimeout(3000);
  await run(count - 1);
  const output = cells.nth(count - 1).locator(".jp-OutputArea-output").filter({ hasText: "TOLD" });
  await output.waitFor(SLOW);
  const told = (await output.innerText()).trim();
  await page.keyboard.press("Control+s");
  await page.waitForTimeout(4000);
  console.log(JSON.stringify({ at: "shown", pages: Number(pages), told }));
  await lines.next();
} finally {
  await browser.close();
}
