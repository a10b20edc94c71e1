import { nameOf, type Near } from "../model";
import type { Page } from "./context";
import { plural } from "./format";

/** Of a long name the beginning is enough. */
const LONGEST = 40;

/** Seek what lies near the item that is looked at, else the selection, in the space on screen. */
export async function seekNear({ session, view }: Page, kind: Near = session.focus.row >= 0 ? "item" : "selection", space = session.time.t < 0.5 ? session.pair.a : session.pair.b): Promise<void> {
  const { bundle, focus, selection, nearest, live } = session;
  const rows = kind === "item" ? Uint32Array.of(focus.row) : selection.rows;
  if (live || (kind === "item" ? focus.row < 0 : rows.length === 0)) return;
  view.tab = "items";
  if (!bundle.answers) return;
  const name = kind === "item" ? await nameOf(bundle, focus.row) : selection.name || plural(rows.length, "item");
  await nearest.seek({ kind, rows, name: name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name }, space);
}

/** Steps of the slider. */
export const STEPS = 200;

/** How many a step of the slider takes, of so many: first one by one, then more. */
export const countAt = (step: number, most: number): number => Math.round((most + 1) ** (step / STEPS) - 1);

export const stepOf = (count: number, most: number): number => Math.round((STEPS * Math.log(count + 1)) / Math.log(most + 1));
