const decoder = new TextDecoder();

/** A column of strings, kept as the bytes they came in; a string is made when one is asked for. */
export class WordColumn {
  readonly offsets: ArrayLike<number>;
  readonly bytes: Uint8Array;

  constructor(offsets: ArrayLike<number>, bytes: Uint8Array) {
    this.offsets = offsets;
    this.bytes = bytes;
  }

  static of(words: readonly string[]): WordColumn {
    const encoder = new TextEncoder();
    const all = encoder.encode(words.join(""));
    const offsets = new Float64Array(words.length + 1);
    words.forEach((word, i) => (offsets[i + 1] = (offsets[i] ?? 0) + encoder.encode(word).length));
    return new WordColumn(offsets, all);
  }

  get length(): number {
    return this.offsets.length - 1;
  }

  at(row: number): string {
    return decoder.decode(this.bytes.subarray(this.offsets[row], this.offsets[row + 1]));
  }

  all(): string[] {
    return Array.from({ length: this.length }, (_, row) => this.at(row));
  }

  /** The row that holds exactly this string, or -1. */
  indexOf(word: string): number {
    const wanted = new TextEncoder().encode(word);
    for (let row = 0; row < this.length; row++) {
      const start = this.offsets[row] ?? 0;
      const end = this.offsets[row + 1] ?? 0;
      if (end - start === wanted.length && wanted.every((byte, i) => this.bytes[start + i] === byte)) return row;
    }
    return -1;
  }
}
