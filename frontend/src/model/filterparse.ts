import { FilterError, quote, type Token, tokensOf, unknown, type Wants, written } from "./filtertoken";
import type { Known } from "./nearby";

export type Sign = "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~";
export type Value = string | number;

interface Span {
  readonly at: number;
  readonly end: number;
}

/** What a filter says, read. */
export type Condition = Span &
  (
    | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
    | { readonly kind: "not"; readonly part: Condition }
    | { readonly kind: "compare"; readonly column: Known; readonly sign: Sign; readonly to: Value | Known }
    | { readonly kind: "in"; readonly column: Known; readonly values: readonly Value[] }
    | { readonly kind: "missing"; readonly column: Known }
  );

type Operand = Span & ({ readonly column: Known } | { readonly value: Value });

const COMPARISONS: readonly string[] = ["==", "!=", "<", "<=", ">", ">=", "~", "!~"];
const MIRROR: Readonly<Record<string, Sign>> = { "==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };
const COMPARED = "== != < <= > >= ~ !~, in [ ] or is missing";
/** Deeper nesting is a mistake. */
const DEEPEST = 60;

const isSign = ({ kind, value }: Token, ...signs: readonly string[]): boolean => kind === "sign" && signs.includes(value);
const isWord = ({ kind, value }: Token, word: string): boolean => kind === "word" && value === word;
const found = (token: Token): string => (token.kind === "end" ? "the filter ends" : `found ${token.source}`);

/** Reads a filter by descent: `or` of `and` of `not` of comparisons. */
class Parser {
  readonly #tokens: readonly Token[];
  readonly #known: readonly Known[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], known: readonly Known[]) {
    this.#tokens = tokens;
    this.#known = known;
  }

  whole(): Condition {
    const condition = this.#joined("or");
    const token = this.#now;
    if (token.kind !== "end") throw this.#expected(isSign(token, ")") ? "no ) without its (" : "“and”, “or” or the end", "join");
    return condition;
  }

  get #now(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }

  #take(): Token {
    const token = this.#now;
    this.#at++;
    return token;
  }

  #expected(what: string, wants: Wants, token = this.#now): FilterError {
    return new FilterError(`Expected ${what}; ${found(token)}.`, token.at, Math.max(token.end, token.at + 1), wants);
  }

  #joined(word: "and" | "or"): Condition {
    const part = (): Condition => (word === "or" ? this.#joined("and") : this.#not());
    const first = part();
    const parts = [first];
    while (isWord(this.#now, word)) {
      this.#take();
      parts.push(part());
    }
    return parts.length === 1 ? first : { kind: word, parts, at: first.at, end: parts.at(-1)?.end ?? first.end };
  }

  #not(): Condition {
    if (!isWord(this.#now, "not")) return this.#primary();
    const { at } = this.#enter();
    const part = this.#not();
    this.#depth--;
    return { kind: "not", part, at, end: part.end };
  }

  #enter(): Token {
    const token = this.#take();
    if (++this.#depth > DEEPEST) throw new FilterError(`More than ${DEEPEST} conditions within each other; write it flatter.`, token.at, token.end);
    return token;
  }

  #primary(): Condition {
    if (!isSign(this.#now, "(")) return this.#comparison();
    const { at } = this.#enter();
    const inner = this.#joined("or");
    if (!isSign(this.#now, ")")) throw this.#expected(`“and”, “or” or a ) for the ( at character ${at + 1}`, "join");
    const { end } = this.#take();
    this.#depth--;
    return { ...inner, at, end };
  }

  #comparison(): Condition {
    const left = this.#operand("a column’s name", "name");
    const token = this.#now;
    if (!("column" in left) && !isSign(token, ...COMPARISONS)) throw this.#bare(left);
    if (isWord(token, "is")) return this.#missing(left);
    if (isWord(token, "in") || isWord(token, "not")) return this.#in(left);
    if (!isSign(token, ...COMPARISONS)) throw this.#expected(`a comparison (${COMPARED})`, "comparison");
    const sign = this.#take().value as Sign;
    const right = this.#operand("a value or a column", "value", "column" in left ? left.column : undefined);
    const after = this.#now;
    if (isSign(after, ...COMPARISONS)) throw new FilterError("One comparison at a time: join two by “and”.", after.at, after.end);
    return this.#compared(left, sign, right, token);
  }

  /** A value where a condition belongs. */
  #bare(left: Operand): FilterError {
    const text = "value" in left ? String(left.value) : "";
    const column = this.#known.find(({ name }) => name === text);
    if (column) return new FilterError(`Names stand without quotes: ${written(text)}.`, left.at, left.end, "name");
    const holds = this.#known.find(({ kind }) => kind === "text");
    return new FilterError(`A condition begins with a column’s name${holds ? `: ${written(holds.name)} ~ ${quote(text)}` : ""}.`, left.at, left.end, "name");
  }

  #operand(what: string, wants: Wants, beside?: Known): Operand {
    const token = this.#now;
    const { kind, value, at, end } = token;
    if (kind === "name") {
      const column = this.#known.find(({ name }) => name === value);
      if (!column) throw unknown(token, this.#known, beside !== undefined && beside.kind !== "number");
      this.#take();
      return { column, at, end };
    }
    if (kind !== "text" && kind !== "number") throw this.#expected(what, wants);
    this.#take();
    return { value: kind === "number" ? Number(value) : value, at, end };
  }

  #compared(left: Operand, sign: Sign, right: Operand, token: Token): Condition {
    const span = { at: left.at, end: right.end };
    if ("column" in left && "column" in right) {
      const [x, y] = [left.column, right.column];
      if ((x.kind === "number") !== (y.kind === "number")) throw new FilterError(`${written(x.name)} and ${written(y.name)} are not both numbers or both words.`, left.at, right.end);
      return { kind: "compare", column: x, sign: this.#fitting(x, sign, token), to: y, ...span };
    }
    if ("column" in left && "value" in right) {
      const { column } = left;
      const fits = this.#fitting(column, sign, token);
      this.#checked(column, right);
      return { kind: "compare", column, sign: fits, to: right.value, ...span };
    }
    const turned = MIRROR[sign];
    if (!("column" in right) || !("value" in left)) throw this.#bare(left);
    if (turned === undefined) throw new FilterError(`The column stands before ${sign}.`, left.at, right.end);
    this.#checked(right.column, left);
    return { kind: "compare", column: right.column, sign: turned, to: left.value, ...span };
  }

  #fitting({ name, kind }: Known, sign: Sign, token: Token): Sign {
    if (kind === "number" && (sign === "~" || sign === "!~")) throw new FilterError(`${written(name)} is a number, and ${sign} looks within words; expected == != < <= > or >=.`, token.at, token.end, "comparison");
    return sign;
  }

  #checked({ name, kind }: Known, operand: Operand): Value {
    if (!("value" in operand)) throw new FilterError("Expected a value.", operand.at, operand.end);
    if (kind === "number" && typeof operand.value === "string") {
      throw new FilterError(`${written(name)} is a number; expected a number without quotes, found ${quote(operand.value)}.`, operand.at, operand.end, "value");
    }
    return operand.value;
  }

  #columnOf(left: Operand): Known {
    if ("column" in left) return left.column;
    throw this.#bare(left);
  }

  #missing(left: Operand): Condition {
    this.#take();
    const negated = isWord(this.#now, "not");
    if (negated) this.#take();
    if (!isWord(this.#now, "missing")) throw this.#expected(negated ? "“missing” after “is not”" : "“missing” or “not missing” after “is”", "comparison");
    const { end } = this.#take();
    return this.#perhaps(negated, { kind: "missing", column: this.#columnOf(left), at: left.at, end });
  }

  #in(left: Operand): Condition {
    const column = this.#columnOf(left);
    const negated = isWord(this.#now, "not");
    if (negated) this.#take();
    if (!isWord(this.#now, "in")) throw this.#expected("“in” after “not”", "comparison");
    this.#take();
    if (!isSign(this.#now, "[")) throw this.#expected("[ and a list of values", "list");
    this.#take();
    const values: Value[] = [];
    while (!isSign(this.#now, "]")) {
      if (values.length > 0) {
        if (!isSign(this.#now, ",")) throw this.#expected("a comma or ]", "list");
        this.#take();
        if (isSign(this.#now, "]")) break;
      }
      values.push(this.#checked(column, this.#operand("a value or ]", "value", column)));
    }
    const { end } = this.#take();
    return this.#perhaps(negated, { kind: "in", column, values, at: left.at, end });
  }

  #perhaps(negated: boolean, part: Condition): Condition {
    return negated ? { kind: "not", part, at: part.at, end: part.end } : part;
  }
}

/**
 * Read a filter over columns.
 *
 * @throws FilterError where it cannot be read
 */
export function parseFilter(text: string, known: readonly Known[]): Condition {
  const tokens = tokensOf(text);
  if (tokens.length === 1) throw new FilterError("Expected a condition, as in kept < 3.", 0, 0, "name");
  return new Parser(tokens, known).whole();
}

/** The words that columns are compared to. */
export function comparisonsIn(condition: Condition): { readonly name: string; readonly value: string }[] {
  const words = (column: Known, values: readonly (Value | Known)[]): { name: string; value: string }[] =>
    values.flatMap((value) => (typeof value === "string" ? [{ name: column.name, value }] : []));
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.parts.flatMap(comparisonsIn);
    case "not":
      return comparisonsIn(condition.part);
    case "compare":
      return condition.sign === "==" || condition.sign === "!=" ? words(condition.column, [condition.to]) : [];
    case "in":
      return words(condition.column, condition.values);
    case "missing":
      return [];
  }
}

/** The names of the columns that a condition looks at. */
export function namesIn(condition: Condition): Set<string> {
  switch (condition.kind) {
    case "and":
    case "or":
      return new Set(condition.parts.flatMap((part) => [...namesIn(part)]));
    case "not":
      return namesIn(condition.part);
    case "compare":
      return new Set([condition.column.name, ...(typeof condition.to === "object" ? [condition.to.name] : [])]);
    default:
      return new Set([condition.column.name]);
  }
}
