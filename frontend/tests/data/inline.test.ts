import { expect, test } from "vitest";
import { DataError } from "../../src/data/errors";
import { InlineSource } from "../../src/data/inline";
import type { DataSource } from "../../src/data/source";
import type { Manifest } from "../../src/model/schema.gen";
import { describeDataSource } from "../contracts/datasource";
import { makeFixture } from "../contracts/fixture";
import { blockOf, blocksOf, inlined } from "./inline";

describeDataSource("InlineSource", (fixture) => Promise.resolve(inlined(fixture)));

const fixture = makeFixture();

function rounded(shape: number[], codes: readonly number[], about: { low: number[]; step: number[] }): InlineSource {
  const column = { path: "", kind: "coords", over: "items", dtype: "float32", shape, offset: 0, bytes: null, crc32: null, version: 1 } as const;
  const manifest: Manifest = { ...fixture.manifest, columns: { xy: column } };
  const index = new TextEncoder().encode(JSON.stringify({ manifest, columns: { xy: { block: 0, ...about } } }));
  const blocks = new Map([["index", blockOf(index, 1)], ["0", blockOf(new Uint8Array(Uint16Array.from(codes).buffer), 2)]]);
  return new InlineSource((name) => blocks.get(name) ?? null);
}

test("a rounded column is read as numbers, each place of a row by its own range, and nothing where one is missing", async () => {
  const source = rounded([3, 2], [0, 65_534, 2, 0, 65_535, 65_535], { low: [-1, 10], step: [0.5, 1] });
  expect(await source.column("xy")).toEqual(Float32Array.of(-1, 65_544, 0, 10, NaN, NaN));
  expect(await source.column("xy", { start: 1, end: 2 })).toEqual(Float32Array.of(0, 10));
});

test("a rounded column of one range has it at every place", async () => {
  const source = rounded([2, 3], [0, 1, 2, 3, 4, 5], { low: [1], step: [0.25] });
  expect(await source.column("xy")).toEqual(Float32Array.of(1, 1.25, 1.5, 1.75, 2, 2.25));
});

test("it computes nothing, asks nobody and has no news", () => {
  const source: DataSource = inlined(fixture);
  expect(["progress", "ask", "watch", "look"].filter((name) => name in source)).toEqual([]);
});

test.each([
  ["0", null, "position: is not in this file; export the bundle again"],
  ["0", "%%%", "position: is damaged in this file; export the bundle again"],
  ["0", "AAAA", "position: is damaged in this file; export the bundle again"],
  ["index", null, "manifest: is not in this file; export the bundle again"],
])("a block '%s' that is %s is an error in words", async (block, text, words) => {
  const whole = blocksOf(fixture);
  const wanted = new InlineSource((name) => (name === block ? text : whole(name))).column("position");
  await expect(wanted).rejects.toThrow(DataError);
  await expect(wanted).rejects.toThrow(words);
});
