/** The page as one document, which has all within it. */
import { blocksOf, HttpSource, InlineSource, PortTransport } from "../data";
import { Guest } from "../ui";
import * as panels from "../ui/panels";
import { show } from "./show";

/** Be given a port by the widget whose frame this is. */
function beGuest(): void {
  addEventListener("message", ({ data, ports: [port] }: MessageEvent<{ emblink?: string; view: string; link: string; state: object }>) => {
    if (data.emblink !== "hold" || !port) return;
    const host = new Guest(port, data.view, data);
    show(new HttpSource("./bundle/", new PortTransport(port, data.view)), () => Promise.resolve(panels), host);
  }, { once: true });
  parent.postMessage({ emblink: "ready" }, "*");
}

// The document says what brings the data.
if (document.querySelector<HTMLMetaElement>('meta[name="emblink-carrier"]')?.content === "widget") beGuest();
else show(new InlineSource(blocksOf(document)), () => Promise.resolve(panels));
