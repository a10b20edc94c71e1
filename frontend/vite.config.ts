import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { aliases } from "./alias.ts";
import { components, runtime, shaders } from "./lean.ts";
import { markup } from "./markup.ts";

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
  input: { index: "index.html", early: "src/entry/early.ts", widget: "src/entry/widget.ts" },
  // These files are found by their names, and the widget's keeps what it exports.
  preserveEntrySignatures: "exports-only" as const,
  output: { entryFileNames: ({ name }: { name: string }) => (name === "index" ? "assets/[name]-[hash].js" : "[name].js") },
};

/** The page's script in one, for documents that fetch nothing. */
const whole = { input: { whole: "src/entry/whole.ts" }, output: { entryFileNames: "[name].js" } };

export default defineConfig(({ mode }) => ({
  plugins: [shaders, runtime, svelte(), components, ...(mode === "whole" ? [...markup, unstyled] : []), aliases],
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
