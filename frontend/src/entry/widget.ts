/** The widget's half in the notebook: a frame with the page, and what passes between it and the kernel. */
import type { Message } from "../data";

/** Of anywidget: what of the model it hands on. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown, callbacks?: undefined, buffers?: readonly ArrayBuffer[]): void;
  on(event: string, heard: (...told: never[]) => void): void;
  off(event: string, heard: (...told: never[]) => void): void;
}

const STATE = ["a", "b", "t", "colour", "view", "theme"] as const;
const PATIENCE = 15_000;
const SILENT = "The notebook does not answer: its kernel is busy, or was started anew. After a new start, run the cell again.";

const bytesOf = (view: ArrayBufferView | ArrayBuffer): ArrayBuffer =>
  view instanceof ArrayBuffer ? view : (view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer);

/** Pass on what comes over a port, and what the kernel says; returns how to stop. `keep` is told the page's link. */
export function relay(port: MessagePort, model: Model, keep: (link: string) => void): () => void {
  const fromPage = ({ data: { content, buffers } }: MessageEvent<Message>): void => {
    if (typeof content["link"] === "string") return keep(content["link"]);
    if (!content["state"]) return model.send(content, undefined, buffers);
    for (const [name, value] of Object.entries(content["state"])) model.set(name, value);
    model.save_changes();
  };
  const fromKernel = (content: Message["content"], buffers: readonly (ArrayBufferView | ArrayBuffer)[]): void =>
    port.postMessage({ content, buffers: buffers.map(bytesOf) });
  const heard = STATE.map((name) => [`change:${name}`, () => port.postMessage({ content: { state: { [name]: model.get(name) } }, buffers: [] })] as const);
  port.addEventListener("message", fromPage);
  port.start();
  model.on("msg:custom", fromKernel);
  for (const [event, tell] of heard) model.on(event, tell);
  return () => {
    model.off("msg:custom", fromKernel);
    for (const [event, tell] of heard) model.off(event, tell);
    port.close();
  };
}

const word = (): string => Math.random().toString(36).slice(2);

/** Ask the kernel for the page itself. */
function page(model: Model): Promise<string> {
  return new Promise((resolve, reject) => {
    const id = word();
    const parts: ArrayBuffer[] = [];
    const timer = setTimeout(() => over(() => reject(new Error(SILENT))), PATIENCE);
    const heard = (content: { id?: string; at: number; of: number }, buffers: readonly (ArrayBufferView | ArrayBuffer)[]): void => {
      if (content.id !== id) return;
      parts[content.at] = bytesOf(buffers[0] ?? new ArrayBuffer(0));
      if (Object.keys(parts).length === content.of) over(() => void new Blob(parts).text().then(resolve));
    };
    const over = (then: () => void): void => {
      clearTimeout(timer);
      model.off("msg:custom", heard);
      then();
    };
    model.on("msg:custom", heard);
    model.send({ id, method: "GET", path: "/page" });
  });
}

/** Say that nothing came, and offer to try again. */
function offer(el: HTMLElement, words: string, again: () => void): void {
  const [note, button] = [document.createElement("p"), document.createElement("button")];
  note.textContent = words;
  button.textContent = "Reconnect";
  button.addEventListener("click", again);
  el.replaceChildren(note, button);
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const frame = document.createElement("iframe");
  frame.title = "Emblink: a comparison of embedding spaces";
  // Without the notebook's origin: what is in the data can reach nothing of the notebook.
  frame.setAttribute("sandbox", "allow-scripts allow-downloads");
  frame.allow = "clipboard-write; fullscreen";
  const size = (): void => void (frame.style.cssText = `display:block;width:100%;height:${Number(model.get("height"))}px;border:0`);
  let [stop, link, gone] = [(): void => undefined, "", false];
  const ready = ({ source, data }: MessageEvent<{ emblink?: string } | null>): void => {
    if (source !== frame.contentWindow || data?.emblink !== "ready") return;
    stop();
    const { port1, port2 } = new MessageChannel();
    stop = relay(port1, model, (hash) => void (link = hash));
    const state = Object.fromEntries(STATE.map((name) => [name, model.get(name)]));
    frame.contentWindow?.postMessage({ emblink: "hold", view: word(), link, state }, "*", [port2]);
  };
  const open = (): void => {
    page(model).then(
      (html) => {
        if (gone) return;
        frame.srcdoc = html;
        el.replaceChildren(frame);
      },
      (error: unknown) => {
        if (!gone) offer(el, error instanceof Error ? error.message : String(error), open);
      },
    );
  };
  size();
  model.on("change:height", size);
  addEventListener("message", ready);
  open();
  return () => {
    gone = true;
    stop();
    model.off("change:height", size);
    removeEventListener("message", ready);
    frame.remove();
  };
}

export default { render };
