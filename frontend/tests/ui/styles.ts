import { readdirSync, readFileSync } from "node:fs";

const SRC = new URL("../../src/", import.meta.url).pathname;

/** Every size, space and colour stands in this file and in no other. */
export const TOKENS = "tokens.css";

/** Lengths in absolute units, but hairlines of one pixel. */
const LENGTH = /(?<![\w.#-])-?(?!1px\b)(?:\d*\.)?\d*[1-9]\d*(?:px|pt|pc|cm|mm|in|q|rem)\b/gi;
const COLOUR = /#[\da-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(/gi;
const NAMED = /(?<![\w-])(?:white|black|gr[ae]y|silver|red|orange|yellow|green|blue|purple|pink)(?![\w-])/gi;

const withoutComments = (css: string): string => css.replaceAll(/\/\*.*?\*\//gs, "");

/** The files of the page that style something, by path from `src/`. */
export const styled = (): string[] =>
  readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => /\.(?:svelte|css)$/.test(path)).sort();

export const read = (path: string): string => readFileSync(SRC + path, "utf8");

/** The rules of a stylesheet or component. */
export function rulesOf(path: string, text: string): string {
  if (path.endsWith(".css")) return withoutComments(text);
  return withoutComments([...text.matchAll(/<style[^>]*>(.*?)<\/style>/gs)].map(([, css = ""]) => css).join("\n"));
}

/** What a component's markup says of style: `style=` and `style:` with fixed values, colours of drawn shapes. */
function fixedOf(text: string): string[] {
  const markup = text.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gs, "").replaceAll(/<!--.*?-->/gs, "");
  return [...markup.matchAll(/\s(?:style|style:[\w-]+|fill|stroke)="([^"]*)"/g)].map(([, value = ""]) => value);
}

/** Sizes and colours that are written where a token belongs. */
export function literals(path: string, text: string): string[] {
  // The condition of a query cannot read a token.
  const rules = rulesOf(path, text).replaceAll(/@(?:media|container)[^{]*/g, "");
  // Selectors may hold any word.
  const declared = [...rules.matchAll(/[{;]\s*[\w-]+\s*:([^;{}]*)/g)].map(([, value = ""]) => value);
  const fixed = path.endsWith(".svelte") ? fixedOf(text) : [];
  return [...declared, ...fixed].flatMap((value) => [LENGTH, COLOUR, NAMED].flatMap((pattern) => value.match(pattern) ?? []));
}

/** Custom properties that some text sets. */
export const setIn = (text: string): string[] => [...text.matchAll(/(?<![\w-])(--[a-z][\w-]*)\s*[:=]/g)].map(([, name = ""]) => name);

/** Custom properties that some text reads. */
export const readIn = (text: string): string[] => [...text.matchAll(/var\((--[a-z][\w-]*)/g)].map(([, name = ""]) => name);
