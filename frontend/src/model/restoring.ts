import type { Desk } from "./desk.svelte";
import type { Link, Theme } from "./link";
import type { Layout, Anchoring } from "./layout";
import type { SavedSet } from "./notes";
import type { Moment } from "./past.svelte";
import type { RowSet } from "./selection";
import type { Sort } from "./table.svelte";

/** Everything that can be chosen. */
interface Chosen {
  theme: Theme;
  readonly link: Link;
  readonly desk: Desk;
  readonly order: { asked: Link["order"] | null };
  readonly time: { t: number; gain: number; asked: Link["mode"] | null };
  readonly pair: { readonly a: string; readonly b: string; method: string; anchoring: Anchoring | null; readonly layout: { readonly value: Layout | null }; load(): Promise<void> };
  readonly colour: { readonly key: string; set(key: string): Promise<void> };
  readonly focus: { readonly row: number; set(row: number): Promise<void> };
  readonly grouping: { follow(rank: number | undefined): Promise<void> };
  readonly selection: { readonly rows: RowSet; readonly name: string; isolated: RowSet; set(rows: RowSet, name: string): void };
  readonly filter: { text: string };
  readonly table: { height: number; all: boolean; charts: boolean; asked: Sort | null };
  readonly saved: { back(left: readonly SavedSet[]): Promise<void> };
  setPair(a: string, b: string): Promise<void>;
}

/** Put everything as it was at a moment; what its link leaves out is as it is at first. */
export async function restore(session: Chosen, moment: Moment): Promise<void> {
  const { link } = moment;
  const done = [around(session, moment), pictured(session, moment)];
  if (session.focus.row !== moment.focus) done.push(session.focus.set(moment.focus));
  if (link.group !== undefined) await session.grouping.follow(link.group);
  else selected(session, moment);
  session.selection.isolated = moment.isolated;
  if (moment.saved) done.push(session.saved.back(moment.saved));
  await Promise.all(done);
}

function selected({ selection, filter }: Chosen, { rows, name, link }: Moment): void {
  selection.set(rows, name);
  filter.text = link.filter ?? "";
}

/** How the page stands about the pictures. */
async function around(session: Chosen, { link }: Moment): Promise<void> {
  const { desk, time, table } = session;
  session.theme = link.theme ?? "auto";
  [time.t, time.gain, time.asked] = [link.t ?? 0, link.gain ?? 1, link.mode ?? null];
  [desk.tab, desk.measure] = [link.tab === "first" ? "" : (link.tab ?? ""), link.measure ?? ""];
  session.order.asked = link.order ?? null;
  [desk.details, desk.pictures] = [link.details !== "off", link.pictures !== "off"];
  if (JSON.stringify(desk.look) !== JSON.stringify(link.look ?? null)) {
    desk.look = link.look ?? null;
    if (link.look) desk.goal = { ...link.look };
  }
  table.height = link.table ?? 0;
  table.all = link.rows === "all";
  table.charts = link.charts === "on";
  table.asked = link.sort === undefined ? null : { by: link.sort.replace(/^-/, ""), falling: link.sort.startsWith("-") };
  return Promise.resolve();
}

async function pictured(session: Chosen, { link, anchoring }: Moment): Promise<void> {
  const { pair, colour } = session;
  const [a, b] = [link.a ?? pair.a, link.b ?? pair.b];
  const method = link.projection ?? pair.method;
  const other = pair.a !== a || pair.b !== b;
  const redrawn = pair.method !== method || pair.anchoring !== anchoring;
  pair.method = method;
  pair.anchoring = anchoring;
  if (other) await session.setPair(a, b);
  else if (redrawn) await pair.load();
  if (link.colour !== undefined && colour.key !== link.colour) await colour.set(link.colour);
}
