import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { groupedByLikeness } from "../../src/model/likeness";
import { Film } from "../../src/model/film.svelte";
import { Session } from "../../src/model/session.svelte";
import { MemorySource } from "./memory";
import { RichSource, STEPS } from "./rich";

async function open(source = new RichSource()): Promise<{ session: Session; film: Film }> {
  const session = new Session(await Bundle.open(source));
  await session.follow({});
  return { session, film: new Film(session) };
}

describe("the strip of spaces", () => {
  it("has a sequence in its order, each step from the space before, and replicates after it", async () => {
    const { film } = await open();
    expect(film.frames.map(({ name }) => name)).toEqual([...STEPS, "epoch 10, seed 1"]);
    expect(film.frames.map(({ from }) => from)).toEqual(["", ...STEPS.slice(0, -1), STEPS[0]]);
    const [first, second] = film.frames;
    expect([first?.change, first?.step]).toEqual([null, true]);
    // The steps of the fixture keep 0.95 of what did not change, and 0.017 besides; another run keeps 0.6.
    expect([second?.change, second?.noise]).toEqual([expect.closeTo(1 - (0.95 * 0.28 + 0.017)), expect.closeTo(0.4)]);
  });

  it("says of each space what stays against A where there is no sequence, and nothing where none was compared", async () => {
    const { session, film } = await open(new MemorySource() as unknown as RichSource);
    expect(film.chain).toEqual([]);
    expect(film.frames.map(({ name, from, kept }) => [name, from, kept?.count ?? null])).toEqual([
      ["a", "", null],
      ["b", "a", expect.any(Number)],
      ["c", "a", null],
    ]);
    await session.setPair("b", "a");
    expect(film.frames.map(({ from }) => from)).toEqual(["b", "", "b"]);
  });

  it("says the same of the selected items alone, from what was read with the pair", async () => {
    const source = new RichSource();
    const { session, film } = await open(source);
    await film.load();
    const asked = source.asked.length;
    expect(film.frames.every(({ selected }) => selected === null)).toBe(true);
    const rows = Uint32Array.of(0, 1, 2, 40);
    session.selection.set(rows);
    const { bundle, pair } = session;
    const field = pair.view?.fields.find(({ name }) => name.includes("overlap"));
    const kept = field ? await bundle.numbers(field) : new Float32Array();
    const mean = rows.reduce((sum, row) => sum + (kept[row] ?? NaN), 0) / rows.length;
    expect(film.frames[1]?.selected).toBeCloseTo(1 - mean);
    session.selection.set(new Uint32Array());
    expect(film.frames[1]?.selected).toBeNull();
    expect(source.asked).toHaveLength(asked);
  });
});

it("many stand in groups of those that are alike, whatever order they came in", () => {
  const names = ["x1", "y1", "z1", "x2", "y2", "z2", "x3", "y3", "z3", "x4", "y4", "z4"];
  const groups = groupedByLikeness(names, (a, b) => (a[0] === b[0] ? 0.8 : 0.1));
  expect(groups.map((group) => [...group].sort())).toEqual([["x1", "x2", "x3", "x4"], ["y1", "y2", "y3", "y4"], ["z1", "z2", "z3", "z4"]]);
  expect(groupedByLikeness(names, () => null).flat().sort()).toEqual([...names].sort());
  expect(groupedByLikeness(["a"], () => 1)).toEqual([["a"]]);
  expect(groupedByLikeness([], () => 1)).toEqual([]);
});
