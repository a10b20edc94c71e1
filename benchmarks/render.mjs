// Emblink's page beside regl-scatterplot 1.16 in one run, on software GL: first paint, a frame of a morph, selecting nearly all, a lasso over half, trails.
//
//     node benchmarks/render.mjs [--items 100000,1000000] [--rounds 3]
//
// The peer is installed into a temporary folder and is no dependency. It draws one picture and nothing else; Emblink opens its whole page.
// Times are of the browser's main thread, until a pixel has been read back, so that all that was drawn is done.
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { launch } from "../scripts/browser.mjs";
import { writeBundle } from "./_render/bundle.mjs";
import { serve } from "./_render/server.mjs";

const PEER = "regl-scatterplot@1.16.0";
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TARGETS = { "first paint": 0.5, "morph frame": 0.6 };
const VIEW = { width: 1280, height: 800 };
const FRAMES = 24;

const { values: options } = parseArgs({ options: { items: { type: "string", default: "100000,1000000" }, rounds: { type: "string", default: "3" } } });

/** Install the peer into a folder and build its page. */
async function buildPeer(folder) {
  await writeFile(join(folder, "package.json"), '{"private": true, "type": "module"}');
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", PEER, "pub-sub-es", "regl"], { cwd: folder });
  await cp(join(ROOT, "benchmarks/_render/peer.js"), join(folder, "peer.js"));
  const style = "body { margin: 0 } canvas { display: block; width: 960px; height: 480px }";
  await writeFile(join(folder, "index.html"), `<!doctype html><style>${style}</style><canvas></canvas><script type="module" src="./peer.js"></script>`);
  const { build } = await import(pathToFileURL(createRequire(join(ROOT, "frontend/package.json")).resolve("vite")));
  await build({ root: folder, configFile: false, base: "./", logLevel: "error", build: { target: "es2022", outDir: "dist" } });
  return join(folder, "dist");
}

