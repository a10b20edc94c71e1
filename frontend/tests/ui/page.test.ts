import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { STEPS } from "../model/rich";
import { serving, type Serving } from "./serving";

let served: Serving;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

async function open(address = ""): Promise<void> {
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${served.address}${address}`);
}

const painted = (): Promise<unknown> => page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
const value = (testid: string): Promise<string> => page.getByTestId(testid).inputValue();
/** Unfold the figures of the verdict. */
const openNumbers = (): Promise<void> => page.getByTestId("numbers").locator("summary").click();
const text = (testid: string): Promise<string> => page.getByTestId(testid).innerText();

beforeAll(async () => {
  served = await serving();
  ({ context } = served);
}, 60_000);

afterAll(() => served.close());

describe("the page of a bundle", { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await open();
    await painted();
  });

  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  it("opens with the sentence of the pair, its scores and what only one space has", async () => {
    const verdict = await text("verdict");
    expect(verdict).toMatch(/^Another space: treat it as a new model\.\s+Size/);
    expect(verdict).toMatch(/overlap\s+30\s%/i);
    expect(verdict).not.toContain("1 only in A");
    expect(verdict).not.toContain("As if 40");
    await openNumbers();
    expect(await text("verdict")).toMatch(/Numbers\s+As if 40\u00a0% of every vector/);
    expect(await text("verdict")).toContain("1 only in A");
    await page.getByTestId("swap").click();
    expect(await text("verdict")).toContain("1 only in B");
  });

  it("scrubs by arrow keys, and a tap of the space bar stays on the other space", async () => {
    await page.keyboard.press("ArrowRight");
    expect(await value("morph")).toBe("0.05");
    await page.keyboard.press(" ");
    expect(await value("morph")).toBe("1");
  });

  it("blinks back to where it was when the space bar was held", async () => {
    await page.keyboard.press("ArrowRight");
    await page.keyboard.down(" ");
    await page.waitForFunction(() => document.querySelector('[data-testid="blink"][aria-pressed="true"]'));
    await page.waitForTimeout(300);
    await page.keyboard.up(" ");
    expect(await value("morph")).toBe("0.05");
  });

  it("plays to the other end and back", async () => {
    await page.keyboard.press("p");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-testid="morph"]')?.value === "1");
    // The slider rounds: it stands at the end a moment before the sweep does.
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await page.getByTestId("play").click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-testid="morph"]')?.value === "0");
  });

  it("plays at once for those who prefer no motion", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.keyboard.press("p");
    expect(await value("morph")).toBe("1");
  });

  it("swaps the pair, says that it was compared the other way, and goes back in history", async () => {
    await page.getByTestId("swap").click();
    expect([await value("select-a"), await value("select-b")]).toEqual(["b", "a"]);
    expect(await text("verdict")).toContain("Compared as a → b");
    await page.waitForFunction(() => location.hash.includes("a=b"));
    await page.goBack();
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('[data-testid="select-a"]')?.value === "a");
  });

  it("finds an item by its text, and lists its neighbours in A and in B", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("pear tree");
    await page.getByRole("listbox", { name: "Found items" }).getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByTestId("neighbors").getByText("Kept:").waitFor();
    const items = await text("items");
    expect(items).toContain("pear tree");
    expect(items).toContain("i5");
    expect(await page.getByTestId("neighbors").getByLabel("lost").count()).toBeGreaterThan(0);
    await page.waitForFunction(() => location.hash.includes("focus=i5"));
    await page.reload();
    await page.getByTestId("neighbors").getByText("Kept:").waitFor();
  });

  it("selects by the legend, adds with Shift, inverts and clears", async () => {
    const fruit = page.getByTestId("legend").getByRole("button").first();
    await fruit.click();
    expect(await text("selection-bar")).toContain("3 selected");
    await page.getByTestId("legend").getByRole("button").nth(1).click({ modifiers: ["Shift"] });
    expect(await text("selection-bar")).toContain("5 selected");
    await page.getByTestId("invert").click();
    expect(await text("selection-bar")).toContain("1 selected");
    await page.keyboard.press("Escape");
    expect(await text("selection-bar")).toContain("Nothing selected");
  });

  it("selects all hits of a search with Enter", async () => {
    await page.getByTestId("search").fill("apple");
    await page.getByTestId("search-all").waitFor();
    await page.keyboard.press("Enter");
    expect(await text("selection-bar")).toContain("2 selected");
  });

  it("says that a pair was not compared, and shows the failure of its picture", async () => {
    await page.getByTestId("select-b").selectOption("c");
    expect(await text("verdict")).toContain("a and c were not compared");
    await page.getByText("no column coords/c").waitFor();
    // The points of the pair before would be taken for this one's.
    const covered = await page.getByTestId("scatter").evaluate((canvas) => {
      const { x, y } = canvas.getBoundingClientRect();
      return document.elementFromPoint(x + 9, y + 9) !== canvas;
    });
    expect(covered).toBe(true);
    await page.getByTestId("select-b").selectOption("b");
    await page.getByRole("button", { name: "Try again" }).waitFor({ state: "detached" });
  });

  it("shows one picture in a narrow window and two in a wide one, unless it was asked for one", async () => {
    const titles = (): Promise<string> => text("pane-titles");
    expect((await titles()).split(/\s*\n\s*/)).toEqual(["A a", "B b"]);
    await page.setViewportSize({ width: 900, height: 700 });
    await expect.poll(titles).toBe("A a");
    await page.setViewportSize({ width: 1280, height: 800 });
    await expect.poll(titles).toContain("B b");
    await page.keyboard.press("2");
    expect(await titles()).toBe("A a");
    await page.waitForFunction(() => location.hash.includes("mode=morph"));
    await page.keyboard.press("3");
    expect(await page.getByTestId("trails").getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("1");
    expect(await titles()).toContain("B b");
  });

  it("opens the spaces over the picture, which keeps its size, and closes them by Escape", async () => {
    const size = () => page.getByTestId("scatter").boundingBox();
    const before = await size();
    await page.getByTestId("overview").click();
    await page.getByRole("navigation", { name: "Pairs and spaces" }).waitFor();
    expect(await size()).toEqual(before);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("navigation", { name: "Pairs and spaces" }).count()).toBe(0);
  });

  it("clears the query by Escape", async () => {
    await page.getByTestId("search").fill("apple");
    await page.getByTestId("search-all").waitFor();
    await page.keyboard.press("Escape");
    expect(await value("search")).toBe("");
    await page.keyboard.press("/");
    expect(await page.getByTestId("search-all").count()).toBe(0);
  });

  it("lets go of nothing when a click hits no point", async () => {
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("search").fill("pear tree");
    await page.getByRole("listbox", { name: "Found items" }).getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByTestId("neighbors").getByText("Kept:").waitFor();
    const box = (await page.getByTestId("scatter").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.click(box.x + 2, box.y + box.height - 2);
    await page.waitForTimeout(200);
    expect(await text("items")).toContain("pear tree");
    expect(await text("selection-bar")).toContain("3 selected");
  });

  it("comes back from its address as it stood: tab, selection with its name, view and mode", async () => {
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("tab-labels").click();
    await page.keyboard.press("2");
    const box = (await page.getByTestId("scatter").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.mouse.wheel(0, -200);
    await page.waitForFunction(() => ["look=", "selected=", "tab=labels", "mode=morph"].every((part) => location.hash.includes(part)));
    await page.waitForTimeout(500);
    const [hash, selected] = [new URL(page.url()).hash, await text("selection-bar")];
    await page.reload();
    await painted();
    await page.waitForTimeout(600);
    expect(await text("selection-bar")).toBe(selected);
    expect(await page.getByTestId("tab-labels").getAttribute("aria-selected")).toBe("true");
    expect(await page.getByTestId("mode-morph").getAttribute("aria-pressed")).toBe("true");
    const parts = (text_: string) => new URLSearchParams(text_.slice(1));
    expect(parts(new URL(page.url()).hash).get("look")).toBe(parts(hash).get("look"));
  });

  it("pans and zooms by keys once the picture has the focus", async () => {
    await page.getByTestId("scatter").focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("+");
    await page.waitForFunction(() => location.hash.includes("look="));
    expect(await value("morph")).toBe("0");
    await page.keyboard.press("0");
    await page.waitForFunction(() => !location.hash.includes("look="));
  });

  it("mends an address that names what the bundle lacks", async () => {
    await page.evaluate(() => (location.hash = "#a=zzz&colour=zzz"));
    await page.waitForFunction(() => location.hash.includes("a=a") && location.hash.includes("colour=item%3Akind"));
  });

  it("turns dark and light by key, and keeps it in the address", async () => {
    const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset["theme"]);
    expect(await theme()).toBe("light");
    await page.keyboard.press("t");
    expect(await theme()).toBe("dark");
    await page.waitForFunction(() => location.hash.includes("theme=dark"));
  });

  it("lists every key in the help", async () => {
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Next pair").waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});

describe("the page of a full report", { timeout: 60_000 }, () => {
  const openTab = (tab: string): Promise<void> => page.getByTestId(`tab-${tab}`).click();
  const hash = (part: string): Promise<unknown> => page.waitForFunction((wanted) => location.hash.includes(wanted), part);

  async function openRich(query = "?rich"): Promise<void> {
    await open(query);
    await painted();
  }

  const openSpaces = (): Promise<void> => page.getByTestId("overview").click();

  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  it("says in words what noise is, and shows every score with its definition", async () => {
    await openRich();
    const verdict = await text("verdict");
    expect(verdict).toContain("60 %: another run");
    expect(verdict).toMatch(/Beyond noise\s+More than runs of one recipe differ, by 1 replicate; p\u00a0<\u00a00\.001/);
    expect(await page.getByTestId("verdict").locator("[data-score]").count()).toBe(11);
    await openNumbers();
    await page.getByTestId("verdict").getByRole("button", { name: "What is Representational similarity (RSA)?" }).click();
    expect(await text("verdict")).toContain("What the representational similarity (RSA) is.");
    expect(await page.getByTestId("overlap-curve").getByRole("img").getAttribute("aria-label")).toMatch(/^k 5: .*; k 100: /);
  });

  it("ranks label pairs in words, filters them, and selects both labels' items", async () => {
    await openRich();
    await openTab("labels");
    const pairs = page.getByTestId("label-pairs");
    expect(await pairs.innerText()).toContain("3 label pairs moved beyond noise");
    const together = pairs.getByRole("button", { name: /^Together/ });
    await together.click();
    expect(await pairs.getByRole("listitem").allInnerTexts()).toEqual([expect.stringContaining("3 and 5 drawn together")]);
    await pairs.getByRole("button", { name: /3 and 5/ }).click();
    expect(await text("selection-bar")).toContain("120 selected");
    await pairs.getByRole("button", { name: /^Apart/ }).click();
    expect((await pairs.getByRole("listitem").allInnerTexts()).map((line) => line.split("\n")[0])).toEqual([
      "4 and nine, spelled out at length pushed apart",
      "1 and 7 pushed apart",
    ]);
    await page.getByTestId("select-a").selectOption("epoch 5");
    await page.getByTestId("select-b").selectOption("epoch 10");
    await page.getByText("No label pair moved beyond noise.").waitFor();
  });

  it("tells of a label how far noise reaches, what stayed within it, and when it is too few", async () => {
    await openRich();
    await openTab("labels");
    const labels = await text("labels");
    expect(labels).toContain("5 labels of 9 changed in purity");
    expect(labels).toContain("1 label with too few items to say");
    expect(labels).toContain("60 · noise ±1.2 points · p\u00a00.400");
    expect(labels).toContain("kept within the label 15 % (chance 17 %)");
    expect(labels).toContain("same cluster, other inner order");
  });

  it("shows another measure in the matrix, and which cells are noise", async () => {
    await openRich();
    await openSpaces();
    const cell = page.getByRole("gridcell", { name: /^epoch 10 to epoch 10, seed 1/ });
    expect(await cell.getAttribute("aria-label")).toBe("epoch 10 to epoch 10, seed 1: 0.902, noise floor, like another run");
    await page.getByTestId("measure").selectOption("rsa");
    expect(await cell.getAttribute("aria-label")).toContain("0.930");
    expect(await cell.getAttribute("title")).toBe("Like another run");
    expect(await page.getByRole("gridcell", { name: "epoch 0 to epoch 2: not compared" }).count()).toBe(1);
    await hash("measure=rsa");
  });

  it("chooses spaces on the map by pointer and by keyboard", async () => {
    await openRich();
    await openSpaces();
    const map = page.getByTestId("map");
    expect(await map.innerText()).toContain("by neighbours kept; 93 % of it fits on the plane");
    await map.getByRole("button", { name: "epoch 2", exact: true }).click();
    expect([await value("select-a"), await value("select-b")]).toEqual(["epoch 0", "epoch 2"]);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+Enter");
    expect([await value("select-a"), await value("select-b"), await value("morph")]).toEqual(["epoch 1", "epoch 2", "0"]);
  });

  it("goes from step to step of a sequence", async () => {
    await openRich();
    await openTab("steps");
    expect(await text("steps")).toContain("5 steps; the largest change is epoch 10 → conv1pool_seed0_epoch10, 0.81");
    const step = page.getByRole("list", { name: "Steps" }).getByRole("button").nth(1);
    expect(await step.getAttribute("title")).toBe("epoch 1 → epoch 2: Reworked, 0.400");
    await step.click();
    await hash("a=epoch+1&b=epoch+2");
    await page.getByTestId("steps").getByRole("button", { name: /^7/ }).click();
    expect(await text("selection-bar")).toContain("60 selected");
  });

  it("warns of odd vectors, names replicates, and keeps the facts behind a button", async () => {
    await openRich();
    await openSpaces();
    const spaces = page.getByTestId("spaces");
    expect(await spaces.getByText("7 dimensions are constant.").isVisible()).toBe(false);
    await spaces.locator("summary").first().click();
    expect(await spaces.getByText("7 dimensions are constant.").isVisible()).toBe(true);
    expect(await spaces.innerText()).toContain("replicate of epoch 10");
    expect(await spaces.innerText()).not.toContain("Hubness");
    await spaces.getByRole("button", { name: "Facts of epoch 1", exact: true }).click();
    expect(await spaces.innerText()).toContain("Hubness");
  });

  it("measures a selection, and forgets the answer with the selection", async () => {
    await openRich();
    const legend = page.getByTestId("legend").getByRole("button");
    await legend.first().click();
    await openTab("items");
    await page.getByTestId("ask").click();
    await page.getByText("among themselves 55").waitFor();
    expect(await text("answer")).toMatch(/Overlap among themselves\s+0.550\s+interval\s+0.500 to 0.600\s+chance\s+0.240/);
    await legend.nth(1).click();
    await page.getByTestId("ask").waitFor();
    await page.getByTestId("select-a").selectOption("epoch 10");
    await page.getByTestId("select-b").selectOption("epoch 10, seed 1");
    await page.getByTestId("ask").click();
    await page.getByRole("alert").getByText("has none of it").waitFor();
  });

  it("lets a long measurement be cancelled", async () => {
    await openRich("?slow");
    await page.getByTestId("legend").getByRole("button").first().click();
    await openTab("items");
    await page.getByTestId("ask").click();
    await page.getByText("Measuring 60 items in epoch 0 and epoch 1").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByTestId("ask").waitFor();
  });

  it("shows no item scores where only labels were compared", async () => {
    await openRich("?labels");
    const verdict = await text("verdict");
    expect(verdict.match(/by their labels alone/g)).toHaveLength(1);
    expect(verdict).toContain("No item in both");
    expect(await page.getByTestId("verdict").locator("[data-score]").count()).toBe(0);
    await page.getByRole("button", { name: "see how each label fares" }).click();
    expect(await text("labels")).toContain("share of the items 10 % → 6.0 %");
    expect(await page.getByTestId("label-pairs").count()).toBe(0);
  });

  it("shows a sequence as a strip, whose pictures choose B, whose steps choose a pair, and whose ends are one click apart", async () => {
    await openRich();
    const film = page.getByTestId("film");
    expect(await film.locator("[data-space]").evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute("data-space")))).toEqual([...STEPS, "epoch 10, seed 1"]);
    await film.getByRole("button", { name: "epoch 1 to epoch 2" }).click();
    expect([await value("select-a"), await value("select-b")]).toEqual(["epoch 1", "epoch 2"]);
    await film.locator('[data-space="epoch 5"]').click();
    expect([await value("select-a"), await value("select-b")]).toEqual(["epoch 1", "epoch 5"]);
    await film.locator('[data-space="epoch 0"]').click({ modifiers: ["Shift"] });
    expect(await value("select-a")).toBe("epoch 0");
    await film.getByRole("button", { name: "First → last" }).click();
    expect([await value("select-a"), await value("select-b")]).toEqual([STEPS[0], STEPS.at(-1)]);
  });

  it("morphs through the spaces while the strip is dragged, in one entry of the history", async () => {
    await openRich();
    await page.waitForTimeout(500);
    const entries = await page.evaluate(() => history.length);
    const middle = async (name: string): Promise<readonly [number, number]> => {
      const box = (await page.getByTestId("film").locator(`[data-space="${name}"]`).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      return [box.x + box.width / 2, box.y + box.height / 3];
    };
    const [[x0, y], [x1], [x2]] = [await middle("epoch 1"), await middle("epoch 2"), await middle("epoch 5")];
    await page.mouse.move(x0, y);
    await page.mouse.down();
    for (const x of [x0 + 10, (x0 + x1) / 2, x1 + 5, (x1 + x2) / 2]) {
      await page.mouse.move(x, y);
      await page.waitForTimeout(60);
    }
    await expect.poll(async () => [await value("select-a"), await value("select-b")]).toEqual(["epoch 2", "epoch 5"]);
    expect(Number(await value("morph"))).toBeCloseTo(0.5, 1);
    await page.mouse.up();
    await hash("a=epoch+2&b=epoch+5");
    expect(await page.evaluate(() => history.length)).toBe(entries + 1);
    expect([await value("select-a"), await value("select-b")]).toEqual(["epoch 2", "epoch 5"]);
  });

  it("tells on the strip how much of each space stays against A, where they are no sequence", async () => {
    await openRich("");
    const film = page.getByTestId("film");
    expect(await film.locator('[data-space="b"]').getAttribute("title")).toMatch(/^b: \d\.\d of \d+ neighbours stay from a/);
    expect(await film.locator('[data-space="c"]').getAttribute("title")).toContain("c: not compared with a.");
    expect(await film.getByRole("button", { name: "First → last" }).count()).toBe(0);
  });

  it("offers nothing that the bundle or its source lacks", async () => {
    await openRich("");
    expect(await page.getByTestId("map").count()).toBe(0);
    expect(await page.getByTestId("tab-steps").count()).toBe(0);
    await page.getByTestId("legend").getByRole("button").first().click();
    await openTab("items");
    await page.getByText("3 items").waitFor();
    expect(await page.getByTestId("ask").count()).toBe(0);
  });
});

describe("the page of classed moves", { timeout: 60_000 }, () => {
  const caption = (): Promise<string> => text("caption");

  async function openMoves(hash = ""): Promise<void> {
    await open(`?rich${hash}`);
    await painted();
  }

  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  it("states the motion gain in the caption and the link, by slider, key and click", async () => {
    await openMoves();
    expect(await caption()).not.toContain("motion");
    await page.keyboard.press("g");
    expect(await caption()).toContain("motion ×2");
    await page.getByTestId("gain").focus();
    await page.keyboard.press("ArrowRight");
    expect(await caption()).toContain("motion ×2.5");
    await page.waitForFunction(() => location.hash.includes("gain=2.5"));
    await page.getByRole("button", { name: "motion ×2.5" }).click();
    expect(await page.getByTestId("gain").count()).toBe(0);
    for (let i = 0; i < 5; i++) await page.keyboard.press("g");
    expect(await caption()).not.toContain("motion");
  });

  it("counts the moves of each class, with the floor, and selects them", async () => {
    await openMoves();
    await openNumbers();
    const moves = page.getByTestId("moves");
    expect((await moves.innerText()).replaceAll(/\s+/g, " ")).toContain("144 changed and moved 60 changed, not shown 36 moved, not changed 360 still 0 lost all, looks still");
    expect(await moves.innerText()).toContain("0.034 radii: another run of the recipe");
    await moves.getByRole("button", { name: /moved, not changed/ }).click();
    expect(await text("selection-bar")).toContain("36 selected");
    await page.getByTestId("colour").click();
    await page.keyboard.type("class of");
    await page.keyboard.press("Enter");
    const hidden = page.getByTestId("legend").getByRole("button", { name: /^changed, not shown/ });
    expect(await hidden.getAttribute("title")).toContain("but it looks still");
    await hidden.click({ modifiers: ["Shift"] });
    expect(await text("selection-bar")).toContain("96 selected");
  });

  it("opens with the gain and the trails of a link, and says an item's class and displacement in its card and under the pointer", async () => {
    await openMoves("#focus=i31&gain=3&trails=true&colour=pair:move");
    expect([await value("gain"), (await text("colour")).replace(/\s+/g, " ")]).toEqual(["3", "Colour: Class of move"]);
    expect(await page.getByTestId("trails").getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("m");
    await page.waitForFunction(() => !location.hash.includes("trails"));
    await page.getByTestId("items").getByText("Moves 40 % of the map’s radius: changed and moved").waitFor();
    const box = (await page.getByTestId("scatter").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    for (let step = 0; step < 60 && (await page.getByTestId("hover-card").count()) === 0; step++) {
      await page.mouse.move(box.x + box.width * (0.3 + step * 0.007), box.y + box.height * 0.5);
      await page.waitForTimeout(20);
    }
    expect(await text("hover-card")).toMatch(/Moves [\d.]+ % of the map’s radius: (changed and moved|still|changed, not shown|moved, not changed)/);
  });

  it("aligns on the selection, says on how many items, and goes back", async () => {
    await openMoves();
    expect(await page.getByTestId("align").isDisabled()).toBe(true);
    const picture = (): Promise<string> => page.getByTestId("scatter").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await page.keyboard.press(" ");
    await page.waitForTimeout(400);
    const stored = await picture();
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("align").click();
    await page.getByTestId("aligned").getByText("aligned on 60 items").waitFor();
    await page.keyboard.press("Escape");
    expect(await text("selection-bar")).toContain("Nothing selected");
    await page.waitForTimeout(400);
    expect(await picture()).not.toBe(stored);
    expect(await text("aligned")).toBe("aligned on 60 items");
    await page.keyboard.press("a");
    await page.getByTestId("aligned").waitFor({ state: "detached" });
    await expect.poll(picture).toBe(stored);
  });

  it("offers no class where the bundle has none, and says why it cannot align on too few items", async () => {
    await open();
    await painted();
    expect(await page.getByTestId("moves").count()).toBe(0);
    await page.getByTestId("colour").click();
    await page.getByRole("option", { name: "Neighbours kept" }).waitFor();
    expect(await page.getByRole("option", { name: "Class of move" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByTestId("trails").click();
    await page.getByTestId("search").fill("Pear");
    await page.getByTestId("search-all").waitFor();
    await page.keyboard.press("Enter");
    await page.getByTestId("align").click();
    await page.getByRole("alert").getByText("a and b have fewer than two of the anchors in common").waitFor();
    expect(await text("aligned")).toBe("not aligned");
  });
});

describe("the page of a bundle that changes", { timeout: 60_000 }, () => {
  const bar = () => page.getByTestId("news");
  const happens = (kind: "newer" | "gone" | null, message = ""): Promise<void> =>
    page.evaluate((news) => window.changing.tell(news), kind && { kind, message });

  beforeEach(async () => {
    await open("?changing");
    await painted();
  });

  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  it("says so in one bar that screen readers announce, and goes quiet when all is as it was", async () => {
    expect([await bar().innerText(), await bar().getAttribute("role")]).toEqual(["", "status"]);
    await happens("newer", "This comparison was made anew since the page was opened.");
    expect(await bar().innerText()).toMatch(/^This comparison was made anew since the page was opened\.\s*Reload$/);
    await happens("gone", "The comparison run is no longer there; put it back.");
    expect(await bar().innerText()).toContain("no longer there");
    await happens(null);
    expect(await bar().innerText()).toBe("");
  });

  it("stays usable beneath the bar, which takes a row of its own", async () => {
    await happens("newer", "Made anew.");
    const boxes = await Promise.all([page.locator("header"), bar(), page.getByTestId("scatter")].map((part) => part.boundingBox()));
    const [header, news, scatter] = boxes.map((box) => ({ top: box?.y ?? NaN, bottom: (box?.y ?? NaN) + (box?.height ?? NaN) }));
    expect(news?.top).toBe(header?.bottom);
    expect(scatter?.top).toBeGreaterThanOrEqual(news?.bottom ?? NaN);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(800);
    await page.keyboard.press("ArrowRight");
    expect(await value("morph")).toBe("0.05");
  });

  it("is reloaded by the keyboard", async () => {
    await happens("newer", "Made anew.");
    const button = page.getByRole("button", { name: "Reload" });
    for (let i = 0; i < 12 && !(await button.evaluate((element) => element === document.activeElement)); i++) await page.keyboard.press("Tab");
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    await painted();
    expect(await bar().innerText()).toBe("");
  });

  it("looks what became of it when it comes to the front, once, and never by itself", async () => {
    const looks = (): Promise<number> => page.evaluate(() => window.changing.looks);
    await page.waitForTimeout(1500);
    const before = await looks();
    expect(before).toBeLessThanOrEqual(1);
    await page.evaluate(() => {
      window.changing.found = { kind: "newer", message: "Made anew." };
      document.dispatchEvent(new Event("visibilitychange"));
      window.dispatchEvent(new Event("focus"));
    });
    await bar().getByText("Made anew.").waitFor();
    expect(await looks()).toBe(before + 1);
  });
});

describe("the page of groups that changed together", { timeout: 60_000 }, () => {
  const groups = () => page.getByTestId("group");
  const titles = (): Promise<(string | null)[]> => groups().evaluateAll((cards) => cards.map((card) => card.getAttribute("aria-label")));
  const chosen = (): Promise<(string | null)[]> =>
    groups().evaluateAll((cards) => cards.filter((card) => card.querySelector('[aria-pressed="true"]')).map((card) => card.getAttribute("aria-label")));
  const atEnd = (): Promise<unknown> => page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-testid="morph"]')?.value === "1");
  const filter = (name: string | RegExp) => page.getByRole("group", { name: "Groups shown" }).getByRole("button", { name });

  async function openGroups(address = "?rich"): Promise<void> {
    await open(address);
    await painted();
    await page.getByTestId("tab-groups").click();
  }

  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  it("opens with what was found, then the groups by mass, each with its type in words, its p and a map", async () => {
    await openGroups();
    const panel = await text("groups");
    expect(panel).toMatch(/^4 groups of items changed together beyond noise/);
    expect(panel).toContain("117 of 600 items strayed beyond noise, 108 of them in groups");
    expect(panel).not.toContain("Exploratory");
    expect(await titles()).toEqual(["“4” with “nine, spelled out at length”", "“7”, a third", "“1”", "12 unnamed items"]);
    expect(await groups().first().innerText()).toContain("merged\n60 items · p\u00a00.005");
    const dots = groups().nth(1).getByTestId("minimap").locator("path").last();
    await expect.poll(() => dots.getAttribute("d").then((path) => path?.split("h0").length)).toBe(21);
  });

  it("selects a group by click, and morphs from A to B", async () => {
    await openGroups();
    await groups().nth(1).getByRole("button").first().click();
    await atEnd();
    expect(await text("selection-bar")).toMatch(/20 selected\s+· “7”, a third/);
    expect(await chosen()).toEqual(["“7”, a third"]);
    await page.getByTestId("legend").getByRole("button").first().click();
    expect(await chosen()).toEqual([]);
  });

  it("selects a group by Enter and by the space bar, at once for those who prefer no motion", async () => {
    await open("?rich");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await painted();
    await page.getByTestId("tab-verdict").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const card = groups().nth(2).getByRole("button").first();
    for (let i = 0; i < 30 && !(await card.evaluate((element) => element === document.activeElement)); i++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(chosen).toEqual(["“1”"]);
    expect(await value("morph")).toBe("1");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press(" ");
    await expect.poll(chosen).toEqual(["“7”, a third"]);
  });

  it("tells what is enriched, lost and gained, and looks at an item it names", async () => {
    await openGroups();
    await groups().first().getByRole("button", { name: /^Details/ }).click();
    const details = await text("group-details");
    expect(details).toMatch(/4 digit\s+30 of 60\s+6.0 expected · p\u00a0<\u00a00.001/);
    expect(details).toMatch(/ink larger\s+0.412 others 0.287\s+a member’s is larger 78\u00a0% of the time/);
    expect(details).toContain("crossed 14 of 17");
    expect(details).toMatch(/Inner share\s+21 % → 62 % chance 10 %/);
    await page.getByTestId("group-details").getByRole("button", { name: "What is Agreement?" }).click();
    expect(await text("group-details")).toContain("mean cosine");
    await page.getByTestId("group-details").getByRole("button", { name: /i13/ }).click();
    await page.waitForFunction(() => location.hash.includes("focus=i13"));
  });

  it("filters by type, by what is enriched, by the selection and by what is in view", async () => {
    await openGroups();
    await filter(/^split/).click();
    expect(await titles()).toEqual(["“7”, a third"]);
    await filter(/^moved/).click();
    expect(await titles()).toEqual(["“7”, a third", "12 unnamed items"]);
    await page.getByTestId("group-label").selectOption({ label: "1 (1)" });
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await titles()).toHaveLength(4);
    expect(await filter("in selection").isDisabled()).toBe(true);
    await page.getByTestId("legend").getByRole("button", { name: /^7/ }).click();
    await filter("in selection").click();
    expect(await titles()).toEqual(["“7”, a third"]);
    expect(await groups().innerText()).toContain("20 selected");
    await groups().getByRole("button").first().click();
    await atEnd();
    expect(await titles()).toEqual(["“7”, a third"]);
    await filter("in selection").click();
    await filter("in view").click();
    expect(await titles()).toHaveLength(4);
    const box = (await page.getByTestId("scatter").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width * 0.43, box.y + box.height * 0.83);
    for (let i = 0; i < 4; i++) await page.mouse.wheel(0, -240);
    await expect.poll(titles).toEqual(["“7”, a third"]);
    await page.getByRole("button", { name: "Fit" }).click();
    await expect.poll(titles).toHaveLength(4);
  });

  it("shows the groups of a turned pair as they were found, says so first, and turns it by a click", async () => {
    await openGroups("?rich#a=epoch+1&b=epoch+0");
    expect(await text("groups")).toMatch(/^Found from epoch 0 to epoch 1; a click turns the pair\./);
    expect(await groups().first().innerText()).toContain("merged\n60 items");
    await groups().first().getByRole("button", { name: /^Details/ }).click();
    expect(await text("group-details")).toContain("12 % → 45 %");
    await groups().first().getByRole("button").first().click();
    await atEnd();
    expect([await value("select-a"), await value("select-b")]).toEqual(["epoch 0", "epoch 1"]);
    expect(await text("groups")).not.toContain("Found from");
  });

  it("shows what is listed twice under one name twice", async () => {
    await openGroups("?doubled");
    await groups().first().getByRole("button", { name: /^Details/ }).click();
    const details = await text("group-details");
    expect(["crossed", "ink larger", "12 % → 45 %"].map((said) => details.split(said).length - 1)).toEqual([2, 2, 2]);
    for (const tab of ["verdict", "labels"]) {
      await page.getByTestId(`tab-${tab}`).click();
      await page.getByTestId(tab).waitFor();
    }
  });

  it("is proud of finding nothing, marks what is exploratory, and says where groups were not sought", async () => {
    await openGroups("?rich#a=epoch+2&b=epoch+5");
    expect(await text("groups")).toMatch(/^No items changed together beyond noise\./);
    expect(await groups().count()).toBe(0);
    await page.getByTestId("select-b").selectOption("conv1pool_seed0_epoch10");
    await page.getByTestId("select-a").selectOption("epoch 10");
    await page.getByText("Exploratory.").waitFor();
    await page.getByTestId("select-b").selectOption("epoch 10, seed 1");
    expect(await text("groups")).toContain("Groups were not sought in this pair");
    await page.getByTestId("select-b").selectOption("epoch 0");
    expect(await text("groups")).toContain("were not compared");
  });

  it("shows the same items over several pairs, goes to a step's group, and says what never changes", async () => {
    await openGroups();
    const steps = page.getByTestId("timelines").getByRole("button", { name: /evidence/ });
    expect(await steps.evaluateAll((cells) => cells.map((cell) => cell.getAttribute("aria-pressed")))).toEqual(["true", "false", "false", "false", "false"]);
    expect(await steps.first().getAttribute("aria-label")).toBe("epoch 0 → epoch 1: evidence 1.90, threshold 0.80; a group");
    await steps.nth(1).click();
    await atEnd();
    expect([await value("select-a"), await chosen()]).toEqual(["epoch 1", ["“4” with “nine, spelled out at length”"]]);
    await steps.nth(2).click();
    expect([await value("select-a"), await groups().count()]).toEqual(["epoch 2", 0]);
    expect(await text("selection-bar")).toContain("60 selected");
    expect(await text("unchanging")).toContain("214 of 600 items strayed in no step");
    await page.getByTestId("select-b").selectOption("epoch 1");
    await groups().first().getByRole("button", { name: /^Details/ }).click();
    await groups().first().getByText("The same items over 5 pairs").waitFor();
  });

  it("is pointed at by the verdict, in one line", async () => {
    await open("?rich");
    await painted();
    const pointer = page.getByTestId("groups-pointer");
    expect(await pointer.innerText()).toContain("4 groups changed together: “4” with");
    expect((await pointer.boundingBox())?.height).toBeLessThan(24);
    await pointer.getByRole("button").click();
    await groups().first().waitFor();
    await page.getByTestId("select-a").selectOption("epoch 5");
    await page.getByTestId("select-b").selectOption("epoch 10");
    await page.getByTestId("tab-verdict").click();
    expect(await pointer.innerText()).toBe("No items changed together beyond noise.");
  });

  it("suggests groups within a selection as the same cards, and selects the rest again", async () => {
    await open("?rich");
    await painted();
    await page.getByTestId("legend").getByRole("button", { name: /^4/ }).click();
    await page.getByTestId("tab-items").click();
    await page.getByTestId("suggest").click();
    await page.getByText("One group among these 60 items").waitFor();
    await groups().getByRole("button").first().click();
    await atEnd();
    expect(await text("selection-bar")).toContain("30 selected");
    expect(await chosen()).toEqual(["“4”, 30 of those asked"]);
    await page.getByRole("button", { name: "Select them again" }).click();
    expect(await text("selection-bar")).toContain("60 selected");
    await page.getByRole("button", { name: "Close this answer" }).click();
    expect(await groups().count()).toBe(0);
  });

  it("ranks groups like a selection, and goes to one among the groups of its pair", async () => {
    await open("?rich");
    await painted();
    await page.getByTestId("legend").getByRole("button", { name: /^4/ }).click();
    await page.getByTestId("tab-items").click();
    await page.getByTestId("alike").click();
    const list = page.getByTestId("alike-list");
    await list.waitFor();
    expect(await list.innerText()).toContain("Two groups share half of these 60 items.");
    const first = list.getByRole("listitem").first();
    expect(await first.innerText()).toMatch(/30 of 60\s+contracted · epoch 1 → epoch 2\s+6.0 expected · p\u00a0<\u00a00.001/);
    await first.getByRole("button").click();
    await atEnd();
    expect([await value("select-a"), await chosen()]).toEqual(["epoch 1", ["“4” with “nine, spelled out at length”"]]);
    await page.getByTestId("tab-items").click();
    expect(await list.innerText()).toContain("Asked of 60 items: 4.");
  });

  it("lets a search for groups be cancelled, says why one failed, and offers none without who answers", async () => {
    await open("?slow");
    await painted();
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("tab-items").click();
    await page.getByTestId("suggest").click();
    await page.getByText("Seeking groups among 60 items in epoch 0 and epoch 1").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Seeking groups").waitFor({ state: "detached" });
    await page.close();
    await open("?rich#a=epoch+10&b=epoch+10%2C+seed+1");
    await painted();
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("tab-items").click();
    await page.getByTestId("alike").click();
    await page.getByRole("alert").getByText("has none of it").waitFor();
    await page.close();
    await open();
    await painted();
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("tab-items").click();
    expect(await page.getByTestId("selection-groups").count()).toBe(0);
    await page.getByTestId("tab-groups").click();
    expect(await text("groups")).toContain("Groups were not sought in this pair");
  });

  it("opens on the group of a link, and colours by group", async () => {
    await open("?rich#group=2&colour=pair%3Agroup");
    await painted();
    await expect.poll(chosen).toEqual(["“7”, a third"]);
    expect(await text("legend")).toContain("in no group");
    await page.waitForFunction(() => location.hash.includes("group=2"));
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !location.hash.includes("group=2"));
  });
});

describe("the page of a comparison under way", { timeout: 60_000 }, () => {
  const openTab = (tab: string): Promise<void> => page.getByTestId(`tab-${tab}`).click();
  const picture = (): Promise<string> => page.getByTestId("scatter").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  it("is stopped by its button, and says how it goes on", async () => {
    await open("?live");
    await page.evaluate(() => window.live.picture(1));
    await painted();
    const bar = page.getByTestId("live").getByRole("progressbar");
    expect(await bar.evaluate((one) => [(one as HTMLProgressElement).value, (one as HTMLProgressElement).max])).toEqual([1, 10]);
    await page.getByRole("button", { name: "Stop", exact: true }).press("Enter");
    await page.getByText("stopped; the same command goes on from here").waitFor();
    expect(await bar.count()).toBe(0);
  });

  it("goes from the first step over the pictures to the bundle, and keeps what is selected", async () => {
    await open("?live");
    await page.getByText("Reading files, 1 of 2").waitFor();
    await page.evaluate(() => window.live.picture(1));
    await painted();
    expect(await text("live")).toContain("PCA · Layout settling (epoch 1 of 10)");
    expect(await text("moved")).toContain("What moved is told when the comparison is done");
    await openTab("verdict");
    expect(await text("verdict")).toContain("The verdict comes when the comparison is done");
    await openTab("groups");
    expect(await text("groups")).toContain("come when the comparison is done");
    await openTab("verdict");
    await page.getByTestId("legend").getByRole("button").first().click();
    await openTab("items");
    await page.getByText("3 items").waitFor();
    const before = await picture();
    await page.evaluate(() => window.live.picture(4));
    await page.getByText("epoch 4 of 10").waitFor();
    await expect.poll(picture).not.toBe(before);
    await page.evaluate(() => window.live.finish());
    await page.getByTestId("live").waitFor({ state: "detached" });
    expect(await text("items")).toContain("3 items");
    await openTab("verdict");
    expect(await text("verdict")).toContain("Another space: treat it as a new model.");
    await page.close();
  });

  it("says why it failed, and leaves the picture", async () => {
    await open("?live");
    await page.getByText("Reading files, 1 of 2").waitFor();
    await page.evaluate(() => window.live.picture(1));
    await painted();
    await page.evaluate(() => window.live.fail("the disk is full; make room"));
    await page.getByRole("alert").getByText("the disk is full; make room").waitFor();
    expect(await text("moved")).toContain("the comparison did not come to its end");
    await openTab("verdict");
    expect(await text("verdict")).toContain("There is no verdict");
    await page.close();
  });

  it("says why there is no picture at all", async () => {
    await open("?live");
    await page.getByText("Reading files, 1 of 2").waitFor();
    await page.evaluate(() => window.live.fail("old.npy has rows with NaN; drop them"));
    await page.getByTestId("failure").waitFor();
    expect(await text("failure")).toBe("old.npy has rows with NaN; drop them");
    await page.close();
  });
});

describe("the page without a bundle", { timeout: 60_000 }, () => {
  it("says why, and the way out", async () => {
    await open("?broken");
    await page.getByTestId("failure").waitFor();
    expect(await text("failure")).toBe("manifest: the server stopped; start it again");
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(1);
    await page.close();
  });
});

describe("what moved", { timeout: 60_000 }, () => {
  const card = (at: number) => page.getByTestId("finding").nth(at);
  const play = (at: number) => card(at).getByTestId("play-finding");
  const selected = (): Promise<string> => page.getByTestId("selection-bar").getByRole("status").innerText();
  const pressed = (mode: string) => page.getByTestId(mode === "trails" ? "trails" : `mode-${mode}`).getAttribute("aria-pressed");
  /** What the page has read of the bundle. */
  const read = (): Promise<number> => page.evaluate(() => window.told.asked.length);

  beforeEach(async () => {
    await open("?told");
    await painted();
    await card(2).waitFor();
  });

  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  it("is the first tab and the one that is open, with the answer above the findings and what may be chance last", async () => {
    expect(await page.getByRole("tab").first().innerText()).toBe("What moved");
    expect(await page.getByTestId("tab-moved").getAttribute("aria-selected")).toBe("true");
    const moved = await text("moved");
    const order = ["treat it as a new model", "“4” joins “nine”", "60 items of “4”", "p < 0.001".replaceAll(" ", "\u00a0"), "a third of “7” draws close", "Not clear of chance", "“4” less clear"];
    const places = order.map((words) => moved.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(await card(0).getByTestId("finding-strip").getByRole("button").count()).toBe(6);
    expect(await card(0).getByTestId("finding-strip").locator("canvas").count()).toBe(6);
  });

  it("selects exactly the items of a finding, frames them, and plays from A to B once with trails", async () => {
    await page.getByRole("status").filter({ hasText: "Nothing selected" }).waitFor();
    await play(2).click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-testid="morph"]')?.valueAsNumber === 1);
    await play(2).and(page.getByRole("button", { name: "Play: “4” less clear" })).waitFor();
    expect(await selected()).toBe("60 selected\n· “4” less clear");
    expect(await pressed("trails")).toBe("true");
    await page.waitForFunction(() => location.hash.includes("look=") && location.hash.includes("selected="));
    expect(await card(2).evaluate((element) => element.classList.contains("chosen"))).toBe(true);
    await play(2).click();
    await page.waitForFunction(() => (document.querySelector<HTMLInputElement>('[data-testid="morph"]')?.valueAsNumber ?? 1) < 0.5);
  });

  it("stops where it is when it is pressed again", async () => {
    await play(0).click();
    await page.getByRole("button", { name: "Stop: “4” joins “nine”" }).waitFor();
    await page.waitForFunction(() => (document.querySelector<HTMLInputElement>('[data-testid="morph"]')?.valueAsNumber ?? 0) > 0.02);
    await play(0).click();
    await page.getByRole("button", { name: "Play: “4” joins “nine”" }).waitFor();
    const at = await value("morph");
    await page.waitForTimeout(300);
    expect(Number(at)).toBeGreaterThan(0);
    expect(Number(at)).toBeLessThan(1);
    expect(await value("morph")).toBe(at);
  });

  it("shows A beside B where items look still, and to those who prefer no motion", async () => {
    await play(1).click();
    await expect.poll(() => pressed("side")).toBe("true");
    expect(await selected()).toContain("20 selected");
    await page.keyboard.press("2");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await play(0).click();
    await expect.poll(() => pressed("side")).toBe("true");
    expect([await value("morph"), await selected()]).toEqual(["0", "60 selected\n· “4” joins “nine”"]);
  });

  it("reads nothing when a finding is played", async () => {
    await page.waitForFunction(() => window.told.asked.includes("findings") && window.told.asked.includes("pixels"));
    const before = await read();
    await play(0).click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-testid="morph"]')?.valueAsNumber === 1);
    await play(1).click();
    await expect.poll(() => pressed("side")).toBe("true");
    expect(await read()).toBe(before);
  });

  it("focuses an item of its strip, and goes from finding to finding by arrows", async () => {
    await card(0).getByRole("button", { name: "Look at i4", exact: true }).click();
    await page.waitForFunction(() => location.hash.includes("focus=i4"));
    expect(await page.getByTestId("tab-moved").getAttribute("aria-selected")).toBe("true");
    await play(0).focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"]) await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Play: a third of “7” draws close");
    await page.keyboard.press("Enter");
    await expect.poll(selected).toContain("20 selected");
  });

  it("says proudly where nothing stands out", async () => {
    await page.getByTestId("select-a").selectOption("epoch 1");
    await page.getByTestId("select-b").selectOption("epoch 2");
    await page.getByTestId("nothing").waitFor();
    expect(await text("nothing")).toBe("Nothing stands out beyond what another run changes.");
    expect(await page.getByTestId("finding").count()).toBe(0);
  });

  it("turns the pair to how it is told", async () => {
    await page.getByTestId("swap").click();
    await page.getByText("Told from epoch 0 to epoch 1").waitFor();
    await play(0).click();
    await expect.poll(async () => [await value("select-a"), await value("select-b")]).toEqual(["epoch 0", "epoch 1"]);
    await expect.poll(selected).toContain("60 selected");
  });

  it("is no tab of a bundle from before findings, which opens on the verdict", async () => {
    await page.goto(`${served.address}?rich`);
    await painted();
    expect(await page.getByTestId("tab-moved").count()).toBe(0);
    expect(await page.getByTestId("tab-verdict").getAttribute("aria-selected")).toBe("true");
  });
});
