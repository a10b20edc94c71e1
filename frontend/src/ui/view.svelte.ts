import { parseLink } from "../model/link";
import type { Session } from "../model/session.svelte";
import { Motion } from "./motion.svelte";

export type Tab = "verdict" | "labels" | "steps" | "items";

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

/** Windows with room for both rails beside the picture. */
export const WIDE = "(min-width: 1100px)";

/** How the page stands: which panels are open, what the pointer is on. Nothing here outlives a reload. */
export class View {
  readonly motion: Motion;
  /** A link to an item opens on the item. */
  tab = $state<Tab>(parseLink(location.hash).focus === undefined ? "verdict" : "items");
  left = $state(window.matchMedia(WIDE).matches);
  right = $state(true);
  mode = $state<"pan" | "lasso">("pan");
  help = $state(false);
  hover = $state.raw<Pointed | null>(null);
  /** The item pointed at in a list, or -1. */
  pointed = $state(-1);
  stage: Stage | null = null;
  search: HTMLInputElement | null = null;

  constructor(session: Session) {
    this.motion = new Motion(session);
  }
}
