import type { Session } from "../model/session.svelte";
import type { View } from "./view.svelte";

interface Page {
  readonly session: Session;
  readonly view: View;
}

/** Select a group of a pair, and show how its items go from A to B. */
export async function showGroup({ session, view }: Page, pair: number, group: number): Promise<void> {
  view.motion.stop();
  if (await session.grouping.show(pair, group)) view.motion.morph();
}

/** Mark an item of a list in the picture while the pointer or the focus is on it. */
export const pointing = (view: View, row: number): Record<"onpointerenter" | "onpointerleave" | "onfocus" | "onblur", () => void> => {
  const point = (): void => void (view.pointed = row);
  const leave = (): void => void (view.pointed = -1);
  return { onpointerenter: point, onpointerleave: leave, onfocus: point, onblur: leave };
};
