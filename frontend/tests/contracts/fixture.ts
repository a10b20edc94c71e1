import type { Column, Manifest } from "../../src/model/schema.gen";
import type { Answers, ColumnArray, Question } from "../../src/data/source";

/** The question, told back. */
const told = ({ kind, a, b }: Question<keyof Answers>, rows: Int32Array): string => `${kind} from '${a}' to '${b}': ${rows.join(" ")}`;

const SEARCH = { floor_kind: "replicate", exploratory: false, n: 3, n_strayed: 1, n_grouped: 1, threshold: 0.5, fit: 0.25, n_permutations: 9 } as const;

const answers: { readonly [Kind in keyof Answers]: (question: Question<Kind>, rows: Int32Array) => Answers[Kind] } = {
  selection: (question, rows) => ({
    n: rows.length,
    n_outside: 0,
    scores: { neighborhood_overlap: { value: 0.5, n: rows.length, k: 3, chance: 0.1, interval: [0.4, 0.6] } },
    purity: { a: 0.5, b: 0.75, chance: 0.25, interval: [0.1, 0.4], k: 3, n: rows.length },
    sentence: told(question, rows),
    warnings: [],
  }),
  suggest: (question, rows) => ({
    groups: [],
    rows: [{ exemplars: [...rows], lost: [], gained: [1] }],
    search: { ...SEARCH, sentence: `é${"!".repeat(rows.length)} ${told(question, rows)}` },
    codes: rows.map((row) => (row % 2 === 0 ? row % 3 : -1)),
  }),
  like: (question, rows) => ({
    groups: [{ pair: 1, group: 0, a: "new", b: "old", title: "g", n: 9, n_shared: rows.length, jaccard: 0.5, expected: 0.1, p: 0.001 }],
    sentence: told(question, rows),
  }),
  near: (question, rows) => ({ space: told(question, rows), metric: "cosine", n: rows.length, n_outside: 0, rows: [...rows].reverse(), distances: [...rows].map((_, i) => i / 8) }),
};

/** What a source that can compute answers in the contract, whatever is asked. */
export const answerTo = <Kind extends keyof Answers>(question: Question<Kind>, rows: Int32Array): Answers[Kind] => answers[question.kind](question, rows);

export const KINDS = Object.keys(answers) as (keyof Answers)[];

/** Why it does not answer about no rows. */
export const REFUSAL = "no item is selected";

