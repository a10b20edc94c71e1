import type { Answers, ColumnArray, DataSource, KeptNotes, News, Notes, Question } from "../data";
import type { NeighborList } from "./neighbors";
import type {
  CategoryField,
  Column,
  Manifest,
  NumberField,
  ProjectionInfo,
  SpaceInfo,
  ThumbnailField,
  Words,
} from "./schema.gen";
import { WordColumn } from "./words";

/** The only one that the page reads. */
const SCHEMA = "emblink.bundle/2";
/** Columns below this many bytes are fetched whole; above it, only the rows asked for. */
const WHOLE = 8 << 20;
/** Most bytes of pictures, or of neighbours, that are read at once. */
const PICTURES = 24 << 20;
/** Items of a space that stand for it. */
const SAMPLE = 4000;
/** Ranges of big columns kept for a while, so that scrolling back asks nothing. */
const RECENT = 1024;

/** One column of the item table. */
export type Field = Manifest["fields"][number];

export interface Categories {
  readonly codes: Int32Array;
  readonly names: readonly string[];
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGB bytes. */
  readonly pixels: Uint8Array;
}

/** A fair sample of the items of a space, as they lie in one of its pictures. */
export interface Sample {
  readonly items: Int32Array;
  /** x, y of each of them. */
  readonly coords: Float32Array;
}

/** Typed access to the columns of a bundle, in the order of its items. Decodes only what is asked for. */
export class Bundle {
  readonly manifest: Manifest;
  readonly #source: DataSource;
  readonly #whole = new Map<string, Promise<ColumnArray>>();
  readonly #recent = new Map<string, Promise<ColumnArray>>();
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(source: DataSource, manifest: Manifest) {
    if (manifest.schema !== SCHEMA) {
      throw new Error(`This bundle is written as '${manifest.schema}' and this page reads '${SCHEMA}'; update Emblink, or compare again with this one.`);
    }
    this.#source = source;
    this.manifest = manifest;
  }

  static async open(source: DataSource): Promise<Bundle> {
    return new Bundle(source, await source.manifest());
  }

  get n(): number {
    return this.manifest.n_items;
  }

  space(name: string): SpaceInfo | undefined {
    return this.manifest.spaces.find((space) => space.name === name);
  }

  /** What a copy leaves out or rounds, a sentence each; null of the bundle itself. */
  get copyNotes(): readonly string[] | null {
    // Bundles from before copies have no such field.
    const { copy_notes: notes }: Partial<Manifest> = this.manifest;
    return notes ?? null;
  }

  /** Whether something behind the bundle can measure what is not stored. */
  get answers(): boolean {
    return this.#source.ask !== undefined && !this.copyNotes;
  }

