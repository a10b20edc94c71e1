import type { Session } from "../model";
import type { View } from "./view.svelte";

/** Look at an item, wherever it is. */
export function look({ session, view }: { readonly session: Session; readonly view: View }, row: number): void {
  void session.focus.set(row);
  view.stage?.reveal(row);
}

/** Mark an item of a list in the picture while the pointer or the focus is on it. */
export const pointing = (view: View, row: number): Record<"onpointerenter" | "onpointerleave" | "onfocus" | "onblur", () => void> => {
  const point = (): void => void (view.pointed = row);
  const leave = (): void => void (view.pointed = -1);
  return { onpointerenter: point, onpointerleave: leave, onfocus: point, onblur: leave };
};
