import type { Link } from "./link";
import type { Anchoring } from "./layout";
import type { SavedSet } from "./notes";
import type { RowSet } from "./selection";

/** All that a person chose, at one moment: what a link says, and what is too long for one. */
export interface Moment {
  readonly link: Link;
  readonly focus: number;
  readonly rows: RowSet;
  readonly name: string;
  readonly isolated: RowSet;
  readonly anchoring: Anchoring | null;
  readonly saved: readonly SavedSet[] | null;
}

interface Held {
  readonly moment: Moment;
  restore(moment: Moment): Promise<void>;
}

/** Older moments are forgotten. */
const LONGEST = 200;
/** What changes by degrees: such changes in a row are one. */
const BY_DEGREES: readonly string[] = ["t", "gain", "look"];

const sameRows = (x: RowSet, y: RowSet): boolean => x === y || (x.length === y.length && x.every((row, i) => row === y[i]));

/** What differs between two moments, by name. */
export function changesBetween(x: Moment, y: Moment): string[] {
  const keys = new Set([...Object.keys(x.link), ...Object.keys(y.link)] as (keyof Link)[]);
  const links = [...keys].filter((key) => JSON.stringify(x.link[key]) !== JSON.stringify(y.link[key]));
  const differs: Readonly<Record<string, boolean>> = {
    focus: x.focus !== y.focus,
    rows: !sameRows(x.rows, y.rows) || x.name !== y.name,
    isolated: !sameRows(x.isolated, y.isolated),
    anchoring: x.anchoring !== y.anchoring,
    saved: x.saved !== null && x.saved !== y.saved,
  };
  return [...links, ...Object.keys(differs).filter((key) => differs[key])].sort();
}

/** What was on screen before, gesture by gesture, and what was taken back. */
export class Past {
  #before = $state.raw<readonly Moment[]>([]);
  #after = $state.raw<readonly Moment[]>([]);
  readonly #held: Held;
  #now: Moment | null = null;
  /** A gesture has begun, and changed nothing yet. */
  #begun = false;
  /** What the last step changed, where that was by degrees. */
  #degrees = "";
  #turn = 0;
  #restoring = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(held: Held) {
    this.#held = held;
  }

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  get canRedo(): boolean {
    return this.#after.length > 0;
  }

  /** A person does something: what changes from now on is one step, until the next. */
  begin(): void {
    this.#begun = true;
  }

  /** Take note of what is on screen now. */
  note(moment: Moment): void {
    const before = this.#now;
    if (this.#restoring) return;
    const changes = before ? changesBetween(before, moment) : [];
    this.#now = moment;
    if (!before || changes.length === 0) return;
    const degrees = changes.every((key) => BY_DEGREES.includes(key)) ? changes.join() : "";
    const goesOn = !this.#begun || (degrees !== "" && degrees === this.#degrees && this.#after.length === 0);
    if (!goesOn) this.#push(before);
    this.#degrees = this.#begun || degrees === this.#degrees ? degrees : "";
    this.#begun = false;
  }

  #push(before: Moment): void {
    this.#before = [...this.#before, before].slice(-LONGEST);
    this.#after = [];
  }

  async undo(): Promise<Moment | null> {
    const moment = this.#before.at(-1);
    if (!moment) return null;
    const now = this.#now ?? this.#held.moment;
    this.#before = this.#before.slice(0, -1);
    this.#after = [...this.#after, now];
    return this.#go(moment);
  }

  async redo(): Promise<Moment | null> {
    const moment = this.#after.at(-1);
    if (!moment) return null;
    const now = this.#now ?? this.#held.moment;
    this.#after = this.#after.slice(0, -1);
    this.#before = [...this.#before, now];
    return this.#go(moment);
  }

  async #go(moment: Moment): Promise<Moment> {
    const turn = ++this.#turn;
    this.#now = moment;
    this.#begun = false;
    this.#degrees = "";
    this.#restoring = true;
    try {
      // One after the other; of several asked for at once the last.
      const done = this.#queue.then(() => (turn === this.#turn ? this.#held.restore(moment) : undefined));
      this.#queue = done.catch(() => undefined);
      await done;
    } finally {
      if (turn === this.#turn) this.#restoring = false;
    }
    // What follows from it belongs to it; what was done meanwhile is a step of its own.
    if (turn === this.#turn) this.note(this.#held.moment);
    return moment;
  }
}
