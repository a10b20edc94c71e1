import type { RowSet } from "./selection";
import { rowSet } from "./selection";
import type { WordColumn } from "./words";

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const BLOCK = 4096;

const fold = (text: string): string => text.toLowerCase().normalize("NFC");

/**
 * Finds words inside a column of strings, whatever their case.
 *
 * Holds the lower-cased bytes and where each row starts: two typed arrays, nothing per row.
 */
export class WordIndex {
  readonly #bytes: Uint8Array;
  readonly #offsets: Uint32Array;

  constructor(words: WordColumn) {
    this.#offsets = new Uint32Array(words.length + 1);
    const blocks: Uint8Array[] = [];
    let size = 0;
    for (let start = 0; start < words.length; start += BLOCK) {
      const end = Math.min(start + BLOCK, words.length);
      const block = this.#foldBlock(words, start, end, size);
      blocks.push(block);
      size += block.length;
    }
    this.#bytes = new Uint8Array(size);
    let at = 0;
    for (const block of blocks) {
      this.#bytes.set(block, at);
      at += block.length;
    }
  }

  #foldBlock(words: WordColumn, start: number, end: number, base: number): Uint8Array {
    const from = words.offsets[start] ?? 0;
    const source = words.bytes.subarray(from, words.offsets[end]);
    if (source.every((byte) => byte < 0x80)) {
      for (let row = start; row < end; row++) this.#offsets[row + 1] = base + (words.offsets[row + 1] ?? 0) - from;
      return encoder.encode(fold(decoder.decode(source)));
    }
    const rows = Array.from({ length: end - start }, (_, i) => encoder.encode(fold(words.at(start + i))));
    const folded = new Uint8Array(rows.reduce((sum, row) => sum + row.length, 0));
    let at = 0;
    rows.forEach((row, i) => {
      folded.set(row, at);
      at += row.length;
      this.#offsets[start + i + 1] = base + at;
    });
    return folded;
  }

  /** The rows that contain the query; none for an empty query. */
  rows(query: string): RowSet {
    const wanted = encoder.encode(fold(query.trim()));
    const first = wanted[0];
    if (first === undefined) return rowSet([]);
    const found: number[] = [];
    let row = 0;
    let at = this.#bytes.indexOf(first);
    while (at >= 0) {
      while ((this.#offsets[row + 1] ?? Infinity) <= at) row++;
      const end = this.#offsets[row + 1] ?? 0;
      const hit = at + wanted.length <= end && this.#matches(wanted, at);
      if (hit) found.push(row);
      at = this.#bytes.indexOf(first, hit ? end : at + 1);
    }
    return Uint32Array.from(found);
  }

  #matches(wanted: Uint8Array, at: number): boolean {
    for (let i = 1; i < wanted.length; i++) if (this.#bytes[at + i] !== wanted[i]) return false;
    return true;
  }
}

const WORD = /[\p{L}\p{N}]/u;

/** Where a text contains another. */
function everyPlace(where: string, wanted: string): number[] {
  const places: number[] = [];
  for (let at = where.indexOf(wanted); at >= 0 && wanted !== ""; at = where.indexOf(wanted, at + 1)) places.push(at);
  return places;
}

/** What does not answer a query is as relevant as this. */
export const IRRELEVANT = 6;

/** How well a text answers a query: 0 is the same, then it begins with that word, has that word, begins so, has a word that begins so, contains it. */
export function relevance(text: string, query: string): number {
  const where = fold(text);
  const wanted = fold(query.trim());
  if (where === wanted) return 0;
  const begins = where.startsWith(wanted);
  const whole = (at: number): boolean => at >= 0 && !WORD.test(where.charAt(at - 1)) && !WORD.test(where.charAt(at + wanted.length));
  if (begins && whole(0)) return 1;
  if (everyPlace(where, wanted).some(whole)) return 2;
  if (begins) return 3;
  if (everyPlace(where, wanted).some((at) => !WORD.test(where.charAt(at - 1)))) return 4;
  return where.includes(wanted) ? 5 : IRRELEVANT;
}
