import type { Size } from "./camera";
import type { Ink } from "./ink";
import type { Theme } from "./theme";
import type { CameraState } from "./types";

/** All that one picture depends on besides what was uploaded. */
export interface Frame {
  readonly size: Size;
  /** CSS pixels from the canvas's left edge to the pane's. */
  readonly left: number;
  /** Device pixels for one CSS pixel. */
  readonly ratio: number;
  readonly camera: CameraState;
  readonly t: number;
  readonly gain: number;
  readonly trails: boolean;
  /** The difference of density, in place of the points. */
  readonly density: boolean;
  /** Of the points in index order, how many are drawn. */
  readonly drawn: number;
  readonly ink: Ink;
  /** How opaque selected points are that are drawn with the rest. */
  readonly selectedOpacity: number;
  /** CSS pixels. */
  readonly selectedDiameter: number;
  /** Side of the items' pictures in CSS pixels; 0 draws points. */
  readonly picture: number;
  /** Pictures carry the colour of their items. */
  readonly backed: boolean;
  readonly theme: Theme;
}
