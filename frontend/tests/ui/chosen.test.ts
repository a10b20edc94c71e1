import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serving, type Serving } from "./serving";

let served: Serving;
let page: Page;

beforeAll(async () => {
  served = await serving();
}, 60_000);
afterAll(() => served.close());
beforeEach(async () => {
  page = await served.context.newPage();
  return () => page.close();
});

async function open(query = "", hash = ""): Promise<void> {
  await page.goto(`${served.address}${query}${hash}`);
  await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read", null, { timeout: 60_000 });
}
const picture = (): Promise<string> => page.getByTestId("scatter").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
const said = (id: string): Promise<string> => page.getByTestId(id).innerText();

describe("colours", { timeout: 120_000 }, () => {
  it("dims a category in the picture, keeps that in the address, and takes it back", async () => {
    await open();
    const before = await picture();
    await page.getByTestId("legend-menu").click();
    await page.getByRole("button", { name: /^Dim / }).first().click();
    await page.waitForFunction(() => location.hash.includes("hidden=0"));
    await expect.poll(picture).not.toBe(before);
    const dimmed = await picture();
    await open("", new URL(page.url()).hash);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
    await expect.poll(picture).toBe(dimmed);
    await page.getByTestId("legend-menu").click();
    await page.getByRole("button", { name: "As at first" }).click();
    await page.waitForFunction(() => !location.hash.includes("hidden"));
    await expect.poll(picture).toBe(before);
  });

  it("paints a category otherwise", async () => {
    await open();
    await page.getByTestId("legend-menu").click();
    await page.getByRole("button", { name: /^Another colour for / }).first().click();
    await page.getByRole("button", { name: "Colour 8" }).click();
    await page.waitForFunction(() => new URLSearchParams(location.hash.slice(1)).get("paints") === "0:7");
  });

  it("finds what to colour by, and Escape leaves it as it was", async () => {
    await open();
    const before = await said("colour");
    await page.getByTestId("colour").click();
    await page.keyboard.type("zzz");
    await page.getByText("Nothing is called so.").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("listbox", { name: "Colours" }).count()).toBe(0);
    expect(await said("colour")).toBe(before);
    await page.getByTestId("colour").click();
    await page.keyboard.type("neighbours kept");
    await page.keyboard.press("Enter");
    await expect.poll(() => said("colour")).toContain("Neighbours kept");
    await page.getByTestId("colour").click();
    await page.keyboard.type("overlap kept");
    expect(await page.getByRole("listbox", { name: "Colours" }).getByRole("option").count()).toBe(1);
  });
});

describe("without a pointer", { timeout: 120_000 }, () => {
  it("walks from point to point, says which, and looks at it", async () => {
    await open();
    await page.getByTestId("scatter").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => said("walked")).not.toBe("");
    const first = await said("walked");
    for (const key of ["ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"]) await page.keyboard.press(key);
    await expect.poll(() => said("walked")).not.toBe(first);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.includes("focus="));
  });

  it("skips to what moved and to the picture with the first Tab", async () => {
    await open("?told");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "tab");
    await page.getByRole("button", { name: "Skip to the picture" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => (document.activeElement as HTMLElement).dataset["testid"] === "scatter");
  });

  it("goes from an item to its neighbour, and keeps the keys in the panel", async () => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await open();
    await page.getByTestId("scatter").focus();
    for (const key of ["ArrowRight", "Enter"]) await page.keyboard.press(key);
    await page.waitForFunction(() => location.hash.includes("focus="));
    const item = await said("whole-text");
    const line = page.getByTestId("neighbors").locator("button.lost, button.gained").last();
    await line.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => said("whole-text")).not.toBe(item);
    await page.waitForFunction(() => document.activeElement?.closest("[role=tabpanel]") !== null);
    expect(complaints).toEqual([]);
  });

  it("has a summary in words", async () => {
    await open("?told");
    const summary = await said("summary");
    const first = await page.getByTestId("finding").first().locator(".sentence").first().innerText();
    expect(summary.replaceAll("\u00a0", " ")).toContain(first.replaceAll("\u00a0", " "));
    expect(summary).toContain("A is ");
  });
});

describe("the opening", { timeout: 120_000 }, () => {
  it("shows the first finding once, and hints that stay away", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open("?told", "#first=1");
    await page.locator("article.chosen").waitFor();
    expect(await page.getByTestId("mode-side").getAttribute("aria-pressed")).toBe("true");
    await page.waitForFunction(() => !location.hash.includes("first"));
    expect(await said("coach")).toContain("1 of 3");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    expect(await said("coach")).toContain("3 of 3");
    await page.getByRole("button", { name: "No more hints" }).click();
    await page.goto("about:blank");
    await open("?told", "#first=1");
    await page.locator("article.chosen").waitFor();
    expect(await page.getByTestId("coach").count()).toBe(0);
  });

  it("plays, and whatever is pressed stops it where it is", async () => {
    await open("?told", "#first=1");
    await page.getByTestId("play-finding").and(page.getByRole("button", { name: /^Stop/ })).waitFor();
    await page.keyboard.press("Shift");
    await page.getByRole("button", { name: /^Stop/ }).waitFor({ state: "detached" });
    const stopped = await page.getByTestId("morph").inputValue();
    expect(Number(stopped)).toBeLessThan(1);
  });

  it("is of links that ask for it alone", async () => {
    await open("?told");
    await page.getByTestId("finding").first().waitFor();
    expect(await page.locator("article.chosen").count()).toBe(0);
    expect(await page.getByTestId("coach").count()).toBe(0);
  });
});
