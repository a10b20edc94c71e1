import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Shaders go into the page without their comments and indents. */
const lean: Plugin = {
  name: "lean-shaders",
  enforce: "pre",
  load(id) {
    if (!id.endsWith(".glsl?raw")) return null;
    const lines = readFileSync(id.replace("?raw", ""), "utf8").split("\n").map((line) => line.replace(/\/\/.*$/, "").trim());
    return `export default ${JSON.stringify(lines.filter((line) => line !== "").join("\n"))}`;
  },
};

/** No server draws this page: what takes over a drawn one is left out, and the calls of it. */
const drawn: Plugin = {
  name: "never-hydrated",
  enforce: "pre",
  apply: "build",
  load(id) {
    if (!id.endsWith("/svelte/src/internal/client/dom/hydration.js")) return null;
    const none = ["set_hydrating", "set_hydrate_node", "hydrate_next", "reset", "hydrate_template", "next", "skip_nodes", "read_hydration_instruction"];
    const functions = none.map((name) => `/*#__NO_SIDE_EFFECTS__*/ export function ${name}() {}`);
    return ["export const hydrating = false, hydrate_node = undefined;", ...functions].join("\n");
  },
};

/** Where one file has all, the styles are those of the page. */
const unstyled: Plugin = {
  name: "no-styles",
  enforce: "post",
  generateBundle: {
    order: "post",
    handler: (_, files) => Object.keys(files).filter((name) => name.endsWith(".css")).forEach((name) => delete files[name]),
  },
};

const served = {
  input: { index: "index.html", widget: "src/entry/widget.ts" },
  // The widget's file is found by its name, and keeps what it exports.
  preserveEntrySignatures: "exports-only" as const,
  output: { entryFileNames: ({ name }: { name: string }) => (name === "widget" ? "widget.js" : "assets/[name]-[hash].js") },
};

/** The page's script in one, for documents that fetch nothing. */
const whole = { input: { whole: "src/entry/whole.ts" }, output: { entryFileNames: "[name].js" } };

export default defineConfig(({ mode }) => ({
  plugins: [lean, drawn, svelte(), ...(mode === "whole" ? [unstyled] : [])],
  base: "./",
  build: {
    target: "es2022",
    outDir: process.env["EMBLINK_STATIC"] ?? "../src/emblink/static",
    emptyOutDir: mode !== "whole",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    license: mode !== "whole" && { fileName: "licenses.md" },
    rolldownOptions: mode === "whole" ? whole : served,
  },
  test: {
    include: ["tests/**/*.test.ts"],
    // Generous, so that a busy machine fails no test: nothing waits this long on purpose.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
}));
