import { DataError } from "./errors";
import type { GroupSuggestion } from "./source";
import type { SuggestedGroups } from "../model/schema.gen";

const ASK_AGAIN = "ask again";

/** JSON and codes in one body: the bytes of the JSON as int32, the JSON padded to whole words, an int32 for each of `n` rows. */
export function decodeSuggestion(subject: string, bytes: Uint8Array, n: number): GroupSuggestion {
  // Copied, so that the codes are aligned whatever the bytes are part of.
  const { buffer } = Uint8Array.from(bytes);
  const size = buffer.byteLength < 4 ? -1 : new DataView(buffer).getInt32(0, true);
  const expected = 4 + size + 4 * n;
  if (size < 0 || size % 4 !== 0 || expected !== buffer.byteLength) {
    throw new DataError(subject, `the answer has ${buffer.byteLength} bytes where ${size < 0 ? "more" : expected} were expected`, ASK_AGAIN);
  }
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, size));
  const told = parsed(subject, text);
  return { ...told, codes: new Int32Array(buffer, 4 + size, n) };
}

function parsed(subject: string, text: string): SuggestedGroups {
  try {
    return JSON.parse(text) as SuggestedGroups;
  } catch {
    throw new DataError(subject, "the answer is not JSON", ASK_AGAIN);
  }
}
