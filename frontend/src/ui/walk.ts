/** Where an item is on the canvas; null where it is not. */
export type Locate = (item: number) => readonly [number, number] | null;

/** How much farther off the direction counts than along it. */
const ASIDE = 2;

/**
 * The nearest item in a direction: one that lies within 45° of it, and off it counts twice; -1 where none does.
 *
 * @param from a place of the canvas, in CSS pixels; y points down
 */
export function nextItem(n: number, locate: Locate, { from, dx, dy, but }: { readonly from: readonly [number, number]; readonly dx: number; readonly dy: number; readonly but: number }): number {
  let [best, least] = [-1, Infinity];
  for (let item = 0; item < n; item++) {
    const at = item === but ? null : locate(item);
    if (!at) continue;
    const [x, y] = [at[0] - from[0], at[1] - from[1]];
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy - y * dx);
    const cost = along + ASIDE * aside;
    // One beneath another is reached as well: it is as near as can be.
    if (along < 0 || aside > along || (along === 0 && item < but) || cost >= least) continue;
    [best, least] = [item, cost];
  }
  return best;
}

/** The item nearest to a place; -1 where there is none. */
export function nearestItem(n: number, locate: Locate, [x, y]: readonly [number, number]): number {
  let [best, least] = [-1, Infinity];
  for (let item = 0; item < n; item++) {
    const at = locate(item);
    const far = at ? Math.hypot(at[0] - x, at[1] - y) : Infinity;
    if (far < least) [best, least] = [item, far];
  }
  return best;
}
