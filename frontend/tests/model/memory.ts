import type { ColumnArray, DataSource, News, Progress, RowRange } from "../../src/data/source";
import type { Column, Manifest, NumberField, PairReport, SpaceInfo, Words } from "../../src/model/schema.gen";

const encoder = new TextEncoder();

const NUMBERED: Manifest["fields"][number] = { kind: "number", name: "id", title: "id", values: "serial", over: "items", definition: "", range: null, method: null };

/** The same items, known by numbers past what a float32 tells apart, and without words. */
export class NumberedSource implements DataSource {
  readonly #source = new MemorySource();

  async manifest(): Promise<Manifest> {
    const manifest = await this.#source.manifest();
    const [, ...others] = manifest.fields;
    return { ...manifest, fields: [NUMBERED, ...others], roles: { ...manifest.roles, text: null } };
  }

  column(name: string, rows?: RowRange): Promise<ColumnArray> {
    return this.#source.column(name, rows);
  }
}

/** Columns held as arrays. */
export abstract class ArraySource implements DataSource {
  readonly asked: string[] = [];
  readonly arrays = new Map<string, ColumnArray>();
  protected readonly columns: Record<string, Column> = {};

  abstract manifest(): Promise<Manifest>;

  protected put(name: string, array: ColumnArray, about: Pick<Column, "kind" | "over">, shape = [array.length]): void {
    this.arrays.set(name, array);
    const dtype = array.constructor.name.replace("Array", "").toLowerCase();
    this.columns[name] = { path: `${name}.npy`, dtype, shape, offset: 128, bytes: null, crc32: null, version: 1, ...about };
  }

  protected putWords(name: string, words: readonly string[]): void {
    const bytes = words.map((word) => encoder.encode(word));
    const offsets = new Float64Array(words.length + 1);
    bytes.forEach((word, i) => (offsets[i + 1] = (offsets[i] ?? 0) + word.length));
    this.put(`${name}.offsets`, offsets, { kind: "offsets", over: name });
    this.put(`${name}.utf8`, Uint8Array.from(bytes.flatMap((word) => [...word])), { kind: "utf8", over: name });
  }

  column(name: string, rows?: RowRange): Promise<ColumnArray> {
    this.asked.push(rows ? `${name} ${rows.start}:${rows.end}` : name);
    const array = this.arrays.get(name);
    const column = this.columns[name];
    if (!array || !column) return Promise.reject(new Error(`no column ${name}`));
    const width = column.shape.slice(1).reduce((size, length) => size * length, 1);
    return Promise.resolve(rows ? array.slice(rows.start * width, rows.end * width) : array);
  }
}

/** Six items; space `b` lacks item 1, and its rows are in another order than the items. */
export class MemorySource extends ArraySource {
  constructor() {
    super();
    this.put("rows/b", Int32Array.of(5, 4, 3, 2, 0), { kind: "rows", over: "space/b" });
    this.putWords("id", ["i0", "i1", "i2", "i3", "i4", "i5"]);
    this.put("serial", Float64Array.from({ length: 6 }, (_, i) => 20_000_000_001 + i), { kind: "values", over: "items" });
    this.putWords("text", ["Red apple", "green Pear", "", "Äpfel", "pineapple", "pear tree"]);
    this.put("codes", Int32Array.of(0, 1, 0, -1, 0, 1), { kind: "codes", over: "items" });
    this.putWords("names", ["fruit", "tree"]);
    this.put("pixels", Uint8Array.from({ length: 6 * 3 }, (_, i) => i), { kind: "pixels", over: "items" }, [6, 1, 1, 3]);
    this.put("coords/a", Float32Array.from({ length: 12 }, (_, i) => i), { kind: "coords", over: "items" }, [6, 2]);
    this.put("coords/b", Float32Array.from({ length: 10 }, (_, i) => i), { kind: "coords", over: "space/b" }, [5, 2]);
    this.put("near/a", Int32Array.of(1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2, 0, 1, 2, 0, 1, 2), { kind: "neighbors", over: "items" }, [6, 3]);
    this.put("far/a", new Float32Array(18).fill(0.5), { kind: "distances", over: "items" }, [6, 3]);
    this.put("near/b", Int32Array.of(1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2, 3, 0, 1), { kind: "neighbors", over: "space/b" }, [5, 3]);
    this.put("far/b", new Float32Array(15).fill(0.25), { kind: "distances", over: "space/b" }, [5, 3]);
    this.put("overlap", Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5), { kind: "values", over: "space/b" });
  }

  manifest(): Promise<Manifest> {
    return Promise.resolve(manifestOf(this.columns));
  }
}

