/** Milliseconds without a change after which motion is over. */
const SETTLE = 150;

/** Decides when to draw: once a frame at most, only when something changed, and again when motion is over. */
export class Pace {
  #moving = false;
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

  /** Within `SETTLE` of the last movement. */
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
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      this.#moving = false;
      this.request();
    }, SETTLE);
    this.request();
  }

  /** Have a frame, though there may be nothing to draw. */
  wake(): void {
    if (this.#frame !== 0 || this.#stopped) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#dirty) this.now();
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
}
