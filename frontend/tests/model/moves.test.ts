import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { colourChoices } from "../../src/model/colour";
import { colourMoves, displacementField, loadMoves, MOVE_CLASSES, moveCount, movesField, NO_MOVE, shownMoves } from "../../src/model/moves";
import { viewPair } from "../../src/model/pair";
import type { Manifest, MovesInfo } from "../../src/model/schema.gen";
import { MemorySource } from "./memory";

const info: MovesInfo = {
  method: "pca",
  codes: "moves",
  displacement: "displacement",
  floor: 0.05,
  floor_kind: "layout",
  counts: { still: 1, changed_and_moved: 2, moved_not_changed: 1, changed_not_shown: 1, amount_only: 0, lost_and_still: 0 },
  judged_by: "replicate",
  k: 10,
  kept: null,
  expected: null,
};

/** Moves of the five items of space b: items 5, 4, 3, 2 and 0, in that order. */
class MovingSource extends MemorySource {
  constructor() {
    super();
    this.put("moves", Int32Array.of(1, 1, 2, 3, 0), { kind: "codes", over: "space/b" });
    this.put("displacement", Float32Array.of(0.5, 0.4, 0.3, 0.02, 0.01), { kind: "values", over: "space/b" });
  }

  override async manifest(): Promise<Manifest> {
    const manifest = await super.manifest();
    return { ...manifest, pairs: manifest.pairs.map((pair) => ({ ...pair, moves: [info] })) };
  }
}

async function load(a: string, b: string) {
  const bundle = await Bundle.open(new MovingSource());
  const field = movesField(viewPair(bundle.manifest, a, b), "pca");
  if (!field) throw new Error("no moves");
  return { bundle, field, moves: await loadMoves(bundle, field) };
}

describe("the moves of a pair", () => {
  it.each([["a", "b"], ["b", "a"]] as const)("are brought to all items, the same from %s to %s", async (a, b) => {
    const { moves } = await load(a, b);
    expect([...moves.codes]).toEqual([0, NO_MOVE, 3, 2, 1, 1]);
    expect(moves.displacement[5]).toBeCloseTo(0.5);
    expect(moves.displacement[1]).toBeNaN();
  });

  it("colour each item by its class, in words, and count those that are not in both", async () => {
    const { moves } = await load("a", "b");
    const colouring = colourMoves({ key: "pair:move", title: "Class of move" }, moves);
    expect(colouring.entries.map(({ name, count }) => [name, count])).toEqual([
      ["still", 1],
      ["changed and moved", 2],
      ["moved, not changed", 1],
      ["changed, not shown", 1],
      ["not classed", 0],
      ["lost all, looks still", 0],
    ]);
    expect([colouring.missing, colouring.nameOf(2), colouring.nameOf(1)]).toEqual([1, "changed, not shown", null]);
    expect(colouring.entries.map((entry) => entry.count)).toEqual(MOVE_CLASSES.map((_, code) => moveCount(info, code)));
  });

  it("are counted in bundles from before moves were told by amount, and shown as far as they can occur", () => {
    const counts = { still: 4, real: 3, layout_only: 2, hidden: 1 } as MovesInfo["counts"];
    const older: MovesInfo = { ...info, counts, judged_by: null };
    expect(shownMoves(older).map((code) => [MOVE_CLASSES[code]?.title, moveCount(older, code)])).toEqual([
      ["changed and moved", 3],
      ["moved, not changed", 2],
      ["changed, not shown", 1],
      ["still", 4],
    ]);
    expect(shownMoves({ ...info, judged_by: "amount" }).map((code) => MOVE_CLASSES[code]?.key)).toEqual(["lost_and_still", "moved_not_changed", "amount_only"]);
  });

  it("are drawn whole where nothing says who changed, and with a ring where one is lost", async () => {
    class Unjudged extends MovingSource {
      constructor() {
        super();
        this.put("moves", Int32Array.of(4, 5, 2, 3, 0), { kind: "codes", over: "space/b" });
      }
    }
    const bundle = await Bundle.open(new Unjudged());
    const field = movesField(viewPair(bundle.manifest, "a", "b"), "pca");
    expect(field && [...(await loadMoves(bundle, field)).drawn]).toEqual([0, NO_MOVE, 3, 2, 3, NO_MOVE]);
  });

  it("are offered as colours with the pictures of their method only", async () => {
    const { bundle, field } = await load("a", "b");
    const pair = viewPair(bundle.manifest, "a", "b");
    const keys = (method: string) => colourChoices(bundle.manifest, pair, { a: "a", b: "b", method }).map((choice) => choice.key);
    expect(keys("pca").slice(1, 3)).toEqual(["pair:move", `pair:${displacementField(field).name}`]);
    expect(keys("joint")).not.toContain("pair:move");
  });

  it("are none in a pair whose moves were not classed", async () => {
    const manifest = await new MemorySource().manifest();
    expect(viewPair(manifest, "a", "b")?.moves).toEqual([]);
    expect(movesField(viewPair(manifest, "a", "b"), "pca")).toBeNull();
    expect(movesField(null, "pca")).toBeNull();
  });
});
