import type { Session } from "../model";
import { MOVE_CLASSES } from "../model";
import { percent } from "./format";

/** What can be said of an item's move; null when its moves were not classed or it is not in both spaces. */
export function moveOf(session: Session, item: number): { readonly name: string; readonly definition: string; readonly words: string } | null {
  const moves = session.pair.movesField && session.pair.moves.value;
  const found = moves && MOVE_CLASSES[moves.codes[item] ?? -1];
  if (!found) return null;
  const stored = session.pair.anchoring ? " in the stored pictures" : "";
  return { name: found.title, definition: found.definition, words: `Moves ${percent(moves.displacement[item] ?? NaN)} of the map’s radius${stored}` };
}
