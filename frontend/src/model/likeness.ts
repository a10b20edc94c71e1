/** Distance of two that were not compared: as far as can be. */
const UNKNOWN = 1;

interface Branch {
  readonly names: readonly string[];
}

/** Two rows as one, turned so that their likest ends meet; the first keeps its way where that is as good. */
function beside(p: readonly string[], q: readonly string[], apart: (a: string, b: string) => number): readonly string[] {
  const turned = (row: readonly string[]): readonly string[] => [...row].reverse();
  const ways = [[p, q], [p, turned(q)], [turned(p), q], [turned(p), turned(q)]] as const;
  const gap = ([left, right]: readonly [readonly string[], readonly string[]]): number => apart(left.at(-1) ?? "", right[0] ?? "");
  const [left, right] = ways.reduce((best, way) => (gap(way) < gap(best) ? way : best));
  return [...left, ...right];
}

/**
 * Names in groups of those that are most alike, each beside its likest: average linkage, cut where the next join is farthest.
 *
 * @param likeness from 0 to 1; null where two were not compared
 */
export function groupedByLikeness(names: readonly string[], likeness: (a: string, b: string) => number | null): string[][] {
  const known = new Map(names.map((a, i) => [a, names.map((b, j) => (i === j ? 0 : 1 - (likeness(a, b) ?? 1 - UNKNOWN)))]));
  const place = new Map(names.map((name, i) => [name, i]));
  const apart = (p: Branch, q: Branch): number => {
    const all = p.names.flatMap((a) => q.names.map((b) => known.get(a)?.[place.get(b) ?? 0] ?? UNKNOWN));
    return all.reduce((sum, one) => sum + one, 0) / all.length;
  };
  const between = (a: string, b: string): number => known.get(a)?.[place.get(b) ?? 0] ?? UNKNOWN;
  let branches: Branch[] = names.map((name) => ({ names: [name] }));
  const states: { readonly branches: readonly Branch[]; readonly height: number }[] = [];
  while (branches.length > 1) {
    let [p, q, least] = [0, 1, Infinity];
    for (let i = 0; i < branches.length; i++)
      for (let j = i + 1; j < branches.length; j++) {
        const far = apart(branches[i] as Branch, branches[j] as Branch);
        if (far < least) [p, q, least] = [i, j, far];
      }
    states.push({ branches, height: least });
    const joined = { names: beside((branches[p] as Branch).names, (branches[q] as Branch).names, between) };
    branches = branches.flatMap((branch, i) => (i === p ? [joined] : i === q ? [] : [branch]));
  }
  // Before the join that is farthest beyond the one before it; neither all apart nor all alone.
  let [cut, most] = [-1, 0];
  for (let i = Math.max(1, Math.ceil(names.length / 2)); i < states.length; i++) {
    const gap = (states[i]?.height ?? 0) - (states[i - 1]?.height ?? 0);
    if (gap > most) [cut, most] = [i, gap];
  }
  const order = branches[0]?.names ?? [];
  const groups = cut < 0 ? branches : (states[cut]?.branches ?? branches);
  const first = (group: Branch): number => Math.min(...group.names.map((name) => order.indexOf(name)));
  return [...groups].sort((x, y) => first(x) - first(y)).map((group) => [...group.names].sort((x, y) => order.indexOf(x) - order.indexOf(y)));
}
