import { mount } from "svelte";
import "../app.css";
import { blocksOf, type DataSource, HttpSource, InlineSource, PortTransport } from "../data";
import { App, Guest, type Host } from "../ui";

/** Show a bundle in the page's own element. */
function show(source: DataSource, host?: Host): void {
  const target = document.getElementById("app");
  if (target) mount(App, { target, props: host ? { source, host } : { source } });
}

/** Be given a port by the widget whose frame this is. */
function beGuest(): void {
  addEventListener("message", ({ data, ports: [port] }: MessageEvent<{ emblink?: string; view: string; link: string; state: object }>) => {
    if (data.emblink !== "hold" || !port) return;
    const host = new Guest(port, data.view, data);
    show(new HttpSource("./bundle/", new PortTransport(port, data.view)), host);
  }, { once: true });
  parent.postMessage({ emblink: "ready" }, "*");
}

/** By what the document says that brings the data. */
const carriers: Readonly<Record<string, () => void>> = {
  inline: () => show(new InlineSource(blocksOf(document))),
  widget: beGuest,
};

function serve(): void {
  // The server has made a cookie of the token: it need not stay in the address, nor in the history.
  if (new URLSearchParams(location.search).has("token")) history.replaceState(history.state, "", location.pathname + location.hash);
  show(new HttpSource());
}

const carrier = document.querySelector<HTMLMetaElement>('meta[name="emblink-carrier"]')?.content ?? "";
(carriers[carrier] ?? serve)();
