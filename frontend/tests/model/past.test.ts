import { describe, expect, it } from "vitest";
import type { DataSource } from "../../src/data/source";
import { Bundle } from "../../src/model/bundle";
import { formatLink, type Link, parseLink } from "../../src/model/link";
import type { ProjectionInfo } from "../../src/model/schema.gen";
import { EMPTY } from "../../src/model/selection";
import { Session } from "../../src/model/session.svelte";
import { MemorySource } from "./memory";
import { RichSource, richReport } from "./rich";
import { told } from "./told";

async function start(source: DataSource = new RichSource(), link: Link = {}): Promise<Session> {
  const manifest = await source.manifest();
  // Another picture of each space, where its own is.
  for (const { projections } of manifest.spaces) projections.push({ ...(projections[0] as ProjectionInfo), method: "umap" });
  const session = new Session(new Bundle(source, manifest));
  await session.follow(link);
  session.past.note(session.moment);
  return session;
}

/** One gesture. */
async function act(session: Session, what: () => unknown): Promise<void> {
  session.past.begin();
  await what();
  session.past.note(session.moment);
}

const facts = ({ link, focus, rows, name, isolated, anchoring, saved }: Session["moment"]): unknown => ({ link, focus, rows: [...rows], name, isolated: [...isolated], anchoring, saved });

/** Each thing that a person can change. */
const GESTURES: Readonly<Record<string, (session: Session) => unknown>> = {
  "the pair": (session) => session.setPair("epoch 2", "epoch 5"),
  "the direction": (session) => session.swap(),
  "the moment": ({ time }) => (time.t = 0.4),
  "the gain": ({ time }) => time.setGain(3),
  "the mode": ({ time }) => (time.asked = "trails"),
  "the projection": (session) => session.setMethod("umap"),
  "the colour": (session) => session.colour.set("pair:neighborhood_overlap"),
  "the theme": (session) => (session.theme = "dark"),
  "the panel": ({ desk }) => (desk.tab = "labels"),
  "the measure": ({ desk }) => (desk.measure = "rsa"),
  "the order of the spaces": ({ order }) => (order.asked = "alike"),
  "the camera": ({ desk }) => (desk.look = { x: 1, y: 2, zoom: 3 }),
  "the details": ({ desk }) => (desk.details = false),
  "the items’ pictures": ({ desk }) => (desk.pictures = false),
  "the focus": ({ focus }) => focus.set(7),
  "a selection": ({ selection }) => selection.set(Uint32Array.of(1, 2, 3)),
  "a long selection": ({ selection }) => selection.set(Uint32Array.from({ length: 590 }, (_, i) => i + 3), "most"),
  "a label": ({ selection }) => selection.setLabels(["4"]),
  "a group": (session) => session.grouping.show(session.pair.view?.index ?? -1, 0),
  "a finding": (session) => session.findings.choose(0),
  "an alignment": async (session) => {
    session.selection.setLabels(["4"]);
    await session.alignOnSelection();
  },
  isolation: ({ selection }) => {
    selection.setLabels(["5"]);
    selection.isolate();
  },
  "a filter": ({ filter }) => filter.apply("kept < 5"),
  growth: async (session) => {
    session.selection.set(Uint32Array.of(3));
    if (session.pair.spaceB) await session.selection.grow(session.pair.spaceB, 3);
  },
  "the table": ({ table }) => table.toggle(),
  "its order": ({ table, filter }) => {
    for (const column of filter.columns.slice(0, 1)) table.by(column);
  },
  "its rows": ({ table }) => (table.all = true),
  "its histograms": ({ table }) => (table.charts = true),
  "a saved selection": ({ saved }) => saved.save("mine", Uint32Array.of(1, 2)),
};

