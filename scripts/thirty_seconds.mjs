// Open comparisons as a stranger does, say what the page says first, and draw it before and after one click on play:
//   node scripts/thirty_seconds.mjs FOLDER NAME=ADDRESS [NAME=ADDRESS ...]
// The pictures are FOLDER/NAME-SCHEME-WIDTH.webp, with -played after the click; what is said is written as JSON lines.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, openPainted } from "./browser.mjs";

const SIZES = [[1280, 800], [1920, 1080]];
const SCHEMES = ["light", "dark"];
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

async function draw(page, name) {
  // Chromium writes WebP by the protocol, Playwright does not.
  const client = await page.context().newCDPSession(page);
  const { data } = await client.send("Page.captureScreenshot", FORMAT === "png" ? { format: FORMAT } : { format: FORMAT, quality: 72 });
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
        await page.getByTestId("play-finding").first().click();
        await page.waitForTimeout(500);
        await page.waitForFunction(() => document.querySelector("[data-testid=play-finding]")?.getAttribute("aria-label")?.startsWith("Play"), null, { timeout: 60_000 });
        await page.waitForTimeout(400);
        await draw(page, `${name}-${colorScheme}-${width}-played`);
        console.log(JSON.stringify({ name, colorScheme, width, height, ...seen }));
        await context.close();
      }
  }
} finally {
  await browser.close();
}