  /** Have something measured of some rows. */
  async ask<Kind extends keyof Answers>(question: Question<Kind>, rows: Uint32Array, signal: AbortSignal): Promise<Answers[Kind]> {
    if (!this.#source.ask) throw new Error("This copy of the bundle cannot compute; open it with emblink open.");
    return this.#source.ask(question, Int32Array.from(rows), signal);
  }

  /** Have the comparison that makes it end; how it ended is told as its progress. */
  stop(): void {
    this.#source.stop?.().catch(() => undefined);
  }

  /** What people left in the bundle; null where nothing is kept there. */
  async readNotes(): Promise<KeptNotes | null> {
    return (await this.#source.readNotes?.()) ?? null;
  }

  /** Leave other notes in place of an edition; null where others wrote meanwhile. */
  async writeNotes(notes: Notes, version: string): Promise<string | null> {
    return (await this.#source.writeNotes?.(notes, version)) ?? null;
  }

  /** Be told what becomes of the bundle; returns how to stop. */
  watch(tell: (news: News | null) => void): () => void {
    return this.#source.watch?.(tell) ?? (() => undefined);
  }

  /** Find out what became of the bundle. */
  async look(): Promise<void> {
    await this.#source.look?.();
  }

  /** The bundle as it is now; null where it cannot change. */
  async newer(): Promise<Bundle | null> {
    const source = this.#source.again?.();
    return source ? Bundle.open(source) : null;
  }

  /** The item column of a name. */
  field(name: string | null): Field | null {
    return this.manifest.fields.find((field) => field.name === name) ?? null;
  }

  /** What kind each item is, where the bundle says. */
  get labelField(): CategoryField | null {
    const field = this.field(this.manifest.roles.label);
    return field?.kind === "category" ? field : null;
  }

  /** A number of each item, NaN where its domain does not have the item. */
  numbers(field: NumberField): Promise<Float32Array> {
    return this.#once(`numbers ${field.values}`, async () => {
      const values = await this.#column(field.values);
      return this.#spread(Float32Array.from(values), await this.#rows(field.over), 1);
    });
  }

  /** A code of each item, −1 where its domain does not have the item. */
  codes(column: string, over: string): Promise<Int32Array> {
    return this.#once(`codes ${column}`, async () => {
      const [codes, own] = await Promise.all([this.#column(column), this.presence(over)]);
      return own.map((row) => (row < 0 ? -1 : (codes[row] ?? -1)));
    });
  }

  /** A whole column as it is stored. */
  values(column: string): Promise<ColumnArray> {
    return this.#column(column);
  }

  /** The category of each item, and what the categories are called. */
  categories(field: CategoryField): Promise<Categories> {
    return this.#once(`categories ${field.codes}`, async () => {
      const [codes, words] = await Promise.all([this.#column(field.codes), this.words(field.words)]);
      return { codes: new Int32Array(codes), names: words.all() };
    });
  }

  /** A whole column of strings. */
  words(words: Words): Promise<WordColumn> {
    return this.#once(`words ${words.utf8}`, async () => {
      const [offsets, bytes] = await Promise.all([this.#column(words.offsets), this.#column(words.utf8)]);
      return new WordColumn(offsets, Uint8Array.from(bytes));
    });
  }

  /** One string; of a big column only its bytes are fetched. */
  async word(words: Words, row: number): Promise<string> {
    if (this.#isSmall(words.utf8) || this.#made.has(`words ${words.utf8}`)) return (await this.words(words)).at(row);
    const [start = 0, end = 0] = await this.#range(words.offsets, row, row + 2);
    const bytes = await this.#range(words.utf8, start, end);
    return new TextDecoder().decode(Uint8Array.from(bytes));
  }

  /** The id of one item, as Python prints it. */
  async id(row: number): Promise<string> {
    const field = this.field(this.manifest.roles.id);
    if (field?.kind === "number") return String((await this.#range(field.values, row, row + 1))[0] ?? "");
    return field?.kind === "text" ? this.word(field.words, row) : "";
  }

  /** The ids of all items; numbers are written out. */
  ids(): Promise<WordColumn> {
    const field = this.field(this.manifest.roles.id);
    if (field?.kind === "text") return this.words(field.words);
    return this.#once("ids", async () => {
      const values = field?.kind === "number" ? await this.#column(field.values) : [];
      return WordColumn.of(Array.from(values, String));
    });
  }

  /** The small picture of one item. */
  async picture(field: ThumbnailField, row: number): Promise<Picture> {
    const [, height = 0, width = 0] = this.#info(field.pixels).shape;
    const pixels = (await this.#range(field.pixels, row, row + 1)) as Uint8Array;
    return { width, height, pixels };
  }

  /** Every item's small picture, where they are few and small enough to be kept in the page; else null. */
  async pictures(field: ThumbnailField): Promise<(Picture & { readonly n: number }) | null> {
    const { shape } = this.#info(field.pixels);
    const [n = 0, height = 0, width = 0] = shape;
    if (n * height * width * 3 > PICTURES) return null;
    return { n, width, height, pixels: (await this.#column(field.pixels)) as Uint8Array };
  }

  /** Items of a space and where they lie in one of its pictures; of a big one the first few, which are a fair sample. */
  async sample(space: SpaceInfo, projection: ProjectionInfo, most = SAMPLE): Promise<Sample> {
    const length = this.#info(projection.coords).shape[0] ?? 0;
    const rows = await this.#rows(space.over);
    const whole = length <= most || length <= 2 * SAMPLE || this.#whole.has(projection.coords);
    const coords = (whole ? (await this.#column(projection.coords)).subarray(0, 2 * most) : await this.#source.column(projection.coords, { start: 0, end: most })) as Float32Array;
    return { coords, items: rows?.subarray(0, coords.length / 2) ?? new Int32Array(coords.length / 2).map((_, row) => row) };
  }

  /** (2n): x, y of each item, NaN where the space does not have it. */
  coords(space: SpaceInfo, projection: ProjectionInfo): Promise<Float32Array> {
    return this.#once(`coords ${projection.coords}`, async () => {
      const coords = (await this.#column(projection.coords)) as Float32Array;
      return this.#spread(coords, await this.#rows(space.over), 2);
    });
  }

  /** For each item its row in a domain, or -1. */
  presence(over: string): Promise<Int32Array> {
    return this.#once(`presence ${over}`, async () => {
      const rows = await this.#rows(over);
      if (!rows) return Int32Array.from({ length: this.n }, (_, row) => row);
      const own = new Int32Array(this.n).fill(-1);
      rows.forEach((item, row) => (own[item] = row));
      return own;
    });
  }

  /** All stored neighbours of a space, as rows of its own, and the item of each row; null where that is too much for the page. */
  async neighborTable(space: SpaceInfo): Promise<{ readonly list: ColumnArray; readonly width: number; readonly items: Int32Array | null } | null> {
    if (this.#bytes(space.neighbors) > PICTURES) return null;
    const [list, items] = await Promise.all([this.#column(space.neighbors), this.#rows(space.over)]);
    return { list, width: this.#info(space.neighbors).shape[1] ?? 0, items };
  }

  /** The stored neighbours of an item, or null when the space does not have it. */
  async neighbors(space: SpaceInfo, item: number): Promise<NeighborList | null> {
    const own = (await this.presence(space.over))[item] ?? -1;
    if (own < 0) return null;
    const [rows, indices, distances] = await Promise.all([
      this.#rows(space.over),
      this.#range(space.neighbors, own, own + 1),
      this.#range(space.distances, own, own + 1),
    ]);
    const items = Int32Array.from(indices, (row) => (rows ? (rows[row] ?? -1) : row));
    // Of a sample, the neighbours that are in it come first.
    const outside = items.indexOf(-1);
    const n = outside < 0 ? items.length : outside;
    return { items: items.subarray(0, n), distances: Float32Array.from(distances).subarray(0, n) };
  }

  #info(name: string): Column {
    const column = this.manifest.columns[name];
    if (!column) throw new Error(`The manifest names a column '${name}' that the bundle does not have; write the bundle again.`);
    return column;
  }

  #isSmall(name: string): boolean {
    return this.#bytes(name) <= WHOLE;
  }

  #bytes(name: string): number {
    const { shape, dtype } = this.#info(name);
    return shape.reduce((size, length) => size * length, bytesOf(dtype));
  }

  async #rows(over: string): Promise<Int32Array | null> {
    const domain = this.manifest.domains[over];
    if (!domain) throw new Error(`The manifest names a domain '${over}' that the bundle does not have; write the bundle again.`);
    return domain.rows === null ? null : ((await this.#column(domain.rows)) as Int32Array);
  }

  /** Bring a column of some items to all of them. */
  #spread(values: Float32Array, rows: Int32Array | null, width: number): Float32Array {
    if (!rows) return values;
    const all = new Float32Array(this.n * width).fill(NaN);
    rows.forEach((item, row) => {
      for (let i = 0; i < width; i++) all[item * width + i] = values[row * width + i] ?? NaN;
    });
    return all;
  }

  #column(name: string): Promise<ColumnArray> {
    return keep(this.#whole, name, () => this.#source.column(name));
  }

  /** Some rows of a column, flattened. */
  async #range(name: string, start: number, end: number): Promise<ColumnArray> {
    const width = this.#info(name).shape.slice(1).reduce((size, length) => size * length, 1);
    if (this.#isSmall(name) && !this.#isNeighborly(name)) {
      return (await this.#column(name)).subarray(start * width, end * width);
    }
    const key = `${name} ${start} ${end}`;
    const range = keep(this.#recent, key, () => this.#source.column(name, { start, end }));
    const oldest = this.#recent.keys().next();
    if (this.#recent.size > RECENT && !oldest.done) this.#recent.delete(oldest.value);
    return range;
  }

  /** Neighbour tables are read a row at a time however small: one item is all that is looked at. */
  #isNeighborly(name: string): boolean {
    const { kind } = this.#info(name);
    return kind === "neighbors" || kind === "distances";
  }

  #once<T>(key: string, make: () => Promise<T>): Promise<T> {
    return keep(this.#made, key, make) as Promise<T>;
  }
}

/** Bytes of one value: a `float32` takes 4. */
const bytesOf = (dtype: string): number => Number(/\d+$/.exec(dtype)?.[0] ?? 8) / 8;

/** The promise under a key, made when there is none; one that fails is forgotten, so that it can be tried again. */
function keep<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}
