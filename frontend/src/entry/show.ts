import { mount } from "svelte";
import "../app.css";
import type { DataSource } from "../data";
import { App, type Host, type Reading } from "../ui";

/** Show a bundle in the page's own element. */
export function show(source: DataSource, panels: Reading, host?: Host): void {
  const target = document.getElementById("app");
  if (target) mount(App, { target, props: host ? { source, panels, host } : { source, panels } });
}
