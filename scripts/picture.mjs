// Draw the README's picture from the real page: node scripts/picture.mjs ADDRESS FILE.png
import { launch, openPainted } from "./browser.mjs";

const [address, file] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
  // At rest: neither the opening nor its hints.
  await openPainted(page, address.replace("&first=1", ""));
  await page.getByTestId("live").waitFor({ state: "detached", timeout: 120_000 });
  await page.getByTestId("select-b").selectOption({ label: "EfficientNet images" });
  await page.getByRole("tab", { name: "What moved", selected: true }).waitFor();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: file });
} finally {
  await browser.close();
}
