// Open comparisons as a stranger does, say what the page says first, and draw it before and after one click on play:
//   node scripts/thirty_seconds.mjs FOLDER NAME=ADDRESS [NAME=ADDRESS ...]
// The pictures are FOLDER/NAME-SCHEME-WIDTH.webp, some with -played after the click; what is said is written as JSON lines.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, openPainted } from "./browser.mjs";

const SIZES = (process.env.PICTURE_SIZES ?? "1280x800,1920x1080").split(",").map((size) => size.split("x").map(Number));
const SCHEMES = ["light", "dark"];
/** After the click, one of each is enough. */
const PLAYED = "light-1280";
const FORMAT = process.env.PICTURE_FORMAT ?? "webp";
const [folder, ...given] = process.argv.slice(2);

/** What stands on one screen, nothing clicked. */
async function first(page) {
  const finding = page.getByTestId("finding").first();
  await finding.waitFor();
  const box = await finding.boundingBox();
  const { height } = page.viewportSize();
  return { said: (await finding.innerText()).replace(/\s+/g, " ").trim(), on_screen: box !== null && box.y >= 0 && box.y + box.height <= height };
}

/** Keep the picture's pixels in the page, and say how many differ from those kept before. */
const changed = (page) =>
  page.getByTestId("scatter").evaluate((canvas) => {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d");
    context.drawImage(canvas, 0, 0);
    const now = new Uint32Array(context.getImageData(0, 0, copy.width, copy.height).data.buffer);
    const before = window.keptPixels ?? now;
    window.keptPixels = now;
    return now.reduce((sum, value, i) => sum + (value === before[i] ? 0 : 1), 0);
  });

async function draw(page, name) {
  // Chromium writes WebP by the protocol, Playwright does not.
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send("Page.captureScreenshot", FORMAT === "png" ? { format: FORMAT } : { format: FORMAT, quality: 45 });
  await writeFile(join(folder, `${name}.${FORMAT}`), Buffer.from(data, "base64"));
}

const browser = await launch();
try {
  for (const one of given) {
    const at = one.indexOf("=");
    const [name, address] = [one.slice(0, at), one.slice(at + 1)];
    for (const colorScheme of SCHEMES)
      for (const [width, height] of SIZES) {
        const context = await browser.newContext({ viewport: { width, height }, colorScheme });
        const page = await context.newPage();
        await openPainted(page, address);
        const seen = await first(page);
        await page.waitForTimeout(600);
        await draw(page, `${name}-${colorScheme}-${width}`);
        await changed(page);
        await page.getByTestId("play-finding").first().click();
        await page.waitForTimeout(500);
        await page.waitForFunction(() => document.querySelector("[data-testid=play-finding]")?.getAttribute("aria-label")?.startsWith("Play"), null, { timeout: 60_000 });
        await page.waitForTimeout(400);
        if (PLAYED === `${colorScheme}-${width}`) await draw(page, `${name}-${colorScheme}-${width}-played`);
        const pixels_changed = await changed(page);
        const bar = await page.getByTestId("selection-bar").getByRole("status").innerText();
        const selected = Number((/[\d,]+(?=\s+selected)/.exec(bar) ?? ["0"])[0].replaceAll(",", ""));
        console.log(JSON.stringify({ name, colorScheme, width, height, ...seen, selected, pixels_changed }));
        await context.close();
      }
  }
} finally {
  await browser.close();
}
