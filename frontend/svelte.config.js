import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

const components = readdirSync(new URL("src/ui", import.meta.url)).filter((name) => name.endsWith(".svelte")).sort();

/** Short names of components' styles: they stand in the page hundreds of times. */
const cssHash = ({ hash, filename, css }) => {
  const at = components.indexOf(basename(filename));
  return at < 0 ? `s${hash(css)}` : `_${at.toString(36)}`;
};

export default { preprocess: vitePreprocess(), compilerOptions: { runes: true, cssHash } };
