import type { Box, Session } from "../model";
import { parseLink } from "../model";
import { Motion } from "./motion.svelte";

export type Tab = "verdict" | "labels" | "groups" | "steps" | "items";

export interface Pointed {
  readonly item: number;
  readonly x: number;
  readonly y: number;
}

/** What the page can ask of the scatter. */
export interface Stage {
  fit(): void;
  /** Bring an item into view. */
  reveal(item: number): void;
}

/** Windows with room for A beside B. */
export const ROOMY = "(min-width: 1200px)";

/** A link to an item opens on the item, one to a group on the groups. */
function firstTab(): Tab {
  const { focus, group } = parseLink(location.hash);
  return focus !== undefined ? "items" : group !== undefined ? "groups" : "verdict";
}

/** How the page stands: which panels are open, what the pointer is on. Nothing here outlives a reload. */
export class View {
  readonly motion: Motion;
  tab = $state<Tab>(firstTab());
  /** Pairs, map and facts of the spaces lie over the picture. */
  left = $state(false);
  /** A drag goes through pairs: none of them is a new entry of the history. */
  scrubbing = $state(false);
  right = $state(true);
  mode = $state<"pan" | "lasso">("pan");
  /** Items are drawn as their own pictures while they fit. */
  pictures = $state(true);
  help = $state(false);
  hover = $state.raw<Pointed | null>(null);
  /** The item pointed at in a list, or -1. */
  pointed = $state(-1);
  /** The part of the plane in view; null before the first picture. */
  box = $state.raw<Box | null>(null);
  stage: Stage | null = null;
  search: HTMLInputElement | null = null;

  constructor(session: Session) {
    this.motion = new Motion(session);
  }
}
