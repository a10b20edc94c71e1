import { expect, it, onTestFinished, vi } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { parseLink } from "../../src/model/link";
import { Session } from "../../src/model/session.svelte";
import { Guest } from "../../src/ui/guest.svelte";
import { View } from "../../src/ui/view.svelte";
import { MemorySource } from "../model/memory";

type Content = Record<string, unknown>;
interface Said {
  readonly content: Content;
  readonly buffers: readonly ArrayBuffer[];
}

/** A page held by a notebook, and what the notebook hears. */
async function held(first: { link?: string; state?: object } = {}) {
  const session = new Session(await Bundle.open(new MemorySource()));
  await session.follow({});
  const { port1, port2 } = new MessageChannel();
  const heard: Said[] = [];
  port2.addEventListener("message", ({ data }: MessageEvent<Said>) => void heard.push(data));
  port2.start();
  const guest = new Guest(port1, "me", { link: "", state: {}, ...first });
  port1.start();
  const view = new View(session);
  const stop = guest.attach({ session, view });
  onTestFinished(() => {
    stop();
    port1.close();
    port2.close();
  });
  const say = (content: Content, buffers: readonly ArrayBuffer[] = []): void => port2.postMessage({ content, buffers });
  return { session, view, guest, heard, say };
}

it("takes no selection back that it made itself", async () => {
  const { session, say } = await held();
  session.selection.set(Uint32Array.of(2));
  say({ do: "select", from: "me" }, [Int32Array.of(1, 2, 3).buffer]);
  say({ state: { t: 0.5 } });
  await vi.waitFor(() => expect(session.time.t).toBe(0.5));
  expect([...session.selection.rows]).toEqual([2]);
});

it("shows what the notebook sets, and keeps what it does not know", async () => {
  const { session, say } = await held();
  const { a, b } = session.pair;
  say({ state: { a: b, b: a, t: 7, view: "side", theme: "dark" } });
  await vi.waitFor(() => expect([session.pair.a, session.pair.b, session.time.t, session.time.asked, session.theme]).toEqual([b, a, 1, "side", "dark"]));
  say({ state: { a: "nowhere", view: "cubist", theme: "pink" } });
  say({ state: { t: 0.1 } });
  await vi.waitFor(() => expect(session.time.t).toBe(0.1));
  expect([session.pair.a, session.time.asked, session.theme]).toEqual([b, null, "dark"]);
});

it("colours by the key that the notebook sets", async () => {
  const { session, say } = await held();
  const choice = session.colour.choices.find(({ key }) => key !== session.colour.key);
  expect(choice).toBeDefined();
  say({ state: { colour: choice?.key } });
  await vi.waitFor(() => expect(session.colour.key).toBe(choice?.key));
});

it("opens on what the notebook asks for, or on how it stood when it was last here", async () => {
  const asked = await held({ state: { a: "a", b: "b", t: 0.5, colour: "x", view: "trails", theme: "auto" } });
  expect(parseLink(asked.guest.bar.read())).toEqual({ a: "a", b: "b", t: 0.5, colour: "x", mode: "trails" });
  const back = await held({ link: "#a=z&tab=items", state: { a: "a" } });
  expect(parseLink(back.guest.bar.read())).toEqual({ a: "z", tab: "items" });
  back.guest.bar.push("#a=y");
  expect(back.guest.bar.read()).toBe("#a=y");
  await vi.waitFor(() => expect(back.heard.map(({ content }) => content)).toContainEqual({ link: "#a=y" }));
});

it("marks what the notebook points at", async () => {
  const { view, say } = await held();
  say({ do: "point", row: 2 });
  await vi.waitFor(() => expect(view.pointed).toBe(2));
  say({ do: "point", row: -1 });
  await vi.waitFor(() => expect(view.pointed).toBe(-1));
});
