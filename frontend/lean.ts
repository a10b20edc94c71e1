/** What is left out of the page when it is built: it is made once, by nobody but Vite, and read by every browser. */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** One line of GLSL; two signs in a row stay apart. */
const tight = (line: string): string =>
  line
    .replace(/\s*([^\w\s#.+-]|(?<!\d)\.(?!\d))\s*/g, "$1")
    .replace(/(?<![+-]\s*)\s*([+-])(?!\s*[+-])\s*/g, "$1")
    .replace(/(\d\.)0\b/g, "$1")
    .replace(/(?<![\w.])0(\.\d)/g, "$1");

/** GLSL without comments, indents and blanks that separate nothing. */
export function leanShader(source: string): string {
  const lines = source.split("\n").map((line) => line.replace(/\/\/.*$/, "").trim());
  let lean = "";
  for (const line of lines.filter((line) => line !== "")) {
    // What tells the preprocessor something is a line of its own.
    if (line.startsWith("#")) lean += `${lean === "" || lean.endsWith("\n") ? "" : "\n"}${line}\n`;
    else lean += `${/\w$/.test(lean) ? " " : ""}${tight(line)}`;
  }
  return lean.trimEnd();
}

/** Shaders go into the page without what is for their readers. */
export const shaders: Plugin = {
  name: "lean-shaders",
  enforce: "pre",
  load(id) {
    return id.endsWith(".glsl?raw") ? `export default ${JSON.stringify(leanShader(readFileSync(id.replace("?raw", ""), "utf8")))}` : null;
  },
};

const CLIENT = "/svelte/src/internal/client/";

/** Parts of Svelte for what this page does not do, by their files: what stands in for them, before functions that do nothing. */
const SPARED: Readonly<Record<string, string>> = {
  // No server draws this page: what takes over a drawn one is left out, and the calls of it.
  "dom/hydration.js": "export const hydrating = false, hydrate_node = undefined;",
  // State is replaced whole (the linter knows of it): nothing has to be told of a change within.
  "proxy.js": "export const proxy = (value) => value, get_proxied_value = proxy, is = Object.is;",
  // Nothing is awaited in a component.
  "reactivity/async.js": 'import { derived } from "./deriveds.js"; export const flatten = (blockers, sync, async, fn) => fn(sync.map(derived));',
  // No component catches the errors of another, or waits for it.
  "dom/blocks/boundary.js": `import { block, branch } from "../../reactivity/effects.js";
    import { EFFECT_PRESERVED, EFFECT_TRANSPARENT } from "#client/constants";
    export const boundary = (node, props, children) => block(() => branch(() => children(node)), EFFECT_TRANSPARENT | EFFECT_PRESERVED);`,
};

/** A stand-in with all that its file exports. */
function spared(stand: string, file: string): string {
  const names = [...file.matchAll(/^export (?:async )?(?:function\*? ?|let |const |class )\*?(\w+)/gm)].map(([, name]) => name ?? "");
  const missing = names.filter((name) => !new RegExp(`\\b${name} =`).test(stand));
  return [stand, ...missing.map((name) => `/*#__NO_SIDE_EFFECTS__*/ export function ${name}() {}`)].join("\n");
}

/** An error that is made with the script, though nobody sees it: for its place, browsers read the whole script once more. */
const MADE = /new \(class StaleReactionError extends Error \{[^}]*\}\)\(\)/;

export const runtime: Plugin = {
  name: "lean-runtime",
  enforce: "pre",
  apply: "build",
  load(id) {
    const at = id.indexOf(CLIENT);
    if (id.endsWith(`${CLIENT}constants.js`)) {
      const code = readFileSync(id, "utf8");
      if (!MADE.test(code)) this.error("Svelte makes its stale reaction in another way now: see lean.ts");
      return code.replace(MADE, "{}");
    }
    // Its errors are links, and say no more.
    if (/\/svelte\/src\/internal\/(client|shared)\/errors\.js$/.test(id)) return readFileSync(id, "utf8").replaceAll("https://svelte.dev/e/", "");
    const stand = at < 0 ? undefined : SPARED[id.slice(at + CLIENT.length)];
    return stand === undefined ? null : spared(stand, readFileSync(id, "utf8"));
  },
};

/** Markup as short as the browser's parser lets it be: what is open at its end is closed by it, and no form is there to be sent. */
export function leanMarkup(markup: string): string {
  const tags = /<[a-z](?:"[^"]*"|[^>"])*>/g;
  return markup.replace(/(<\/[a-z0-9]+>)+$/, "").replace(/[ \t]*\n\s*/g, " ").replace(tags, (tag) => tag.replace(markup.includes("<form") ? "" : ' type="button"', "").replace(/([a-z-]+)="([\w#.:-]+)"(?=[\s>])/g, "$1=$2"));
}

/** What Svelte writes for every component and few need. */
export function leanComponent(code: string, source: string): string {
  const fixed = [...source.matchAll(/readonly (\w+)\b[^\n;]*= \$derived/g)].map(([, name]) => name);
  return (
    code
      .replace(/(\$\.from_html\(`)([^`]*)(`)/g, (_, begin: string, markup: string, end: string) => begin + leanMarkup(markup) + end)
      // Of the components of before Svelte 5.
      .replace(/,?\s*\$\$slots: \{[^}]*\}/g, "")
      // What is derived is never set.
      .replace(/set (\w+)\(value\) \{\s*\$\.set\(this\.#\w+, value\);\s*\}/g, (setter, name: string) => (fixed.includes(name) ? "" : setter))
  );
}

export const components: Plugin = {
  name: "lean-components",
  enforce: "post",
  apply: "build",
  transform(code, id) {
    return /\.svelte(\.ts)?$/.test(id) ? { code: leanComponent(code, readFileSync(id, "utf8")), map: null } : null;
  },
};
