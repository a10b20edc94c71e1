import { describe, expect, it } from "vitest";
import type { ColumnArray, DataSource, News, RowRange } from "../../src/data/source";
import { Bundle } from "../../src/model/bundle";
import { chainOf, spacesOf } from "../../src/model/chain";
import { formatLink, parseLink } from "../../src/model/link";
import type { Manifest } from "../../src/model/schema.gen";
import { Session } from "../../src/model/session.svelte";
import { RichSource, STEPS } from "./rich";

/** A run of which so many steps are written. */
class Growing implements DataSource {
  n = 3;
  broken = false;
  readonly #inner = new RichSource();
  #seen = 0;
  #tell: (news: News | null) => void = () => undefined;

  async manifest(): Promise<Manifest> {
    if (this.broken) throw new Error("between two editions");
    const manifest = await this.#inner.manifest();
    const names = STEPS.slice(0, this.n);
    this.#seen = this.n;
    const spaces = manifest.spaces.filter((space) => names.includes(space.name));
    const steps = names.map((name, step) => ({ name, step, time: null, loss: null }));
    const there = <T extends { readonly a: string; readonly b: string }>(pairs: readonly T[] = []): T[] => pairs.filter(({ a, b }) => names.includes(a) && names.includes(b));
    const { report } = manifest;
    const told = { ...report, pairs: there(report.pairs), findings: there(report.findings) };
    return { ...manifest, spaces, pairs: there(manifest.pairs), report: told, watch: { steps, left_out: [], alerts: [], learnt: [], finished: false } };
  }

  column = (name: string, rows?: RowRange): Promise<ColumnArray> => this.#inner.column(name, rows);
  again = (): DataSource => this;
  watch = (tell: (news: News | null) => void): (() => void) => {
    this.#tell = tell;
    return () => undefined;
  };

  look(): Promise<void> {
    this.#tell(this.n === this.#seen ? null : { kind: "newer", message: "made anew" });
    return Promise.resolve();
  }
}

const opened = async (source: Growing): Promise<Session> => {
  const session = new Session(await Bundle.open(source));
  await session.follow({ a: STEPS[0] ?? "", b: STEPS[1] ?? "" });
  return session;
};

describe("a run that is followed", () => {
  it("takes in new steps, and keeps the pair, the selection and the item", async () => {
    const source = new Growing();
    const session = await opened(source);
    session.selection.set(Uint32Array.of(1, 3));
    await session.focus.set(2);
    source.n = 5;
    await session.following.look();
    expect(session.bundle.manifest.spaces.map((space) => space.name)).toEqual(STEPS.slice(0, 5));
    expect([session.pair.a, session.pair.b, session.selection.rows, session.focus.row]).toEqual([STEPS[0], STEPS[1], Uint32Array.of(1, 3), 2]);
    expect(session.news).toBeNull();
  });

  it("keeps the pair where nothing was chosen, and shows the newest when asked", async () => {
    const source = new Growing();
    const session = await opened(source);
    source.n = 4;
    await session.following.look();
    expect([session.pair.b, session.following.isNewest]).toEqual([STEPS[1], false]);
    await session.following.showNewest();
    expect([session.pair.a, session.pair.b, session.following.isNewest]).toEqual([STEPS[2], STEPS[3], true]);
  });

  it("is followed from its one step on, and shows two as soon as there are two", async () => {
    const source = new Growing();
    source.n = 1;
    const session = new Session(await Bundle.open(source));
    await session.follow({});
    expect([session.following.on, session.pair.a, session.pair.b]).toEqual([true, STEPS[0], STEPS[0]]);
    source.n = 2;
    await session.following.look();
    expect([session.pair.a, session.pair.b]).toEqual([STEPS[0], STEPS[1]]);
    session.following.set(false);
  });

  it("reads nothing where there is nothing new, and waits where an edition is being made", async () => {
    const source = new Growing();
    const session = await opened(source);
    const { bundle } = session;
    await session.following.look();
    expect(session.bundle).toBe(bundle);
    [source.n, source.broken] = [4, true];
    await session.following.look();
    expect(session.bundle).toBe(bundle);
    source.broken = false;
    await session.following.look();
    expect(session.bundle.manifest.spaces).toHaveLength(4);
  });

  it("is asked for by the address, and stays in it", async () => {
    const session = await opened(new Growing());
    expect(session.link.follow).toBeUndefined();
    await session.follow(parseLink("#follow=1"));
    expect(session.following.on).toBe(true);
    expect(formatLink(session.link)).toContain("follow=1");
    session.following.set(false);
  });

  it("is a sequence though each step is compared with the first as well", async () => {
    const manifest = await new Growing().manifest();
    const first = manifest.report.pairs[0];
    const both = first ? [...manifest.report.pairs, { ...first, a: STEPS[0] ?? "", b: STEPS[2] ?? "" }] : [];
    expect(spacesOf(chainOf({ ...manifest, report: { ...manifest.report, pairs: both } }))).toEqual(STEPS.slice(0, 3));
  });
});
