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
  await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
}

const pressed = (testid: string) => page.getByTestId(testid).getAttribute("aria-pressed");
const story = () => page.getByTestId("story").innerText();
const hash = (part: string) => page.waitForFunction((wanted) => location.hash.includes(wanted), part);
/** Have the graphics driver take the picture away, or give it back. */
const driver = (what: "loseContext" | "restoreContext") =>
  page.evaluate((name) => {
    const canvas = document.querySelector<HTMLCanvasElement>("[data-testid=scatter]");
    const held = window as { extension?: WEBGL_lose_context | null };
    held.extension = name === "loseContext" ? (canvas?.getContext("webgl2")?.getExtension("WEBGL_lose_context") ?? null) : (held.extension ?? null);
    held.extension?.[name]();
  }, what);
/** Whether anything but paper is drawn. */
const drawn = () =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("[data-testid=scatter]");
    const gl = canvas?.getContext("webgl2");
    if (!canvas || !gl || gl.isContextLost()) return false;
    const pixels = new Uint8Array(4 * canvas.width * canvas.height);
    gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels.some((value) => value < 200);
  });

beforeAll(async () => {
  served = await serving();
  ({ context } = served);
});
afterAll(() => served.close());
afterEach(async () => {
  await page.close();
  expect(complaints.splice(0)).toEqual([]);
});

describe("the difference of density", () => {
  it("is a mode with a key, a legend and a place in the address, of both spaces or of what is selected", async () => {
    await open("?rich#mode=morph");
    await page.keyboard.press("4");
    expect(await pressed("mode-density")).toBe("true");
    await hash("mode=density");
    expect(await story()).toMatch(/^Where all \d+ items lie in A and in B\s+only A\s+3 ×\s+alike\s+3 ×\s+only B$/);
    expect(await page.getByTestId("pane-titles").innerText()).toMatch(/^A .*\n+B /);
    await page.getByTestId("legend").getByRole("button").first().click();
    expect(await story()).toMatch(/^Where \d+ selected items? lie/);
    const address = await page.evaluate(() => location.hash);
    await page.close();
    await open(`?rich${address}`);
    expect(await pressed("mode-density")).toBe("true");
  });

  it("gives way to the morph when something is to move", async () => {
    await open("?rich#mode=density");
    await page.keyboard.press("ArrowRight");
    expect(await pressed("mode-morph")).toBe("true");
  });
});

describe("trails", () => {
  it("say how many of how many they are, more of them by a slider that keys reach, and the address keeps it", async () => {
    await open("?rich#mode=trails");
    expect(await story()).toMatch(/\bmoves?\b/);
    await page.getByTestId("more-trails").focus();
    await page.keyboard.press("ArrowRight");
    await hash("ways=120");
    expect(await page.getByTestId("more-trails").getAttribute("aria-valuetext")).toBe("at most 120 trails");
    const address = await page.evaluate(() => location.hash);
    await page.close();
    await open(`?rich${address}`);
    expect(await page.getByTestId("more-trails").inputValue()).toBe("2");
    await page.keyboard.press("2");
    expect(await page.getByTestId("more-trails").count() + (await page.getByTestId("story").count())).toBe(0);
  });

  it("of a finding that plays are of it alone, in its colour", async () => {
    await open("?told#mode=trails");
    await page.getByTestId("play-finding").first().click();
    await hash("mode=trails");
    await page.getByTestId("story").getByText(/what is selected|these items/).waitFor();
  });
});

describe("a picture that the graphics driver takes away", () => {
  it("says so, and comes back by itself with what was chosen", async () => {
    await open("?rich");
    await page.getByTestId("legend").getByRole("button").first().click();
    const selected = await page.getByTestId("selection-bar").innerText();
    expect(await drawn()).toBe(true);
    await driver("loseContext");
    await page.getByTestId("driver").getByText("comes back by itself").waitFor();
    expect(await page.getByTestId("scatter").isVisible()).toBe(false);
    await driver("restoreContext");
    await page.getByTestId("driver").waitFor({ state: "detached" });
    await page.getByTestId("scatter").waitFor({ state: "visible" });
    await expect.poll(drawn).toBe(true);
    expect(await page.getByTestId("selection-bar").innerText()).toBe(selected);
  });

  it("after a while can be tried again, and even then comes back by itself", async () => {
    await open("?rich");
    await driver("loseContext");
    await page.getByTestId("driver").getByText("has not come back").waitFor();
    await driver("restoreContext");
    await page.getByTestId("driver").waitFor({ state: "detached" });
    await driver("loseContext");
    await page.getByTestId("driver").getByRole("button", { name: "Try again" }).click();
    await page.getByTestId("driver").waitFor({ state: "detached" });
    await expect.poll(drawn).toBe(true);
    await page.keyboard.press("ArrowRight");
    expect(await page.getByTestId("morph").inputValue()).toBe("0.05");
  });
});
