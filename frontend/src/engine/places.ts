import type { Bounds } from "./types";

/** Where each item is in A and in B, without NaN: GPUs do not agree on how to test for it. */
export interface Places {
  readonly n: number;
  /** Items from this one on are in neither space. */
  readonly end: number;
  /** (2n): an item absent in A stands where it is in B, so that it fades in place. */
  readonly from: Float32Array;
  /** (2n): likewise. */
  readonly to: Float32Array;
  /** (n): bit 1 is set for items present in A, bit 2 for items present in B. */
  readonly presence: Uint8Array;
}

/** An item drawn fainter than this cannot be pointed at. */
const FAINTEST = 0.1;

export function joinPlaces(from: Float32Array, to: Float32Array): Places {
  if (from.length !== to.length) {
    throw new RangeError(`scatter: 'from' has ${from.length / 2} items and 'to' has ${to.length / 2}; give both for the same items`);
  }
  const n = from.length / 2;
  const presence = new Uint8Array(n);
  // The browser's own search is over before a loop is under way.
  const whole = [from, to].every((coords) => [NaN, Infinity, -Infinity].every((nowhere) => !coords.includes(nowhere)));
  if (whole) return { n, end: n, from, to, presence: presence.fill(3) };
  let gaps = false;
  let end = 0;
  for (let i = 0; i < n; i += 1) {
    presence[i] = (isThere(from, i) ? 1 : 0) | (isThere(to, i) ? 2 : 0);
    gaps ||= presence[i] !== 3;
    if (presence[i] !== 0) end = i + 1;
  }
  if (!gaps) return { n, end, from, to, presence };
  return { n, end, from: filled(from, to, presence, 1), to: filled(to, from, presence, 2), presence };
}

function isThere(coords: Float32Array, item: number): boolean {
  return Number.isFinite(coords[2 * item]) && Number.isFinite(coords[2 * item + 1]);
}

/** `coords`, with the other space's where `bit` says that an item is absent, and 0 where it is absent from both. */
function filled(coords: Float32Array, other: Float32Array, presence: Uint8Array, bit: number): Float32Array {
  const full = coords.slice();
  for (let i = 0; i < presence.length; i += 1) {
    const there = presence[i] as number;
    if (there & bit) continue;
    full[2 * i] = there ? (other[2 * i] as number) : 0;
    full[2 * i + 1] = there ? (other[2 * i + 1] as number) : 0;
  }
  return full;
}

/** Whether an item with these presence bits can be seen at `t`. */
export function isSeen(presence: number, t: number): boolean {
  return (presence & 1 ? 1 - t : 0) + (presence & 2 ? t : 0) >= FAINTEST;
}

/** The share of the way from A to B that is drawn at `t`: a gain stretches it about the middle, past both ends. */
export const along = (t: number, gain: number): number => t + (gain - 1) * (t - 0.5);

/** One coordinate (`axis` 0 or 1) of an item after a share of its way. */
export function placeAt(places: Places, item: number, axis: 0 | 1, share: number): number {
  const from = places.from[2 * item + axis] as number;
  if (share === 0) return from;
  return from + ((places.to[2 * item + axis] as number) - from) * share;
}

/** The box around every item at both ends of its way; null when there is none. */
export function boundsOf(places: Places, gain = 1): Bounds | null {
  const { n, from, to, presence } = places;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const end of from === to ? [0] : [0, 1]) {
    const share = along(end, gain);
    for (let i = 0; i < n; i += 1) {
      if (presence[i] === 0) continue;
      const x = placeAt(places, i, 0, share);
      const y = placeAt(places, i, 1, share);
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
    }
  }
  return minX <= maxX ? { minX, minY, maxX, maxY } : null;
}
