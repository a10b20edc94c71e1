import { describe, expect, test } from "vitest";
import { okabeIto, ten } from "../../src/engine/palettes";
import { NO_HUE } from "../../src/model/flows";
import type { Story } from "../../src/model/trails";
import { findingsIn, hueOf, storyWords, trailsOf } from "../../src/ui/story";

const flow = { from: [0, 0], to: [1, 1], count: 400, hue: NO_HUE } as const;
const story = (given: Partial<Story> = {}): Story => ({
  ...{ items: new Uint32Array(90), hues: new Uint8Array(2000).fill(NO_HUE), flows: [], bundled: 0, moves: 1614, byFinding: false, inCompany: false, lookedAt: 2000, all: 2000 },
  ...given,
});

describe("the words of a story", () => {
  test.each([
    ["The 90 longest of 1,614 moves", story(), "pair"],
    ["90 of 1,614 moves: the longest of each finding that others go along with", story({ byFinding: true, inCompany: true }), "pair"],
    ["90 of 1,614 moves: the longest that others go along with", story({ inCompany: true }), "pair"],
    ["All 90 moves of what is selected", story({ moves: 90, all: 90, lookedAt: 90 }), "selection"],
    ["The one move of what is selected; the other 26 look still", story({ moves: 1, items: new Uint32Array(1), all: 27, lookedAt: 27 }), "selection"],
    ["None of these items moves in the picture.", story({ moves: 0, items: new Uint32Array() }), "focus"],
    ["1 flow of 400 moves, the 90 longest of 1,214 others", story({ flows: [flow], bundled: 400 }), "pair"],
    ["2 flows of 800 moves of what is selected; the other 1,200 look still", story({ flows: [flow, flow], bundled: 800, moves: 800, items: new Uint32Array() }), "selection"],
    ["2 flows of 1,613 moves, the one other", story({ flows: [flow, flow], bundled: 1613, items: new Uint32Array(1) }), "pair"],
  ] as const)("are '%s'", (words, told, subject) => {
    expect(storyWords(told, subject)).toBe(words);
  });

  test("say so where not all items were looked at", () => {
    expect(storyWords(story({ lookedAt: 200_000, all: 3_000_000 }), "pair")).toBe("The 90 longest of 1,614 moves, of the first 200,000 of 3,000,000 items, a fair sample");
  });
});

describe("what is drawn of a story", () => {
  const hues = new Uint8Array(8).fill(NO_HUE);
  hues[2] = 1;
  const told = story({ items: Uint32Array.of(2, 5), hues, flows: [{ ...flow, hue: 3 }, { ...flow, count: 100 }] });

  test("are its trails, and those of the item under the pointer and of the focused one, once", () => {
    expect([...trailsOf({ story: told, marked: [7, 5, -1, 7], chosen: false, dark: false }).items]).toEqual([2, 5, 7]);
  });

  test("has the colour of each finding, and one for the rest", () => {
    const { colors, flows } = trailsOf({ story: told, marked: [], chosen: false, dark: false });
    expect([...colors.subarray(0, 3)]).toEqual(hueOf(1, false));
    expect(flows[0]?.color).toEqual(hueOf(3, false));
    expect([...colors.subarray(3)]).toEqual(flows[1]?.color);
    expect(findingsIn(told)).toEqual([1, 3]);
  });

  test("draws flows by how many go, the text being that", () => {
    const { flows } = trailsOf({ story: told, marked: [], chosen: true, dark: true });
    expect(flows.map(({ text }) => text)).toEqual(["400", "100"]);
    expect(flows[0]?.width).toBeCloseTo(2 * (flows[1]?.width ?? 0), 6);
  });
});

/** A colour where distances are as they are seen (Ottosson 2020). */
function seen(color: ArrayLike<number>): [number, number, number] {
  const mix = (rows: readonly (readonly number[])[], from: readonly number[]): number[] => rows.map((row) => row.reduce((sum, part, i) => sum + part * (from[i] as number), 0));
  const light = Array.from(color, (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  const cones = mix([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.63]], light).map(Math.cbrt);
  return mix([[0.2105, 0.7936, -0.0041], [1.978, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]], cones) as [number, number, number];
}
const apart = (p: ArrayLike<number>, q: ArrayLike<number>): number => Math.hypot(...seen(p).map((part, i) => part - (seen(q)[i] as number)));
const each = (colors: Uint8Array): Uint8Array[] => Array.from({ length: colors.length / 3 }, (_, i) => colors.subarray(3 * i, 3 * i + 3));

describe.each([false, true])("nine findings have nine colours, dark: %s", (dark) => {
  const hues = Array.from({ length: 9 }, (_, finding) => hueOf(finding, dark));

  test("apart from each other", () => {
    expect(Math.min(...hues.flatMap((one, i) => hues.slice(i + 1).map((other) => apart(one, other))))).toBeGreaterThan(0.09);
  });

  test("none of them that of a category, the blue of A or the orange of B", () => {
    const taken = [...each(okabeIto), ...each(ten), [0x24, 0x74, 0xd6], [0xe0, 0x74, 0x12], [0x5b, 0x9d, 0xff], [0xff, 0x94, 0x40]];
    expect(Math.min(...hues.flatMap((one) => taken.map((other) => apart(one, other))))).toBeGreaterThan(0.08);
  });
});
