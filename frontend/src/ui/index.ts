export { default as App } from "./App.svelte";
export { Guest } from "./guest.svelte";
export type { Host } from "./host";
export type { Reading } from "./reading";
