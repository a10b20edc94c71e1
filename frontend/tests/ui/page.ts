import { mount } from "svelte";
import "../../src/app.css";
import type { DataSource } from "../../src/data/source";
import App from "../../src/ui/App.svelte";
import { MemorySource } from "../model/memory";
import { labelsOnly, RichSource, richReport } from "../model/rich";

const broken: DataSource = {
  manifest: () => Promise.reject(new Error("manifest: the server stopped; start it again")),
  column: () => Promise.reject(new Error("the server stopped")),
};

/** By what follows the address's question mark. */
const sources: Readonly<Record<string, () => DataSource>> = {
  "": () => new MemorySource(),
  "?broken": () => broken,
  "?rich": () => new RichSource(),
  "?slow": () => new RichSource(richReport(), 30_000),
  "?labels": () => new RichSource(labelsOnly(richReport())),
};

const target = document.querySelector("#app");
const source = sources[location.search]?.() ?? new MemorySource();
if (target) mount(App, { target, props: { source } });
