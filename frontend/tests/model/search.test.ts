import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { Finder } from "../../src/model/finder";
import { relevance, WordIndex } from "../../src/model/search";
import { WordColumn } from "../../src/model/words";
import { MemorySource, NumberedSource } from "./memory";

function column(words: readonly string[]): WordColumn {
  const encoder = new TextEncoder();
  const bytes = words.map((word) => encoder.encode(word));
  const offsets = [0];
  for (const word of bytes) offsets.push((offsets.at(-1) ?? 0) + word.length);
  return new WordColumn(offsets, Uint8Array.from(bytes.flatMap((word) => [...word])));
}

describe("a word index", () => {
  it("finds words inside strings whatever their case", () => {
    const index = new WordIndex(column(["Red apple", "pear", "PINEAPPLE", ""]));
    expect([...index.rows("Apple")]).toEqual([0, 2]);
    expect([...index.rows("")]).toEqual([]);
    expect([...index.rows("apples")]).toEqual([]);
  });

  it("folds the case of letters beyond ASCII", () => {
    expect([...new WordIndex(column(["Äpfel", "äPFEL", "apfel", "日本語"])).rows("ÄPF")]).toEqual([0, 1]);
    expect([...new WordIndex(column(["日本語", "日本"])).rows("本語")]).toEqual([0]);
  });

  it("does not match across the seam of two strings", () => {
    expect([...new WordIndex(column(["ab", "cd", "bc"])).rows("bc")]).toEqual([2]);
  });

  it("agrees with a plain search on thousands of strings", () => {
    let seed = 3;
    const letter = (): string => "abAÉ"[(seed = (seed * 48271) % 2147483647) % 4] ?? "";
    const words = Array.from({ length: 9000 }, (_, i) => (i % 7 === 0 ? "" : letter() + letter() + letter() + letter()));
    const index = new WordIndex(column(words));
    for (const query of ["ab", "éa", "bbb"]) {
      expect([...index.rows(query)]).toEqual(words.flatMap((word, i) => (word.toLowerCase().includes(query) ? [i] : [])));
    }
  });
});

it("relevance puts the same first, then the whole word, then what begins so, then what contains it", () => {
  const texts = ["ball", "Ball game", "tennis ball", "balloon", "hot-air balloon", "football", "apple"];
  expect(texts.map((text) => relevance(text, "ball"))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  // Where several words match, the best counts.
  expect(relevance("balloons round a ball", "ball")).toBe(2);
  expect(relevance("tennis ball", "tennis b")).toBe(3);
});

it("the finder searches text, id and label, and ranks the best first", async () => {
  const finder = new Finder(await Bundle.open(new MemorySource()));
  expect(await finder.find("pear")).toMatchObject({ rows: Uint32Array.of(1, 5), top: [5, 1] });
  expect([...(await finder.find("I4")).rows]).toEqual([4]);
  expect([...(await finder.find("fruit")).rows]).toEqual([0, 2, 4]);
  expect(await finder.find("tree")).toMatchObject({ rows: Uint32Array.of(1, 5), top: [5, 1] });
});

it("the finder finds ids that are numbers", async () => {
  const finder = new Finder(await Bundle.open(new NumberedSource()));
  expect([...(await finder.find("20000000005")).rows]).toEqual([4]);
});
