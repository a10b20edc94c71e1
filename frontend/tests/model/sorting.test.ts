import { describe, expect, it } from "vitest";
import { rangeIn, withRange } from "../../src/model/filteredit";
import { binsIn, binsOf, countIn, rangeOf } from "../../src/model/histogram";
import type { Known } from "../../src/model/nearby";
import { sorted } from "../../src/model/sorting";
import { holds, xor } from "../../src/model/selection";
import { WordColumn } from "../../src/model/words";
import { scrollTo, windowOf } from "../../src/ui/virtual";

describe("rows in their order", () => {
  const numbers = Float32Array.of(0.5, -2, NaN, -0, 0, 1e30, -1e-30, Infinity, 0.5);
  const rows = Uint32Array.from(numbers, (_, row) => row);

  it("are by number, negative ones first, what is missing last either way, equal ones as they were", () => {
    expect([...sorted(rows, { kind: "number", values: numbers }, false)]).toEqual([1, 6, 3, 4, 0, 8, 5, 7, 2]);
    expect([...sorted(rows, { kind: "number", values: numbers }, true)]).toEqual([7, 5, 0, 8, 3, 4, 6, 1, 2]);
  });

  it("are as a comparison of each two has them, of any rows", () => {
    const values = Float32Array.from({ length: 5000 }, (_, i) => Math.fround(Math.sin(i * 12.9898) * 43758.5453));
    const some = Uint32Array.from({ length: 2500 }, (_, i) => 2 * i + 1);
    expect(sorted(some, { kind: "number", values }, false)).toEqual(some.slice().sort((x, y) => (values[x] as number) - (values[y] as number) || x - y));
  });

  it("are by name as people count, of categories and of texts", () => {
    const names = ["b10", "b9", "a"];
    const codes = Int32Array.of(0, 1, -1, 2);
    const four = Uint32Array.of(0, 1, 2, 3);
    expect([...sorted(four, { kind: "category", codes, names }, false)]).toEqual([3, 1, 0, 2]);
    expect([...sorted(four, { kind: "category", codes, names }, true)]).toEqual([0, 1, 3, 2]);
    expect([...sorted(four, { kind: "text", words: WordColumn.of(["b10", "b9", "", "a"]) }, true)]).toEqual([0, 1, 3, 2]);
  });
});

describe("a set and another", () => {
  it("but not both is what is in one alone", () => {
    expect([...xor(Uint32Array.of(1, 2, 5), Uint32Array.of(2, 3))]).toEqual([1, 3, 5]);
    expect([0, 1, 2, 4, 5, 6].map((row) => holds(Uint32Array.of(1, 2, 5), row))).toEqual([false, true, true, false, true, false]);
    expect(holds(new Uint32Array(0), 0)).toBe(false);
  });
});

describe("the window of a long list", () => {
  const short = { scroll: 400, height: 200, count: 1000, row: 40 };
  const long = { scroll: 4_000_000, height: 200, count: 5_000_000, row: 40 };

  it("holds what is seen and little more, where it is scrolled to", () => {
    const { first, end, origin, tall } = windowOf(short);
    expect([first, end, origin, tall]).toEqual([7, 18, 0, 40_000]);
    expect(windowOf({ ...short, scroll: 0, count: 2 })).toMatchObject({ first: 0, end: 2, tall: 80 });
    expect(windowOf({ ...short, count: 0 })).toMatchObject({ first: 0, end: 0, tall: 0 });
    expect(windowOf({ ...short, scroll: 99_999 }).end).toBe(1000);
  });

  it("of millions of rows reaches the last on a track that a browser can draw", () => {
    const { tall, first, end } = windowOf(long);
    expect(tall).toBeLessThan(10_000_000);
    expect(first).toBeGreaterThan(2_000_000);
    expect(end - first).toBeLessThan(15);
    expect(windowOf({ ...long, scroll: tall }).end).toBe(5_000_000);
  });

  it.each([short, long])("is scrolled no farther than it takes to see a row", (list) => {
    const seen = (at: number, scroll: number): boolean => {
      const { origin } = windowOf({ ...list, scroll });
      const y = origin + at * list.row - scroll;
      return y >= -1 && y + list.row <= list.height + 1;
    };
    for (const at of [0, 1, Math.floor(list.count / 2), list.count - 1]) expect(seen(at, scrollTo(at, list))).toBe(true);
    const { first } = windowOf(list);
    expect(scrollTo(first + 5, list)).toBe(list.scroll);
  });
});

