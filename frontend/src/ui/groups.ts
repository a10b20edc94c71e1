import type { GroupType, Session } from "../model";
import type { View } from "./view.svelte";

/** What a list of groups is narrowed to. */
export interface Wanted {
  readonly types: ReadonlySet<GroupType>;
  readonly enriched: string;
  readonly overlapping: boolean;
  readonly inView: boolean;
}

export const ALL_GROUPS: Wanted = { types: new Set(), enriched: "", overlapping: false, inView: false };

interface Page {
  readonly session: Session;
  readonly view: View;
}

/** Select a group of a pair, and show how its items go from A to B. */
export async function showGroup({ session, view }: Page, pair: number, group: number): Promise<void> {
  view.motion.stop();
  if (await session.grouping.show(pair, group)) view.motion.morph();
}
