/** Draws points; `ui` knows what is named here and nothing else of this room. */
export { moveColors, okabeIto, ramps, ten } from "./palettes";
export { Scatter } from "./scatter";
export { type Bounds, Flag, type Names, type PictureSheet, type PlaceName, type PointColors, type ScatterEvents, type ScatterView } from "./types";
export type { Shot, ShotDot, ShotText } from "./shot";
