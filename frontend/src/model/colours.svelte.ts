import type { Bundle } from "./bundle";
import { type ColourChoice, colourCategories, colourChoices, colourGroups, colourNumbers, defaultColour } from "./colour";
import type { Colouring } from "./colouring";
import { Loaded } from "./loaded.svelte";
import { colourMoves, loadMoves } from "./moves";
import type { PairView } from "./pair";

interface Held {
  readonly bundle: Bundle;
  readonly pair: { readonly a: string; readonly b: string; readonly method: string; readonly view: PairView | null };
}

/** What the points are coloured by. */
export class Colours {
  key = $state("");
  readonly colouring = new Loaded<Colouring>();
  readonly #held: Held;

  readonly choices: ColourChoice[] = $derived.by(() => {
    const { a, b, method, view } = this.#held.pair;
    return colourChoices(this.#held.bundle.manifest, view, { a, b, method });
  });

  constructor(held: Held) {
    this.#held = held;
  }

  get isDefault(): boolean {
    return this.key === this.#default;
  }

  /** Colour by a choice; one that the pair does not have falls back to the default. */
  async set(key: string): Promise<void> {
    const choice =
      this.choices.find((candidate) => candidate.key === key) ?? this.choices.find((candidate) => candidate.key === this.#default);
    this.key = choice?.key ?? "";
    if (!choice) return this.colouring.clear();
    const { bundle } = this.#held;
    await this.colouring.load(() => colourBy(bundle, choice));
  }

  get #default(): string {
    return defaultColour(this.#held.bundle.manifest, this.#held.pair.view, this.choices);
  }
}

async function colourBy(bundle: Bundle, { key, title, field }: ColourChoice): Promise<Colouring> {
  if (field.kind === "number") return colourNumbers({ key, title }, field, await bundle.numbers(field));
  if (field.kind === "groups") return colourGroups({ key, title }, field, await bundle.codes(field.info.members, field.over));
  if (field.kind === "moves") return colourMoves({ key, title }, await loadMoves(bundle, field));
  const { codes, names } = await bundle.categories(field);
  return colourCategories({ key, title }, codes, names);
}