describe("undo", () => {
  it.each(Object.keys(GESTURES))("takes back %s, and redo brings it again", async (name) => {
    const session = await start(new RichSource(told(richReport())));
    await act(session, () => session.selection.set(Uint32Array.of(11, 12), "first"));
    const before = facts(session.moment);
    await act(session, () => GESTURES[name]?.(session));
    const after = facts(session.moment);
    expect(after).not.toEqual(before);
    await session.past.undo();
    expect(facts(session.moment)).toEqual(before);
    await session.past.redo();
    expect(facts(session.moment)).toEqual(after);
  });

  it("goes back through all of them, one by one, and forth again", async () => {
    const session = await start(new RichSource(told(richReport())));
    const seen = [facts(session.moment)];
    for (const gesture of Object.values(GESTURES)) {
      await act(session, () => gesture(session));
      if (JSON.stringify(seen.at(-1)) !== JSON.stringify(facts(session.moment))) seen.push(facts(session.moment));
    }
    expect(seen.length).toBeGreaterThan(20);
    for (const moment of seen.slice(0, -1).reverse()) {
      await session.past.undo();
      expect(facts(session.moment)).toEqual(moment);
    }
    expect(session.past.canUndo).toBe(false);
    expect(await session.past.undo()).toBeNull();
    for (const moment of seen.slice(1)) {
      await session.past.redo();
      expect(facts(session.moment)).toEqual(moment);
    }
    expect(await session.past.redo()).toBeNull();
  });

  it("asked for several times at once ends where the last one leads", async () => {
    const session = await start();
    const facts0 = facts(session.moment);
    await act(session, () => session.grouping.show(session.pair.view?.index ?? -1, 0));
    await act(session, () => session.selection.isolate());
    await act(session, () => session.setPair("epoch 2", "epoch 5"));
    await act(session, () => session.focus.set(4));
    const last = facts(session.moment);
    await Promise.all([session.past.undo(), session.past.undo(), session.past.undo(), session.past.undo()]);
    expect(facts(session.moment)).toEqual(facts0);
    await Promise.all([session.past.redo(), session.past.redo(), session.past.redo(), session.past.redo()]);
    expect(facts(session.moment)).toEqual(last);
  });

  it("takes all that one gesture leads to as one step", async () => {
    const session = await start();
    session.past.begin();
    session.selection.setLabels(["4"]);
    session.past.note(session.moment);
    session.time.t = 0.5;
    session.past.note(session.moment);
    session.time.asked = "morph";
    session.past.note(session.moment);
    await session.past.undo();
    expect([session.selection.rows.length, session.time.t, session.time.asked]).toEqual([0, 0, null]);
    expect(session.past.canUndo).toBe(false);
  });

  it("takes scrubs in a row as one step, and pans in a row as another", async () => {
    const session = await start();
    for (const t of [0.1, 0.2, 0.3]) await act(session, () => (session.time.t = t));
    for (const x of [1, 2, 3]) await act(session, () => (session.desk.look = { x, y: 0, zoom: 2 }));
    await session.past.undo();
    expect([session.time.t, session.desk.look]).toEqual([0.3, null]);
    await session.past.undo();
    expect([session.time.t, session.past.canUndo]).toEqual([0, false]);
  });

  it("is forgotten forwards once something else is done", async () => {
    const session = await start();
    await act(session, () => session.selection.setLabels(["4"]));
    await session.past.undo();
    expect(session.past.canRedo).toBe(true);
    await act(session, () => session.selection.setLabels(["5"]));
    expect(session.past.canRedo).toBe(false);
    await session.past.undo();
    expect(session.selection.rows).toHaveLength(0);
  });

  it("knows no step of what the page does by itself", async () => {
    const session = await start();
    session.time.t = 1;
    session.past.note(session.moment);
    expect(session.past.canUndo).toBe(false);
  });
});

describe("a link", () => {
  it.each(Object.keys(GESTURES).filter((name) => name !== "a saved selection" && name !== "growth"))("brings back %s", async (name) => {
    const session = await start(new RichSource(told(richReport())));
    await GESTURES[name]?.(session);
    const link = parseLink(formatLink(session.link));
    const again = await start(new RichSource(told(richReport())), link);
    expect(again.link).toEqual(session.link);
    expect([...again.selection.rows]).toEqual([...session.selection.rows]);
    expect([...again.selection.isolated]).toEqual([...session.selection.isolated]);
    expect(again.pair.layout.value?.to).toEqual(session.pair.layout.value?.to);
  });
});

