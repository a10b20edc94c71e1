// A cell with the widget in it, and a kernel at the other end.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const WIDGET = new URL("../../src/emblink/static/widget.js", import.meta.url);
const KERNEL = new URL("kernel.py", import.meta.url);
const ADDRESS = "http://notebook.invalid/";

/** The half of anywidget that stands in the browser: a model, and the widget's own script drawn in it. */
async function draw({ state, address }) {
  const heard = new Map();
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const textOf = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  window.fromKernel = ({ content, buffers }) => {
    const views = buffers.map((text) => new DataView(bytesOf(text).buffer));
    for (const hear of heard.get("msg:custom") ?? []) hear(content, views);
  };
  const model = {
    get: (name) => state[name],
    set: (name, value) => void (state[name] = value),
    save_changes: () => undefined,
    send: (content, _, buffers = []) => void window.toKernel(JSON.stringify({ content, buffers: [...buffers].map(textOf) })),
    on: (event, hear) => void heard.set(event, [...(heard.get(event) ?? []), hear]),
    off: (event, hear) => void heard.set(event, (heard.get(event) ?? []).filter((one) => one !== hear)),
  };
  const { default: widget } = await import(`${address}widget.js`);
  widget.render({ model, el: document.body });
}

/** Open a bundle in a cell of the window's size; returns the page's frame, and how to stop the kernel. */
export async function openCell(page, { python, bundle, state }) {
  const kernel = spawn(python, [KERNEL.pathname, bundle], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: kernel.stdout });
  // A page gives up a kernel that does not answer: this one has begun.
  await new Promise((resolve) => lines.once("line", resolve));
  lines.on("line", (line) => void page.evaluate((told) => window.fromKernel(told), JSON.parse(line)).catch(() => undefined));
  await page.exposeFunction("toKernel", (line) => void kernel.stdin.write(`${line}\n`));
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url === ADDRESS) return route.fulfill({ contentType: "text/html", body: "<!doctype html><style>body { margin: 0 }</style><body></body>" });
    if (url === `${ADDRESS}widget.js`) return route.fulfill({ contentType: "text/javascript", body: readFileSync(WIDGET, "utf8") });
    return route.abort();
  });
  await page.goto(ADDRESS);
  await page.evaluate(draw, { state, address: ADDRESS });
  const frame = await (await page.waitForSelector("iframe", { timeout: 60_000 })).contentFrame();
  return { frame, stop: () => kernel.kill() };
}
