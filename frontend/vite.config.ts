import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  base: "./",
  build: {
    target: "es2022",
    outDir: process.env["EMBLINK_STATIC"] ?? "../src/emblink/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
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
