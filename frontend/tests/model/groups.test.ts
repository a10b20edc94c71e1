import { describe, expect, it } from "vitest";
import {
  enrichedValues,
  filterGroups,
  GROUP_TYPES,
  isInView,
  membersOf,
  overlapCounts,
  pairOf,
  timelineOf,
  timelinesOf,
  turnGroup,
  turnRows,
  typeCounts,
} from "../../src/model/groups";
import type { GroupReport, Manifest } from "../../src/model/schema.gen";
import { groupRows, groupsOf } from "./grouped";
import { MemorySource } from "./memory";
import { RichSource } from "./rich";

const groups = groupsOf("a", "b");
const first = groups[0] as GroupReport;
const ALL = { types: new Set<GroupReport["type"]>(), enriched: "", passes: null };

describe("a group from the other side", () => {
  it("is of the opposite type", () => {
    const turned = Object.fromEntries(GROUP_TYPES.map((type) => [type, turnGroup({ ...first, type }).type]));
    expect(turned).toEqual({
      moved: "moved",
      merged: "split",
      split: "merged",
      gathered: "scattered",
      scattered: "gathered",
      contracted: "expanded",
      expanded: "contracted",
    });
  });

  it("has gained what it had lost, and its shares and figures the other way round", () => {
    const turned = turnGroup(first);
    expect([turned.lost, turned.gained]).toEqual([first.gained, first.lost]);
    expect(turned.shifts[0]).toMatchObject({ share_a: 0.45, share_b: 0.12, chance: 0.1 });
    expect(turned.evidence).toEqual({ inner_a: 0.62, inner_b: 0.21, inner_chance: 0.1, spread_a: 0.41, spread_b: 0.9, agreement: 0.77, density_change: -0.35 });
    expect(turnRows(groupRows(0))).toEqual({ exemplars: groupRows(0).exemplars, lost: [3, 13], gained: [5, 15, 25] });
  });

  it("keeps its words, and turned twice is itself", () => {
    const turned = turnGroup(first);
    expect([turned.title, turned.sentence, turned.mass]).toEqual([first.title, first.sentence, first.mass]);
    expect(turnGroup(turned)).toEqual(first);
  });
});

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

  it("are none in a bundle of before there were any", async () => {
    const manifest = await new MemorySource().manifest();
    const { timelines, ...older } = manifest.report;
    expect(timelinesOf({ ...manifest, report: older as Manifest["report"] })).toEqual([]);
    expect(timelines).toEqual([]);
  });
});
