import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serving, type Serving } from "./serving";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

let served: Serving;
beforeAll(async () => {
  served = await serving();
}, 60_000);
afterAll(() => served.close());

/** What axe finds wrong with the whole page. */
async function wrong(page: Page): Promise<string[]> {
  const violations = await page.evaluate(() => {
    const { axe } = window as unknown as { axe: { run: (root: Document) => Promise<{ violations: Finding[] }> } };
    return axe.run(document).then((found) => found.violations);
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

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
    await page.waitForFunction(() => document.documentElement.dataset["ready"] === "painted", null, { timeout: 60_000 });
    await page.addScriptTag({ path: AXE });
    const found: string[] = [];
    for (const [name, show] of STATES) {
      await show(page);
      found.push(...(await wrong(page)).map((one) => `${name}: ${one}`));
    }
    expect(found).toEqual([]);
    await page.close();
  });
});
