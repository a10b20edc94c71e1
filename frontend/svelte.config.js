import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** Short names of components' styles: they stand in the page hundreds of times. */
const cssHash = ({ hash, filename, css }) => `s${hash(filename === "(unknown)" ? css : filename).slice(-4)}`;

export default { preprocess: vitePreprocess(), compilerOptions: { runes: true, cssHash } };
