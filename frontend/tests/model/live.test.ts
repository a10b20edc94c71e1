import { describe, expect, it } from "vitest";
import { HttpSource } from "../../src/data/http";
import { Live } from "../../src/model/live.svelte";
import type { Link } from "../../src/model/link";
import type { Session } from "../../src/model/session.svelte";
import { LiveSource, MemorySource } from "./memory";
import { RichSource } from "./rich";

const follow = (source: LiveSource, link: Link = {}): Live => new Live(source, () => link, 1);
const turns = (live: Live, until: () => boolean): Promise<void> =>
  expect.poll(until).toBe(true).finally(() => live.stop());

describe("a comparison that is followed", () => {
  it("waits for the first picture and says what is being done", async () => {
    const source = new LiveSource();
    const live = follow(source);
    await live.follow();
    expect(live.opening.value).toBeNull();
    expect(live.progress?.step).toBe("reading files");
    live.stop();
  });

  it("shows the pictures as they come, and keeps what was chosen", async () => {
    const source = new LiveSource();
    source.picture(1);
    const live = follow(source);
    await live.follow();
    const session = live.opening.value;
    expect(session?.live?.state).toBe("running");
    await session?.setPair("b", "a");
    session?.selection.set(Uint32Array.of(2, 4));
    source.picture(2);
    await turns(live, () => session?.pair.layout.value?.to[0] === 2);
    expect([session?.pair.a, session?.pair.b, session?.selection.rows]).toEqual(["b", "a", Uint32Array.of(2, 4)]);
    expect(live.opening.value).toBe(session);
  });

  it("ends with the bundle: its default colour and projection, the chosen pair and item", async () => {
    const source = new LiveSource();
    source.picture(1);
    const live = follow(source);
    await live.follow();
    const session = live.opening.value;
    await session?.focus.set(4);
    expect([session?.colour.key, session?.pair.view, session?.pair.methods.map(({ method }) => method)]).toEqual(["item:kind", null, ["pca"]]);
    source.finish();
    await turns(live, () => session?.live === null);
    expect(session?.pair.view?.report.answer).toBe("Another space: treat it as a new model.");
    expect([session?.focus.row, session?.focus.neighbors.value?.item]).toEqual([4, 4]);
  });

  it("says why it failed, and leaves the pictures", async () => {
    const source = new LiveSource();
    source.picture(1);
    const live = follow(source);
    await live.follow();
    source.fail("the disk is full; make room");
    await turns(live, () => live.progress?.state === "failed");
    expect(live.opening.value?.live?.message).toBe("the disk is full; make room");
  });

  it("says how to go on when the server has gone", async () => {
    const source = new LiveSource();
    source.picture(1);
    const live = follow(source);
    await live.follow();
    source.progress = () => Promise.reject(new Error("the server stopped"));
    await turns(live, () => live.progress?.state === "failed");
    expect(live.opening.value?.live?.message).toContain("Run the same command again");
  });

  it("asks again where the pictures changed while they were read", async () => {
    const source = new LiveSource();
    source.picture(1);
    const live = follow(source);
    await live.follow();
    source.breakOnce();
    source.picture(2);
    await turns(live, () => live.opening.value?.pair.layout.value?.from[0] === 2);
  });
});

describe("a group that a link names during a comparison", () => {
  /** Follow the link over two pictures to the bundle, and do something in between. */
  async function through(link: Link, meanwhile: (session: Session) => unknown = () => undefined): Promise<Session> {
    const source = new LiveSource(() => new RichSource());
    source.picture(1);
    const live = follow(source, link);
    await live.follow();
    const session = live.opening.value as Session;
    source.picture(2);
    await expect.poll(() => session.pair.layout.value?.from[0]).toBe(2);
    expect([session.grouping.chosen, session.link.group]).toEqual([-1, link.group]);
    await meanwhile(session);
    source.finish();
    await turns(live, () => session.live === null);
    return session;
  }

  it("stays in the address, and is chosen when it is there", async () => {
    const session = await through({ group: 2 });
    expect([session.grouping.chosen, session.selection.name, session.link.group]).toEqual([1, "“7”, a third", 2]);
  });

  it("is one of the pair that the link names, in its direction", async () => {
    const session = await through({ a: "epoch 2", b: "epoch 1", group: 1 });
    expect([session.pair.a, session.grouping.chosen, session.selection.rows.length]).toEqual(["epoch 2", 0, 60]);
  });

  it("gives way to what is selected meanwhile, and to another pair", async () => {
    const session = await through({ group: 2 }, (before) => before.selection.set(Uint32Array.of(2, 4)));
    expect([session.grouping.chosen, [...session.selection.rows], session.link.group]).toEqual([-1, [2, 4], undefined]);
    const elsewhere = await through({ group: 1 }, (before) => before.setPair("epoch 1", "epoch 2"));
    expect([elsewhere.pair.a, elsewhere.grouping.chosen, elsewhere.selection.rows.length]).toEqual(["epoch 1", -1, 0]);
  });

  it("leaves the address where there is none", async () => {
    const session = await through({ group: 9 });
    expect([session.grouping.chosen, session.selection.rows.length, session.link.group]).toEqual([-1, 0, undefined]);
  });
});

describe("a finished bundle behind a server", () => {
  it.each([[1, 1], [3, 2]])("of revision %d has its manifest read %d times, the first beside the question how far it is", async (revision, times) => {
    const manifest = JSON.stringify(await new MemorySource().manifest());
    const asked: string[] = [];
    let answer: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (answer = resolve));
    const fetch = async (url: string): Promise<Response> => {
      asked.push(url);
      if (asked.length >= 2) answer();
      await both;
      if (url.endsWith("progress")) return new Response(JSON.stringify({ state: "done", step: "", done: 1, total: 1, message: "", revision }));
      return url.endsWith("manifest.json") ? new Response(manifest) : new Response("", { status: 404 });
    };
    const live = new Live(new HttpSource("./bundle/", { fetch, stopped: { reason: "", wayOut: "" } }), () => ({}), 1);
    await live.follow();
    live.stop();
    expect(live.opening.value).not.toBeNull();
    expect(asked.filter((url) => url.endsWith("manifest.json"))).toHaveLength(times);
  });
});
