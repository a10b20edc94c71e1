import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SPACES, STEPS } from "../model/rich";
import { serving, type Serving } from "./serving";

let served: Serving;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  served = await serving();
}, 60_000);

afterAll(() => served.close());

afterEach(async () => {
  await page.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function open(address: string): Promise<void> {
  page = await served.context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(served.address + address);
  await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
}

const between = (a: string, b: string, more: Record<string, string> = {}): string => `?judged#${new URLSearchParams({ a, b, ...more }).toString()}`;
/** The pair of one step, as it was compared. */
const step = (i: number, more: Record<string, string> = {}): string => between(STEPS[i] ?? "", STEPS[i + 1] ?? "", more);

const panel = (): Locator => page.getByTestId("verdict");
/** Words with one space between them, whatever the lines. */
const plain = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
const said = async (of: "size" | "noise" | "quality"): Promise<string> => plain(await panel().locator(`[data-judgement=${of}] dd`).innerText());
const axis = (): Locator => panel().getByRole("img", { name: /^Size on an axis from 0 to 50 %/ });

describe("the panel of a pair", { timeout: 60_000 }, () => {
  it("says first what to do, then size, noise and quality, and what that rests on with the numbers", async () => {
    await open(step(0));
    const words = plain(await panel().innerText());
    expect(words).toMatch(/^The same but for rounding; accuracy kept: may be swapped without re-indexing\. Size The same but for rounding 0.4 % .* Noise .* Quality /);
    await page.getByTestId("numbers").locator("summary").click();
    expect(plain(await panel().innerText())).toMatch(/ Numbers As if 0.4 % /);
    expect(await said("noise")).toBe("Open No replicates were given: run a recipe again to tell.");
    expect(await said("quality")).toBe("Kept Accuracy 91.2 % → 91.0 % Change −0.6 to +0.2 points (90 %), margin ±1");
    const sizes = await panel().locator(".sentence").evaluateAll((lines) => lines.map((line) => parseFloat(getComputedStyle(line).fontSize)));
    expect(sizes[0]).toBeGreaterThan(sizes[1] ?? NaN);
  });

  it("of a change no larger than a rerun, beyond noise all the same, says by how many replicates", async () => {
    await open(step(1));
    expect(await said("size")).toMatch(/^Like another run 12 % .*┊ other runs 13 %$/);
    expect(await said("noise")).toBe("Beyond noise More than runs of one recipe differ, by 3 replicates; p 0.003.");
    expect(await said("quality")).toBe("Open Accuracy 91.2 % → 90.5 % Change −2.1 to +0.7 points (90 %), margin ±1");
  });

  it("of another space says why, that the answer is provisional, on how many items, and that there are no labels", async () => {
    await open(step(2));
    expect(await said("size")).toMatch(/^Another space 50 % or more Clusters stay, but the order inside them is new\. .* Of a sample of 2,000 items\.$/);
    expect(await said("size")).not.toContain("other runs");
    expect(await said("noise")).toBe("Open The runs differ too much among themselves, by 1 replicate. Provisional: three replicates settle it.");
    expect(await said("quality")).toContain("Not known");
  });

  it("of lost quality names the labels that lost it, the most first, and selects their items", async () => {
    await open(step(3));
    expect(plain(await panel().innerText())).toMatch(/^Do not swap: "nine, spelled out at length" and 6 more got worse \(90.0 % → 60.0 %\)\. Reworked\. Size Reworked /);
    expect(await said("noise")).toMatch(/^Not beyond noise Runs of one recipe differ as much, by 2 replicates\. Provisional/);
    expect(await said("quality")).toMatch(/^Lost .* Lost more than 5 points: nine, spelled out at length 90.0 % → 60.0 % 4 90.0 % → 63.0 % .* 2 90.0 % → 72.0 % and 2 other labels$/);
    await panel().getByRole("button", { name: "nine, spelled out at length" }).click();
    expect(await page.getByTestId("selection-bar").innerText()).toContain("60 selected");
  });

  it("of too few items says so, and measures nothing", async () => {
    await open(step(4));
    expect(plain(await panel().innerText())).toMatch(/^Too few items to tell: compare more\. /);
    expect(await said("size")).toBe("Too few items to tell");
    expect([await axis().count(), await panel().locator("[data-judgement]").count()]).toEqual([0, 1]);
  });

  it("of identical spaces asks for no replicates", async () => {
    await open(between(STEPS[4] ?? "", SPACES[6] ?? ""));
    expect(await said("size")).toMatch(/^Identical 0 % /);
    expect(await said("noise")).toBe("Not beyond noise Nothing changed.");
  });

  it("of labels alone says what to do, and has no size to show", async () => {
    await open("?labels");
    expect(plain(await panel().innerText())).toMatch(/^Do not swap: 2, 3 got worse\. Compared by their labels alone/);
    expect(await page.getByTestId("judgement").count()).toBe(0);
  });

  it("explains its three words behind a button each", async () => {
    await open(step(0));
    for (const [term, words] of [["Size", "another random item’s"], ["Noise", "runs of one recipe"], ["Quality", "vote for its own label"]] as const) {
      await panel().getByRole("button", { name: `What is ${term}?`, exact: true }).click();
      await panel().getByText(words).waitFor();
    }
  });
});

describe("the panel of a turned pair", { timeout: 60_000 }, () => {
  it("keeps words and accuracy in the direction compared, and says so", async () => {
    await open(step(3));
    const forward = await said("quality");
    const answer = await panel().locator(".lead").innerText();
    await page.close();
    await open(between(STEPS[4] ?? "", STEPS[3] ?? ""));
    expect(plain(await panel().innerText())).toContain("Compared as epoch 5 → epoch 10: so read the words above and the quality below.");
    expect(await panel().locator(".lead").innerText()).toBe(answer);
    expect(await said("quality")).toBe(forward.replace("Lost ", "Lost From epoch 5 to epoch 10: "));
    expect(await panel().locator("[data-judgement=quality] .side-b").innerText()).toBe("91.2\u00a0%");
    expect(await panel().locator("[data-judgement=quality] .side-a").innerText()).toBe("84.0\u00a0%");
  });
});

describe("the axis of sizes", { timeout: 60_000 }, () => {
  it("says what is drawn on it", async () => {
    await open(step(1));
    expect(await axis().getAttribute("aria-label")).toBe(
      "Size on an axis from 0 to 50 %: 12 %, interval 12 % to 13 %; other runs of the recipe 13 %; grades end at 1.0 %, 4.0 %, 20 %, 28 %",
    );
  });

  it("is labelled where the grades end, without overlap, and puts the size among them", async () => {
    await open(step(1));
    const labels = await axis().locator("text").evaluateAll((texts) =>
      texts.map((text) => {
        const { left, right } = text.getBoundingClientRect();
        return { text: text.textContent, left, right };
      }),
    );
    expect(labels.map(({ text }) => text)).toEqual(["0", "1", "4", "20", "28", "50 %"]);
    labels.slice(1).forEach(({ left }, i) => expect(left).toBeGreaterThan(labels[i]?.right ?? NaN));
    const places = await axis().locator(".tick").evaluateAll((ticks) => ticks.map((tick) => Number(tick.getAttribute("x1"))));
    const dot = Number(await axis().locator("circle").getAttribute("cx"));
    expect(dot).toBeGreaterThan(places[2] ?? NaN);
    expect(dot).toBeLessThan(places[3] ?? NaN);
  });
});

describe("for everybody", { timeout: 60_000 }, () => {
  it("no colour stands without its word", async () => {
    await open(step(3));
    const words = await panel().locator("[data-judgement] b").allInnerTexts();
    expect(words).toEqual(["Reworked", "Not beyond noise", "Lost"]);
    const colours = await panel().locator("[data-judgement] b").evaluateAll((marks) => marks.map((mark) => getComputedStyle(mark).color));
    expect(new Set(colours).size).toBe(3);
  });
});
