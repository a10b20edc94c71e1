// Use a served page as a person would, and print what was seen as JSON: node served.mjs ADDRESS
import { launch, openPainted } from "../../scripts/browser.mjs";

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  const elsewhere = [];
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1") elsewhere.push(request.url());
  });
  await openPainted(page, process.argv[2]);

  const canvas = page.getByTestId("scatter");
  /** Pixels of the picture, by how many are not paper. */
  const picture = () =>
    canvas.evaluate((element) => {
      const copy = document.createElement("canvas");
      copy.width = element.width;
      copy.height = element.height;
      const context = copy.getContext("2d");
      context.drawImage(element, 0, 0);
      const bytes = context.getImageData(0, 0, copy.width, copy.height).data;
      let inked = 0;
      let sum = 0;
      for (let i = 0; i < bytes.length; i += 4)
        if (bytes[i] !== bytes[0] || bytes[i + 1] !== bytes[1] || bytes[i + 2] !== bytes[2]) {
          inked += 1;
          sum = (sum * 31 + i + bytes[i] * 7 + bytes[i + 1] * 3 + bytes[i + 2]) % 1_000_000_007;
        }
      return { inked, sum };
    });

  const address = page.url();
  await page.waitForTimeout(800);
  const asked = [];
  const note = (request) => asked.push(request.url());
  page.on("request", note);
  const box = await canvas.boundingBox();
  for (let i = 1; i < 20; i += 1) await page.mouse.move(box.x + (box.width * i) / 20, box.y + (box.height * (i % 5)) / 5);
  await page.mouse.wheel(0, -300);
  const moved = await page.getByTestId("moved").innerText();
  for (const play of await page.getByTestId("play-finding").all()) await play.click();
  for (const key of ["1", "2", "3", "ArrowRight", "p", "i", "i", "0", "1"]) await page.keyboard.press(key);
  await page.getByTestId("legend").getByRole("button").first().click();
  await page.keyboard.press("Escape");
  await page.getByTestId("morph").fill("0");
  await page.keyboard.press("f");
  page.off("request", note);
  await page.getByTestId("tab-verdict").click();
  await page.getByTestId("numbers").locator("summary").click();
  const verdict = await page.getByTestId("verdict").innerText();
  const a = await picture();
  await page.getByTestId("select-b").selectOption({ label: "noisy" });
  await page.getByTestId("morph").fill("1");
  await page.waitForTimeout(300);
  const b = await picture();
  await page.keyboard.press("/");
  await page.keyboard.type("number 17");
  await page.getByRole("listbox").getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const neighbors = page.getByTestId("neighbors");
  await neighbors.getByText("thing number").first().waitFor();
  console.log(
    JSON.stringify({ address, asked, complaints, elsewhere, moved, verdict, a, b, neighbors: await neighbors.innerText() }),
  );
} finally {
  await browser.close();
}
