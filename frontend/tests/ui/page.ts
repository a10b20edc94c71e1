import { mount } from "svelte";
import "../../src/app.css";
import type { DataSource } from "../../src/data/source";
import App from "../../src/ui/App.svelte";
import { ChangingSource, LiveSource, MemorySource } from "../model/memory";
import { judged } from "../model/judged";
import { told } from "../model/told";
import { doubled, labelsOnly, RichSource, richReport } from "../model/rich";

const broken: DataSource = {
  manifest: () => Promise.reject(new Error("manifest: the server stopped; start it again")),
  column: () => Promise.reject(new Error("the server stopped")),
};

/** By what follows the address's question mark. */
const sources: Readonly<Record<string, () => DataSource>> = {
  "": () => new MemorySource(),
  "?broken": () => broken,
  "?live": () => (window.live = new LiveSource()),
  "?changing": () => (window.changing = new ChangingSource()),
  "?doubled": () => new RichSource(doubled(richReport())),
  "?rich": () => new RichSource(),
  "?told": () => (window.told = new RichSource(told(richReport()))),
  "?judged": () => new RichSource(judged(richReport())),
  "?slow": () => new RichSource(richReport(), 30_000),
  "?labels": () => new RichSource(labelsOnly(richReport())),
};

/** Tests tell it what happens next. */
declare global {
  interface Window {
    live: LiveSource;
    changing: ChangingSource;
    told: RichSource;
  }
}

const target = document.querySelector("#app");
const source = sources[location.search]?.() ?? new MemorySource();
if (target) mount(App, { target, props: { source } });
