import { type Size, toPixels } from "./camera";
import { mostPictures } from "./ink";
import { type Box, written, type Wish } from "./names";
import type { Overlay, Style } from "./overlay";
import { along, isSeen, type Places, placeAt } from "./places";
import type { Pane } from "./panes";
import type { Theme } from "./theme";
import { type CameraState, Flag, type Names, type PlaceName } from "./types";

/** All that the names of one pane depend on. */
export interface Captioned {
  readonly pane: Pane;
  readonly camera: CameraState;
  /** The camera's scale over that of the fitted view. */
  readonly zoom: number;
  readonly places: Places;
  readonly names: Names;
  readonly flags: Uint8Array;
  /** Half of what an item takes, in CSS pixels. */
  readonly radius: number;
  /** Items are drawn as pictures. */
  readonly pictured: boolean;
  /** Items in view; null in motion, when they are not counted. */
  readonly inView: number | null;
  readonly dims: boolean;
  /** B is shown beside it, to the right. */
  readonly paired: boolean;
  readonly theme: Theme;
}

/** A text that wants to be written, and how. */
interface Text extends Wish {
  readonly text: string;
  readonly style: Style;
}

/** Coarse names give way to finer ones at this zoom. */
const NEAR = 3;
/** No more items in view than this are written out. */
const FEW = 500;
const MOST_TEXTS = 260;
const LINE = 15;
const LONGEST = 32;
/** The share of a picture that a name keeps clear of. */
const CLEAR = 0.7;
/** CSS pixels from the middle of a part of the plane to its edge, below which a name would hide it. */
const SMALL = 30;

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text);

/** Write the names of a pane: items that stand out, then places, then as many items as there is room for. */
export function caption(overlay: Overlay, shown: Captioned): void {
  const { pane, theme } = shown;
  for (const { wish, x, y } of written(wishes(overlay, shown), pane.size, MOST_TEXTS)) {
    overlay.write(wish.text, { x: pane.left + x, y }, wish.style, theme);
  }
}

function* wishes(overlay: Overlay, shown: Captioned): Generator<Text> {
  const text = (key: string, words: string, at: readonly [number, number], { gap, style, side: sided, hides }: How): Text => {
    const short = shortened(words);
    const side = sided ?? (shown.pane.left === 0 && shown.paired ? ("left" as const) : undefined);
    return { key, text: short, x: at[0], y: at[1], width: overlay.measure(short, style), height: style.size + 3, gap, style, ...(side && { side }), ...(hides && { hides }) };
  };
  yield* itemTexts(shown, text);
  yield* placeTexts(shown, text);
  yield* otherTexts(shown, text);
}

interface How extends Pick<Wish, "gap" | "side" | "hides"> {
  readonly style: Style;
}
type Make = (key: string, words: string, at: readonly [number, number], how: How) => Text;

function* itemTexts({ names, flags, radius, theme, ...shown }: Captioned, text: Make): Generator<Text> {
  for (const { item, text: words } of names.items) {
    const at = pixelOf(shown, item);
    const flag = flags[item] ?? 0;
    if (!at || flag & Flag.hidden) continue;
    const main = (flag & (Flag.focused | Flag.hovered)) !== 0;
    const color = flag & Flag.focused ? theme.accent : main ? theme.ink : flag & Flag.lost ? theme.lost : flag & Flag.gained ? theme.gained : theme.kept;
    yield text(`item ${item}`, words, at, { gap: radius + 8, style: { size: main ? 13 : 11, weight: main ? 700 : 600, color, opacity: 1 } });
  }
}

function* placeTexts({ names, pane, camera, zoom, radius, pictured, dims, theme }: Captioned, text: Make): Generator<Text> {
  const finest = names.places.reduce((most, place) => Math.max(most, place.level), 0);
  const coarse = zoom < NEAR ? 0 : finest;
  for (const place of names.places) {
    if (place.level < coarse) continue;
    const at = placeOf(place, pane.t);
    if (!at) continue;
    const main = place.level === 0;
    const opacity = dims && !main ? 0.55 : 1;
    const style = { size: main ? 13 : 11, weight: main ? 700 : 600, color: theme.ink, opacity };
    yield text(`place ${place.level} ${place.text}`, place.text, toPixels(camera, pane.size, ...at), { gap: !pictured && covering(place, camera) ? place.reach * camera.scale + radius : 0, style, side: "above" });
  }
}