describe("a histogram", () => {
  const counts = Float32Array.of(0, 1, 1, 3, NaN);
  const shares = Float32Array.from({ length: 101 }, (_, i) => i / 100);

  it("of few whole numbers has a bin for each, of others equal ones, and none of one value", () => {
    expect(binsOf(counts)).toEqual({ low: 0, high: 3, n: 4, whole: true });
    expect(binsOf(shares)).toMatchObject({ n: 24, whole: false });
    expect([binsOf(Float32Array.of(2, 2, NaN)), binsOf(new Float32Array(0))]).toEqual([null, null]);
  });

  it("counts every value once, of all or of some rows", () => {
    const whole = binsOf(counts);
    const parts = binsOf(shares);
    if (!whole || !parts) throw new Error("no bins");
    expect([...countIn(whole, counts, null)]).toEqual([1, 2, 0, 1]);
    expect([...countIn(whole, counts, Uint32Array.of(1, 4))]).toEqual([0, 1, 0, 0]);
    expect(countIn(parts, shares, null).reduce((sum, n) => sum + n, 0)).toBe(101);
  });

  it("keeps of a brush all that its bins hold, and the brush comes back", () => {
    for (const values of [counts, shares, Float32Array.of(-1e-7, 3e-7, 1e-6), Float32Array.of(1000, 250_000, 1_000_000.5)]) {
      const bins = binsOf(values);
      if (!bins) throw new Error("no bins");
      for (let from = 0; from < bins.n; from += 3) {
        const to = Math.min(bins.n - 1, from + 2);
        const range = rangeOf(bins, from, to);
        const inside = countIn(bins, values, null).slice(from, to + 1).reduce((sum, n) => sum + n, 0);
        const kept = values.filter((value) => value >= Math.fround(range.low) && value <= Math.fround(range.high)).length;
        expect(kept).toBeGreaterThanOrEqual(inside);
        expect(binsIn(bins, range)).toEqual([from, to]);
      }
    }
  });
});

describe("a range in a filter", () => {
  const columns: readonly Known[] = [
    { name: "kept", kind: "number" },
    { name: "my number", kind: "number" },
    { name: "text", kind: "text" },
  ];
  const put = (text: string, name: string, range: { low: number; high: number } | null): string => withRange(text, columns, { name, range });

  it("is written, changed and taken away, and all else stays", () => {
    const one = put("", "kept", { low: 2, high: 5 });
    expect(one).toBe("kept >= 2 and kept <= 5");
    const two = put(one, "my number", { low: -Infinity, high: 0.5 });
    expect(two).toBe("kept >= 2 and kept <= 5 and `my number` <= 0.5");
    expect(put(two, "kept", { low: 3, high: Infinity })).toBe("`my number` <= 0.5 and kept >= 3");
    expect(put(two, "kept", null)).toBe("`my number` <= 0.5");
    expect(put("kept <= 3", "kept", null)).toBe("");
  });

  it("goes beside an or in parentheses, and in place of what cannot be read", () => {
    expect(put('kept < 1 or text ~ "x"', "kept", { low: 1, high: 2 })).toBe('(kept < 1 or text ~ "x") and kept >= 1 and kept <= 2');
    expect(put('(kept < 1 or text ~ "x") and kept <= 2', "kept", { low: 1, high: 1 })).toBe('(kept < 1 or text ~ "x") and kept >= 1 and kept <= 1');
    expect(put("kept <", "kept", { low: 1, high: 2 })).toBe("kept >= 1 and kept <= 2");
  });

  it("is read back", () => {
    expect(rangeIn("kept >= 2 and kept <= 5", columns, "kept")).toEqual({ low: 2, high: 5 });
    expect(rangeIn("kept >= 2", columns, "kept")).toEqual({ low: 2, high: Infinity });
    expect(rangeIn('text ~ "x"', columns, "kept")).toBeNull();
    expect(rangeIn("kept >= 2 or kept <= 5", columns, "kept")).toBeNull();
  });
});
