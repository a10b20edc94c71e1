import { mount } from "svelte";
import "../../src/app.css";
import type { DataSource } from "../../src/data/source";
import App from "../../src/ui/App.svelte";
import { Guest } from "../../src/ui/guest.svelte";
import type { Host } from "../../src/ui/host";
import * as read from "../../src/ui/panels";
import { ChangingSource, HostileSource, LiveSource, MemorySource } from "../model/memory";
import type { Manifest } from "../../src/model/schema.gen";
import { judged } from "../model/judged";
import { told } from "../model/told";
import { doubled, labelsOnly, RichSource, richReport } from "../model/rich";

/** A copy that was handed on. */
class CopySource extends RichSource {
  override async manifest(): Promise<Manifest> {
    const manifest = await super.manifest();
    const report = { ...manifest.report, n_items: 10 * manifest.n_items };
    return { ...manifest, report, copy_notes: ["Most of it is left out.", "So is the rest."] };
  }
}

const broken: DataSource = {
  manifest: () => Promise.reject(new Error("manifest: the server stopped; start it again")),
  column: () => Promise.reject(new Error("the server stopped")),
};

/** By what follows the address's question mark. */
const sources: Readonly<Record<string, () => DataSource>> = {
  "": () => new MemorySource(),
  "?broken": () => broken,
  "?hostile": () => new HostileSource(),
  "?live": () => (window.live = new LiveSource()),
  "?changing": () => (window.changing = new ChangingSource()),
  "?doubled": () => new RichSource(doubled(richReport())),
  "?rich": () => new RichSource(),
  "?told": () => (window.told = new RichSource(told(richReport()))),
  "?judged": () => new RichSource(judged(richReport())),
  "?slow": () => new RichSource(richReport(), 30_000),
  "?copy": () => new CopySource(told(richReport())),
  "?guest": () => new RichSource(told(richReport())),
  "?labels": () => new RichSource(labelsOnly(richReport())),
};

/** Tests tell it what happens next. */
declare global {
  interface Window {
    live: LiveSource;
    changing: ChangingSource;
    told: RichSource;
    /** What a notebook hears of the page that it holds, and how it speaks. */
    heard: { content: Record<string, unknown>; rows: number[] }[];
    say: (content: Record<string, unknown>, rows?: readonly number[]) => void;
  }
}

/** A page that a notebook holds. */
function guest(): Host {
  const { port1, port2 } = new MessageChannel();
  window.heard = [];
  port2.addEventListener("message", ({ data }: MessageEvent<{ content: Record<string, unknown>; buffers: ArrayBuffer[] }>) => {
    window.heard.push({ content: data.content, rows: data.buffers.flatMap((one) => [...new Int32Array(one)]) });
  });
  window.say = (content, rows) => port2.postMessage({ content, buffers: rows ? [Int32Array.from(rows).buffer] : [] });
  port1.start();
  port2.start();
  return new Guest(port1, "me", { link: "", state: { t: 0.25, theme: "dark" } });
}

const target = document.querySelector("#app");
const source = sources[location.search]?.() ?? new MemorySource();
const panels = (): Promise<typeof read> => Promise.resolve(read);
const props = location.search === "?guest" ? { source, panels, host: guest() } : { source, panels };
if (target) mount(App, { target, props });
