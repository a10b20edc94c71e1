/** Texts and functions of the language that stand in the page many times are written once, and named. */
import { parseAst, type Plugin } from "vite";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

/** Objects whose functions do not mind being called without them. */
const STATIC = ["Array", "JSON", "Math", "Number", "Object"];
/** Where a text must stand as it is. */
const FIXED = ["ImportDeclaration", "ImportExpression", "ExportNamedDeclaration", "ExportAllDeclaration"];
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_";
/** Bytes of `a=…,` beyond the text itself. */
const NAMING = 4;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value && "start" in value;

/** Every node of a program but what lies in a fixed one, with its parent. */
function* nodes(node: Node, parent: Node | null = null): Generator<readonly [node: Node, parent: Node | null]> {
  if (FIXED.includes(node.type)) return;
  yield [node, parent];
  for (const value of Object.values(node)) {
    for (const part of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(part)) yield* nodes(part, node);
  }
}

/** Whether a node may be replaced by the name of what it says. */
function isAlike(node: Node, parent: Node | null): boolean {
  if (node.type === "Literal") return typeof node["value"] === "string" && parent?.["key"] !== node && parent?.["directive"] === undefined;
  if (node.type === "TemplateLiteral") return (node["expressions"] as unknown[]).length === 0 && parent?.type !== "TaggedTemplateExpression";
  const object = node["object"] as Node | undefined;
  return node.type === "MemberExpression" && node["computed"] === false && object?.type === "Identifier" && STATIC.includes(object["name"] as string);
}

/** Names that nothing has, short ones first. */
function* unused(names: ReadonlySet<string>): Generator<string> {
  const reserved = new Set(["as", "do", "if", "in", "is", "of"]);
  for (const tail of [...LETTERS, ...[...LETTERS].flatMap((a) => [...LETTERS].map((b) => a + b))]) {
    for (const head of LETTERS) if (!names.has(head + tail) && !reserved.has(head + tail)) yield head + tail;
  }
}

/** A module in which what stands often stands once. */
export function aliased(code: string): string {
  const found = new Map<string, Node[]>();
  const names = new Set<string>();
  let begin = 0;
  const program = parseAst(code) as unknown as Node;
  for (const part of program["body"] as Node[]) if (part.type === "ImportDeclaration") begin = part.end;
  for (const [, name] of code.matchAll(/(?<![\w$])([\w$]{2,3})(?![\w$])/g)) names.add(name ?? "");
  for (const [node, parent] of nodes(program)) {
    if (!isAlike(node, parent)) continue;
    const text = code.slice(node.start, node.end);
    found.set(text, [...(found.get(text) ?? []), node]);
  }
  const often = [...found].sort(([a, x], [b, y]) => y.length * b.length - x.length * a.length);
  const free = unused(names);
  const named: string[] = [];
  const edits: { readonly start: number; readonly end: number; readonly name: string }[] = [];
  let name = free.next().value as string;
  for (const [text, places] of often) {
    if (places.length * (text.length - name.length) <= text.length + name.length + NAMING) continue;
    named.push(`${name}=${text}`);
    for (const { start, end } of places) edits.push({ start, end, name: spaced(code, start, end, name) });
    name = free.next().value as string;
  }
  if (named.length === 0) return code;
  let [rest, at] = [`var ${named.join()};`, begin];
  for (const { start, end, name: put } of edits.sort((a, b) => a.start - b.start)) [rest, at] = [rest + code.slice(at, start) + put, end];
  return code.slice(0, begin) + rest + code.slice(at);
}

/** Apart from the words beside it. */
function spaced(code: string, start: number, end: number, name: string): string {
  return `${/[\w$]/.test(code[start - 1] ?? "") ? " " : ""}${name}${/[\w$]/.test(code[end] ?? "") ? " " : ""}`;
}

export const aliases: Plugin = {
  name: "aliases",
  enforce: "post",
  generateBundle: {
    order: "post",
    handler: (_, files) => {
      for (const file of Object.values(files)) if (file.type === "chunk") file.code = aliased(file.code);
    },
  },
};
