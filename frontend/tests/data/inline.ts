import { deflateSync } from "node:zlib";
import { type Blocks, InlineSource } from "../../src/data/inline";
import type { Fixture } from "../contracts/fixture";

/** Bytes of numbers as an export writes them: all first bytes, then all second ones …, deflated, in base 64. */
export function blockOf(bytes: Uint8Array, width: number): string {
  const n = bytes.length / width;
  const placed = Uint8Array.from(bytes, (_, i) => bytes[(i % n) * width + Math.floor(i / n)] ?? 0);
  return deflateSync(placed).toString("base64");
}

/** The blocks of a file that holds a bundle as it is. */
export function blocksOf({ manifest, files }: Pick<Fixture, "manifest" | "files">): Blocks {
  const entries = Object.entries(manifest.columns);
  const columns = Object.fromEntries(entries.map(([name], block) => [name, { block }]));
  const blocks = new Map(entries.map(([, { path, offset, shape }], block) => {
    const bytes = files.get(path)?.subarray(offset) ?? new Uint8Array(0);
    return [String(block), blockOf(bytes, bytes.length / shape.reduce((product, extent) => product * extent, 1))];
  }));
  blocks.set("index", blockOf(new TextEncoder().encode(JSON.stringify({ manifest, columns })), 1));
  return (name) => blocks.get(name) ?? null;
}

export const inlined = (fixture: Fixture): InlineSource => new InlineSource(blocksOf(fixture));
