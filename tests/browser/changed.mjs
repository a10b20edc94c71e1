// A page whose bundle changes, as a person would see it: node changed.mjs ADDRESS
// Each line of standard input is a moment to look; what is seen is printed as a line of JSON.
import { createInterface } from "node:readline";
import { launch, openPainted } from "../../scripts/browser.mjs";

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await openPainted(page, process.argv[2]);
  const asked = [];
  // Paths are beneath the token, which the page itself lies at.
  page.on("request", (request) => asked.push(request.url().slice(new URL(".", page.url()).href.length - 1)));
  const bar = page.getByTestId("news");
  const shown = (kind) =>
    page.waitForFunction((wanted) => (document.querySelector('[data-testid="news"]')?.dataset.kind ?? "") === wanted, kind);

  /** What can be done, by the word on standard input. */
  const acts = {
    async look(kind) {
      await page.waitForTimeout(1100);
      asked.length = 0;
      await page.evaluate(() => {
        document.dispatchEvent(new Event("visibilitychange"));
        window.dispatchEvent(new Event("focus"));
      });
      await shown(kind);
      return { text: await bar.innerText(), asked };
    },
    async select() {
      await page.getByTestId("search").fill("thing");
      await page.getByTestId("search-all").waitFor();
      await page.keyboard.press("Enter");
      return { selected: await page.getByTestId("selection-bar").innerText() };
    },
    async ask() {
      await page.getByTestId("ask").click();
      return { answer: await page.getByRole("alert").first().innerText() };
    },
    async reload() {
      await bar.getByRole("button", { name: "Reload" }).click();
      await page.waitForLoadState();
      await page.getByTestId("news").or(page.getByTestId("failure")).waitFor({ state: "attached" });
      const failure = page.getByTestId("failure");
      if (await failure.count()) return { failure: await failure.innerText() };
      await page.waitForFunction(() => document.documentElement.dataset.panels === "read");
      return { about: await page.locator("header .about").getAttribute("title"), text: await bar.innerText() };
    },
  };

  console.log("{}");
  for await (const line of createInterface({ input: process.stdin })) {
    const [act, kind = ""] = line.split(" ");
    console.log(JSON.stringify({ ...(await acts[act](kind)), complaints }));
  }
} finally {
  await browser.close();
}
