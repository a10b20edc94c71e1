import { extentOf } from "./extent";

/** What parts of the plane are called by: a category of each item. */
export interface Level {
  /** (n): index into `names`; −1 is none. */
  readonly codes: Int32Array;
  readonly names: readonly string[];
}

/** Where most of a category lies in a picture. */
export interface Landmark {
  readonly x: number;
  readonly y: number;
  /** How far most of them reach from there. */
  readonly reach: number;
  /** Items of the category there. */
  readonly weight: number;
}

/** A name in the two pictures on screen. */
export interface PlaceName {
  readonly text: string;
  readonly from: readonly [number, number] | null;
  readonly to: readonly [number, number] | null;
  readonly reach: number;
  readonly weight: number;
  readonly level: number;
}

/** Of more members, as many evenly among them are looked at. */
const SAMPLED = 300;
/** Items stand in a shuffled order, so that the first are a fair sample. */
const LOOKED_AT = 40_000;
/** How near what is together lies, over the picture's longer side, in a coarse and in a fine level. */
const NEAR = [0.09, 0.05] as const;
/** A category of which fewer are together has no place: a share of a few, a smaller one of many, who need room. */
const together = (n: number): number => Math.min(0.3 * n, 10 + 0.15 * n);
const FEWEST = 3;
/** A level of more names is of no help. */
const MOST_NAMES = 400;
const FINEST = 2;

/** The names of two pictures, coarse before fine and large before small. */
export function placeNames(levels: readonly Level[], from: readonly (readonly (Landmark | null)[])[], to: readonly (readonly (Landmark | null)[])[]): PlaceName[] {
  const at = (mark: Landmark | null | undefined): readonly [number, number] | null => (mark ? [mark.x, mark.y] : null);
  const named = levels.flatMap(({ names }, level) =>
    names.map((text, code) => {
      const [a, b] = [from[level]?.[code], to[level]?.[code]];
      return { text, from: at(a), to: at(b), reach: Math.max(a?.reach ?? 0, b?.reach ?? 0), weight: Math.max(a?.weight ?? 0, b?.weight ?? 0), level };
    }),
  );
  const coarse = new Set(levels[1] ? (levels[0]?.names ?? []) : []);
  return named
    .filter(({ text, from: a, to: b, level }) => text !== "" && (a ?? b) !== null && !(level > 0 && coarse.has(text)))
    .sort((x, y) => x.level - y.level || y.weight - x.weight);
}

/** Where each category of a level has most of its items, by how near each lies to the others; null where it is strewn. */
export function landmarksOf(coords: Float32Array, { codes, names }: Level, depth = 0): (Landmark | null)[] {
  const box = extentOf([coords]);
  if (!box) return names.map(() => null);
  const radius = (NEAR[depth] ?? NEAR[1]) * Math.max(box.maxX - box.minX, box.maxY - box.minY);
  return membersOf(coords, codes, names.length).map((members) => landmark(coords, members, radius));
}

function membersOf(coords: Float32Array, codes: Int32Array, n: number): number[][] {
  const members: number[][] = Array.from({ length: n }, () => []);
  for (let item = 0; item < Math.min(codes.length, LOOKED_AT); item++) {
    if (Number.isFinite(coords[2 * item]) && Number.isFinite(coords[2 * item + 1])) members[codes[item] ?? -1]?.push(item);
  }
  return members;
}

function landmark(coords: Float32Array, members: readonly number[], radius: number): Landmark | null {
  const step = Math.max(1, members.length / SAMPLED);
  const sample = Array.from({ length: Math.min(members.length, SAMPLED) }, (_, i) => members[Math.floor(i * step)] ?? 0);
  const near = radius ** 2;
  // Columns of numbers, and no pairs: every sampled item is held against every other.
  const xs = Float64Array.from(sample, (item) => coords[2 * item] as number);
  const ys = Float64Array.from(sample, (item) => coords[2 * item + 1] as number);
  let best = { x: 0, y: 0, count: 0 };
  for (let i = 0; i < xs.length; i += 1) {
    let count = 0;
    let sumX = 0;
    let sumY = 0;
    for (let j = 0; j < xs.length; j += 1) {
      const dx = (xs[j] as number) - (xs[i] as number);
      const dy = (ys[j] as number) - (ys[i] as number);
      if (dx * dx + dy * dy > near) continue;
      count += 1;
      sumX += xs[j] as number;
      sumY += ys[j] as number;
    }
    if (count > best.count) best = { x: sumX / count, y: sumY / count, count };
  }
  if (best.count === 0 || best.count < Math.min(FEWEST, members.length) || best.count < together(sample.length)) return null;
  const { x, y } = best;
  const far = xs.map((from, i) => Math.hypot(from - x, (ys[i] as number) - y)).filter((distance) => distance <= radius);
  const reach = far.sort()[Math.floor(0.9 * far.length)] ?? 0;
  return { x, y, reach, weight: (best.count * members.length) / sample.length };
}

/** The levels of names such as `food/fruit/apple`: first the beginnings, then the whole; one level where few have a `/`. */
export function splitLevels({ codes, names }: Level): Level[] {
  const deep = names.filter((name) => name.includes("/")).length;
  if (deep < 0.6 * names.length) return names.length <= MOST_NAMES ? [{ codes, names }] : [];
  return [levelAt({ codes, names }, 1), levelAt({ codes, names }, FINEST)].filter((level, i, all) => level.names.length <= MOST_NAMES && (i === 0 || level.names.length > (all[0]?.names.length ?? 0)));
}

/** Names cut after so many parts; only the last part is written where it tells them apart. */
function levelAt({ codes, names }: Level, parts: number): Level {
  const cut = names.map((name) => name.split("/").slice(0, parts).join("/"));
  const known = [...new Set(cut)];
  const places = new Map(known.map((name, code) => [name, code]));
  const coarse = Int32Array.from(cut, (name) => places.get(name) ?? -1);
  const last = known.map((name) => name.split("/").at(-1) ?? name);
  return { codes: codes.map((code) => coarse[code] ?? -1), names: new Set(last).size < last.length ? known : last };
}

/** Whether every category of one level lies within one category of another, but for a few items. */
export function refines(fine: Level, coarse: Level): boolean {
  if (fine.names.length <= coarse.names.length || fine.names.length > MOST_NAMES) return false;
  const counts = new Map<number, number>();
  let all = 0;
  for (let item = 0; item < Math.min(fine.codes.length, LOOKED_AT); item++) {
    const [x, y] = [fine.codes[item] ?? -1, coarse.codes[item] ?? -1];
    if (x < 0 || y < 0) continue;
    all += 1;
    const key = x * coarse.names.length + y;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const most = new Uint32Array(fine.names.length);
  for (const [key, count] of counts) {
    const code = Math.floor(key / coarse.names.length);
    most[code] = Math.max(most[code] ?? 0, count);
  }
  return all > 0 && all >= FEWEST * fine.names.length && most.reduce((sum, count) => sum + count, 0) >= 0.98 * all;
}
