import { describe, expect, test } from "vitest";
import { DataError } from "../../src/data/errors";
import type { DataSource } from "../../src/data/source";
import { answerTo, type Fixture, KINDS, makeFixture, REFUSAL } from "./fixture";

/**
 * What every `DataSource` must do. `make` serves the fixture's bytes in the source's own way; where the source has an
 * `ask`, what answers it says `answerTo`, and refuses no rows with `REFUSAL`.
 */
export function describeDataSource(name: string, make: (fixture: Fixture) => Promise<DataSource>): void {
  const fixture = makeFixture();
  const { columns } = fixture.manifest;
  const names = Object.keys(columns);
  const whole = (column: string) => fixture.expected.get(column) ?? expect.fail(`no column ${column}`);
  const shape = (column: string) => columns[column]?.shape ?? expect.fail(`no column ${column}`);

  describe(`${name} is a DataSource`, () => {
    test("gives the manifest as it was written", async () => {
      expect(await (await make(fixture)).manifest()).toEqual(fixture.manifest);
    });

    test.each(names)("reads all of %s with its type", async (column) => {
      expect(await (await make(fixture)).column(column)).toStrictEqual(whole(column));
    });

    test.each(names)("reads any rows of %s", async (column) => {
      const source = await make(fixture);
      const n = shape(column)[0] as number;
      const width = whole(column).length / n;
      for (const [start, end] of [[0, 1], [1, 3], [n - 1, n], [0, n]] as const) {
        const rows = await source.column(column, { start, end });
        expect(rows, `rows ${start} to ${end}`).toStrictEqual(whole(column).slice(start * width, end * width));
      }
    });

    test.each(names)("reads no rows of %s as an empty array of its type", async (column) => {
      const source = await make(fixture);
      const n = shape(column)[0] as number;
      for (const at of [0, 2, n]) {
        expect(await source.column(column, { start: at, end: at })).toStrictEqual(whole(column).slice(0, 0));
      }
    });

    test.each([
      [-1, 2],
      [0, 7],
      [3, 2],
      [0.5, 1],
    ])("refuses rows %d to %d, which a column of 6 does not have", async (start, end) => {
      const rows = (await make(fixture)).column("position", { start, end });
      await expect(rows).rejects.toThrow(DataError);
      await expect(rows).rejects.toThrow(/^position: rows .* were asked for, but it has 6/);
    });

    test.each(["nowhere", "toString", ""])("refuses the unknown column '%s' by name", async (column) => {
      const source = await make(fixture);
      const wanted = source.column(column);
      await expect(wanted).rejects.toThrow(DataError);
      await expect(wanted).rejects.toThrow(`${column}: the bundle has no such column`);
      await expect(source.column(column, { start: 0, end: 1 })).rejects.toThrow("no such column");
    });

    test("gives the very same array each time a whole column is asked for", async () => {
      const source = await make(fixture);
      const [first, second] = await Promise.all([source.column("a/coords"), source.column("a/coords")]);
      expect(second).toBe(first);
      expect(await source.column("a/coords")).toBe(first);
    });

    test.each(KINDS)("asks '%s' of exactly the pair and the rows given, or cannot ask at all", async (kind) => {
      const source = await make(fixture);
      if (!source.ask) return;
      const question = { kind, a: "é & b/ö?", b: "c=1 %" };
      for (const rows of [Int32Array.of(3), Int32Array.of(0, 2, 5), Int32Array.of(1, 70_000, 2 ** 31 - 1).subarray(1)]) {
        expect(await source.ask(question, rows)).toEqual(answerTo(question, rows));
      }
    });

    test.each(KINDS)("refuses a question '%s' in the words of who would answer it", async (kind) => {
      const source = await make(fixture);
      if (!source.ask) return;
      const wanted = source.ask({ kind, a: "a", b: "b" }, new Int32Array(0));
      await expect(wanted).rejects.toThrow(DataError);
      await expect(wanted).rejects.toThrow(`the selection: ${REFUSAL}; ask of other items`);
    });

    test("has no news of a bundle that stays as it was, however often it is asked", async () => {
      const source = await make(fixture);
      const told: unknown[] = [];
      source.watch?.((news) => void told.push(news));
      await source.manifest();
      await source.look?.();
      await source.column("position");
      expect(told.filter((news) => news !== null)).toEqual([]);
    });

    test("lets a question that was taken back go", async () => {
      const source = await make(fixture);
      if (!source.ask) return;
      const wanted = source.ask({ kind: "selection", a: "a", b: "b" }, Int32Array.of(1), AbortSignal.abort());
      await expect(wanted).rejects.toThrow(/abort/i);
    });
  });
}
