import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Shaders without what is for people: their comments and indentation. */
const bareShaders = {
  name: "bare-shaders",
  apply: "build" as const,
  transform(code: string, id: string) {
    if (!id.endsWith(".glsl?raw")) return null;
    const text = JSON.parse(code.slice(code.indexOf('"'), code.lastIndexOf('"') + 1)) as string;
    const lines = text.split("\n").map((line) => line.replace(/\/\/.*/, "").trim());
    return { code: `export default ${JSON.stringify(lines.filter(Boolean).join("\n"))}`, map: null };
  },
};

export default defineConfig({
  plugins: [svelte(), bareShaders],
  base: "./",
  build: {
    target: "es2022",
    outDir: process.env["EMBLINK_STATIC"] ?? "../src/emblink/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // There is one script.
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    // Generous, so that a busy machine fails no test: nothing waits this long on purpose.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
