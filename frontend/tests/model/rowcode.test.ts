import { expect, it } from "vitest";
import { decodeRows, encodeRows } from "../../src/model/rowcode";

it.each([[[]], [[0]], [[0, 1, 2, 127, 128, 129, 5000]], [[999_999]], [[130, 16_600, 16_601]]])("rows %j come back from their code", (rows) => {
  const code = encodeRows(Uint32Array.from(rows), 1_000_000) ?? "";
  expect(code).toMatch(/^[\w.-]+$/);
  expect([...(decodeRows(code, 1_000_000) ?? [-1])]).toEqual(rows);
});

it("a code of another number of items, or none at all, is no selection", () => {
  const code = encodeRows(Uint32Array.of(3, 5), 10) ?? "";
  expect(decodeRows(code, 11)).toBeNull();
  expect(["", "a", "a.", "a.***", "a.gA", "a._w8"].map((text) => decodeRows(text, 10)?.length ?? null)).toEqual([null, null, 0, null, null, null]);
});

it("all rows but a few come back from the code of the few", () => {
  const rows = Uint32Array.from({ length: 10_000 }, (_, i) => i).filter((row) => row !== 17 && row !== 9_999);
  const code = encodeRows(rows, 10_000) ?? "";
  expect(code).toMatch(/^[\w.-]{1,20}$/);
  expect(decodeRows(code, 10_000)).toEqual(rows);
  expect([decodeRows(code, 9_999), decodeRows("7ps.***.but", 10_000)]).toEqual([null, null]);
});

it("a selection too long for an address has no code", () => {
  expect(encodeRows(Uint32Array.from({ length: 5_000 }, (_, i) => 2 * i), 10_000)).toBeNull();
});
