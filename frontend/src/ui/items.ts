import { tick, untrack } from "svelte";
import type { Session } from "../model";
import type { View } from "./view.svelte";

/** Look at an item, wherever it is. */
export function look({ session, view }: { readonly session: Session; readonly view: View }, row: number): void {
  const held = document.activeElement;
  const chosen = session.focus.set(row);
  view.stage?.reveal(row);
  // A list that is made anew takes along what had the keys: they stay in its panel.
  void chosen.then(tick).then(() => {
    if (held?.isConnected === false) document.getElementById("panel")?.focus();
  });
}

/** Mark an item of a list in the picture while the pointer or the focus is on it. */
export const pointing = (view: View, row: number) => (element: Element): (() => void) => {
  const heard = { pointerenter: row, pointerleave: -1, focus: row, blur: -1 };
  const until = new AbortController();
  // Who is taken off the page with the focus is left in the midst of an update, which this is no part of.
  for (const [name, item] of Object.entries(heard)) element.addEventListener(name, () => untrack(() => (view.pointed = item)), until);
  return () => until.abort();
};
