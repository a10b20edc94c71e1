// Draw the README's picture from the real page: node scripts/picture.mjs ADDRESS FILE.png
import { launch, openPainted } from "./browser.mjs";

const [address, file] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
  await openPainted(page, address);
  await page.getByTestId("live").waitFor({ state: "detached", timeout: 120_000 });
  await page.getByTestId("select-b").selectOption({ label: "EfficientNet images" });
  await page.keyboard.press("/");
  await page.keyboard.type("soccer ball");
  await page.getByRole("listbox").getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByTestId("neighbors").getByText("mirror ball").first().waitFor();
  await page.keyboard.press("f");
  await page.waitForTimeout(1000);
  await page.screenshot({ path: file });
} finally {
  await browser.close();
}
