import type { SavedSelection } from "./schema.gen";

/** A selection that was saved: by the ids of its items, which outlive any order of rows. */
export type SavedSet = Readonly<SavedSelection>;

/** What one wrote and what others wrote meanwhile, as one: what is not as it was before is one's own doing, all else theirs. */
export function mergeSets(base: readonly SavedSet[], mine: readonly SavedSet[], theirs: readonly SavedSet[]): SavedSet[] {
  const by = (sets: readonly SavedSet[]): Map<string, SavedSet> => new Map(sets.map((set) => [set.id, set]));
  const [was, own, other] = [by(base), by(mine), by(theirs)];
  const ids = [...new Set([...theirs, ...mine].map(({ id }) => id))];
  return ids.flatMap((id) => {
    const changed = JSON.stringify(own.get(id)) !== JSON.stringify(was.get(id));
    const set = changed ? own.get(id) : other.get(id);
    return set ? [set] : [];
  });
}

/** What a stored text says of sets; null where it is none of ours. */
export function readSets(text: string | null): SavedSet[] | null {
  if (text === null) return [];
  try {
    const { schema, selections } = JSON.parse(text) as { schema?: unknown; selections?: unknown };
    if (schema !== NOTES || !Array.isArray(selections)) return null;
    return selections.every(isSet) ? selections : null;
  } catch {
    return null;
  }
}

export const NOTES = "emblink.notes/1";

function isSet(value: unknown): value is SavedSet {
  const set = value as Partial<Record<keyof SavedSet, unknown>> | null;
  const words = [set?.id, set?.name, set?.note];
  return words.every((word) => typeof word === "string") && Array.isArray(set?.items) && set.items.every((item) => typeof item === "string");
}
