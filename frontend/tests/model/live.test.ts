import { describe, expect, it } from "vitest";
import { Live } from "../../src/model/live.svelte";
import { LiveSource } from "./memory";

const follow = (source: LiveSource): Live => new Live(source, () => ({}), 1);
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
    session?.select(Uint32Array.of(2, 4));
    source.picture(2);
    await turns(live, () => session?.layout.value?.to[0] === 2);
    expect([session?.a, session?.b, session?.selection]).toEqual(["b", "a", Uint32Array.of(2, 4)]);
    expect(live.opening.value).toBe(session);
  });

  it("ends with the bundle: its default colour and projection, the chosen pair and item", async () => {
    const source = new LiveSource();
    source.picture(1);
    const live = follow(source);
    await live.follow();
    const session = live.opening.value;
    await session?.setFocus(4);
    expect([session?.colour, session?.pair, session?.methods.map(({ method }) => method)]).toEqual(["item:kind", null, ["pca"]]);
    source.finish();
    await turns(live, () => session?.live === null);
    expect(session?.pair?.report.sentence).toBe("Changed.");
    expect([session?.focus, session?.neighbors.value?.item]).toEqual([4, 4]);
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
    await turns(live, () => live.opening.value?.layout.value?.from[0] === 2);
  });
});
