/** Milliseconds after a picture of something moving, with no further movement, after which motion is over. */
const SETTLE = 150;

/** Decides when to draw: once a frame at most, only when something changed, and again when motion is over. */
export class Pace {
  #moving = false;
  #stirred = false;
  #dirty = true;
  #frame = 0;
  #settling = 0;
  #stopped = false;

  /**
   * @param paint draw what changed
   * @param afterwards called in each frame, drawn or not
   */
  constructor(
    private readonly paint: () => void,
    private readonly afterwards: () => void,
  ) {}

  /** Something moved, and was not yet drawn, or was within the last `SETTLE`. */
  get moving(): boolean {
    return this.#moving;
  }

  /** Something changed. */
  request(): void {
    this.#dirty = true;
    this.wake();
  }

  /** Something moved, and may go on moving. */
  stir(): void {
    this.#moving = true;
    this.#stirred = true;
    clearTimeout(this.#settling);
    this.request();
  }

  /** Have a frame, though there may be nothing to draw. */
  wake(): void {
    if (this.#frame !== 0 || this.#stopped) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#dirty) this.now();
      if (this.#stirred) this.#awaitRest();
      this.afterwards();
    });
  }

  /** Draw at once. */
  now(): void {
    this.#dirty = false;
    this.paint();
  }

  /** Draw at once, as if at rest. */
  settle(): void {
    this.#moving = false;
    this.now();
  }

  stop(): void {
    this.#stopped = true;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settling);
  }

  /** Counted from the picture, not from the movement: slow pictures must not end a motion. */
  #awaitRest(): void {
    this.#stirred = false;
    this.#settling = window.setTimeout(() => {
      this.#moving = false;
      this.request();
    }, SETTLE);
  }
}
