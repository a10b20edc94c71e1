// Export everything that the page exports, and print it as JSON: node exported.mjs ADDRESS FOLDER
import { join } from "node:path";
import { launch, openPainted } from "../../scripts/browser.mjs";

const [address, folder] = process.argv.slice(2);
const browser = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", acceptDownloads: true });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await openPainted(page, address);
  const files = {};
  /** Have a file written, and keep it. */
  const saved = async (name, id) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(id).click()]);
    files[name] = join(folder, name);
    await download.saveAs(files[name]);
    return download.suggestedFilename();
  };
  const copied = async (id) => {
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await page.getByTestId(id).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== "");
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const stage = await page.getByTestId("scatter").evaluate((canvas) => [canvas.width, canvas.height]);
  await page.getByTestId("export").click();
  const names = [await saved("view.png", "export-png-3"), await saved("view.svg", "export-svg"), await saved("all.csv", "export-csv")];
  const after = await page.getByTestId("scatter").evaluate((canvas) => [canvas.width, canvas.height]);
  const everything = await copied("export-python");
  const link = await copied("export-link");
  const there = page.url();
  const said = await page.getByTestId("export-said").innerText();
  const snippets = { everything };
  await page.keyboard.press("Escape");
  await page.getByTestId("legend").getByRole("button").first().click();
  const label = await page.getByTestId("selection-bar").getByRole("status").innerText();
  await page.getByTestId("export").click();
  await saved("some.csv", "export-csv");
  snippets.label = await copied("export-python");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("number 17");
  await page.getByTestId("search-all").waitFor();
  await page.keyboard.press("Enter");
  await page.getByTestId("export").click();
  snippets.found = await copied("export-python");
  await page.keyboard.press("Escape");
  if ((await page.getByTestId("tab-moved").count()) > 0) await page.getByTestId("tab-moved").click();
  if ((await page.getByTestId("play-finding").count()) > 0) {
    await page.getByTestId("play-finding").first().click();
    await page.waitForFunction(() => document.querySelector("[data-testid=finding]")?.className.includes("chosen"));
    await page.getByTestId("export").click();
    snippets.finding = await copied("export-python");
  }
  const pair = [await page.getByTestId("select-a").inputValue(), await page.getByTestId("select-b").inputValue()];
  console.log(JSON.stringify({ complaints, files, names, link, said, label, snippets, stage, after, pair, address: there }));
} finally {
  await browser.close();
}
