import type { Bundle } from "./bundle";
import { Loaded } from "./loaded.svelte";
import { mergeSets, NOTES, readSets, type SavedSet } from "./notes";
import type { Notes } from "./schema.gen";
import { type RowSet, rowSet } from "./selection";

/** Where a browser keeps texts. */
export type Shelf = Pick<Storage, "getItem" | "setItem">;

interface Held {
  readonly bundle: Bundle;
}

/** How often what others write meanwhile is taken up before giving up. */
const TRIES = 5;

const newId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The selections that were saved, with a name and a note: beside the bundle, or in this browser. */
export class Saving {
  /** Null until they are read. */
  sets = $state.raw<readonly SavedSet[] | null>(null);
  /** As the person on this page left them: without what others wrote meanwhile. */
  left = $state.raw<readonly SavedSet[] | null>(null);
  /** Whose items a set names, by the set's id; null while they are sought. */
  readonly rows = new Loaded<ReadonlyMap<string, RowSet>>();
  readonly reading = new Loaded<true>();
  readonly writing = new Loaded<true>();
  /** Whether they are kept beside the bundle; else in this browser alone. */
  shared = $state(false);
  readonly #held: Held;
  readonly #shelf: Shelf | null;
  /** As they were last read or written. */
  #base: readonly SavedSet[] = [];
  #version = "";
  #queue: Promise<void> = Promise.resolve();

  constructor(held: Held, shelf: Shelf | null = storage()) {
    this.#held = held;
    this.#shelf = shelf;
  }

  async load(): Promise<void> {
    await this.reading.load(async () => {
      await this.#fetch();
      this.sets = this.left = this.#base;
      return true;
    });
    await this.find();
  }

  /** Seek the items of all sets among the bundle's. */
  async find(): Promise<void> {
    const sets = this.sets ?? [];
    if (sets.length === 0) return this.rows.load(() => Promise.resolve(new Map()));
    const { bundle } = this.#held;
    await this.rows.load(async () => {
      const ids = await bundle.ids();
      const wanted = new Set(sets.flatMap(({ items }) => items));
      const rowOf = new Map<string, number>();
      for (let row = 0; row < ids.length; row++) {
        const id = ids.at(row);
        if (wanted.has(id)) rowOf.set(id, row);
      }
      return new Map(sets.map(({ id, items }) => [id, rowSet(items.map((item) => rowOf.get(item) ?? -1).filter((row) => row >= 0))]));
    });
  }

  /** Save some items; those of a name that is taken make another set of that name. */
  async save(name: string, rows: RowSet, note = ""): Promise<void> {
    const ids = await this.#held.bundle.ids();
    const set = { id: newId(), name: name.trim(), note, items: Array.from(rows, (row) => ids.at(row)) };
    await this.#edit((sets) => [...sets, set]);
  }

  /** Give a set another name, note or other items. */
  async change(id: string, changes: Partial<Omit<SavedSet, "id">>): Promise<void> {
    await this.#edit((sets) => sets.map((set) => (set.id === id ? { ...set, ...changes } : set)));
  }

  async remove(id: string): Promise<void> {
    await this.#edit((sets) => sets.filter((set) => set.id !== id));
  }

  /** Go back to what was left at another moment; what others wrote stays. */
  async back(left: readonly SavedSet[]): Promise<void> {
    if (left === this.left || this.sets === null) return;
    this.sets = mergeSets(this.left ?? [], left, this.sets);
    this.left = left;
    await Promise.all([this.find(), this.store()]);
  }

  /** Change the sets here at once, and where they are kept as soon as it can be. */
  async #edit(change: (sets: readonly SavedSet[]) => readonly SavedSet[]): Promise<void> {
    if (this.sets === null) return;
    this.sets = change(this.sets);
    this.left = change(this.left ?? []);
    await Promise.all([this.find(), this.store()]);
  }

  /** Write the sets where they are kept. */
  async store(): Promise<void> {
    const done = this.#queue.then(() => this.writing.load(() => this.#write()));
    this.#queue = done;
    await done;
  }

  async #write(): Promise<true> {
    for (let tries = 0; tries < TRIES; tries++) {
      const mine = this.sets ?? [];
      const written = await this.#put(mine);
      if (written) {
        this.#base = mine;
        return true;
      }
      const was = this.#base;
      await this.#fetch();
      this.sets = mergeSets(was, this.sets ?? [], this.#base);
      await this.find();
    }
    throw new Error("Others go on writing into the notes of this bundle; try again.");
  }

  /** Read the sets as they are kept now. */
  async #fetch(): Promise<void> {
    const kept = await this.#held.bundle.readNotes();
    this.shared = kept !== null;
    if (kept) [this.#base, this.#version] = [kept.notes.selections, kept.version];
    else {
      this.#version = (await this.#onShelf()) ?? "";
      this.#base = readSets(this.#version === "" ? null : this.#version) ?? [];
    }
  }

  /** Whether the sets could be written: nobody wrote others meanwhile. */
  async #put(selections: readonly SavedSet[]): Promise<boolean> {
    const notes: Notes = { schema: NOTES, selections: [...selections] };
    if (this.shared) {
      const version = await this.#held.bundle.writeNotes(notes, this.#version);
      if (version !== null) this.#version = version;
      return version !== null;
    }
    const before = (await this.#onShelf()) ?? "";
    if (before !== this.#version) return false;
    if (!this.#shelf) throw new Error("This browser keeps nothing: the selection is saved until the page is closed.");
    this.#version = JSON.stringify(notes);
    this.#shelf.setItem(await this.#key(), this.#version);
    return true;
  }

  async #onShelf(): Promise<string | null> {
    return this.#shelf?.getItem(await this.#key()) ?? null;
  }

  /** Of these items, whichever spaces they were compared in. */
  async #key(): Promise<string> {
    const { bundle } = this.#held;
    const ends = await Promise.all([bundle.id(0), bundle.id(bundle.n - 1)]);
    return JSON.stringify(["emblink.notes", bundle.n, ...ends]);
  }
}

/** This browser's; none where it is closed to the page. */
function storage(): Shelf | null {
  try {
    return typeof localStorage === "undefined" ? null : localStorage;
  } catch {
    return null;
  }
}
