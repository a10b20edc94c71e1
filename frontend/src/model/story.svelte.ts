import type { Focus } from "./focus.svelte";
import type { Layout } from "./layout";
import type { Moves } from "./moves";
import { EMPTY, rowSet, type RowSet } from "./selection";
import { type Story, tellTrails } from "./trails";

interface Held {
  readonly pair: { readonly layout: { readonly value: Layout | null }; readonly moves: { readonly value: Moves | null } };
  readonly time: { readonly trails: boolean; readonly most: number };
  readonly selection: { readonly rows: RowSet };
  readonly focus: Pick<Focus, "row" | "neighbors">;
  readonly findings: { readonly rows: readonly RowSet[] | null; readonly chosen: number };
}

/** The ways from A to B that are drawn. */
export class Telling {
  readonly #held: Held;

  /** What they are of: the selected items, the focused one and its neighbours, or the whole pair. */
  readonly subject: "selection" | "focus" | "pair" = $derived.by(() => {
    const { selection, focus } = this.#held;
    return selection.rows.length > 0 ? "selection" : focus.row >= 0 ? "focus" : "pair";
  });

  /** Null while none are wanted. */
  readonly value: Story | null = $derived.by(() => {
    const { pair, time, findings } = this.#held;
    const layout = pair.layout.value;
    if (!time.trails || !layout) return null;
    const { from, to } = layout;
    // What is told of one finding has its colour, though some of its items are in smaller ones.
    const told = (findings.rows ?? []).map((rows, i) => (findings.chosen < 0 || findings.chosen === i ? rows : EMPTY));
    return tellTrails({ from, to, kinds: pair.moves.value?.drawn ?? null, rows: this.#rows, findings: told, most: time.most });
  });

  readonly #rows: RowSet | null = $derived.by(() => {
    const { selection, focus } = this.#held;
    if (this.subject === "pair") return null;
    return this.subject === "selection" ? selection.rows : around(focus);
  });

  constructor(held: Held) {
    this.#held = held;
  }
}

/** The focused item and the neighbours that it kept, lost and gained. */
function around({ row, neighbors: { value } }: Pick<Focus, "row" | "neighbors">): RowSet {
  if (value?.item !== row) return rowSet([row]);
  const lines = [...(value.a?.lines ?? []), ...(value.b?.lines ?? [])].filter((line) => line.fate);
  return rowSet([row, ...lines.map((line) => line.item)]);
}
