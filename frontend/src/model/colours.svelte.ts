import type { Bundle } from "./bundle";
import { AUTO, COLOURED, type Choosing, familiesOf } from "./choosing";
import { type ColourChoice, colourCategories, colourChoices, colourGroups, colourNumbers, defaultColour } from "./colour";
import type { Colouring } from "./colouring";
import { datesOf } from "./dates";
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
  /** Which categories of what is coloured are coloured, dimmed and painted otherwise. */
  #choosing = $state.raw<Choosing>(AUTO);
  /** What that was chosen for. */
  #chosenFor = $state("");
  readonly #held: Held;

  readonly choosing: Choosing = $derived.by(() => (this.#chosenFor === this.#scope(this.key) ? this.#choosing : AUTO));

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
    await this.#colour(choice);
  }

  /** Colour, dim and paint other categories of what is coloured. */
  async choose(change: Partial<Choosing>): Promise<void> {
    const choice = this.choices.find((candidate) => candidate.key === this.key);
    this.follow(this.key, { ...this.choosing, ...change });
    if (choice) await this.#colour(choice);
  }

  /** Take over what a link says; what it shows is loaded with the pair. */
  follow(key: string, choosing: Choosing): void {
    this.key = key;
    this.#choosing = choosing;
    this.#chosenFor = this.#scope(key);
  }

  /** The categories that the findings of the pair on screen are of, by name. */
  get found(): readonly string[] {
    return [...new Set((this.#held.pair.view?.findings ?? []).flatMap((finding) => finding.labels))];
  }

  async #colour(choice: ColourChoice): Promise<void> {
    const { bundle } = this.#held;
    const { choosing, found } = this;
    // What a finding is about is not among the grey ones.
    const asked = choice.key === `item:${bundle.manifest.roles.label ?? ""}` ? found : [];
    await this.colouring.load(() => colourBy(bundle, choice, { choosing, asked }));
  }

  /** Change groups are others in another pair. */
  #scope(key: string): string {
    const { a, b } = this.#held.pair;
    return key === "pair:group" ? `${key}\n${a}\n${b}` : key;
  }

  get #default(): string {
    return defaultColour(this.#held.bundle.manifest, this.#held.pair.view, this.choices);
  }
}

interface Chosen {
  readonly choosing: Choosing;
  /** Names of categories that have a colour unless others were chosen. */
  readonly asked: readonly string[];
}

async function colourBy(bundle: Bundle, { key, title, field }: ColourChoice, { choosing, asked }: Chosen): Promise<Colouring> {
  if (field.kind === "number") {
    const between = bundle.manifest.report.populations?.pairs.some(({ columns }) => columns?.around === field.name);
    return colourNumbers({ key, title }, field, await bundle.numbers(field), between ? { scale: "signed" } : null);
  }
  if (field.kind === "groups") return colourGroups({ key, title }, field, await bundle.codes(field.info.members, field.over), choosing);
  if (field.kind === "moves") return colourMoves({ key, title }, await loadMoves(bundle, field), choosing.hidden);
  const isLabel = field.name === bundle.manifest.roles.label;
  if (field.kind === "text") {
    const dates = datesOf((await bundle.words(field.words)).all());
    if (!dates) throw new Error(`The words of “${title}” are not all dates: colour by something else.`);
    return colourNumbers({ key, title }, TIME, dates.days, { scale: "time", wordOf: dates.wordOf });
  }
  const { codes, names } = await bundle.categories(field);
  const dates = isLabel ? null : datesOf(names);
  if (dates) {
    const values = Float32Array.from(codes, (code) => dates.days[code] ?? NaN);
    return colourNumbers({ key, title }, TIME, values, { scale: "time", wordOf: dates.wordOf });
  }
  const families = familiesOf(names);
  const unitOf = (name: string): number => (families ? (families.of[names.indexOf(name)] ?? -1) : names.indexOf(name));
  const shown = choosing.shown ?? asked.map(unitOf);
  // In the order given, so that two are the hues of A and of B.
  const told = isLabel ? (bundle.manifest.report.populations?.populations ?? []) : [];
  const inks = told.slice(0, COLOURED).map(({ name }, slot) => [unitOf(name), slot] as const);
  return colourCategories({ key, title }, codes, names, { ...choosing, shown, paints: [...inks, ...choosing.paints] });
}

const TIME = { name: "", definition: "From the earliest to the latest.", range: null };
