import type { Bundle } from "./bundle";
import type { SpaceInfo } from "./schema.gen";
import { type RowSet, rowSet } from "./selection";

/** Items whose neighbours are read one by one. */
const FEW = 40;

/** Some items and their `k` nearest stored neighbours in a space. */
export async function grown(bundle: Bundle, space: SpaceInfo, rows: RowSet, k: number): Promise<RowSet> {
  const found = new Set(rows);
  const add = (item = -1): void => {
    if (item >= 0) found.add(item);
  };
  const table = await bundle.neighborTable(space);
  if (table) {
    const own = await bundle.presence(space.over);
    const { list, width, items } = table;
    for (const row of rows) {
      const at = (own[row] ?? -1) * width;
      for (let i = 0; at >= 0 && i < Math.min(k, width); i++) add(items ? items[list[at + i] ?? -1] : list[at + i]);
    }
  } else if (rows.length <= FEW) {
    const lists = await Promise.all(Array.from(rows, (row) => bundle.neighbors(space, row)));
    for (const list of lists) list?.items.slice(0, k).forEach(add);
  } else throw new Error(`The neighbours of ${rows.length} items are too much for the page; select at most ${FEW}.`);
  return rowSet(found);
}
