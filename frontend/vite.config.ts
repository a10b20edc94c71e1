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

export default defineConfig({
  plugins: [lean, drawn, svelte()],
  base: "./",
  build: {
    target: "es2022",
    outDir: process.env["EMBLINK_STATIC"] ?? "../src/emblink/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // There is one script.
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    rolldownOptions: {
      input: { index: "index.html", widget: "src/entry/widget.ts" },
      // The widget's file is found by its name, and keeps what it exports.
      preserveEntrySignatures: "exports-only",
      output: { entryFileNames: ({ name }) => (name === "widget" ? "widget.js" : "assets/[name]-[hash].js") },
    },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    // Generous, so that a busy machine fails no test: nothing waits this long on purpose.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
