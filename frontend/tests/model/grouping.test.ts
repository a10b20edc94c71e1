import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import type { Link } from "../../src/model/link";
import { EMPTY } from "../../src/model/selection";
import { Session } from "../../src/model/session.svelte";
import { MemorySource } from "./memory";
import { RichSource, richReport } from "./rich";

async function start(link: Link = {}, source = new RichSource()): Promise<Session> {
  const session = new Session(await Bundle.open(source));
  await session.follow(link);
  return session;
}

describe("choosing a group", () => {
  it("selects its items under its title, until another selection is made", async () => {
    const session = await start();
    expect(await session.grouping.show(0, 1)).toBe(true);
    expect([session.grouping.chosen, session.selection.rows.length, session.selection.name]).toEqual([1, 20, "“7”, a third"]);
    session.selection.setLabels(["4"]);
    expect([session.grouping.chosen, session.selection.rows.length]).toEqual([-1, 60]);
  });

  it("shows its pair in the direction in which it was found", async () => {
    const session = await start({ a: "epoch 1", b: "epoch 0", t: 0.25 });
    expect([session.pair.view?.reversed, session.pair.view?.groups[0]?.type]).toEqual([true, "merged"]);
    await session.grouping.show(0, 0);
    expect([session.pair.a, session.pair.b, session.time.t, session.pair.view?.groups[0]?.type]).toEqual(["epoch 0", "epoch 1", 0.75, "merged"]);
    await session.grouping.show(1, 0);
    expect([session.pair.a, session.pair.b, session.time.t, session.selection.rows.length]).toEqual(["epoch 1", "epoch 2", 0, 60]);
  });

  it("gives way to what is asked for meanwhile", async () => {
    const session = await start();
    const [first, second] = await Promise.all([session.grouping.show(1, 0), session.grouping.show(0, 2)]);
    expect([first, second, session.pair.a, session.selection.name]).toEqual([false, true, "epoch 0", "“1”"]);
    const chosen = session.grouping.show(1, 0);
    await session.setPair("epoch 2", "epoch 5");
    expect([await chosen, session.grouping.chosen]).toEqual([false, -1]);
  });

  it("stays chosen when the pair is turned round, and not with another pair", async () => {
    const session = await start();
    await session.grouping.show(0, 3);
    await session.swap();
    expect([session.grouping.chosen, session.grouping.members?.rows.length]).toEqual([3, 4]);
    await session.setPair("epoch 5", "epoch 10");
    expect([session.grouping.chosen, session.selection.rows.length]).toEqual([-1, 12]);
  });

  it("is not possible where there is no such group", async () => {
    const session = await start();
    expect(await session.grouping.show(0, 9)).toBe(false);
    expect(await session.grouping.show(99, 0)).toBe(false);
    const without = new Session(await Bundle.open(new MemorySource()));
    await without.follow({ group: 1 });
    expect([await without.grouping.show(0, 0), without.pair.view?.groups, without.pair.view?.groupSearch]).toEqual([false, [], null]);
  });

  it("is in the link by rank, and comes back from it", async () => {
    const session = await start();
    await session.grouping.show(0, 1);
    expect(session.link.group).toBe(2);
    const again = await start({ ...session.link, a: "epoch 1", b: "epoch 0" });
    expect([again.pair.a, again.grouping.chosen, again.selection.rows.length]).toEqual(["epoch 1", 1, 20]);
    await again.follow({ a: "epoch 1", b: "epoch 0" });
    expect(again.link.group).toBeUndefined();
    await Promise.all([again.follow({ a: "epoch 1", b: "epoch 0", group: 3 }), again.grouping.load()]);
    expect([again.grouping.chosen, again.selection.name]).toEqual([2, "“1”"]);
  });
});

describe("the groups of a selection", () => {
  it("are suggested by the rows asked, and can be picked and left again", async () => {
    const session = await start();
    session.selection.setLabels(["4"]);
    await session.grouping.suggest();
    const found = session.grouping.suggestion.value;
    expect(found?.members.map((rows) => rows.length)).toEqual([30]);
    expect([...(found?.members[0] ?? [])].every((row) => row % 20 === 4)).toBe(true);
    session.grouping.pick(0);
    expect([session.grouping.picked, session.selection.rows.length, session.grouping.suggestion.value]).toEqual([0, 30, found]);
    session.grouping.pick(-1);
    expect([session.grouping.picked, session.selection.rows.length, session.selection.name]).toEqual([-1, 60, "4"]);
    session.selection.set(EMPTY);
    expect(session.grouping.suggestion.value).toBeNull();
  });

  it("are compared with the stored groups, and the list stays while these are looked at", async () => {
    const session = await start();
    session.selection.setLabels(["4"]);
    await session.grouping.findAlike();
    expect(session.grouping.alike.value?.groups[0]).toMatchObject({ pair: 1, group: 0 });
    await session.grouping.show(1, 0);
    expect([session.pair.a, session.grouping.alike.value?.asked.name]).toEqual(["epoch 1", "4"]);
    await session.setPair("epoch 2", "epoch 5");
    expect(session.grouping.alike.value).toBeNull();
  });

  it("can be taken back while they are sought, and say why they cannot be had", async () => {
    const source = new RichSource(richReport(), 20);
    const session = await start({}, source);
    session.selection.setLabels(["4"]);
    const asked = session.grouping.suggest();
    expect(session.grouping.suggestion.busy).toBe(true);
    session.grouping.suggestion.letGo();
    await asked;
    expect([session.grouping.suggestion.value, source.cancelled]).toEqual([null, 1]);
    await session.setPair("epoch 10", "epoch 10, seed 1");
    await session.grouping.findAlike();
    expect(session.grouping.alike.error).toMatch(/has none of it/);
  });
});

describe("colour by group", () => {
  it("names the groups, and has items of none missing", async () => {
    const session = await start({ colour: "pair:group" });
    const colouring = session.colour.colouring.value;
    expect(colouring).toMatchObject({ kind: "category", key: "pair:group", missing: 492 });
    expect(colouring?.kind === "category" && [colouring.entries[1], colouring.nameOf(7), colouring.nameOf(0)]).toEqual([{ name: "“7”, a third", count: 20, unit: 1 }, "“7”, a third", null]);
    await session.setPair("epoch 2", "epoch 5");
    expect(session.colour.key).toBe("item:digit");
  });
});
