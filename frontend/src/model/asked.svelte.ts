import { Loaded } from "./loaded.svelte";

/** The answer to a question. A newer question, or none, takes back the one on its way. */
export class Asked<T> extends Loaded<T> {
  #asking = new AbortController();

  async ask(question: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.letGo();
    const { signal } = this.#asking;
    await this.load(() => question(signal));
  }

  letGo(): void {
    this.#asking.abort();
    this.#asking = new AbortController();
    this.clear();
  }
}
