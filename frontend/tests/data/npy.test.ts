import { expect, test } from "vitest";
import { byteRange, decode, rowWidth } from "../../src/data/npy";
import type { Column } from "../../src/model/schema.gen";

const column = (dtype: string, shape: number[], offset = 128): Column => ({
  ...{ path: "c.npy", kind: "values", over: "items", bytes: null, crc32: null, version: 1 },
  ...{ dtype, shape, offset },
});

test("a row's bytes begin after the header and are its width times its dtype's size", () => {
  const pixels = column("uint8", [10, 32, 32, 3]);
  expect(rowWidth(pixels)).toBe(3072);
  expect(byteRange("p", pixels)).toEqual({ start: 128, end: 128 + 30720 });
  expect(byteRange("p", pixels, { start: 3, end: 5 })).toEqual({ start: 128 + 9216, end: 128 + 15360 });
});

test("ranges stay exact past 4 GiB", () => {
  const vectors = column("float32", [5_000_000, 1024]);
  expect(byteRange("v", vectors, { start: 4_999_999, end: 5_000_000 })).toEqual({ start: 20479996032, end: 20480000128 });
});

test("an unknown dtype is refused by name", () => {
  expect(() => byteRange("c", column(">f4", [1]))).toThrow(/^c: its dtype '>f4' is not one this page reads \(bool, int8/);
});

test("aligned bytes are viewed where they lie and others are copied", () => {
  const bytes = new Uint8Array(16);
  expect(decode("c", column("float32", [2]), bytes.subarray(4, 12)).buffer).toBe(bytes.buffer);
  new DataView(bytes.buffer).setFloat32(1, 2.5, true);
  expect(decode("c", column("float32", [1]), bytes.subarray(1, 5))).toEqual(Float32Array.of(2.5));
});
