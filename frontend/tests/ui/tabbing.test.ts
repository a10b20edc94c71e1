import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serving, type Serving } from "./serving";

let served: Serving;
beforeAll(async () => {
  served = await serving();
}, 60_000);
afterAll(() => served.close());

describe("the whole page by Tab", { timeout: 120_000 }, () => {
  it("goes round through every part, each stop seen and named", async () => {
    const page = await served.context.newPage();
    await page.goto(`${served.address}?told#focus=i3&table=280&details=on`);
    await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
    await page.getByTestId("table").waitFor();
    const stops: string[] = [];
    const faults: string[] = [];
    for (let i = 0; i < 250; i += 1) {
      await page.keyboard.press("Tab");
      const { told, fault } = await page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        const name = at.getAttribute("aria-label") ?? (at.innerText || at.title || (at.closest("label")?.innerText ?? ""));
        const { outlineStyle, boxShadow, borderColor } = getComputedStyle(at);
        const { width, height } = at.getBoundingClientRect();
        const seen = at === document.body || ((outlineStyle !== "none" || boxShadow !== "none" || borderColor !== "") && width > 0 && height > 0);
        return { told: `${at.tagName} ${name.trim().slice(0, 40)}`, fault: !seen || (at !== document.body && name.trim() === "" && !at.matches("input[aria-label], [aria-labelledby]")) };
      });
      if (fault) faults.push(told);
      if (told === "BODY " || (stops.length > 5 && told === stops[0])) break;
      stops.push(told);
    }
    expect(faults).toEqual([]);
    expect(stops.length).toBeLessThan(250);
    for (const part of ["Arrows go from point", "Space A", "Search", "Items", "Height of the table", "Morph from A to B", "Table"]) expect(stops.join("\n")).toContain(part);
    await page.close();
  });
});
