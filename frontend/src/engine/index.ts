/** Draws points; `ui` knows what is named here and nothing else of this room. */
export { rehearse } from "./context";
export { moveColors, okabeIto, ramps, ten } from "./palettes";
export { Scatter } from "./scatter";
export type { Shot, ShotDot, ShotText } from "./shot";
export { type Bounds, type ContextState, Flag, type FlowArrow, type Names, type PictureSheet, type PlaceName, type PointColors, type ScatterEvents, type ScatterView, type Trails } from "./types";
