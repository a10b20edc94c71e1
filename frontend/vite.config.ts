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
    license: false,
  },
  test: {
    include: ["tests/**/*.test.ts"],
    // Generous, so that a busy machine fails no test: nothing waits this long on purpose.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