/** Names and texts as somebody writes them who means no good, or has none of our letters. */
export const HOSTILE = {
  a: "long".repeat(50),
  b: `<img src=x onerror="window.struck = 1"> "quoted" 'and' \`so\` & \u05e9\u05dc\u05d5\u05dd \u{1f469}\u200d\u{1f469}\u200d\u{1f467}`,
  title: "</title><script>window.struck = 2</script>",
  texts: ["<script>window.struck = 3</script>", "\u202enumber", "\u0000\u0007", "x".repeat(5000), "\u200b", "${1}{2}"],
} as const;

/** The six items, all of whose words are hostile. */
export class HostileSource extends MemorySource {
  constructor() {
    super();
    this.putWords("text", HOSTILE.texts);
    this.putWords("names", [HOSTILE.b, HOSTILE.a]);
  }

  override async manifest(): Promise<Manifest> {
    const named: Readonly<Record<string, string>> = { a: HOSTILE.a, b: HOSTILE.b };
    const hostile = JSON.parse(JSON.stringify(await super.manifest()), (_, value: unknown) => (typeof value === "string" ? (named[value] ?? value) : value)) as Manifest;
    return { ...hostile, title: HOSTILE.title };
  }
}

/** A bundle of which the test says what becomes of it. */
export class ChangingSource extends MemorySource {
  looks = 0;
  /** What a look finds. */
  found: News | null = null;
  readonly #watchers = new Set<(news: News | null) => void>();

  watch(tell: (news: News | null) => void): () => void {
    this.#watchers.add(tell);
    return () => void this.#watchers.delete(tell);
  }

  tell(news: News | null): void {
    for (const tell of this.#watchers) tell(news);
  }

  look(): Promise<void> {
    this.looks += 1;
    this.tell(this.found);
    return Promise.resolve();
  }
}

/** A comparison under way: the test says when it has a picture, is done or fails. */
export class LiveSource implements DataSource {
  readonly #whole: () => ArraySource;
  #told: Progress = { state: "running", step: "reading files", done: 1, total: 2, message: "", revision: 0 };
  #at = 0;
  #broken = false;

  /** @param whole what there is when it is done */
  constructor(whole: () => ArraySource = () => new MemorySource()) {
    this.#whole = whole;
  }

