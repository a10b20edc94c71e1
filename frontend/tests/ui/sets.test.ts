import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { serving, type Serving } from "./serving";

let served: Serving;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

async function open(address = ""): Promise<void> {
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${served.address}${address}`);
  await painted();
}

const painted = (): Promise<unknown> => page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
const bar = (): Promise<string> => page.getByTestId("selection-bar").innerText();
const hash = (part: string): Promise<unknown> => page.waitForFunction((wanted) => location.hash.includes(wanted), part);
const rows = (): ReturnType<Page["locator"]> => page.getByTestId("table").getByRole("row");
const first = (): Promise<string> => rows().nth(1).innerText();

beforeAll(async () => {
  served = await serving();
  ({ context } = served);
}, 60_000);

afterAll(() => served.close());

afterEach(async () => {
  await page.close();
  expect(complaints.splice(0)).toEqual([]);
});

describe("the filter", { timeout: 60_000 }, () => {
  it("opens by Q, completes names and values, selects by Enter, and stays in the address", async () => {
    await open();
    await page.keyboard.press("q");
    await page.keyboard.type("ki");
    const hints = page.getByRole("listbox", { name: "What may stand here" });
    await hints.getByRole("option", { name: "kind" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.type('== "tr');
    await hints.getByText('"tree"').waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await page.getByTestId("filter").inputValue()).toBe('kind == "tree" ');
    await page.keyboard.press("Enter");
    await expect.poll(bar).toContain("2 selected");
    await hash("filter=kind");
    await page.reload();
    await expect.poll(bar).toContain("2 selected");
    expect(await page.getByTestId("filter").inputValue()).toBe('kind == "tree"');
  });

  it("says where it is wrong and what is near, and leaves the selection", async () => {
    await open();
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.keyboard.press("q");
    await page.getByTestId("filter").fill("kept < 3 and txet ~ 'a'");
    await page.keyboard.press("Enter");
    const wrong = page.getByTestId("filter-wrong");
    expect(await wrong.innerText()).toContain("Character 14: No column is called txet. Near it: text.");
    expect(await wrong.locator("mark").innerText()).toBe("txet");
    expect(await page.getByTestId("filter").getAttribute("aria-invalid")).toBe("true");
    expect(await bar()).toContain("3 selected");
  });
});

describe("the table", { timeout: 60_000 }, () => {
  it("opens by D, shows what kept least first, and is walked by key", async () => {
    await open();
    await page.keyboard.press("d");
    await expect.poll(first).toContain("pear tree");
    await hash("table=280");
    await page.getByTestId("table").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+Enter");
    expect(await bar()).toContain("1 selected");
    await page.getByTestId("table-all").click();
    await page.getByTestId("table").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.getByTestId("differing").getByText("Keeps 1 of its 10 nearest neighbours").or(page.getByTestId("differing").getByText("nearest neighbours")).first().waitFor();
    await hash("focus=i5");
    await page.keyboard.press("d");
    await page.getByTestId("drawer").waitFor({ state: "detached" });
  });

  it("is sorted by its heads, draws only what is seen, and reaches the last of many", async () => {
    await open("?rich");
    await page.keyboard.press("d");
    await rows().nth(3).waitFor();
    expect(await page.getByTestId("table").getAttribute("aria-rowcount")).toBe("601");
    expect(await rows().count()).toBeLessThan(30);
    const head = page.getByTestId("table").getByRole("columnheader", { name: "Kept", exact: false }).filter({ hasText: /^Kept/ }).last();
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    await head.getByRole("button").click();
    await hash("sort=-kept");
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    await page.getByTestId("table").focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector('[role="row"][aria-rowindex="601"]') !== null);
    const shown = await page.evaluate(() => {
      const [row, track] = [document.querySelector('[aria-rowindex="601"]')?.getBoundingClientRect(), document.querySelector('[data-testid="table"]')?.getBoundingClientRect()];
      return row && track ? row.bottom <= track.bottom + 1 : false;
    });
    expect(shown).toBe(true);
  });

  it("asks the bundle for nothing while it is walked, sorted and selected in", async () => {
    await open("?told");
    await page.keyboard.press("d");
    await page.getByTestId("charts").click();
    await page.getByTestId("histogram-kept").waitFor();
    const asked = (): Promise<number> => page.evaluate(() => window.told.asked.length);
    const before = await asked();
    await page.getByTestId("table").focus();
    for (const key of ["ArrowDown", "PageDown", "End", "Home", "Shift+Enter"]) await page.keyboard.press(key);
    await page.keyboard.press("q");
    await page.getByTestId("filter").fill("kept < 5");
    await page.keyboard.press("Enter");
    await hash("filter=kept");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+z");
    expect(await asked()).toBe(before);
  });

  it("is resized by key, within the window", async () => {
    await open();
    await page.keyboard.press("d");
    const grip = page.getByTestId("drawer-grip");
    await grip.focus();
    await page.keyboard.press("ArrowUp");
    await hash("table=304");
    for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowUp");
    const { height = 0 } = (await page.getByTestId("drawer").boundingBox()) ?? {};
    expect(height).toBeLessThan(800 * 0.7);
  });
});

describe("histograms", { timeout: 60_000 }, () => {
  it("select what is dragged over, together, and are let go of", async () => {
    await open("?rich#table=380&charts=on");
    const chart = page.getByTestId("histogram-kept");
    const { x, y, width } = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(x + 1, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.3, y + 10);
    await page.mouse.up();
    await expect.poll(() => page.getByTestId("filter").inputValue()).toMatch(/^kept >= \d+ and kept <= \d+$/);
    const one = await bar();
    expect(one).toMatch(/\d+ selected/);
    const least = page.getByRole("slider", { name: "Kept, least selected", exact: true });
    await least.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(bar).not.toBe(one);
    await page.getByTestId("histograms").getByRole("button", { name: "all" }).click();
    await expect.poll(bar).toContain("Nothing selected");
  });
});

describe("undo", { timeout: 60_000 }, () => {
  it("goes back by key and by button, gesture by gesture, and forth", async () => {
    await open();
    expect(await page.getByTestId("undo").isDisabled()).toBe(true);
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("swap").click();
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    await page.getByTestId("invert").click();
    await expect.poll(bar).toContain("3 selected");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('[data-testid="select-a"]')?.value === "b" && document.querySelector<HTMLInputElement>('[data-testid="morph"]')?.value === "1");
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('[data-testid="select-a"]')?.value === "a");
    await page.getByTestId("undo").click();
    await expect.poll(bar).toContain("Nothing selected");
    await page.keyboard.press("Control+Shift+z");
    await expect.poll(bar).toContain("3 selected");
    await page.keyboard.press("Control+y");
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('[data-testid="select-a"]')?.value === "b");
  });

  it("leaves what is typed to the browser", async () => {
    await open();
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.keyboard.press("/");
    await page.keyboard.type("app");
    await page.keyboard.press("Control+z");
    expect(await bar()).toContain("3 selected");
    expect(await page.getByTestId("search").inputValue()).not.toBe("app");
  });

  it("brings the camera back to everything", async () => {
    await open();
    const box = (await page.getByTestId("scatter").boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(box.x + 200, box.y + 150);
    await page.mouse.wheel(0, -400);
    await hash("look=");
    await page.keyboard.press("Control+z");
    await page.waitForFunction(() => !location.hash.includes("look="));
  });

  it("and back in the browser's history bring a selection of many", async () => {
    await open("?rich");
    await page.keyboard.press("q");
    await page.getByTestId("filter").fill("kept >= 0");
    await page.keyboard.press("Enter");
    await hash("filter=");
    const before = await bar();
    await page.keyboard.press("Escape");
    await page.getByTestId("swap").click();
    await hash("a=epoch+1&b=epoch+0");
    await page.getByTestId("clear").click();
    await page.waitForFunction(() => document.querySelector('[data-testid="selection-bar"]')?.textContent.includes("Nothing selected"));
    await page.waitForTimeout(400);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('[data-testid="select-a"]')?.value === "epoch 0");
    await expect.poll(bar).toBe(before);
    await page.goForward();
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('[data-testid="select-a"]')?.value === "epoch 1");
    await expect.poll(bar).toContain("Nothing selected");
  });
});

describe("saved selections", { timeout: 60_000 }, () => {
  it("are saved with a note, survive reload, and are combined", async () => {
    await open();
    const save = async (name: string): Promise<void> => {
      await page.getByTestId("save-name").fill(name);
      await page.getByTestId("save").click();
      await page.getByTestId("saved-set").filter({ hasText: name }).waitFor();
    };
    await page.getByTestId("tab-items").click();
    await page.getByTestId("legend").getByRole("button").first().click();
    await save("fruits");
    await page.getByTestId("saved-edit").click();
    await page.getByTestId("saved-note").fill("ripe ones");
    await page.getByTestId("saved-edit").click();
    await page.getByTestId("search").fill("apple");
    await page.getByTestId("search-all").click();
    await save("apples");
    await page.reload();
    await painted();
    await page.getByTestId("tab-items").click();
    const saved = page.getByTestId("saved");
    await saved.getByText("ripe ones").waitFor();
    await page.getByTestId("saved-set").filter({ hasText: "fruits" }).click();
    expect(await bar()).toContain("3 selected");
    const last = (operation: string): Promise<void> => page.getByTestId(`saved-${operation}`).nth(1).click();
    await last("minus");
    await expect.poll(bar).toContain("1 selected");
    expect(await bar()).toContain("fruits − apples");
    await last("or");
    await expect.poll(bar).toContain("3 selected");
    await page.keyboard.press("Control+z");
    await last("xor");
    await expect.poll(bar).toContain("3 selected");
    await last("and");
    await expect.poll(bar).toContain("2 selected");
    await page.getByTestId("saved-edit").first().click();
    await page.getByTestId("saved-delete").click();
    expect(await page.getByTestId("saved-set").count()).toBe(1);
    await page.keyboard.press("Control+z");
    await expect.poll(() => page.getByTestId("saved-set").count()).toBe(2);
    await page.evaluate(() => localStorage.clear());
  });
});

/** Pixels of the picture that have a hue, and that are not paper. */
const inked = (): Promise<{ hue: number; ink: number }> =>
  page.getByTestId("scatter").evaluate((element: HTMLCanvasElement) => {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [element.width, element.height];
    const drawn = copy.getContext("2d");
    drawn?.drawImage(element, 0, 0);
    const bytes = drawn?.getImageData(0, 0, copy.width, copy.height).data ?? new Uint8ClampedArray();
    let [hue, ink] = [0, 0];
    for (let i = 0; i < bytes.length; i += 4) {
      const [r = 0, g = 0, b = 0] = bytes.subarray(i, i + 3);
      if (Math.max(r, g, b) - Math.min(r, g, b) > 60) hue++;
      if (r !== bytes[0] || g !== bytes[1] || b !== bytes[2]) ink++;
    }
    return { hue, ink };
  });

describe("isolation", { timeout: 60_000 }, () => {
  it("by X leaves the others as a dim context, and a second X brings them back", async () => {
    await open("?rich");
    await page.keyboard.press("i");
    await expect.poll(async () => (await inked()).hue).toBeGreaterThan(500);
    const before = await inked();
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.keyboard.press("x");
    expect(await page.getByTestId("isolate").getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("Escape");
    await expect.poll(bar).toContain("Nothing selected");
    await expect.poll(async () => (await inked()).hue).toBeLessThan(before.hue * 0.6);
    expect((await inked()).ink).toBeGreaterThan(before.ink * 0.5);
    await hash("isolated=");
    await page.keyboard.press("x");
    await expect.poll(async () => (await inked()).hue).toBeGreaterThan(before.hue * 0.9);
  });
});

describe("an item", { timeout: 60_000 }, () => {
  it("shows its whole text, a large picture and its way through all spaces", async () => {
    await open("?rich#a=epoch+1&b=epoch+2&focus=i7");
    await page.getByTestId("item-path").getByRole("listitem").first().waitFor();
    expect(await page.getByTestId("item-path").innerText()).toMatch(/\d+ of 10/);
    const size = async (): Promise<number> => (await page.getByTestId("large-picture").boundingBox())?.width ?? 0;
    const small = await size();
    await page.getByTestId("large-picture").click();
    expect(await size()).toBeGreaterThan(3 * small);
    expect(await page.getByTestId("whole-text").evaluate((element) => getComputedStyle(element).whiteSpace)).not.toContain("nowrap");
  });
});
