/** Where one looks: the point in the middle, and how much nearer than the view of everything. */
export interface Look {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** How the page stands, as far as a link says it. */
export class Desk {
  /** The panel that is open; empty is the first. */
  tab = $state("");
  /** The measure that the matrix shows; empty is the first. */
  measure = $state("");
  /** The panel beside the picture is there. */
  details = $state(true);
  /** Items are drawn as their own pictures while they fit. */
  pictures = $state(true);
  /** Null while everything is in view. */
  look = $state.raw<Look | null>(null);
  /** A link asks that what stands out be shown once. */
  first = $state(false);
  /** Where a link says to look; each is a new object. */
  goal = $state.raw<Look | null>(null);
}
