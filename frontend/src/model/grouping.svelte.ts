import type { SimilarGroups, GroupSuggestion, Progress } from "../data";
import { Asked } from "./asked.svelte";
import type { Bundle } from "./bundle";
import { membersOf } from "./groups";
import { Loaded } from "./loaded.svelte";
import type { PairView } from "./pair";
import type { GroupsInfo } from "./schema.gen";
import type { RowSet } from "./selection";

/** What is on screen, as far as groups have to do with it, and what choosing one does to it. */
export interface OnScreen {
  readonly bundle: Bundle;
  readonly live: Progress | null;
  readonly pair: { readonly a: string; readonly b: string; readonly view: PairView | null };
  readonly time: { t: number };
  readonly selection: { readonly rows: RowSet; readonly name: string; take(rows: RowSet, name: string): void };
  setPair(a: string, b: string): Promise<void>;
}

/** Who is in the groups of a pair. */
export interface Members {
  readonly info: GroupsInfo;
  /** By item: the index of its group, or -1. */
  readonly codes: Int32Array;
  /** By group. */
  readonly rows: readonly RowSet[];
}

/** What was asked about: some items, and what they are called. */
export interface Subject {
  readonly rows: RowSet;
  readonly name: string;
}

export interface Suggestion extends GroupSuggestion {
  readonly asked: Subject;
  /** The rows of each suggested group. */
  readonly members: readonly RowSet[];
}

export interface Alike extends SimilarGroups {
  readonly asked: Subject;
}

/** The groups of the pair on screen: whose rows they are, which one is chosen, and what was asked about groups of the selection. */
export class Grouping {
  /** Index of the group that is selected, or -1. */
  chosen = $state(-1);
  /** Index of the suggested group that is selected, or -1. */
  picked = $state(-1);
  readonly suggestion = new Asked<Suggestion>();
  readonly alike = new Asked<Alike>();
  readonly #loaded = new Loaded<Members>();
  readonly #screen: OnScreen;
  /** Rank of a group that a link named before there were any, from 1. */
  #awaited = $state<number>();
  #loading: { readonly info: GroupsInfo; readonly done: Promise<void> } | null = null;
  #turn = 0;

  constructor(screen: OnScreen) {
    this.#screen = screen;
  }

  /** Of the pair on screen; null while they are on their way. */
  get members(): Members | null {
    const { value } = this.#loaded;
    return value && value.info === this.#screen.pair.view?.groupsInfo ? value : null;
  }

  get busy(): boolean {
    return this.#loaded.busy;
  }

  get error(): string | null {
    return this.#loaded.error;
  }

  /** As a link names it: the rank from 1 of the group that is chosen, or that will be once the comparison is done. */
  get rank(): number | undefined {
    if (this.chosen >= 0) return this.chosen + 1;
    return this.#screen.live ? this.#awaited : undefined;
  }

  /** Read which items are in the groups of the pair on screen. */
  async load(): Promise<void> {
    const { bundle } = this.#screen;
    const pair = this.#screen.pair.view;
    const info = pair?.groupsInfo;
    if (!info || pair.groups.length === 0) return this.#loaded.clear();
    if (this.#loaded.value?.info === info) return;
    // Asked for twice at once, they are read once: a newer reading would let go of the older one.
    if (!this.#loaded.busy || this.#loading?.info !== info) {
      const done = this.#loaded.load(async () => {
        const codes = await bundle.codes(info.members, pair.over);
        return { info, codes, rows: membersOf(codes, pair.groups.length) };
      });
      this.#loading = { info, done };
    }
    await this.#loading.done;
  }

  /** Select the items of a group of a pair, shown in the direction it was found; false when something else was asked for meanwhile. */
  async show(at: number, group: number): Promise<boolean> {
    const screen = this.#screen;
    const pair = screen.bundle.manifest.pairs[at];
    if (!pair) return false;
    const turn = ++this.#turn;
    if (pair.a !== screen.pair.a || pair.b !== screen.pair.b) {
      // The list that led to this pair stays.
      const alike = this.alike.value;
      const swapped = pair.a === screen.pair.b && pair.b === screen.pair.a;
      screen.time.t = swapped ? 1 - screen.time.t : 0;
      await screen.setPair(pair.a, pair.b);
      if (turn !== this.#turn) return false;
      this.alike.value = alike;
    }
    return this.#choose(at, group, turn);
  }

  /** Choose the group of a rank from 1 as a link names it, in the direction that is shown; until there are groups it is kept in mind. */
  async follow(rank: number | undefined): Promise<void> {
    this.#awaited = rank;
    if (rank === undefined) this.chosen = -1;
    else await this.#choose(this.#screen.pair.view?.index ?? -1, rank - 1, ++this.#turn);
  }

  async #choose(at: number, group: number, turn: number): Promise<boolean> {
    await this.load();
    const pair = this.#screen.pair.view;
    const [rows, title] = [this.members?.rows[group], pair?.groups[group]?.title];
    if (turn !== this.#turn || pair?.index !== at || !rows || title === undefined) return false;
    this.#awaited = undefined;
    this.chosen = group;
    this.picked = -1;
    this.#screen.selection.take(rows, title);
    return true;
  }

  /** Another pair has other groups; the same pair turned round has the same, but what was asked was asked one way. */
  turnTo(a: string, b: string): void {
    const { a: from, b: to } = this.#screen.pair;
    if (a === from && b === to) return;
    this.picked = -1;
    this.suggestion.letGo();
    if (a === to && b === from) return;
    this.#awaited = undefined;
    this.chosen = -1;
    this.alike.letGo();
  }

  /** The selection is no group any more. */
  letGo(): void {
    this.#turn++;
    this.#awaited = undefined;
    this.chosen = -1;
    this.picked = -1;
    this.suggestion.letGo();
    this.alike.letGo();
  }

  /** Have groups sought among the selected items. */
  async suggest(): Promise<void> {
    const { bundle, pair, selection } = this.#screen;
    const { a, b } = pair;
    const { rows, name } = selection;
    this.picked = -1;
    await this.suggestion.ask(async (signal) => {
      const found = await bundle.ask({ kind: "suggest", a, b }, rows, signal);
      const members = membersOf(found.codes, found.groups.length).map((places) => places.map((place) => rows[place] ?? 0));
      return { ...found, members, asked: { rows, name } };
    });
  }

  /** Have the stored groups compared to the selected items. */
  async findAlike(): Promise<void> {
    const { bundle, pair, selection } = this.#screen;
    const { a, b } = pair;
    const { rows, name } = selection;
    await this.alike.ask(async (signal) => ({ ...(await bundle.ask({ kind: "like", a, b }, rows, signal)), asked: { rows, name } }));
  }

  /** Select a suggested group; -1 selects again what was asked about. */
  pick(group: number): void {
    const found = this.suggestion.value;
    if (!found) return;
    this.#turn++;
    this.chosen = -1;
    this.picked = found.groups[group] ? group : -1;
    const { rows, name } = found.asked;
    this.#screen.selection.take(found.members[group] ?? rows, found.groups[group]?.title ?? name);
  }
}
