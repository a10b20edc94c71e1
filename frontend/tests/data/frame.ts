import type { GroupSuggestion } from "../../src/data/source";

/** A suggestion as the server sends it: the size of the JSON, the JSON padded with spaces to whole words, the codes. */
export function frame({ codes, ...told }: GroupSuggestion): Uint8Array {
  const json = Buffer.from(JSON.stringify(told));
  const size = Math.ceil(json.length / 4) * 4;
  const body = Buffer.alloc(4 + size + 4 * codes.length, " ");
  body.writeInt32LE(size, 0);
  json.copy(body, 4);
  codes.forEach((code, i) => body.writeInt32LE(code, 4 + size + 4 * i));
  return body;
}
