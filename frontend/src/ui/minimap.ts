import type { RowSet } from "../model";

export const MAP = { width: 88, height: 72 } as const;

const MARGIN = 4;
/** Items stand in a shuffled order, so that the first few are a fair sample. */
const SAMPLE = 600;
/** Of more members than this, as many evenly among them are drawn. */
const MARKED = 150;

interface Layout {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** A small picture of all items, whose paths are dots of no length: the width of the stroke is their size. */
export interface MiniFrame {
  /** Items of the sample in A; those that A lacks in B. */
  readonly all: string;
  inA(rows: RowSet): string;
  inB(rows: RowSet): string;
}

/** One frame for the maps of all groups of a layout. */
export function frameOf({ from, to }: Layout): MiniFrame {
  const sample = Uint32Array.from({ length: Math.min(SAMPLE, from.length / 2) }, (_, row) => row);
  const place = placing(sample, [from, to]);
  const dots = (rows: RowSet, ...order: readonly Float32Array[]): string => {
    let path = "";
    for (const row of rows) path += dot(order.map((places) => place(places, row)).find((at) => at !== null) ?? null);
    return path;
  };
  return { all: dots(sample, from, to), inA: (rows) => dots(thinned(rows), from), inB: (rows) => dots(thinned(rows), to) };
}

const dot = (at: readonly [number, number] | null): string => (at ? `M${at[0].toFixed(1)} ${at[1].toFixed(1)}h0` : "");

/** No more rows than can be told apart. */
function thinned(rows: RowSet): RowSet {
  if (rows.length <= MARKED) return rows;
  return Uint32Array.from({ length: MARKED }, (_, i) => rows[Math.floor((i * rows.length) / MARKED)] ?? 0);
}

type Place = (places: Float32Array, row: number) => readonly [number, number] | null;

/** From the plane to the map: the sample just fits, and what lies beyond it stays at the rim. */
function placing(sample: RowSet, all: readonly Float32Array[]): Place {
  const [lowX, highX] = ends(sample, all, 0);
  const [lowY, highY] = ends(sample, all, 1);
  const room = { x: MAP.width - 2 * MARGIN, y: MAP.height - 2 * MARGIN };
  const scale = Math.min(room.x / (highX - lowX || 1), room.y / (highY - lowY || 1));
  const clamp = (value: number, most: number): number => Math.max(1.5, Math.min(most - 1.5, value));
  return (places, row) => {
    const [x, y] = [places[2 * row] ?? NaN, places[2 * row + 1] ?? NaN];
    if (Number.isNaN(x) || Number.isNaN(y)) return null;
    return [
      clamp(MAP.width / 2 + (x - (lowX + highX) / 2) * scale, MAP.width),
      clamp(MAP.height / 2 - (y - (lowY + highY) / 2) * scale, MAP.height),
    ];
  };
}

function ends(sample: RowSet, all: readonly Float32Array[], axis: 0 | 1): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const places of all) {
    for (const row of sample) {
      const value = places[2 * row + axis] ?? NaN;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 0];
}
