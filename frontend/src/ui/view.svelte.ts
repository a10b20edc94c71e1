import type { Shot } from "../engine";
import { type Box, chainOf, tellsBudget, tellsFindings, tellsPopulations, tellsSearches, type Session } from "../model";
import { Motion } from "./motion.svelte";

const TABS = ["populations", "budget", "moved", "verdict", "labels", "groups", "steps", "searches", "items"] as const;
export type Tab = (typeof TABS)[number];
const OF_PAIRS: readonly Tab[] = ["moved", "verdict", "labels", "groups"];

export interface Pointed {
  readonly item: number;
  readonly x: number;
  readonly y: number;
}

/** What the page can ask of the scatter. */
export interface Stage {
  fit(): void;
  /** Bring a part of the plane into view. */
  frame(box: Box): void;
  /** Bring an item into view. */
  reveal(item: number): void;
  /** The picture to be kept. */
  shot(ratio: number): Shot;
}

/** Windows with room for A beside B. */
export const ROOMY = "(min-width: 1200px)";

/** How the page stands: which panels are open, what the pointer is on. What outlives a reload the session keeps. */
export class View {
  readonly motion: Motion;
  /** Pairs, map and facts of the spaces lie over the picture. */
  left = $state(false);
  /** A drag goes through pairs: none of them is a new entry of the history. */
  scrubbing = $state(false);
  /** The verdict's figures are unfolded. */
  numbers = $state(false);
  /** The picture stands. */
  painted = $state(false);
  /** It does, or has been waited for long enough: the panels come. */
  opened = $state(false);
  mode = $state<"pan" | "lasso">("pan");
  help = $state(false);
  dark = $state(false);
  hover = $state.raw<Pointed | null>(null);
  /** The item pointed at in a list, or -1. */
  pointed = $state(-1);
  /** The part of the plane in view; null before the first picture. */
  box = $state.raw<Box | null>(null);
  stage: Stage | null = null;
  search: HTMLInputElement | null = null;
  /** The line of the filter, while the table is open, and whether it is to have the keys once it is. */
  filter = $state.raw<HTMLInputElement | null>(null);
  filtering = $state(false);

  readonly #session: Session;

  /** The panels that there are, in their order. */
  readonly tabs: readonly Tab[] = $derived.by(() => {
    const { live, bundle } = this.#session;
    const absent: Tab[] = [...(tellsBudget(bundle.manifest) ? [] : ["budget" as const]), ...(live || tellsFindings(bundle.manifest) ? [] : ["moved" as const]), ...(chainOf(bundle.manifest).length > 0 ? [] : ["steps" as const]), ...(tellsSearches(bundle.manifest) ? [] : ["searches" as const])];
    // Of a union of populations there is no pair of spaces to tell of.
    absent.push(...(tellsPopulations(bundle.manifest) ? OF_PAIRS : ["populations" as const]));
    return TABS.filter((tab) => !absent.includes(tab));
  });

  constructor(session: Session) {
    this.#session = session;
    this.motion = new Motion(session);
  }

  get tab(): Tab {
    return this.tabs.find((tab) => tab === this.#session.desk.tab) ?? this.#first;
  }

  set tab(tab: Tab) {
    this.#session.desk.tab = tab === this.#first ? "" : tab;
  }

  /** The panel beside the picture is there. */
  get right(): boolean {
    return this.#session.desk.details;
  }

  set right(open: boolean) {
    this.#session.desk.details = open;
  }

  /** Items are drawn as their own pictures while they fit. */
  get pictures(): boolean {
    return this.#session.desk.pictures;
  }

  set pictures(drawn: boolean) {
    this.#session.desk.pictures = drawn;
  }

  get #first(): Tab {
    return this.tabs[0] ?? "verdict";
  }
}
