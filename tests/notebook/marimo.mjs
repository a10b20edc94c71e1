// In a real marimo: select in the page, read it in Python, set it there.
// node marimo.mjs ADDRESS SHOTS; prints one line of JSON.
import { launch } from "../../scripts/browser.mjs";

const [address, shots] = process.argv.slice(2);
const SLOW = { timeout: 60_000 };
const browser = await launch();
const told = {};
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1100 }, colorScheme: "light" });
  await page.goto(address);
  const element = page.locator("iframe[title^=Emblink]");
  await element.waitFor(SLOW);
  const frame = await (await element.elementHandle()).contentFrame();
  await frame.waitForFunction(() => document.documentElement.dataset.ready === "painted", null, SLOW);
  const selected = async () => (await frame.getByTestId("selection-bar").innerText()).split("\n")[0];
  if (shots) await page.screenshot({ path: `${shots}/marimo.png` });

  await frame.getByRole("button", { name: "Lasso" }).click();
  const box = await frame.locator("canvas").first().boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.05, 0.2));
  await page.mouse.down();
  for (const [x, y] of [[0.5, 0.2], [0.5, 0.98], [0.05, 0.98], [0.05, 0.21]]) await page.mouse.move(...at(x, y), { steps: 4 });
  await page.mouse.up();
  told.lassoed = await selected();
  const n = told.lassoed.match(/\d+/)?.[0];
  await page.getByText(`SELECTED ${n} `).waitFor(SLOW);
  told.read = await page.getByText(/SELECTED \d/).innerText();

  await page.getByRole("button", { name: "Select three" }).click();
  await page.getByText("SELECTED 3 ").waitFor(SLOW);
  await frame.getByTestId("selection-bar").getByText("3", { exact: true }).waitFor(SLOW);
  told.set = await selected();
  if (shots) await page.screenshot({ path: `${shots}/marimo-set.png` });
  console.log(JSON.stringify(told));
} finally {
  await browser.close();
}
