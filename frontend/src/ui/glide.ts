import type { Layout } from "../model";

type Places = Pick<Layout, "from" | "to">;

const GLIDE_MS = 280;
/** More items than this are put where they belong at once: to move them would take longer than to wait. */
const MOST = 300_000;

/** Moves points from where they are drawn to where they belong; a newer goal takes over from wherever they are. */
export class Glide {
  readonly #draw: (layout: Places) => void;
  #drawn: Places | null = null;
  #frame = 0;

  constructor(draw: (layout: Places) => void) {
    this.#draw = draw;
  }

  jump(layout: Places): void {
    this.stop();
    this.#drawn = layout;
    this.#draw(layout);
  }

  to(goal: Places): void {
    const start = this.#drawn;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!start || start === goal || still || start.from.length !== goal.from.length || goal.from.length > 2 * MOST) return this.jump(goal);
    this.stop();
    let began = -1;
    const step = (now: number): void => {
      if (began < 0) began = now;
      const share = Math.min(1, (now - began) / GLIDE_MS);
      const at = share < 1 ? { from: between(start.from, goal.from, share), to: between(start.to, goal.to, share) } : goal;
      this.#drawn = at;
      this.#draw(at);
      if (share < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }
}

/** Places a share of the way from `a` to `b`. */
export function between(a: Float32Array, b: Float32Array, share: number): Float32Array {
  const at = new Float32Array(b.length);
  for (let i = 0; i < at.length; i += 1) {
    const from = a[i] as number;
    at[i] = from + ((b[i] as number) - from) * share;
  }
  return at;
}
