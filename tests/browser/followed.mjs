// A page that follows a run, as a person would see it: node followed.mjs ADDRESS [PICTURE]
// Each line of standard input is a moment to look; what is seen is printed as a line of JSON.
import { createInterface } from "node:readline";
import { launch, openPainted } from "../../scripts/browser.mjs";

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await openPainted(page, process.argv[2]);

  const link = () => Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.slice(1)));
  const spaces = () => page.locator('[data-testid="film"] [data-space]').evaluateAll((tiles) => tiles.map((tile) => tile.dataset.space));

  /** What can be done, by the word on standard input. */
  const acts = {
    async choose(a, b) {
      const { width, height } = page.viewportSize();
      await page.mouse.move(width / 2.5, height / 2.5);
      await page.mouse.wheel(0, -300);
      await page.getByTestId("search").fill("thing");
      await page.getByTestId("search-all").waitFor();
      await page.keyboard.press("Enter");
      await page.waitForFunction(([one, other]) => {
        const said = new URLSearchParams(location.hash.slice(1));
        return said.has("look") && said.has("selected") && said.get("a") === one && said.get("b") === other;
      }, [a, b]);
      // The zoom glides to its end, and the address is written once it is there.
      for (let before = ""; before !== page.url(); await page.waitForTimeout(1200)) before = page.url();
    },
    async wait(name) {
      await page.waitForFunction((wanted) => document.querySelector(`[data-testid="film"] [data-space="${wanted}"]`), name, { timeout: 60_000 });
    },
    async newest() {
      await page.getByTestId("newest").click();
      await page.waitForFunction(() => document.querySelector('[data-testid="newest"]').disabled);
    },
    async steps() {
      await page.getByTestId("tab-steps").click();
      await page.getByTestId("learnt").waitFor();
    },
  };

  console.log(JSON.stringify({ link: link(), spaces: await spaces() }));
  for await (const line of createInterface({ input: process.stdin })) {
    const [act, ...more] = line.split("|");
    await acts[act](...more);
    const news = await page.getByTestId("news").innerText();
    const shown = await page.locator("header").innerText();
    await page.waitForTimeout(400);
    if (process.argv[3]) await page.screenshot({ path: `${process.argv[3]}-${act}.png` });
    console.log(JSON.stringify({ link: link(), spaces: await spaces(), news, shown, complaints }));
  }
} finally {
  await browser.close();
}
