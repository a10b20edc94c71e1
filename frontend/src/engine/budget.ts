/** Points drawn in motion before it is known how many fit. */
const FIRST = 500_000;
/** Fewer would not look like the set. */
const FEWEST = 15_000;
/** Milliseconds that a picture of something moving may take. */
const TARGET = 33;
/** One slow picture may be the machine's: never more than halved at once. */
const FALL = 0.5;
const RISE = 1.4;
/** Pictures that take from this share of the target to all of it change nothing. */
const EASE = 0.6;

/** How many points a picture of something moving may have: items are shuffled, so that a prefix is a fair sample. */
export class Budget {
  #points = FIRST;
  /** Nothing has been learnt yet. */
  fresh = true;

  get points(): number {
    return this.#points;
  }

  /** Learn from a picture of so many points that took so long. */
  took(points: number, ms: number): void {
    const share = TARGET / Math.max(ms, 1);
    this.fresh = false;
    if (share < 1) this.#points = Math.max(Math.round(points * Math.max(share, FALL)), FEWEST);
    // Only a picture that was held back tells that more would fit.
    else if (points >= this.#points && ms < EASE * TARGET) this.#points = Math.round(this.#points * Math.min(share, RISE));
  }
}
