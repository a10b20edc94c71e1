import { afterAll, expect, onTestFinished, test } from "vitest";
import { HttpSource } from "../../src/data/http";
import { type Message, PortTransport } from "../../src/data/port";
import type { News } from "../../src/data/source";
import { relay } from "../../src/entry/widget";
import { describeDataSource } from "../contracts/datasource";
import { type Fixture, makeFixture } from "../contracts/fixture";
import { Kernel, Peer } from "./kernel";
import { serveFiles } from "./serve";

const peer = new Peer();
afterAll(() => void peer.process.kill());

/** A page's source in a widget's frame, and the kernel at the other end. */
async function held({ files }: Pick<Fixture, "files">, patience?: number): Promise<{ source: HttpSource; kernel: Kernel; page: MessagePort; links: string[]; stop: () => void }> {
  await peer.ready;
  const base = await serveFiles(files);
  const kernel = new Kernel(peer, new URL(base).origin);
  const { port1, port2 } = new MessageChannel();
  const links: string[] = [];
  const stop = relay(port1, kernel, (link) => void links.push(link));
  onTestFinished(() => {
    kernel.stop();
    stop();
    port2.close();
  });
  return { source: new HttpSource("./bundle/", new PortTransport(port2, "view", patience)), kernel, page: port2, links, stop };
}

describeDataSource("HttpSource, in a notebook's widget,", async (fixture) => (await held(fixture)).source);

const { files, expected } = makeFixture();

test("what is larger than a message comes in parts, and is put together", async () => {
  const large = new Map(files);
  const column = files.get("columns/position.npy") ?? new Uint8Array(0);
  const bytes = new Uint8Array(9_000_001).fill(7);
  bytes.set(column);
  large.set("columns/position.npy", bytes);
  const { source, kernel } = await held({ files: large });
  const parts: { at: number; of: number; size: number }[] = [];
  kernel.on("msg:custom", (...[content, buffers]: [{ at: number; of: number }, DataView[]]) => {
    parts.push({ at: content.at, of: content.of, size: buffers[0]?.byteLength ?? 0 });
  });
  expect(await source.column("position")).toEqual(expected.get("position"));
  expect(parts.filter(({ of }) => of > 1).map(({ size }) => size)).toEqual([4_000_000, 4_000_000, 1_000_001]);
});

test("who does not answer is said not to, the request fails in words, and an answer takes that back", async () => {
  const { source, kernel } = await held({ files }, 3_000);
  const told: (News | null)[] = [];
  source.watch((news) => void told.push(news));
  kernel.deaf = true;
  await expect(source.column("position")).rejects.toThrow(/^manifest: the notebook does not answer; .* run the cell again$/);
  expect(told.at(-1)).toMatchObject({ kind: "silent" });
  kernel.deaf = false;
  await source.column("position");
  expect(told.at(-1)).toBeNull();
});

test("the state of the page is that of the model, and its link stays with the widget", async () => {
  const { source, kernel, page, links } = await held({ files });
  page.postMessage({ content: { state: { a: "old", n_selected: 3 } }, buffers: [] });
  page.postMessage({ content: { link: "#a=old" }, buffers: [] });
  await source.manifest();
  expect(kernel.sent).toEqual([{ a: "old", n_selected: 3 }]);
  expect(links).toEqual(["#a=old"]);
});

test("what is set in the model is told to the page", async () => {
  const { kernel, page } = await held({ files });
  const heard = new Promise((resolve) => page.addEventListener("message", ({ data }) => resolve(data)));
  kernel.set("t", 0.5);
  kernel.tell("change:t");
  expect(await heard).toEqual({ content: { state: { t: 0.5 } }, buffers: [] });
});

test("a widget that is closed listens no more", async () => {
  const { kernel, stop } = await held({ files });
  expect(kernel.listening).toBeGreaterThan(0);
  stop();
  expect(kernel.listening).toBe(0);
});

test("a request has the method, the headers and the words that it was given", async () => {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const heard = new Promise<Message>((resolve) => port1.addEventListener("message", ({ data }: MessageEvent<Message>) => resolve(data)));
  port1.start();
  const answered = new PortTransport(port2, "view").fetch("./bundle/../notes?x=é", { method: "PUT", body: "ü", headers: { "Content-Type": "application/json", "Emblink-Notes": "7" } });
  const { content, buffers } = await heard;
  expect(content).toEqual({ id: "view-1", method: "PUT", path: "/notes?x=%C3%A9", headers: { "content-type": "application/json", "emblink-notes": "7" } });
  expect(new TextDecoder().decode(buffers[0])).toBe("ü");
  port1.postMessage({ content: { id: "view-1", status: 412, headers: { a: "b" }, at: 0, of: 1 }, buffers: [] });
  expect([(await answered).status, (await answered).headers.get("a")]).toEqual([412, "b"]);
});
