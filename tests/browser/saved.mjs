// Save a selection with a note on a served page, or find it again, and print what stands there as JSON: node saved.mjs ADDRESS [NAME]
import { launch, openPainted } from "../../scripts/browser.mjs";

const [address, name] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await openPainted(page, address);
  const saved = page.getByTestId("saved-set");
  await page.getByTestId("tab-items").click();
  if (name !== undefined) {
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("save-name").fill(name);
    const put = (response) => response.request().method() === "PUT" && response.ok();
    await Promise.all([page.waitForResponse(put), page.getByTestId("save").click()]);
  }
  await saved.first().waitFor();
  await saved.first().click();
  const bar = await page.getByTestId("selection-bar").innerText();
  console.log(JSON.stringify({ complaints, bar, saved: await page.getByTestId("saved").innerText() }));
} finally {
  await browser.close();
}
