import { expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { cellOf, columnsOf, csvOf, rowsOf } from "../../src/model/csv";
import { quoted, snippetOf } from "../../src/model/snippet";
import { viewPair } from "../../src/model/pair";
import { MemorySource } from "./memory";

it("no text becomes a formula, whatever it begins with", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "-"]) expect(cellOf(text).replaceAll('"', "")).toMatch(/^'/);
  for (const text of ["a=1", "1-2", "x@y", "", "'quoted'"]) expect(cellOf(text)).toBe(text);
});

it("commas, quotes and ends of lines stay in their cell", () => {
  expect(cellOf('a,"b"\nc')).toBe('"a,""b""\nc"');
});

it("numbers are numbers, in as few figures as tell them apart, and what is missing is empty", () => {
  expect([0.1, -0.5, 3, 1e-7, NaN, Infinity].map((value) => cellOf(Math.fround(value)))).toEqual(["0.1", "-0.5", "3", "1e-7", "", "inf"]);
  for (const value of [0.123456789, 16777217, 3.4e38, 1.1754944e-38]) expect(Math.fround(Number(cellOf(Math.fround(value))))).toBe(Math.fround(value));
});

it("the table has every item, or the selected ones, with what is known of it and of the pair", async () => {
  const bundle = await Bundle.open(new MemorySource());
  const pair = { view: viewPair(bundle.manifest, "a", "b"), moves: { value: null }, layout: { value: null } };
  const columns = await columnsOf({ bundle, pair });
  const lines = [...csvOf(columns, rowsOf(bundle, new Uint32Array(0)))].join("").split("\r\n");
  expect(lines[0]?.startsWith("\ufeff")).toBe(true);
  expect(lines.length).toBe(bundle.n + 2);
  expect(columns.map(({ title }) => title)).toContain("Neighbours kept");
  expect([...csvOf(columns, rowsOf(bundle, Uint32Array.of(1)))].join("").split("\r\n")).toEqual([lines[0], lines[2], ""]);
});

it("text is written as Python reads it", () => {
  expect(quoted('a"b\\c\n\u2028\u202e')).toBe('"a\\"b\\\\c\\n\\u2028\\u202e"');
});

it("Python names labels where the selection is all of them, and ids where it is not", async () => {
  const bundle = await Bundle.open(new MemorySource());
  const field = bundle.labelField;
  const labels = field ? await bundle.categories(field) : { codes: new Int32Array(0), names: [] };
  const pair = { a: "a", b: "b", view: viewPair(bundle.manifest, "a", "b") };
  const rows = Uint32Array.from([...labels.codes.keys()].filter((row) => labels.codes[row] === 0));
  const of = (selected: Uint32Array): Promise<string> => snippetOf({ bundle, pair, selection: { rows: selected, name: "", labels: { value: labels } }, finding: -1 });
  expect(await of(rows)).toContain(`[${quoted(labels.names[0] ?? "")}]`);
  expect(await of(rows.subarray(1))).toContain("np.isin(comparison.ids, ids)");
  expect(await of(new Uint32Array(0))).toContain("rows = np.arange(len(comparison.ids))");
});
