import type { Column, Manifest } from "../model/schema.gen";
import { DataError } from "./errors";
import { readManifest } from "./manifest";
import { byteRange, decode, rowWidth } from "./npy";
import type { ColumnArray, DataSource, RowRange } from "./source";

/** How one column lies in the document. */
interface Inlined {
  readonly block: number;
  /** Of a column that is rounded, by place in a row or one for all: code `c` is `low + c * step`. */
  readonly low?: readonly number[];
  readonly step?: readonly number[];
}

interface Index {
  readonly manifest: unknown;
  readonly columns: Readonly<Record<string, Inlined>>;
}

/** The code that stands for a missing number. */
const MISSING = 65_535;

const AGAIN = "export the bundle again";

/** Gives the text of a block, or null when there is none. */
export type Blocks = (name: string) => string | null;

/** The blocks of a document: elements that nothing runs. */
export const blocksOf = (document: Document): Blocks => (name) => document.getElementById(`emblink-${name}`)?.textContent ?? null;

/** A bundle within the document itself: columns are decoded when they are first asked for. Computes nothing, so it has no `ask`. */
export class InlineSource implements DataSource {
  readonly #blocks: Blocks;
  #index: Promise<{ readonly manifest: Manifest; readonly columns: Index["columns"] }> | undefined;
  readonly #columns = new Map<string, Promise<ColumnArray>>();

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
  }

  async manifest(): Promise<Manifest> {
    return (await this.#read()).manifest;
  }

  async column(name: string, rows?: RowRange): Promise<ColumnArray> {
    const { manifest, columns } = await this.#read();
    const column = Object.hasOwn(manifest.columns, name) ? manifest.columns[name] : undefined;
    const inlined = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (!column || !inlined) throw new DataError(name, "the bundle has no such column", "its manifest lists the names");
    if (rows) byteRange(name, column, rows);
    const kept = this.#columns.get(name) ?? this.#decode(name, column, inlined);
    this.#columns.set(name, kept);
    const whole = await kept;
    return rows ? whole.slice(rows.start * rowWidth(column), rows.end * rowWidth(column)) : whole;
  }

  #read(): Promise<{ readonly manifest: Manifest; readonly columns: Index["columns"] }> {
    this.#index ??= this.#bytes("index", "manifest").then((bytes) => {
      const { manifest, columns } = JSON.parse(new TextDecoder().decode(bytes)) as Index;
      return { manifest: readManifest(manifest), columns };
    });
    return this.#index;
  }

  async #decode(name: string, column: Column, { block, low, step }: Inlined): Promise<ColumnArray> {
    const size = column.shape.reduce((product, extent) => product * extent, 1);
    const bytes = await this.#bytes(String(block), name);
    if (size === 0) return decode(name, column, bytes);
    const plain = together(bytes, bytes.length / size);
    if (!low || !step) return decode(name, column, plain);
    return unrounded(new Uint16Array(plain.buffer), low, step);
  }

  async #bytes(block: string, subject: string): Promise<Uint8Array<ArrayBuffer>> {
    const text = this.#blocks(block);
    if (text === null) throw new DataError(subject, "is not in this file", AGAIN);
    try {
      return await inflate(fromBase64(text));
    } catch {
      throw new DataError(subject, "is damaged in this file", AGAIN);
    }
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const signs = atob(text);
  const bytes = new Uint8Array(signs.length);
  for (let i = 0; i < signs.length; i += 1) bytes[i] = signs.charCodeAt(i);
  return bytes;
}

/** The bytes that zlib made smaller. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Numbers of so many bytes, of which all first bytes came first, then all second ones. */
function together(bytes: Uint8Array<ArrayBuffer>, width: number): Uint8Array<ArrayBuffer> {
  if (width === 1) return bytes;
  const n = bytes.length / width;
  const placed = new Uint8Array(bytes.length);
  for (let place = 0; place < width; place += 1) {
    for (let i = 0, from = place * n, to = place; i < n; i += 1, from += 1, to += width) placed[to] = bytes[from] as number;
  }
  return placed;
}

function unrounded(codes: Uint16Array, low: readonly number[], step: readonly number[]): Float32Array {
  const width = low.length;
  return Float32Array.from(codes, (code, i) => (code === MISSING ? NaN : (low[i % width] as number) + code * (step[i % width] as number)));
}
