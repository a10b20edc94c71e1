// Open a bundle of populations, choose the first group, colour by density, draw the difference of densities, and print what stands there as JSON: node populations.mjs ADDRESS
import { launch, openPainted } from "../../scripts/browser.mjs";

const [address] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await openPainted(page, address);
  const tabs = await page.getByRole("tab").allInnerTexts();
  const verdict = await page.getByTestId("population-verdict").innerText();
  const group = page.getByTestId("choose-population-group").first();
  await group.and(page.locator(":enabled")).click();
  const bar = page.getByTestId("selection-bar").getByText(" selected");
  await bar.waitFor();
  const inks = await page.getByTestId("legend").innerText();
  await page.getByRole("button", { name: "feb less jan" }).click();
  await page.locator('button[aria-pressed="true"]', { hasText: "feb less jan" }).waitFor();
  await page.getByTestId("population-density").click();
  const density = await page.getByTestId("story").innerText();
  await page.getByTestId("population-density").click();
  const morphs = await page.getByTestId("swap").count();
  console.log(JSON.stringify({ complaints, tabs, verdict, inks, morphs, density, bar: await page.getByTestId("selection-bar").innerText() }));
} finally {
  await browser.close();
}
