/** Milliseconds of work at a time: a frame has room for it. */
const SLICE = 8;

/** Long work in short pieces, so that the page stays awake; newer work takes the place of older. */
export class Slices<T> {
  #work: Generator<void, T> | null = null;
  #done: (result: T) => void = () => undefined;
  #timer = 0;

  get busy(): boolean {
    return this.#work !== null;
  }

  run(work: Generator<void, T>, done: (result: T) => void): void {
    this.stop();
    this.#work = work;
    this.#done = done;
    this.#timer = window.setTimeout(() => this.#slice());
  }

  /** Do all that is left at once. */
  finish(): void {
    while (this.#work) this.#step(this.#work);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#work = null;
  }

  #slice(): void {
    const end = performance.now() + SLICE;
    while (this.#work && performance.now() < end) this.#step(this.#work);
    if (this.#work) this.#timer = window.setTimeout(() => this.#slice());
  }

  #step(work: Generator<void, T>): void {
    const { done, value } = work.next();
    if (done !== true) return;
    this.stop();
    this.#done(value);
  }
}

/** The result of work that is done at once. */
export function finished<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
