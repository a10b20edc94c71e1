// One gesture over three carriers: node shared.mjs ADDRESS FILE.html PYTHON BUNDLE [SHOTS]. Prints what was seen as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { launch } from "../../scripts/browser.mjs";
import { openCell } from "./notebook.mjs";
import { apart, pixelsOf } from "./pixels.mjs";

const [address, file, python, bundle, shots] = process.argv.slice(2);
const SLOW = { timeout: 60_000 };
const browser = await launch();

/** Lasso, play the first finding, and look at what needs a server. */
async function used(page, frame, told, pixels) {
  await frame.waitForFunction(() => document.documentElement.dataset.panels === "read", null, SLOW);
  await frame.getByTestId("scatter").waitFor(SLOW);
  told.title = await frame.evaluate(() => document.title);
  told.copy = (await frame.getByTestId("copy").count()) > 0;
  if (told.copy) {
    await frame.getByTestId("copy").click();
    told.notes = await frame.getByTestId("copy-notes").innerText();
    await frame.getByTestId("copy").click();
  }
  await frame.getByRole("button", { name: "Side by side", exact: true }).click();
  pixels.side = await pixelsOf(frame);
  await frame.getByRole("button", { name: "Morph", exact: true }).click();
  await frame.getByRole("button", { name: "Lasso" }).click();
  const box = await frame.getByTestId("scatter").boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.1, 0.1));
  await page.mouse.down();
  for (const [x, y] of [[0.5, 0.1], [0.5, 0.9], [0.1, 0.9], [0.1, 0.11]]) await page.mouse.move(...at(x, y), { steps: 4 });
  await page.mouse.up();
  await frame.getByTestId("selection-bar").getByText("selected", { exact: false }).first().waitFor(SLOW);
  told.lassoed = (await frame.getByTestId("selection-bar").innerText()).split("\n")[0];
  pixels.lassoed = await pixelsOf(frame);
  await frame.getByTestId("tab-moved").click();
  const play = frame.getByTestId("play-finding").first();
  if ((await play.count()) > 0) {
    await play.click();
    await frame.getByTestId("finding-strip").first().waitFor(SLOW);
  }
  pixels.played = await pixelsOf(frame);
  await frame.getByTestId("tab-items").click();
  told.asks = (await frame.getByTestId("ask").count()) > 0;
  told.near = (await frame.getByTestId("near-absent").count()) === 0;
  if (told.near) {
    await page.keyboard.press("r");
    await frame.getByTestId("near-slider").waitFor(SLOW);
    await page.keyboard.press("End");
    told.all = (await frame.getByTestId("selection-bar").innerText()).split("\n")[0];
    await page.keyboard.press("Escape");
  }
  await frame.getByTestId("export").click();
  told.linkable = (await frame.getByTestId("export-link").count()) > 0;
  await page.keyboard.press("Escape");
  if (shots) await page.screenshot({ path: `${shots}/${told.carrier}.png` });
}

/** What the first carrier showed. */
let first;

async function look(carrier, offline, open) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", offline });
  const page = await context.newPage();
  const told = { carrier, complaints: [], asked: [] };
  page.on("pageerror", (error) => told.complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && told.complaints.push(message.text()));
  page.on("request", (request) => /^(?:file|data|blob|about):/.test(request.url()) || told.asked.push(request.url()));
  const pixels = {};
  await used(page, await open(page), told, pixels);
  first ??= pixels;
  told.apart = Object.fromEntries(Object.entries(pixels).map(([name, one]) => [name, apart(first[name], one)]));
  told.hash = new URL(page.url()).hash;
  await context.close();
  return told;
}

try {
  const local = pathToFileURL(file).href;
  const served = await look("served", false, async (page) => (await page.goto(address), page.mainFrame()));
  const opened = await look("opened", true, async (page) => (await page.goto(local), page.mainFrame()));
  const framed = await look("framed", true, async (page) => {
    await page.setContent('<iframe sandbox="allow-scripts" style="position:fixed;inset:0;width:100%;height:100%;border:0"></iframe>');
    const element = await page.$("iframe");
    await element.evaluate((frame, html) => void (frame.srcdoc = html), readFileSync(file, "utf8"));
    await page.waitForTimeout(500);
    return element.contentFrame();
  });
  let stop = () => undefined;
  const shown = new URLSearchParams(served.hash.slice(1));
  const state = { a: shown.get("a"), b: shown.get("b"), t: 0, colour: "", view: "", theme: "auto", height: 800 };
  const cell = await look("cell", false, async (page) => {
    const opened = await openCell(page, { python, bundle, state });
    ({ stop } = opened);
    return opened.frame;
  }).finally(() => stop());
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true });
  const page = await context.newPage();
  await page.goto(`${local}#a=turned&b=noisy&t=1&theme=dark`);
  await page.waitForFunction(() => document.documentElement.dataset.panels === "read", null, SLOW);
  const linked = await page.evaluate(() => ({ title: document.title, theme: document.documentElement.dataset.theme }));
  console.log(JSON.stringify({ served, opened, framed, cell, linked }));
} finally {
  await browser.close();
}