/** Where items are within a pane. */
function inSight({ places, flags, ...shown }: Captioned): Map<number, readonly [number, number]> {
  const { width, height } = shown.pane.size;
  const found = new Map<number, readonly [number, number]>();
  for (let item = 0; item < places.n; item += 1) {
    if (((flags[item] ?? 0) & Flag.hidden) !== 0) continue;
    const at = pixelOf({ ...shown, places }, item);
    if (at && at[0] >= 0 && at[1] >= LINE && at[0] <= width && at[1] <= height) found.set(item, at);
  }
  return found;
}

function* otherTexts(shown: Captioned, text: Make): Generator<Text> {
  const { names, flags, inView, radius, pictured, theme, dims } = shown;
  if (!names.textOf || inView === null || inView > FEW) return;
  const named = new Set(names.items.map(({ item }) => item));
  const seen = inSight(shown);
  const [spots, reach] = [[...seen.values()], CLEAR * radius];
  const hides = ({ left, right, top, bottom }: Box): boolean =>
    spots.some(([x, y]) => x > left - reach && x < right + reach && y > top - reach && y < bottom + reach);
  for (const [item, at] of seen) {
    if (named.has(item)) continue;
    const style = { size: 11, weight: 400, color: theme.ink, opacity: dims && !flags[item] ? 0.35 : 0.85 };
    yield text(`item ${item}`, names.textOf(item), at, { gap: radius + 3, style, ...(pictured && { hides }) });
  }
}

/** Whether a name would hide most of what it stands for: then it stands beside it. */
const covering = ({ reach }: PlaceName, { scale }: CameraState): boolean => reach * scale < SMALL;

function placeOf({ from, to }: PlaceName, t: number): readonly [number, number] | null {
  if (!from || !to) return t < 0.5 ? from : to;
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
}

function pixelOf({ places, pane, camera }: Pick<Captioned, "places" | "pane" | "camera">, item: number): [number, number] | null {
  if (!isSeen(places.presence[item] ?? 0, pane.t)) return null;
  const share = along(pane.t, pane.gain);
  return toPixels(camera, pane.size, placeAt(places, item, 0, share), placeAt(places, item, 1, share));
}

/** How many items lie within a pane, or one more than `most`. */
function countInView(places: Places, { t, gain, size }: Pane, camera: CameraState, most: number): number {
  const share = along(t, gain);
  const [halfX, halfY] = reach(size, camera);
  let count = 0;
  for (let item = 0; item < places.n && count <= most; item += 1) {
    if (!isSeen(places.presence[item] as number, t)) continue;
    const inside = Math.abs(placeAt(places, item, 0, share) - camera.x) <= halfX && Math.abs(placeAt(places, item, 1, share) - camera.y) <= halfY;
    if (inside) count += 1;
  }
  return count;
}

const reach = (size: Size, camera: CameraState): readonly [number, number] => [size.width / 2 / camera.scale, size.height / 2 / camera.scale];

/** Above this many items they are counted only at rest. */
const COUNTED = 20_000;

/** What of the pictures and the names is drawn, by how many items are in view (not further than matters); null of many `passing` by. */
export function inViewOf(places: Places, panes: readonly Pane[], camera: CameraState, passing: boolean): number | null {
  if (passing && places.n > COUNTED) return null;
  return Math.max(...panes.map((pane) => countInView(places, pane, camera, mostPictures(false))));
}

/** The item that a line joins in the two panes: the one under the pointer, else the focused one; -1 is none. */
export function linked(items: Uint32Array, flags: Uint8Array): number {
  let focused = -1;
  for (let i = items.length - 1; i >= 0; i -= 1) {
    const item = items[i] as number;
    const flag = flags[item] as number;
    if (flag & Flag.hovered) return item;
    if (!(flag & Flag.focused)) return focused;
    focused = item;
  }
  return focused;
}