describe("a filter of the session", () => {
  it("selects by columns of the items and by measures of the pair", async () => {
    const session = await start(new MemorySource());
    expect(await session.filter.apply('text ~ "pear" and kind == "tree"')).toBe(true);
    expect([[...session.selection.rows], session.selection.name, session.filter.text]).toEqual([[1, 5], 'text ~ "pear" and kind == "tree"', 'text ~ "pear" and kind == "tree"']);
    expect(await session.filter.apply("kept <= 1")).toBe(true);
    // Shares of 3: .1 .2 .3 .4 .5 of items 5 4 3 2 0.
    expect([...session.selection.rows]).toEqual([2, 3, 4, 5]);
    expect(session.link).toMatchObject({ filter: "kept <= 1" });
    expect(session.link.selected).toBeUndefined();
  });

  it("that cannot be read, or that nothing passes, says so and leaves the selection", async () => {
    const session = await start(new MemorySource());
    session.selection.set(Uint32Array.of(1), "mine");
    expect(await session.filter.apply("kpet < 3")).toBe(false);
    expect(session.filter.wrong?.message).toBe("Character 1: No column is called kpet. Near it: kept.");
    expect(await session.filter.apply('kind == "Fruit"')).toBe(false);
    expect(session.filter.wrong?.message).toBe('No item passes this. Near it: "fruit".');
    expect([[...session.selection.rows], session.selection.name]).toEqual([[1], "mine"]);
  });

  it("adds with Shift and takes away with Alt", async () => {
    const session = await start(new MemorySource());
    session.selection.set(Uint32Array.of(3));
    await session.filter.apply('kind == "tree"', { shift: true, alt: false });
    expect([[...session.selection.rows], session.filter.text]).toEqual([[1, 3, 5], ""]);
    await session.filter.apply('text ~ "pear"', { shift: false, alt: true });
    expect([...session.selection.rows]).toEqual([3]);
  });

  it("is let go of when something else is selected, and by another pair where it was of this one's measures", async () => {
    const session = await start();
    await session.filter.apply("kept < 5");
    const { rows } = session.selection;
    await session.setPair("epoch 1", "epoch 2");
    expect([session.filter.text, session.selection.name, session.selection.rows]).toEqual(["", "kept < 5 (epoch 0 → epoch 1)", rows]);
    await session.filter.apply('label == "4"');
    await session.setPair("epoch 0", "epoch 1");
    expect(session.filter.text).toBe('label == "4"');
    session.selection.set(EMPTY);
    expect(session.filter.text).toBe("");
  });
});

describe("isolation", () => {
  it("keeps what is drawn round or filtered to what is looked at, and ends where it is asked again", async () => {
    const session = await start(new MemorySource());
    session.selection.set(Uint32Array.of(1, 2, 3));
    session.selection.isolate();
    session.selection.combine(Uint32Array.of(0, 1, 5), { shift: false, alt: false });
    expect([...session.selection.rows]).toEqual([1]);
    session.selection.set(Uint32Array.of(1, 2, 3));
    session.selection.isolate();
    expect(session.selection.isolated).toHaveLength(0);
  });
});

describe("growth", () => {
  it("takes in the nearest neighbours of what is selected, by items though a space has rows of its own", async () => {
    const session = await start(new MemorySource());
    const { spaceA, spaceB } = session.pair;
    if (!spaceA || !spaceB) throw new Error("no spaces");
    session.selection.set(Uint32Array.of(5));
    await session.selection.grow(spaceA, 1);
    expect([...session.selection.rows]).toEqual([0, 5]);
    // In B item 5 is row 0, whose neighbours are rows 1, 2, 3: items 4, 3, 2.
    session.selection.set(Uint32Array.of(5));
    await session.selection.grow(spaceB, 2);
    expect([...session.selection.rows]).toEqual([3, 4, 5]);
    // Item 1 is not in B.
    session.selection.set(Uint32Array.of(1));
    await session.selection.grow(spaceB, 2);
    expect([...session.selection.rows]).toEqual([1]);
  });
});

describe("the table", () => {
  it("is of the selection, what kept least first, or of all", async () => {
    const session = await start(new MemorySource());
    const { table } = session;
    await table.load();
    expect([...(table.order.value ?? [])]).toEqual([5, 2, 3, 4, 0, 1]);
    session.selection.set(Uint32Array.of(0, 1, 5));
    await table.load();
    expect([...(table.order.value ?? [])]).toEqual([5, 0, 1]);
    table.all = true;
    const text = session.filter.columns.find(({ name }) => name === "text");
    if (text) table.by(text);
    await table.load();
    expect([...(table.order.value ?? [])]).toEqual([3, 1, 5, 4, 0, 2]);
    expect(session.link).toMatchObject({ rows: "all", sort: "text" });
  });
});
