import type { Known } from "./nearby";
import { nearby } from "./nearby";

/** What may stand next in a filter, for completion. */
export type Wants = "name" | "comparison" | "value" | "list" | "join" | null;

/** A filter that cannot be read: where, what was expected, and what is there. */
export class FilterError extends Error {
  override readonly name = "FilterError";

  /** @param at where what is wrong begins; `end` is behind it */
  constructor(
    readonly reason: string,
    readonly at: number,
    readonly end: number,
    readonly wants: Wants = null,
  ) {
    super(`Character ${at + 1}: ${reason}`);
  }
}

export type TokenKind = "name" | "text" | "number" | "sign" | "word" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As it is written. */
  readonly source: string;
  /** The name or text without its quotes, the word or sign in lower case. */
  readonly value: string;
  readonly at: number;
  readonly end: number;
}

const WORDS = ["and", "or", "not", "in", "is", "missing"];
const SIGNS = ["==", "!=", "<=", ">=", "!~", "<", ">", "~", "(", ")", "[", "]", ","];
/** What other languages write. */
const INSTEAD: Readonly<Record<string, string>> = { "=": "==", "&&": "and", "||": "or", "&": "and", "|": "or", "!": "not", "<>": "!=" };

const SPACE = /\s+/y;
const NAME = /[\p{L}_][\p{L}\p{M}\p{N}_.]*/uy;
const NUMBER = /-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy;
const FOREIGN = /&&?|\|\|?|<>|=|!/y;
const QUOTES = "\"'`";

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** What is between quotes; a backslash keeps the next letter. */
function quoted(text: string, at: number): { readonly value: string; readonly end: number } {
  const quote = text.charAt(at);
  let value = "";
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === quote) return { value, end: i + 1 };
    if (text[i] === "\\" && i + 1 < text.length) i++;
    value += text.charAt(i);
  }
  const what = quote === "`" ? "The name" : "The text";
  throw new FilterError(`${what} that begins here has no end; expected another ${quote}.`, at, text.length, quote === "`" ? "name" : "value");
}

function next(text: string, at: number): Token {
  const letter = text.charAt(at);
  const token = (kind: TokenKind, source: string, value = source): Token => ({ kind, source, value, at, end: at + source.length });
  if (QUOTES.includes(letter)) {
    const { value, end } = quoted(text, at);
    return token(letter === "`" ? "name" : "text", text.slice(at, end), value);
  }
  const name = match(NAME, text, at);
  if (name !== "") return WORDS.includes(name.toLowerCase()) ? token("word", name, name.toLowerCase()) : token("name", name);
  const number = match(NUMBER, text, at);
  if (number !== "") return token("number", number);
  const foreign = match(FOREIGN, text, at);
  const sign = SIGNS.find((one) => text.startsWith(one, at));
  if (foreign.length > (sign?.length ?? 0)) throw new FilterError(`Expected ${INSTEAD[foreign] ?? ""} in place of ${foreign}.`, at, at + foreign.length);
  if (sign !== undefined) return token("sign", sign);
  const [strange = ""] = text.slice(at);
  throw new FilterError(`“${strange}” says nothing here; texts stand in "quotes", names with other signs in \`backticks\`.`, at, at + strange.length);
}

/** The parts of a filter, an end last. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = match(SPACE, text, 0).length; at < text.length; ) {
    const token = next(text, at);
    tokens.push(token);
    at = token.end + match(SPACE, text, token.end).length;
  }
  return [...tokens, { kind: "end", source: "", value: "", at: text.length, end: text.length }];
}

/** A name as a filter has it: in backticks where it is more than one word. */
export function written(name: string): string {
  const plain = match(NAME, name, 0) === name && name !== "" && !WORDS.includes(name.toLowerCase());
  return plain ? name : `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}

/** A text as a filter has it. */
export const quote = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

/** What is said of a name that no column has. */
export function unknown({ value, source, at, end }: Token, known: readonly Known[], isValue: boolean): FilterError {
  const near = nearby(value, known.map(({ name }) => name));
  const meant = near.length > 0 ? ` Near it: ${near.map(written).join(", ")}.` : ` There are ${some(known)}.`;
  const text = isValue && !source.startsWith("`") ? ` A text stands in quotes: ${quote(value)}.` : "";
  return new FilterError(`No column is called ${written(value)}.${text}${meant}`, at, end, "name");
}

const SOME = 6;

function some(known: readonly Known[]): string {
  const names = known.slice(0, SOME).map(({ name }) => written(name));
  return names.join(", ") + (known.length > SOME ? " and others" : "");
}
