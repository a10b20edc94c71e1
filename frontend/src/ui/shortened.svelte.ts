/** The first of a long list, until all of it is asked for. */
export class Shortened<T> {
  /** Whether all of it was asked for. */
  all = $state(false);
  readonly #list: () => readonly T[];
  readonly #first: number;
  readonly #whole: () => boolean;

  readonly cut: boolean = $derived.by(() => !this.all && this.#list().length > this.#first && !this.#whole());
  readonly shown: readonly T[] = $derived.by(() => (this.cut ? this.#list().slice(0, this.#first) : this.#list()));

  /** @param whole whether all of it is shown anyway */
  constructor(list: () => readonly T[], first: number, whole: () => boolean = () => false) {
    this.#list = list;
    this.#first = first;
    this.#whole = whole;
  }

  get length(): number {
    return this.#list().length;
  }
}
