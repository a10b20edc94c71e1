import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wrong } from "./axe";
import { serving, type Serving } from "./serving";

let served: Serving;
beforeAll(async () => {
  served = await serving();
}, 60_000);
afterAll(() => served.close());

const tab = (name: string) => (page: Page) => page.getByTestId(`tab-${name}`).click();
const shut = (page: Page): Promise<void> => page.keyboard.press("Escape");

/** Ten ways in which the page stands. */
const STATES: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ["what moved", (page) => page.getByTestId("finding").first().waitFor()],
  ["the verdict", tab("verdict")],
  ["labels", tab("labels")],
  ["groups", tab("groups")],
  ["a selection", (page) => page.getByTestId("legend").getByRole("button").first().click()],
  ["all spaces", (page) => page.getByTestId("overview").click()],
  ["what to colour by", async (page) => (await page.getByTestId("overview").click(), await page.getByTestId("colour").click())],
  ["which colours", async (page) => (await shut(page), await page.getByTestId("legend-menu").click())],
  ["export", async (page) => (await shut(page), await page.getByTestId("export").click())],
  ["help", async (page) => (await shut(page), await page.getByTestId("help").click())],
];

describe("axe on the whole page", { timeout: 180_000 }, () => {
  it.each(["light", "dark"])("finds nothing wrong in ten states in the %s theme", async (theme) => {
    const page = await served.context.newPage();
    await page.goto(`${served.address}?told#theme=${theme}`);
    await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read", null, { timeout: 60_000 });
    const found: string[] = [];
    for (const [name, show] of STATES) {
      await show(page);
      found.push(...(await wrong(page, "html")).map((one) => `${name}: ${one}`));
    }
    expect(found).toEqual([]);
    await page.close();
  });
});