  progress = (): Promise<Progress> => Promise.resolve(this.#told);

  /** All items of every space at one place. */
  picture(at: number, step = "aligned layout"): void {
    this.#at = at;
    this.#tell({ step, done: at, total: 10, revision: this.#told.revision + 1 });
  }

  finish(): void {
    this.#tell({ state: "done", revision: this.#told.revision + 1 });
  }

  fail(message: string): void {
    this.#tell({ state: "failed", message });
  }

  stop = (): Promise<void> => Promise.resolve(this.fail("stopped; the same command goes on from here"));

  breakOnce(): void {
    this.#broken = true;
  }

  again(): DataSource {
    if (this.#told.state === "done") return this.#whole();
    const [at, broken] = [this.#at, this.#broken];
    this.#broken = false;
    return broken ? { manifest: () => Promise.reject(new Error("gone")), column: () => Promise.reject(new Error("gone")) } : Object.assign(new PictureSource(this.#whole(), at), { stop: this.stop });
  }

  manifest(): Promise<Manifest> {
    return this.again().manifest();
  }

  column(name: string, rows?: RowRange): Promise<ColumnArray> {
    return this.again().column(name, rows);
  }

  #tell(changes: Partial<Progress>): void {
    this.#told = { ...this.#told, ...changes };
  }
}

/** The items of a source without pairs and neighbours, the first item at (`at`, `at`). */
class PictureSource implements DataSource {
  readonly #whole: ArraySource;

  constructor(whole: ArraySource, at: number) {
    this.#whole = whole;
    for (const [name, array] of whole.arrays) if (name.startsWith("coords/")) array.fill(at, 0, 2);
  }

  async manifest(): Promise<Manifest> {
    const manifest = await this.#whole.manifest();
    const spaces = manifest.spaces.map((space) => ({ ...space, k: 0 }));
    return { ...manifest, spaces, pairs: [], report: { ...manifest.report, pairs: [] } };
  }

  column(name: string, rows?: RowRange): Promise<ColumnArray> {
    return this.#whole.column(name, rows);
  }
}

export const words = (name: string): Words => ({ offsets: `${name}.offsets`, utf8: `${name}.utf8` });

export const overlap: NumberField = {
  kind: "number",
  name: "neighborhood_overlap",
  title: "Neighbours kept",
  values: "overlap",
  over: "space/b",
  definition: "",
  range: [0, 1],
  method: null,
};

export const UNTRUSTED = {
  trust_k: null,
  trust_items: null,
  trustworthiness: null,
  continuity: null,
  preservation: null,
  false_neighbors: null,
  missing_neighbors: null,
};

const space = (name: string, over: string, n: number): SpaceInfo => ({
  name,
  n_items: n,
  n_dims: 2,
  metric: "cosine",
  source: "array",
  matched_by: "id",
  over,
  neighbors: `near/${name}`,
  distances: `far/${name}`,
  vectors: "none",
  cells: "none",
  k: 3,
  recall: 1,
  projections: [{ method: "pca", title: "PCA", coords: `coords/${name}`, params: {}, ...UNTRUSTED }],
  fields: [],
});

export const report: PairReport = {
  a: "a",
  b: "b",
  compared_by: "items",
  n_common: 5,
  only_a: 1,
  only_b: 0,
  coverage: 5 / 6,
  scores: { neighborhood_overlap: { value: 0.3, n: 5, k: 3 } },
  overlap_curve: [],
  size: { grade: "another_space", w: 0.4, interval: [0.3, 0.5] },
  beyond_noise: { answer: "unknown", n_replicates: 0 },
  answer: "Another space: treat it as a new model.",
  sentence: "As if 40 % of every vector were another item's.",
  labels: [
    { label: "fruit", n: 3, purity_a: 0.2, purity_b: 0.5, delta: 0.3, chance: 0.1, overlap: 0.3, verdict: "better", interval: [0.1, 0.4] },
  ],
  label_pairs: [],
  n_label_pairs: 0,
  groups: [],
  warnings: [],
};

function manifestOf(columns: Record<string, Column>): Manifest {
  return {
    schema: "emblink.bundle/2",
    checksum: "",
    stages: [],
    copy_notes: null,
    given: {},
    watch: null, queries: null,
    title: "fruit",
    seed: 0,
    n_items: 6,
    domains: { items: { n: 6, position: "none", rows: null }, "space/b": { n: 5, position: "none", rows: "rows/b" } },
    columns,
    fields: [
      { kind: "text", name: "id", title: "id", words: words("id") },
      { kind: "text", name: "text", title: "text", words: words("text") },
      { kind: "category", name: "kind", title: "kind", codes: "codes", words: words("names"), n_categories: 2 },
      { kind: "thumbnail", name: "picture", title: "picture", pixels: "pixels" },
    ],
    roles: { id: "id", text: "text", label: "kind", thumbnail: "picture" },
    spaces: [space("a", "items", 6), space("b", "space/b", 5), space("c", "items", 6)],
    pairs: [{ a: "a", b: "b", over: "space/b", fields: [overlap], moves: [], groups: null, findings: null, searches: null }],
    report: { schema: "emblink.report/2", version: "0", seed: 0, n_items: 6, spaces: [], pairs: [report], timelines: [], notes: [] },
    measures: [],
  };
}
