import type { Session } from "../model";

const SWEEP_MS = 900;
/** Slow enough to follow some items by eye. */
const TELL_MS = 3000;
const REWIND_MS = 280;
const FLICK_MS = 480;
/** A press shorter than this flicks to the other space and stays there. */
const TAP_MS = 220;

const ease = (x: number): number => (x < 0.5 ? 4 * x ** 3 : 1 - (-2 * x + 2) ** 3 / 2);
/** Whether motion is not wanted. */
export const still = (): boolean => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Moves t: play sweeps to the other end, blink flicks between A and B. Either can be interrupted where it is. */
export class Motion {
  playing = $state(false);
  blinking = $state(false);
  readonly #session: Session;
  #frame = 0;
  #flick: ReturnType<typeof setInterval> | undefined;
  #pressed: { readonly at: number; readonly t: number } | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Go to a moment, at once or eased. */
  go(t: number): void {
    this.stop();
    this.#session.time.single();
    this.#session.time.t = Math.max(0, Math.min(1, t));
  }

  /** Sweep to the farther end, or stop where the sweep is. */
  toggle(): void {
    if (this.playing) this.stop();
    else this.#sweep(this.#session.time.t < 0.5 ? 1 : 0);
  }

  /** Sweep from A to B; from elsewhere on the way back to A first, so that no point leaps. */
  morph(duration = SWEEP_MS, then?: () => void): void {
    this.stop();
    const done = then && ((): void => {
      this.playing = false;
      then();
    });
    if (this.#session.time.t === 0 || still()) this.#sweep(1, duration, done);
    else this.#sweep(0, REWIND_MS, () => this.#sweep(1, duration, done));
  }

  /** The same, once and slowly; what follows comes only where nothing stops it. */
  tell(then?: () => void): void {
    this.morph(TELL_MS, then);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.playing = false;
  }

  #sweep(end: number, duration = SWEEP_MS, then?: () => void): void {
    if (still()) return this.go(end);
    this.#session.time.single();
    const start = this.#session.time.t;
    let began = -1;
    this.playing = true;
    const step = (now: number): void => {
      if (began < 0) began = now;
      const share = Math.min(1, (now - began) / duration);
      this.#session.time.t = start + (end - start) * ease(share);
      if (share < 1) this.#frame = requestAnimationFrame(step);
      else if (then) then();
      else this.playing = false;
    };
    this.#frame = requestAnimationFrame(step);
  }

  /** Show the other space; while held, flick between the two. `at` is the event's own time: a slow page makes no tap a hold. */
  press(at: number): void {
    if (this.#pressed) return;
    this.stop();
    this.#session.time.single();
    this.#pressed = { at, t: this.#session.time.t };
    this.blinking = true;
    this.#flip();
    if (!still()) this.#flick = setInterval(() => this.#flip(), FLICK_MS);
  }

  /** After a tap stay on the other space; after a hold come back to where it began. */
  release(at: number): void {
    if (!this.#pressed) return;
    clearInterval(this.#flick);
    if (at - this.#pressed.at > TAP_MS) this.#session.time.t = this.#pressed.t;
    this.#pressed = null;
    this.blinking = false;
  }

  #flip(): void {
    this.#session.time.t = this.#session.time.t < 0.5 ? 1 : 0;
  }
}
