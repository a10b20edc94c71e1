import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { richReport } from "../model/rich";
import { told } from "../model/told";
import { serving, type Serving } from "./serving";

let served: Serving;
let context: BrowserContext;
let page: Page;

async function open(address: string): Promise<void> {
  page = await context.newPage();
  await page.goto(`${served.address}${address}`);
  await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
}

const heard = (): Promise<Window["heard"]> => page.evaluate(() => window.heard);
/** What the notebook knows of the page by now. */
const state = async (): Promise<Record<string, unknown>> => Object.assign({}, ...(await heard()).map(({ content }) => content["state"] ?? {})) as Record<string, unknown>;
const selections = async (): Promise<Window["heard"]> => (await heard()).filter(({ content }) => content["do"] === "selected");
const say = (content: Record<string, unknown>, rows?: readonly number[]): Promise<void> => page.evaluate(([told, those]) => window.say(told, those), [content, rows] as const);

beforeAll(async () => {
  served = await serving();
  ({ context } = served);
}, 60_000);

afterAll(() => served.close());

describe("a page that a notebook holds", () => {
  afterEach(() => page.close());

  it("opens on what the notebook asks for, says what is on screen, and leaves the address alone", async () => {
    await open("?guest");
    await expect.poll(state).toMatchObject({ t: 0.25, theme: "dark" });
    expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
    await page.keyboard.press("End");
    await page.getByTestId("swap").click();
    await expect.poll(async () => (await heard()).some(({ content }) => "link" in content)).toBe(true);
    expect(new URL(page.url()).hash).toBe("");
  });

  it("tells each selection once, with its rows, and shows one that is set without telling it back", async () => {
    await open("?guest");
    await page.getByTestId("legend").getByRole("button").first().click();
    await expect.poll(async () => (await selections()).length).toBe(1);
    const [first] = await selections();
    expect(first?.rows.length).toBeGreaterThan(0);
    expect(first?.content).toMatchObject({ do: "selected", from: "me" });
    await say({ do: "select", from: "another" }, [7, 3]);
    await page.getByTestId("selection-bar").getByText("2 selected").waitFor();
    expect(await selections()).toHaveLength(1);
  });

  it("plays a finding of another pair by its title", async () => {
    await open("?guest");
    const { pairs } = told(richReport());
    const pair = pairs.findLast(({ findings }) => (findings ?? []).length > 0);
    const finding = pair?.findings?.[0];
    await say({ do: "play", a: pair?.a, b: pair?.b, title: finding?.title });
    await expect.poll(state).toMatchObject({ a: pair?.a, b: pair?.b });
    await page.getByTestId("selection-bar").getByText(finding?.title ?? "none").waitFor();
  });
});

describe("a copy that was handed on", () => {
  afterEach(() => page.close());

  it("says that it is a sample, of how many, and all that it leaves out", async () => {
    await open("?copy");
    expect(await page.getByTestId("copy").innerText()).toMatch(/^a sample: [\d,]+ of [\d,]+0 items$/);
    await page.getByTestId("copy").click();
    expect(await page.getByTestId("copy-notes").locator("li").allInnerTexts()).toEqual(["Most of it is left out.", "So is the rest."]);
    await page.keyboard.press("Escape");
    expect(await page.getByTestId("copy-notes").count()).toBe(0);
  });

  it("offers nothing that would have to be computed", async () => {
    await open("?copy");
    await page.getByTestId("legend").getByRole("button").first().click();
    await page.getByTestId("tab-items").click();
    await page.getByText("selected", { exact: false }).first().waitFor();
    expect(await page.getByTestId("ask").count()).toBe(0);
  });
});
