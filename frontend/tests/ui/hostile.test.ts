import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOSTILE } from "../model/memory";
import { wrong } from "./axe";
import { serving, type Serving } from "./serving";

let served: Serving;
beforeAll(async () => {
  served = await serving();
}, 60_000);
afterAll(() => served.close());

const complaints: string[] = [];

async function open(address: string, size = { width: 1280, height: 800 }): Promise<Page> {
  const page = await served.context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => void (complaints.push(dialog.message()), dialog.dismiss()));
  await page.setViewportSize(size);
  await page.goto(`${served.address}${address}`);
  await page.waitForFunction(() => document.documentElement.dataset["panels"] === "read");
  return page;
}

/** What lies beyond the right edge of the page and is cut by nothing. */
const beyond = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.scrollWidth;
    const cut = (element: Element): boolean => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        if (getComputedStyle(at).overflowX !== "visible" && at.getBoundingClientRect().right <= width + 1) return true;
      }
      return false;
    };
    const elements = [...document.querySelectorAll("#app *")].filter((element) => element.getBoundingClientRect().right > width + 1);
    return elements.filter((element) => !cut(element)).map((element) => element.outerHTML.slice(0, 80));
  });

const TABS = ["verdict", "labels", "groups", "items"];

describe("a page of hostile names", { timeout: 120_000 }, () => {
  it.each([[1280, 800], [1024, 700], [3840, 2160]])("runs none of them, and nothing sticks out at %d × %d", async (width, height) => {
    const page = await open("?hostile#focus=i0", { width, height });
    for (const tab of TABS) {
      if ((await page.getByTestId(`tab-${tab}`).count()) > 0) await page.getByTestId(`tab-${tab}`).click();
      expect(await beyond(page)).toEqual([]);
    }
    await page.keyboard.press("d");
    await page.getByTestId("table").waitFor();
    await page.getByTestId("overview").click();
    await page.getByTestId("export").click();
    expect(await beyond(page)).toEqual([]);
    expect(await page.evaluate(() => [(window as { struck?: number }).struck, document.querySelectorAll("#app img, #app script, #app b > i").length, document.documentElement.scrollWidth])).toEqual([undefined, 0, width]);
    expect(await page.title()).toContain(HOSTILE.a);
    expect(complaints.splice(0)).toEqual([]);
    await page.close();
  });

  it("is opened by any address, however it was tampered with", async () => {
    const codes = ["a=nobody&b=%3Cscript%3E", "t=NaN&gain=-5&mode=zzz&look=1,2,inf", "selected=%00%ff&isolated=AAAA&aligned=zz&anchor=a", "tab=__proto__&colour=constructor&projection=toString", "focus=%E0%A4%A&filter=%22(", "table=-4&sort=-nope&rows=x&charts=1&shown=99999999&paints=a:b", `named=${"n".repeat(20_000)}&selected=0`, "=&&&=%", "group=99&ways=1e9&measure=valueOf"];
    for (const code of codes) {
      const page = await open(`?rich#${code}`);
      await page.getByTestId("caption").getByText("drawn").first().waitFor();
      await page.close();
    }
    expect(complaints.splice(0)).toEqual([]);
  });
});

describe("a small window", { timeout: 60_000 }, () => {
  it.each([[640, 500], [320, 256]])("of %d × %d is scrolled, and nothing lies over something else", async (width, height) => {
    const page = await open("?told", { width, height });
    const boxes = await page.evaluate(() => {
      const seen = [...document.querySelectorAll("header select, header button, header input, footer button, footer .count")];
      return seen.map((element) => element.getBoundingClientRect()).map(({ left, right, top, bottom }) => [left, right, top, bottom] as const);
    });
    const over = boxes.flatMap(([l, r, t, b], i) => boxes.slice(i + 1).filter(([left, right, top, bottom]) => l < right - 1 && left < r - 1 && t < bottom - 1 && top < b - 1));
    expect(over).toEqual([]);
    const reach = await page.evaluate(() => {
      window.scrollTo(9999, 9999);
      const { right, bottom } = (document.querySelector("footer") as HTMLElement).getBoundingClientRect();
      return [right <= innerWidth + 1, bottom <= innerHeight + 1];
    });
    expect(reach).toEqual([true, true]);
    await page.close();
  });
});

describe("forced colours", { timeout: 60_000 }, () => {
  it("tell what is chosen, and leave what colour says", async () => {
    const page = await open("?told");
    await page.emulateMedia({ forcedColors: "active" });
    const looks = await page.evaluate(() => {
      const back = (selector: string): string => getComputedStyle(document.querySelector(selector) as Element).backgroundColor;
      return [back('[role="tab"][aria-selected="true"]'), back('[role="tab"][aria-selected="false"]'), getComputedStyle(document.querySelector("[data-testid=legend] li span") as Element).forcedColorAdjust];
    });
    expect(looks[0]).not.toBe(looks[1]);
    expect(looks[2]).toBe("none");
    await page.close();
  });
});

describe("a thousand saved selections", { timeout: 60_000 }, () => {
  it("are found by name, the last ones first", async () => {
    const page = await served.context.newPage();
    await page.addInitScript(() => {
      const selections = Array.from({ length: 1000 }, (_, i) => ({ id: `s${i}`, name: `set ${i}`, note: "", items: ["i1", "i2"] }));
      localStorage.setItem(JSON.stringify(["emblink.notes", 6, "i0", "i5"]), JSON.stringify({ schema: "emblink.notes/1", selections }));
    });
    await page.goto(served.address);
    await page.getByTestId("tab-items").click();
    const sets = page.getByTestId("saved-set");
    await sets.first().waitFor();
    expect([await sets.count(), await sets.first().innerText()]).toEqual([30, expect.stringContaining("set 999")]);
    await page.getByTestId("saved-find").fill("set 12");
    await expect.poll(() => sets.count()).toBe(11);
    expect(await wrong(page, "#panel")).toEqual([]);
    await page.close();
  });
});
