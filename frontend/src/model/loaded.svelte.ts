/** Something that arrives later. While the next one is on its way the last one stays, so that nothing jumps. */
export class Loaded<T> {
  value = $state.raw<T | null>(null);
  busy = $state(false);
  error = $state<string | null>(null);
  #turn = 0;

  /** Run `work` and keep its result, unless another `load` or `clear` came after. */
  async load(work: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    this.error = null;
    try {
      const value = await work();
      if (turn === this.#turn) this.value = value;
    } catch (error) {
      if (turn === this.#turn) {
        this.value = null;
        this.error = error instanceof Error ? error.message : String(error);
      }
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  clear(): void {
    this.#turn++;
    this.value = null;
    this.busy = false;
    this.error = null;
  }
}
