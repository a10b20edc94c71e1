// In a real JupyterLab: run a notebook, select in the cell, read it in Python, set it there, start the kernel anew.
// node lab.mjs ADDRESS SHOTS; prints one line of JSON.
import { launch } from "../../scripts/browser.mjs";

const [address, shots] = process.argv.slice(2);
const SLOW = { timeout: 60_000 };
const browser = await launch();
const told = {};
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, colorScheme: "light" });
  await page.goto(address);
  await page.locator(".jp-Notebook").waitFor(SLOW);
  const cells = page.locator(".jp-CodeCell");
  const run = async (at) => {
    await cells.nth(at).locator(".jp-InputPrompt").click();
    await page.keyboard.press("Control+Enter");
  };
  const printed = async (at, word) => {
    const output = cells.nth(at).locator(".jp-OutputArea-output").filter({ hasText: word });
    await output.waitFor(SLOW);
    return (await output.innerText()).trim();
  };
  const pageIn = async (at) => {
    const element = cells.nth(at).locator("iframe");
    await element.waitFor(SLOW);
    const frame = await (await element.elementHandle()).contentFrame();
    await frame.waitForFunction(() => document.documentElement.dataset.panels === "read", null, SLOW);
    return frame;
  };
  const selected = async (frame) => (await frame.getByTestId("selection-bar").innerText()).split("\n")[0];
  await page.getByText(/Python 3.*Idle/).first().waitFor(SLOW).catch(() => undefined);
  await run(0);
  let frame = await pageIn(0);
  if (shots) await page.screenshot({ path: `${shots}/lab.png` });

  // A lasso round the left half of the picture.
  await frame.getByRole("button", { name: "Lasso" }).click();
  const box = await frame.locator("canvas").first().boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.05, 0.2));
  await page.mouse.down();
  for (const [x, y] of [[0.5, 0.2], [0.5, 0.98], [0.05, 0.98], [0.05, 0.21]]) await page.mouse.move(...at(x, y), { steps: 4 });
  await page.mouse.up();
  told.lassoed = await selected(frame);
  await page.waitForTimeout(1000);
  await run(1);
  told.read = await printed(1, "SELECTED");

  await run(2);
  await frame.getByTestId("selection-bar").getByText("3", { exact: true }).waitFor(SLOW);
  told.set = await selected(frame);
  if (shots) await page.screenshot({ path: `${shots}/lab-set.png` });

  await page.keyboard.press("Control+s");
  await page.getByText(/Saving completed/).first().waitFor({ timeout: 20_000 }).catch(() => undefined);

  // A kernel that was started anew knows nothing of the widget.
  await page.getByRole("menuitem", { name: "Kernel", exact: true }).click();
  await page.getByRole("menuitem", { name: /^Restart Kernel…/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Confirm Kernel Restart" }).click();
  await page.waitForTimeout(5000);
  if (shots) await page.screenshot({ path: `${shots}/lab-anew.png` });
  await frame.evaluate(() => window.dispatchEvent(new Event("focus")));
  await frame.getByRole("button", { name: "Reconnect" }).waitFor(SLOW);
  told.silent = await frame.getByTestId("news").innerText();
  if (shots) await page.screenshot({ path: `${shots}/lab-silent.png` });
  await run(0);
  frame = await pageIn(0);
  told.again = await selected(frame);
  console.log(JSON.stringify(told));
} finally {
  await browser.close();
}