/** A small bundle: what is on disk, and what each column should read as. */
export interface Fixture {
  readonly manifest: Manifest;
  /** By path, `manifest.json` among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly expected: ReadonlyMap<string, ColumnArray>;
}

/** A `.npy` file of version 1.0, as numpy writes it, and the offset of its first row. */
export function npy(descr: string, shape: readonly number[], data: Uint8Array): { bytes: Uint8Array; offset: number } {
  const tuple = shape.length === 1 ? `(${shape[0] as number},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const offset = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const header = dict.padEnd(offset - 11) + "\n";
  const bytes = new Uint8Array(offset + data.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(data, offset);
  return { bytes, offset };
}

interface Sample {
  readonly name: string;
  readonly kind: Column["kind"];
  readonly dtype: string;
  readonly descr: string;
  readonly shape: readonly number[];
  readonly stored: ArrayBufferView;
  readonly expected: ColumnArray;
}

const counting = <T>(length: number, value: (i: number) => T): T[] => Array.from({ length }, (_, i) => value(i));

const same = (
  name: string,
  kind: Column["kind"],
  type: readonly [dtype: string, descr: string],
  shape: readonly number[],
  values: ColumnArray,
): Sample => ({ name, kind, dtype: type[0], descr: type[1], shape, stored: values, expected: values });

const samples: readonly Sample[] = [
  same("position", "position", ["int32", "<i4"], [6], Int32Array.of(5, 3, 0, 1, 4, 2)),
  same("items/size", "values", ["float32", "<f4"], [6], Float32Array.of(0.5, NaN, -1, Infinity, 3e-39, 1e30)),
  same("items/exact", "values", ["float64", "<f8"], [6], Float64Array.of(0.1, NaN, -1e300, 0, 2 ** 53, 1)),
  same("items/small", "values", ["int8", "|i1"], [6], Int8Array.of(-128, -1, 0, 1, 2, 127)),
  same("items/short", "values", ["int16", "<i2"], [6], Int16Array.of(-32768, -1, 0, 1, 2, 32767)),
  same("items/count", "values", ["uint16", "<u2"], [6], Uint16Array.of(0, 1, 2, 3, 4, 65535)),
  same("items/many", "values", ["uint32", "<u4"], [6], Uint32Array.of(0, 1, 2, 3, 4, 4294967295)),
  same("items/yes", "values", ["bool", "|b1"], [6], Uint8Array.of(0, 1, 1, 0, 0, 1)),
  same("items/label 50% | ü", "codes", ["int32", "<i4"], [6], Int32Array.of(0, 1, -1, 0, 1, 2)),
  same("items/utf8", "utf8", ["uint8", "|u1"], [9], new TextEncoder().encode("abcdéfgh")),
  same("items/pixels", "pixels", ["uint8", "|u1"], [6, 2, 2, 3], Uint8Array.from(counting(72, (i) => i * 3))),
  same("a/coords", "coords", ["float32", "<f4"], [6, 2], Float32Array.from(counting(12, (i) => i / 7))),
  same("a/neighbors", "neighbors", ["int32", "<i4"], [6, 3], Int32Array.from(counting(18, (i) => i % 6))),
  {
    name: "items/offsets",
    kind: "offsets",
    dtype: "int64",
    descr: "<i8",
    shape: [7],
    stored: BigInt64Array.of(0n, 2n, 4n, 2n ** 32n + 1n, 2n ** 53n, -1n, -(2n ** 40n)),
    expected: Float64Array.of(0, 2, 4, 2 ** 32 + 1, 2 ** 53, -1, -(2 ** 40)),
  },
  {
    name: "items/serial",
    kind: "values",
    dtype: "uint64",
    descr: "<u8",
    shape: [6],
    stored: BigUint64Array.of(0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n),
    expected: Float64Array.of(0, 1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63),
  },
  {
    name: "a/vectors",
    kind: "vectors",
    dtype: "float16",
    descr: "<f2",
    shape: [6, 2],
    stored: Uint16Array.of(0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x0001, 0x03ff, 0x8400, 0x3800),
    expected: Float32Array.of(
      ...[0, 1, -2, 0.333251953125, 65504, Infinity, -Infinity, NaN],
      ...[2 ** -24, 1023 * 2 ** -24, -(2 ** -14), 0.5],
    ),
  },
];

export function makeFixture(): Fixture {
  const files = new Map<string, Uint8Array>();
  const columns: Record<string, Column> = {};
  for (const { name, kind, dtype, descr, shape, stored } of samples) {
    const path = `columns/${name}.npy`;
    const data = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    const { bytes, offset } = npy(descr, shape, data);
    files.set(path, bytes);
    columns[name] = { path, kind, over: "items", dtype, shape: [...shape], offset, bytes: null, crc32: null, version: 1 };
  }
  const manifest: Manifest = {
    schema: "emblink.bundle/2",
    checksum: "",
    stages: [],
    copy_notes: null,
    given: {},
    watch: null, queries: null,
    title: "six items",
    seed: 0,
    n_items: 6,
    domains: { items: { n: 6, position: "position", rows: null } },
    columns,
    fields: [],
    roles: { id: "id", text: null, label: null, thumbnail: null },
    spaces: [],
    pairs: [],
    report: {} as Manifest["report"],
    measures: [],
  };
  files.set("manifest.json", new TextEncoder().encode(JSON.stringify(manifest)));
  return { manifest, files, expected: new Map(samples.map(({ name, expected }) => [name, expected])) };
}
