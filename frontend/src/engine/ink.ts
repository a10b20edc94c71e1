import type { Size } from "./camera";

/** How points are drawn: small and faint where they are many, so that density can be read. */
export interface Ink {
  /** CSS pixels. */
  readonly diameter: number;
  /** In (0, 1]. */
  readonly opacity: number;
}

/** Points of a projection huddle: they cover about this share of the canvas. */
const HUDDLE = 0.2;

/**
 * @param n points of the whole set: it sets the size, so that a prefix does not look different in kind
 * @param drawn points drawn now: they set the opacity
 * @param zoom the camera's scale over that of the fitted view
 */
export function inkFor({ n, drawn, zoom, size }: { n: number; drawn: number; zoom: number; size: Size }): Ink {
  const area = size.width * size.height;
  const room = Math.sqrt((area * HUDDLE) / Math.max(n, 1));
  const growth = Math.min(Math.max(zoom, 0.25), 64) ** 0.4;
  const diameter = Math.min(Math.max(0.92 * room, 1.5), 8) * growth;
  const shown = Math.min(diameter, 18);
  const layers = (drawn * shown * shown) / (area * HUDDLE * Math.max(zoom, 0.25) ** 2);
  return { diameter: shown, opacity: Math.min(Math.max(1 / (0.85 + 0.25 * layers), 0.16), 0.92) };
}

/** The opacity of each of so many rings: fewer stand out more. */
export const ringOpacity = (rings: number): number => Math.min(Math.max(14 / Math.sqrt(Math.max(rings, 1)), 0.1), 0.75);

/** The opacity of each of so many trails. */
export const wayOpacity = (trails: number): number => Math.min(Math.max(13 / Math.sqrt(Math.max(trails, 1)), 0.3), 0.92);

/** How broad each of so many trails is, over one of a hundred. */
export const wayBreadth = (trails: number): number => Math.min(Math.max((100 / Math.max(trails, 1)) ** 0.25, 0.6), 1.3);

/** A selection is drawn a little larger than the rest: as large as its own number allows, but alike in kind. */
export function selectedDiameter(all: Ink, selected: Ink): number {
  return Math.min(selected.diameter * 1.1, all.diameter * 1.25 + 0.8);
}

/** More pictures than this in view are drawn as points; fewer where a colour is to be read from them. */
export const mostPictures = (backed: boolean): number => (backed ? 500 : 3000);

/** The side of an item's picture in CSS pixels: as large as so many leave room for, and larger the nearer one looks. */
export function pictureSide({ n, zoom, size }: { n: number; zoom: number; size: Size }): number {
  const room = Math.sqrt((size.width * size.height * HUDDLE) / Math.max(n, 1));
  const growth = Math.min(Math.max(zoom, 0.25), 64) ** 0.5;
  return Math.min(Math.min(Math.max(2.6 * room, 12), 30) * growth, 64);
}
