import type { Session } from "../model";
import type { View } from "./view.svelte";

/** Look at an item, wherever it is. */
export function look({ session, view }: { readonly session: Session; readonly view: View }, row: number): void {
  void session.focus.set(row);
  view.stage?.reveal(row);
}

/** Mark an item of a list in the picture while the pointer or the focus is on it. */
export const pointing = (view: View, row: number) => (element: Element): (() => void) => {
  const heard = { pointerenter: row, pointerleave: -1, focus: row, blur: -1 };
  const until = new AbortController();
  for (const [name, item] of Object.entries(heard)) element.addEventListener(name, () => void (view.pointed = item), until);
  return () => until.abort();
};
