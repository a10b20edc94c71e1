import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countAt, stepOf, STEPS } from "../../src/ui/near";
import { wrong } from "./axe";
import { serving, type Serving } from "./serving";

let served: Serving;
beforeAll(async () => {
  served = await serving();
}, 60_000);
afterAll(() => served.close());

async function open(address: string): Promise<Page> {
  const page = await served.context.newPage();
  await page.goto(`${served.address}${address}`);
  await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
  return page;
}

const selected = (page: Page): Promise<string> => page.getByTestId("selection-bar").innerText();

describe("near by true distance", { timeout: 60_000 }, () => {
  it("opens by R, is moved by key and by number, is undone, and stays in the address", async () => {
    const page = await open("?told#focus=i3");
    await page.getByTestId("whole-text").waitFor();
    await page.keyboard.press("r");
    const slider = page.getByTestId("near-slider");
    await slider.waitFor();
    await expect.poll(() => slider.evaluate((one) => one === document.activeElement)).toBe(true);
    for (let i = 0; i < 40; i += 1) await page.keyboard.press("ArrowRight");
    const many = Number.parseInt(await page.getByTestId("near-count").innerText(), 10);
    expect(many).toBeGreaterThan(1);
    await expect.poll(() => selected(page)).toContain(`${many + 1} selected`);
    await page.getByTestId("near-within").fill("0.002");
    await page.keyboard.press("Enter");
    await expect.poll(() => selected(page)).toContain("3 selected");
    await expect.poll(() => selected(page)).toContain("2 nearest to");
    await page.waitForFunction(() => location.hash.includes("selected="));
    expect(await wrong(page, "#panel")).toEqual([]);
    await page.getByTestId("undo").click();
    await expect.poll(() => selected(page)).toContain(`${many + 1} selected`);
    await page.close();
  });

  it("is of the selection where no item is looked at, and closes by Esc before anything is let go", async () => {
    const page = await open("?told");
    await page.getByTestId("legend").getByRole("button").first().click();
    const before = await selected(page);
    await page.keyboard.press("r");
    await page.getByTestId("near-slider").waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("near-slider").waitFor({ state: "detached" });
    expect(await selected(page)).toBe(before);
    await page.close();
  });

  it("is taken back while it is measured, and nothing is selected by it", async () => {
    const page = await open("?slow#focus=i3");
    await page.getByTestId("near-b").click();
    await page.getByText("Measuring all distances in").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Measuring all distances in").waitFor({ state: "detached" });
    expect(await selected(page)).toContain("Nothing selected");
    await page.close();
  });

  it("is said to be absent where nobody answers", async () => {
    const page = await open("#focus=i3");
    await page.getByTestId("near-absent").waitFor();
    await page.keyboard.press("r");
    expect(await page.getByTestId("near-a").count()).toBe(0);
    await page.close();
  });

  it("takes one more at a time at first, and all at the end", () => {
    for (const most of [1, 2, 10, 5000]) {
      expect([countAt(0, most), countAt(STEPS, most)]).toEqual([0, most]);
      expect(Math.max(...Array.from({ length: STEPS }, (_, i) => countAt(i + 1, most) - countAt(i, most)))).toBeLessThan(most / 10 + 2);
      expect(countAt(stepOf(most, most), most)).toBe(most);
    }
  });
});
