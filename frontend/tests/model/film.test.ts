import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { groupedByLikeness } from "../../src/model/likeness";
import { Film } from "../../src/model/film.svelte";
import { Ordering } from "../../src/model/ordering.svelte";
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

it("stands as given or by likeness, as was chosen, and many by likeness while nobody chose", () => {
  const names = ["x1", "y1", "x2", "y2", "x3", "y3"];
  const ordered = (n: number): Ordering => {
    const all = Array.from({ length: n }, (_, i) => names[i] ?? `x${i}`);
    const pairs = all.flatMap((a, i) => all.slice(i + 1).map((b) => ({ a, b, scores: { neighborhood_overlap: { value: a[0] === b[0] ? 0.9 : 0.1, n: 9 } } })));
    const manifest = { spaces: all.map((name) => ({ name })), pairs, report: { pairs, spaces: [] } };
    return new Ordering({ bundle: { manifest } as unknown as Bundle });
  };
  const few = ordered(6);
  expect([few.order, few.matters, few.names]).toEqual(["given", true, names]);
  few.asked = "alike";
  expect(few.names.map((name) => name[0]).join("")).toMatch(/^(xxxyyy|yyyxxx)$/);
  expect(few.groups(["x1", "y1", "x3"]).flat()).toHaveLength(3);
  const many = ordered(12);
  expect(many.order).toBe("alike");
  many.asked = "given";
  expect(many.names.slice(0, 6)).toEqual(names);
  expect(ordered(3).matters).toBe(false);
});

it("neighbours in the row are as alike as their groups let them be", () => {
  // On a line: whatever order they come in, the row is the line.
  const places: Readonly<Record<string, number>> = { a: 0, b: 0.1, c: 0.22, d: 0.35, e: 0.5, f: 0.66 };
  const near = (x: string, y: string): number => 1 - Math.abs((places[x] ?? 0) - (places[y] ?? 0));
  for (const names of ["abcdef", "fdbeca", "cafebd"]) expect(groupedByLikeness(Array.from(names), near).flat().join("")).toMatch(/^(abcdef|fedcba)$/);
});

it("many stand in groups of those that are alike, whatever order they came in", () => {
  const names = ["x1", "y1", "z1", "x2", "y2", "z2", "x3", "y3", "z3", "x4", "y4", "z4"];
  const groups = groupedByLikeness(names, (a, b) => (a[0] === b[0] ? 0.8 : 0.1));
  expect(groups.map((group) => [...group].sort())).toEqual([["x1", "x2", "x3", "x4"], ["y1", "y2", "y3", "y4"], ["z1", "z2", "z3", "z4"]]);
  expect(groupedByLikeness(names, () => null).flat().sort()).toEqual([...names].sort());
  expect(groupedByLikeness(["a"], () => 1)).toEqual([["a"]]);
  expect(groupedByLikeness([], () => 1)).toEqual([]);
});