/** What every page is given before its own scripts. */
function tools() {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const finish = () => {
    const canvas = document.querySelector("canvas[data-testid=scatter]") ?? document.querySelector("canvas");
    const gl = canvas.getContext("webgl2");
    // The peer draws elsewhere and copies that into a canvas of two dimensions.
    if (gl) gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    else canvas.getContext("2d").getImageData(0, 0, 1, 1);
  };
  const painted = (async () => {
    while (document.documentElement?.dataset.ready !== "painted") await frame();
    finish();
    const first = performance.now();
    // Emblink's first picture of many has the first of them; what follows in the next frames is here too.
    await frame();
    await frame();
    await frame();
    finish();
    return { first, whole: performance.now() };
  })();
  /** From an event, or from now, until its picture is done. */
  const until = async (start = performance.now()) => {
    await frame();
    await frame();
    finish();
    return performance.now() - start;
  };
  window.bench = { frame, finish, painted, until };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** A page at an address; how long its first paint took, and that of all points. */
async function open(browser, address) {
  const page = await browser.newPage({ viewport: VIEW });
  await page.addInitScript(tools);
  await page.goto(address);
  return { page, ...(await page.evaluate(() => window.bench.painted)) };
}

/** Milliseconds from the release of a lasso round the left half of a box to its picture. */
async function lasso(page, { x, y, width, height }) {
  const { mouse, keyboard } = page;
  await keyboard.down("Shift");
  await mouse.move(x + 6, y + 6);
  await mouse.down();
  // A peer takes the corners as they come, not more often than its throttle lets it.
  for (const [px, py] of [[width / 2, 6], [width / 2, height - 6], [6, height - 6], [6, 10]]) {
    await mouse.move(x + px, y + py, { steps: 12 });
    await page.waitForTimeout(60);
  }
  const taken = page.evaluate(() => new Promise((resolve) => addEventListener("pointerup", () => resolve(window.bench.until()), { once: true, capture: true })));
  await page.waitForTimeout(60);
  await mouse.up();
  const result = await taken;
  await keyboard.up("Shift");
  return result;
}

/** Frames from a click until the picture of each half of the canvas is another one. */
const framesOf = (page, selector) =>
  page.evaluate(async (at) => {
    const gl = document.querySelector("canvas[data-testid=scatter]").getContext("webgl2");
    const [width, height] = [gl.drawingBufferWidth >> 1, gl.drawingBufferHeight];
    const halves = () =>
      [0, width].map((left) => {
        const pixels = new Uint32Array(width * height);
        gl.readPixels(left, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(pixels.buffer));
        return pixels.reduce((sum, pixel) => (Math.imul(sum, 31) + pixel) | 0, 0);
      });
    const before = halves();
    await window.bench.frame();
    document.querySelector(at).click();
    for (let frames = 1; frames <= 60; frames += 1) {
      await window.bench.frame();
      // What this frame draws is read in the next: its own callback comes after ours.
      if (halves().every((half, i) => half !== before[i])) return frames - 1;
    }
    return Infinity;
  }, selector);

const canvasBox = (page, selector) => page.locator(selector).boundingBox();

async function ours(browser, address) {
  const { page, first, whole } = await open(browser, `${address}/page/#mode=morph`);
  await page.waitForFunction(() => document.querySelector("[data-testid=caption]")?.textContent?.includes("drawn"));
  await page.waitForLoadState("networkidle");
  const frames = await page.evaluate(async (count) => {
    const slider = document.querySelector("[data-testid=morph]");
    const times = [];
    await window.bench.frame();
    window.bench.finish();
    let last = performance.now();
    for (let i = 1; i <= count; i += 1) {
      slider.value = String(i / (count + 1));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      // The page asks for its frame in a microtask: ours comes after it in the same.
      await null;
      await null;
      await window.bench.frame();
      window.bench.finish();
      times.push(performance.now() - last);
      last = performance.now();
    }
    return times;
  }, FRAMES);
  await page.waitForTimeout(1500);
  const click = (selector) => page.evaluate((at) => {
    const start = performance.now();
    document.querySelector(at).click();
    return window.bench.until(start);
  }, selector);
  // All but those of one kind.
  await click("[data-testid=legend] button");
  await page.waitForTimeout(1500);
  const all = await click("[data-testid=invert]");
  await page.waitForTimeout(1500);
  const trails = await click("[data-testid=trails]");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(1500);
  const own = await lasso(page, await canvasBox(page, "canvas[data-testid=scatter]"));
  const selected = await page.evaluate(() => Number.parseInt(document.querySelector("[data-testid=selection-bar]").textContent.replaceAll(",", "")));
  await page.keyboard.press("Escape");
  await page.keyboard.press("1");
  await page.waitForTimeout(1500);
  const both = await framesOf(page, "[data-testid=legend] button");
  await page.close();
  return { both, "first paint": first, "all points": whole, "first frame": frames[0], "morph frame": median(frames.slice(8)), "select 97 %": all, "lasso over half": own, "trails of all": trails, selected };
}

async function theirs(browser, address) {
  const { page, first, whole } = await open(browser, `${address}/peer/`);
  const frames = await page.evaluate(async (count) => {
    await window.peer.ready();
    const times = [];
    await window.bench.frame();
    window.bench.finish();
    // Before it moves, the peer sends the points to the GPU.
    let [moving, over] = [false, false];
    window.peer.plot.subscribe("transitionStart", () => (moving = true));
    window.peer.plot.subscribe("transitionEnd", () => (over = true));
    void window.peer.morph(4000);
    while (!moving) await window.bench.frame();
    let last = performance.now();
    for (let i = 0; i < 4 * count && !over; i += 1) {
      await window.bench.frame();
      window.bench.finish();
      times.push(performance.now() - last);
      last = performance.now();
    }
    while (!over) await window.bench.frame();
    return times;
  }, FRAMES);
  const all = await page.evaluate(() => {
    const items = Array.from({ length: Math.floor(0.97 * window.peer.n) }, (_, i) => i);
    const start = performance.now();
    window.peer.plot.select(items);
    return window.bench.until(start);
  });
  await page.evaluate(() => window.peer.plot.deselect());
  await page.waitForTimeout(500);
  const own = await lasso(page, await canvasBox(page, "canvas"));
  const selected = await page.evaluate(() => window.peer.plot.get("selectedPoints").length);
  await page.close();
  return { "first paint": first, "all points": whole, "first frame": frames[1], "morph frame": median(frames.slice(2)), "select 97 %": all, "lasso over half": own, "trails of all": NaN, selected };
}

const folder = await mkdtemp(join(tmpdir(), "emblink-render-"));
const browser = await launch();
try {
  const peer = await buildPeer(folder);
  for (const n of options.items.split(",").map(Number)) {
    const bundle = join(folder, String(n));
    await writeBundle(bundle, n);
    const server = await serve({ "/page/bundle/": bundle, "/bundle/": bundle, "/page/": join(ROOT, "src/emblink/static"), "/peer/": peer });
    const rounds = [];
    for (let round = 0; round < Number(options.rounds); round += 1) rounds.push([await ours(browser, server.address), await theirs(browser, server.address)]);
    server.close();
    console.log(`\n${n.toLocaleString("en")} items, medians of ${rounds.length}; a selection is drawn in both panes within ${Math.max(...rounds.map(([own]) => own.both))} frames (target 2); a lasso took ${rounds[0].map(({ selected }) => selected).join(" and ")}`);
    for (const what of ["first paint", "all points", "first frame", "morph frame", "select 97 %", "lasso over half", "trails of all"]) {
      const [own, other] = [0, 1].map((side) => median(rounds.map((round) => round[side][what])));
      const ratio = own / other;
      const target = TARGETS[what];
      const judged = target === undefined || Number.isNaN(ratio) ? "" : `  target ${target}${ratio <= target ? "" : ", missed"}`;
      console.log(`${what.padEnd(18)}${own.toFixed(0).padStart(7)} ms   ${Number.isNaN(other) ? "     –" : `${other.toFixed(0).padStart(6)} ms   ratio ${ratio.toFixed(2)}`}${judged}`);
    }
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
