import { expect, test } from "vitest";
import { decodeSuggestion } from "../../src/data/frame";
import { answerTo } from "../contracts/fixture";
import { frame } from "./frame";

const QUESTION = { kind: "suggest", a: "a", b: "b" } as const;
const rows = Int32Array.of(4, 1, 9);
const said = answerTo(QUESTION, rows);

test("a suggestion comes back as it was framed, wherever its bytes lie", () => {
  for (const offset of [0, 1, 3]) {
    const bytes = new Uint8Array([...new Uint8Array(offset), ...frame(said)]).subarray(offset);
    expect(decodeSuggestion("the selection", bytes, 3)).toEqual(said);
  }
});

test("of a suggestion that breaks off, or is of other rows, both sizes are told", () => {
  const bytes = frame(said);
  expect(() => decodeSuggestion("the selection", bytes.subarray(0, -4), 3)).toThrow(
    `the selection: the answer has ${bytes.length - 4} bytes where ${bytes.length} were expected; ask again`,
  );
  expect(() => decodeSuggestion("the selection", bytes, 2)).toThrow(`${bytes.length - 4} were expected`);
  expect(() => decodeSuggestion("the selection", bytes.subarray(0, 3), 3)).toThrow("3 bytes where more were expected");
  expect(() => decodeSuggestion("the selection", Uint8Array.of(255, 255, 255, 255), 0)).toThrow("where more were expected");
});

test("a suggestion whose words are not JSON says so", () => {
  const bytes = frame(said);
  bytes[4] = 0x21;
  expect(() => decodeSuggestion("the selection", bytes, 3)).toThrow("the answer is not JSON; ask again");
});
