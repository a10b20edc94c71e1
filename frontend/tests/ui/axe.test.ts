import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STEPS } from "../model/rich";
import { wrong } from "./axe";
import { serving, type Serving } from "./serving";

let served: Serving;

beforeAll(async () => {
  served = await serving();
}, 60_000);

afterAll(() => served.close());

describe("axe", { timeout: 120_000 }, () => {
  it.each(["light", "dark"])("finds nothing wrong with the panel of any grade in the %s theme", async (theme) => {
    for (const i of [0, 1, 2, 3, 4]) {
      const page = await served.context.newPage();
      const chosen = new URLSearchParams({ a: STEPS[i] ?? "", b: STEPS[i + 1] ?? "", theme });
      await page.goto(`${served.address}?judged#${chosen.toString()}`);
      await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
      expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe(theme);
      await page.locator("summary").filter({ hasText: "Numbers" }).click({ timeout: 500 }).catch(() => undefined);
      expect(await wrong(page, "[data-testid=verdict]")).toEqual([]);
      await page.close();
    }
  });

  it.each(["light", "dark"])("finds nothing wrong with the picture, its strip and what opens over it in the %s theme", async (theme) => {
    const page = await served.context.newPage();
    for (const query of ["", "?rich"]) {
      await page.goto(`${served.address}${query}#theme=${theme}`);
      await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
      for (const mode of ["1", "2", "3"]) {
        await page.keyboard.press(mode);
        expect(await wrong(page, ".stage"), `mode ${mode}`).toEqual([]);
      }
      await page.getByTestId("legend").getByRole("button").first().click();
      await page.getByTestId("overview").click();
      expect(await wrong(page, "main")).toEqual([]);
    }
    await page.close();
  });

  it.each(["light", "dark"])("finds nothing wrong with the table, its filter, histograms and saved selections in the %s theme", async (theme) => {
    const page = await served.context.newPage();
    const chosen = new URLSearchParams({ theme, a: STEPS[1] ?? "", b: STEPS[2] ?? "", focus: "i7", table: "360", charts: "on", filter: "kept < 5" });
    await page.goto(`${served.address}?rich#${chosen.toString()}`);
    await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
    await page.getByTestId("histogram-kept").waitFor();
    await page.getByTestId("save-name").fill("mine");
    await page.getByTestId("save").click();
    await page.getByTestId("saved-edit").click();
    for (const line of ["", "zzz < 3", "kept"]) {
      await page.getByTestId("filter").fill(line);
      await page.keyboard.press("Enter");
      expect(await wrong(page, "main"), line).toEqual([]);
    }
    expect(await wrong(page, "footer")).toEqual([]);
    await page.evaluate(() => localStorage.clear());
    await page.close();
  });

  it.each(["light", "dark"])("finds nothing wrong with what moved in the %s theme", async (theme) => {
    const page = await served.context.newPage();
    await page.goto(`${served.address}?told#theme=${theme}`);
    await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
    await page.getByTestId("finding").nth(2).waitFor();
    expect(await wrong(page, "aside")).toEqual([]);
    await page.getByTestId("play-finding").first().click();
    await page.getByTestId("play-finding").and(page.getByRole("button", { name: /^Stop/ })).waitFor();
    expect(await wrong(page, "aside")).toEqual([]);
    await page.close();
  });
});
