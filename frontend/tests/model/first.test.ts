import { describe, expect, test } from "vitest";
import type { ColumnArray, RowRange } from "../../src/data/source";
import { Bundle } from "../../src/model/bundle";
import { FIRST } from "../../src/model/layout";
import type { Manifest } from "../../src/model/schema.gen";
import { Session } from "../../src/model/session.svelte";
import { ArraySource, MemorySource } from "./memory";

/** Very many items in two pictures; `b` lacks every fourth. Whole columns wait until they may come. */
class HugeSource extends ArraySource {
  readonly n: number;
  come: () => void = () => undefined;
  readonly #may = new Promise<void>((resolve) => (this.come = resolve));

  constructor(n: number) {
    super();
    this.n = n;
    const rows = Int32Array.from({ length: n }, (_, i) => i).filter((row) => row % 4 !== 0);
    this.put("rows/b", rows, { kind: "rows", over: "space/b" });
    this.put("coords/a", Float32Array.from({ length: 2 * n }, (_, i) => i >> 1), { kind: "coords", over: "items" }, [n, 2]);
    this.put("coords/b", Float32Array.from({ length: 2 * rows.length }, (_, i) => rows[i >> 1] as number), { kind: "coords", over: "space/b" }, [rows.length, 2]);
  }

  override async column(name: string, rows?: RowRange): Promise<ColumnArray> {
    const column = await super.column(name, rows);
    if (!rows && name.startsWith("coords")) await this.#may;
    return column;
  }

  async manifest(): Promise<Manifest> {
    const small = await new MemorySource().manifest();
    const coords = (name: string) => (projection: Manifest["spaces"][number]["projections"][number]) => ({ ...projection, coords: `coords/${name}` });
    return {
      ...small,
      n_items: this.n,
      columns: this.columns,
      domains: { items: { n: this.n, position: "", rows: null }, "space/b": { n: 0, position: "", rows: "rows/b" } },
      fields: [],
      roles: { id: "", text: null, label: null, thumbnail: null },
      pairs: [],
      spaces: small.spaces.slice(0, 2).map((space) => ({ ...space, fields: [], projections: space.projections.slice(0, 1).map(coords(space.name)) })),
    };
  }
}

const known = (places: Float32Array = new Float32Array()) => places.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 0.5), 0);

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve));
}

describe("of very many items", () => {
  test("the first are there before the rest is asked for, each where it belongs", async () => {
    const source = new HugeSource(2 * FIRST + 4);
    const session = new Session(await Bundle.open(source));
    const followed = session.follow({ a: "a", b: "b" });
    await until(() => session.pair.first.value !== null);
    const { first, layout } = session.pair;
    expect([layout.value, known(first.value?.from), known(first.value?.to)]).toEqual([null, FIRST, FIRST]);
    expect([first.value?.from[2 * 777], first.value?.to[2 * 777], first.value?.to[2 * 776]]).toEqual([777, 777, NaN]);
    const parts = source.asked.filter((asked) => asked.startsWith("coords")).map((asked) => asked.includes(":"));
    expect([parts.indexOf(false) > parts.lastIndexOf(true), parts.length]).toEqual([true, 6]);
    source.come();
    await followed;
    expect([first.value, known(layout.value?.from), known(layout.value?.to)]).toEqual([null, source.n, (3 * source.n) / 4]);
  });

  test("a pair that is chosen meanwhile stays", async () => {
    const source = new HugeSource(2 * FIRST + 4);
    source.come();
    const session = new Session(await Bundle.open(source));
    const followed = session.follow({ a: "a", b: "b" });
    await session.setPair("b", "a");
    await followed;
    expect([session.pair.a, session.pair.b]).toEqual(["b", "a"]);
  });

  test("another pair is not begun anew: what is shown stays until the other is there", async () => {
    const source = new HugeSource(2 * FIRST + 4);
    source.come();
    const session = new Session(await Bundle.open(source));
    await session.follow({ a: "a", b: "b" });
    source.asked.length = 0;
    await session.follow({ a: "b", b: "a" });
    expect(session.pair.first.value).toBeNull();
    expect(source.asked.filter((asked) => asked.endsWith(`:${FIRST}`))).toEqual([]);
  });
});

test("fewer items are read at once", async () => {
  const source = new HugeSource(2000);
  source.come();
  const session = new Session(await Bundle.open(source));
  await session.follow({ a: "a", b: "b" });
  expect(source.asked.filter((asked) => asked.includes(String(FIRST)))).toEqual([]);
  expect(known(session.pair.layout.value?.from)).toBe(2000);
});
