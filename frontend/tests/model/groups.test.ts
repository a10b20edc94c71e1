import { describe, expect, it } from "vitest";
import {
  enrichedValues,
  filterGroups,
  isInView,
  membersOf,
  overlapCounts,
  pairOf,
  timelineOf,
  typeCounts,
} from "../../src/model/groups";
import type { GroupReport } from "../../src/model/schema.gen";
import { groupsOf } from "./grouped";
import { RichSource } from "./rich";

const groups = groupsOf("a", "b");
const first = groups[0] as GroupReport;
const ALL = { types: new Set<GroupReport["type"]>(), enriched: "", passes: null };

describe("the members of groups", () => {
  const codes = Int32Array.of(1, -1, 0, 1, 7, 1);

  it("are the rows of each code, a group without any included", () => {
    expect(membersOf(codes, 3).map((rows) => [...rows])).toEqual([[2], [0, 3, 5], []]);
  });

  it("are counted in a selection", () => {
    expect([...overlapCounts(codes, 3, Uint32Array.of(0, 1, 2, 4, 5))]).toEqual([1, 2, 0]);
    expect([...overlapCounts(codes, 3, new Uint32Array(0))]).toEqual([0, 0, 0]);
  });

  it("are in view when half of them are, in A or in B", () => {
    const box = { left: 0, right: 1, bottom: 0, top: 1 };
    const at = (...places: number[]): Float32Array => Float32Array.from(places);
    const far = at(5, 5, 5, 5, NaN, NaN, NaN, NaN);
    const rows = Uint32Array.of(0, 1, 2, 3);
    expect(isInView(rows, { from: far, to: far }, box)).toBe(false);
    expect(isInView(rows, { from: far, to: at(0.5, 0.5, 1, 1, 2, 0, NaN, NaN) }, box)).toBe(true);
    expect(isInView(rows, { from: at(0.5, 0.5, 9, 9, 2, 0, NaN, NaN), to: far }, box)).toBe(false);
    expect(isInView(new Uint32Array(0), { from: far, to: far }, box)).toBe(false);
  });
});

describe("a list of groups", () => {
  it("is whole without a filter, and keeps its order", () => {
    expect(filterGroups(groups, ALL)).toEqual([0, 1, 2, 3]);
  });

  it("is filtered by any of some types, by what is enriched, and by what the members decide", () => {
    expect(filterGroups(groups, { ...ALL, types: new Set(["split", "moved"]) })).toEqual([1, 3]);
    expect(filterGroups(groups, { ...ALL, enriched: "digit\n7" })).toEqual([1]);
    expect(filterGroups(groups, { ...ALL, enriched: "hand\n7" })).toEqual([]);
    expect(filterGroups(groups, { ...ALL, passes: (group) => group > 1 })).toEqual([2, 3]);
    expect(filterGroups(groups, { types: new Set(["split", "gathered"]), enriched: "digit\n1", passes: (group) => group < 3 })).toEqual([2]);
  });

  it("names the types and the enriched values there are, with how many groups have each", () => {
    expect([...typeCounts(groups)]).toEqual([["moved", 1], ["merged", 1], ["split", 1], ["gathered", 1]]);
    const twice = enrichedValues([...groups, first]);
    expect(twice.map(({ column, value, n }) => [column, value, n])).toEqual([
      ["digit", "4", 2],
      ["digit", "nine, spelled out at length", 2],
      ["hand", "left", 2],
      ["digit", "7", 1],
      ["digit", "1", 1],
    ]);
    expect(enrichedValues([{ ...first, enriched: [...first.enriched, ...first.enriched] }]).map(({ n }) => n)).toEqual([1, 1, 1]);
  });
});

describe("timelines", () => {
  it("are found by the group of one of their steps", async () => {
    const manifest = await new RichSource().manifest();
    expect(timelineOf(manifest, 0, 0)?.n).toBe(60);
    expect(timelineOf(manifest, 1, 0)).toBe(timelineOf(manifest, 0, 0));
    expect([timelineOf(manifest, 0, 1), timelineOf(manifest, 4, 0)]).toEqual([null, null]);
  });

  it("name their pairs, in the direction they were compared", async () => {
    const manifest = await new RichSource().manifest();
    expect(pairOf(manifest, { a: "epoch 1", b: "epoch 2" })).toBe(1);
    expect(pairOf(manifest, { a: "epoch 2", b: "epoch 1" })).toBe(-1);
  });
});
