import { describe, expect, test } from "vitest";
import { flowsOf, NO_HUE, TOGETHER } from "../../src/model/flows";
import { longest, MOST_TRAILS, tellTrails } from "../../src/model/trails";
import { uniform } from "../engine/random";

/** Items that go from near one place to near another, so many of each way. */
function going(ways: readonly { readonly n: number; readonly from: readonly [number, number]; readonly to: readonly [number, number] }[]) {
  const random = uniform(5);
  const [from, to] = [[] as number[], [] as number[]];
  for (const way of ways) {
    for (let i = 0; i < way.n; i += 1) {
      const near = (): number => 0.2 * (random() - 0.5);
      from.push(way.from[0] + near(), way.from[1] + near());
      to.push(way.to[0] + near(), way.to[1] + near());
    }
  }
  return { from: Float32Array.from(from), to: Float32Array.from(to) };
}

const range = (start: number, end: number) => Uint32Array.from({ length: end - start }, (_, i) => start + i);
const given = { kinds: null, rows: null, findings: [], most: 90 };
const lengthOf = ({ from, to }: { readonly from: Float32Array; readonly to: Float32Array }, item: number) =>
  Math.hypot((to[2 * item] as number) - (from[2 * item] as number), (to[2 * item + 1] as number) - (from[2 * item + 1] as number));

/** So many items, each from anywhere to anywhere. */
function anywhere(n: number, seed = 1) {
  const random = uniform(seed);
  const places = () => Float32Array.from({ length: 2 * n }, () => 10 * random());
  return { from: places(), to: places() };
}

describe("the trails of what is selected", () => {
  test.each([1, 60, 90, 3000])("are its %d longest, the longest first", (most) => {
    const ends = anywhere(5000);
    const rows = range(0, 5000).filter((row) => row % 3 > 0);
    const { items, moves } = tellTrails({ ...ends, ...given, rows, most });
    const lengths = Float32Array.from(rows, (row) => lengthOf(ends, row)).sort().reverse();
    expect(items).toHaveLength(most);
    expect(Array.from(items, (item) => lengthOf(ends, item))).toEqual(Array.from(lengths.subarray(0, most), (length) => expect.closeTo(length, 4) as number));
    expect(moves).toBeLessThanOrEqual(rows.length);
  });

  test("are all of them where they are few, whatever their class, but not of what stays or is in one space", () => {
    const from = Float32Array.of(0, 0, 0, 0, 0, 0, 10, 10);
    const to = Float32Array.of(5, 5, 0, 0, NaN, NaN, 0, 10);
    const story = tellTrails({ from, to, ...given, kinds: Uint8Array.of(0, 1, 1, 2), rows: range(0, 4) });
    expect([[...story.items], story.moves]).toEqual([[3, 0], 2]);
  });

  test("are as many as the most there may be, of ways that are all as long", () => {
    expect(longest({ items: range(0, 9000), lengths: new Float32Array(9000).fill(0.7) }, MOST_TRAILS).items).toEqual(range(0, MOST_TRAILS));
  });
});

describe("the trails of a whole pair", () => {
  const places = [[0, 0], [10, 0], [0, 10], [10, 10], [5, 5]] as const;
  /** Thirty that go together for each two places, and 600 that go anywhere. */
  const crowd = () => {
    const together = places.slice(0, 4).map((from, i) => ({ n: 30, from, to: places[i + 1] as readonly [number, number] }));
    const [company, strays] = [going(together), anywhere(600)];
    const both = (end: "from" | "to") => Float32Array.from([...company[end], ...strays[end]]);
    return { from: both("from"), to: both("to") };
  };

  test("are those that others go along with, not the longest that go anywhere", () => {
    const story = tellTrails({ ...crowd(), ...given });
    expect(story.inCompany).toBe(true);
    expect(story.items).toHaveLength(90);
    expect([...story.items].filter((item) => item >= 120).length).toBeLessThan(9);
  });

  test("are the longest where nobody goes along with anybody", () => {
    const ends = anywhere(1000);
    const story = tellTrails({ ...ends, ...given });
    expect([story.inCompany, story.items.length]).toEqual([false, 90]);
    const least = Math.min(...[...story.items].map((item) => lengthOf(ends, item)));
    expect([...range(0, 1000)].filter((item) => lengthOf(ends, item) > least)).toHaveLength(89);
  });

  test("are of each finding in turn, coloured by the smallest that an item is in, before any of the others", () => {
    const findings = [range(0, 30), range(20, 60), range(0, 500)];
    const story = tellTrails({ ...crowd(), ...given, findings, most: 40 });
    expect(story.byFinding).toBe(true);
    const hues = [...story.items].map((item) => story.hues[item]);
    expect(hues.slice(0, 4)).toEqual([0, 1, 0, 1]);
    expect([hues.filter((hue) => hue === 0).length, hues.filter((hue) => hue === 1).length]).toEqual([20, 20]);
    expect([story.hues[25], story.hues[45], story.hues[100]]).toEqual([0, 1, NO_HUE]);
  });

  test("are of what moved for sure; where nothing did, of what the picture alone moved", () => {
    const ends = anywhere(200);
    const kinds = Uint8Array.from({ length: 200 }, (_, i) => [0, 1, 2, 3][i % 4] as number);
    const of = (codes: Uint8Array) => new Set([...tellTrails({ ...ends, ...given, kinds: codes }).items].map((item) => item % 4));
    expect(of(kinds)).toEqual(new Set([1]));
    expect(of(kinds.map((kind) => (kind === 1 ? 0 : kind)))).toEqual(new Set([2]));
  });
});

describe("flows", () => {
  const ways = [
    { n: TOGETHER + 50, from: [0, 0], to: [10, 10] },
    { n: TOGETHER, from: [10, 0], to: [0, 5] },
    { n: TOGETHER - 1, from: [0, 10], to: [10, 5] },
    { n: 400, from: [5, 5], to: [5.4, 5] },
  ] as const;

  test("take the place of single trails where more than some go between the same places", () => {
    const story = tellTrails({ ...going(ways), ...given, findings: [range(0, 120), range(120, 130)] });
    expect(story.flows.map((flow) => [flow.count, ...[...flow.from, ...flow.to].map((at) => Math.abs(Math.round(at))), flow.hue])).toEqual([
      [TOGETHER + 50, 0, 0, 10, 10, 0],
      [TOGETHER, 10, 0, 0, 5, NO_HUE],
    ]);
    expect(story.bundled).toBe(2 * TOGETHER + 50);
    expect(Math.min(...story.items)).toBeGreaterThanOrEqual(2 * TOGETHER + 50);
  });

  test("are none of what stays in its place, however many", () => {
    expect(tellTrails({ ...going(ways.slice(3)), ...given }).flows).toEqual([]);
  });

  test("and single trails share all that moves", () => {
    const ends = going(ways);
    const items = range(0, ends.from.length / 2);
    const { flows, of } = flowsOf(ends, { items, lengths: Float32Array.from(items, (item) => lengthOf(ends, item)) }, new Uint8Array(items.length));
    expect(flows.reduce((sum, flow) => sum + flow.count, 0)).toBe(of.filter((flow) => flow >= 0).length);
  });
});
