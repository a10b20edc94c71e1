import type { Shot } from "./shot";

/** How points are coloured: RGBA per point is looked up on the GPU, never built per point in the page. */
export type PointColors =
  | {
      readonly kind: "category";
      /** (n): index into `palette`; -1 is missing. */
      readonly codes: Int32Array;
      /** RGB bytes, three for each category. */
      readonly palette: Uint8Array;
    }
  | {
      readonly kind: "number";
      /** (n): NaN is missing. */
      readonly values: Float32Array;
      readonly low: number;
      readonly high: number;
      /** RGB bytes, three for each step of the ramp from low to high. */
      readonly ramp: Uint8Array;
    };

/** Bits of a point's flags byte. */
export const Flag = { selected: 1, hovered: 2, focused: 4, kept: 8, lost: 16, gained: 32, hidden: 64 } as const;

/** How an item's move is drawn: not, whole, dashed and grey, with a ring, or whole as nothing is known. */
export const Move = { still: 0, real: 1, layoutOnly: 2, hidden: 3, unknown: 255 } as const;

/** A box of the plane. */
export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** The items' own small pictures: `n` of them one after the other, RGB bytes. */
export interface PictureSheet {
  readonly n: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Many items that go from one place to another, drawn as one arrow. */
export interface FlowArrow {
  /** x, y in A and in B. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** CSS pixels. */
  readonly width: number;
  /** RGB bytes. */
  readonly color: readonly number[];
  /** Written beside it. */
  readonly text: string;
}

/** Ways from A to B that are drawn. */
export interface Trails {
  readonly items: Uint32Array;
  /** RGB bytes, three for each of them. */
  readonly colors: Uint8Array;
  readonly flows: readonly FlowArrow[];
}

/** What a part of the plane is called. */
export interface PlaceName {
  readonly text: string;
  /** x, y in A and in B; null where the name has no place. */
  readonly from: readonly [number, number] | null;
  readonly to: readonly [number, number] | null;
  /** How far its items reach from there, in data units. */
  readonly reach: number;
  /** Items that it stands for there: of two that do not fit, the greater stays. */
  readonly weight: number;
  /** 0 is the coarsest. */
  readonly level: number;
}

/** What is written on the picture. */
export interface Names {
  readonly places: readonly PlaceName[];
  /** Items whose names are always written. */
  readonly items: readonly { readonly item: number; readonly text: string }[];
  /** What any item is called, written once there is room; null leaves them unnamed. */
  readonly textOf: ((item: number) => string) | null;
}

/** Everything a scatter draws. Arrays are handed over, not copied: replace them, do not edit them. */
export interface ScatterProps {
  /** (2n): x, y of each item in space A; NaN where absent. */
  readonly from: Float32Array;
  /** (2n): x, y of each item in space B; NaN where absent. */
  readonly to: Float32Array;
  /** 0 shows A, 1 shows B; of two panes the left shows A and the right B. */
  readonly t: number;
  readonly panes: 1 | 2;
  /** What is shown when the view is fitted; null is the places themselves. */
  readonly bounds: Bounds | null;
  /** Drawn for the points, as far as they fit. */
  readonly pictures: PictureSheet | null;
  /** Whether pictures carry the colour of their items. */
  readonly backed: boolean;
  readonly names: Names;
  /** How much longer than they are the items' ways from A to B are drawn; 1 is as they are. */
  readonly gain: number;
  /** Ways of items that are drawn, and with them a ring round each that changed and stands still; null draws neither. */
  readonly trails: Trails | null;
  /** Where A is dense and B is not, and the other way round, in place of the points: of the selected items where there are any. */
  readonly density: boolean;
  /** Two items that a line joins, where one picture is shown. */
  readonly joined: readonly [number, number] | null;
  /** (n): of `Move`; null when nothing is known. */
  readonly moves: Uint8Array | null;
  readonly colors: PointColors;
  /** (n): bits of `Flag`. */
  readonly flags: Uint8Array;
  readonly dark: boolean;
}

/** A view of the plane: the data point at the centre of the canvas, and CSS pixels for one data unit. */
export interface CameraState {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export type ContextState = "lost" | "gone" | "back";

export interface ScatterEvents {
  /** The item under the pointer, or -1. */
  hover(item: number, clientX: number, clientY: number): void;
  /** A click on an item, or on nothing (-1). */
  click(item: number, event: { readonly shift: boolean; readonly alt: boolean }): void;
  /** The items inside a closed lasso, in order, each once. */
  lasso(items: Uint32Array, event: { readonly shift: boolean; readonly alt: boolean }): void;
  /** Another part of the plane is in view; the size is one pane's, `zoom` over the fitted view, null while it is the fitted one. */
  look?(camera: CameraState, size: { readonly width: number; readonly height: number }, zoom: number | null): void;
  /** WebGL2 is missing. */
  failure(message: string): void;
  /** The graphics driver let go of the canvas (`lost`), did not come back for a while (`gone`), and came back after all. */
  context?(state: ContextState): void;
}

/**
 * The scatter: `(canvas, props, events) → update → destroy`.
 *
 * Drag pans, wheel or two fingers zoom about the pointer, double click fits (its two clicks are told too);
 * in `lasso` mode, or with Shift held at its start, a drag draws a lasso; the middle button always pans.
 * Modifiers are those at the release. The canvas gets its size from the page's CSS. y points up.
 */
export interface ScatterView {
  update(props: Partial<ScatterProps>): void;
  setMode(mode: "pan" | "lasso"): void;
  /** Show all points of both spaces. */
  fit(): void;
  camera: CameraState;
  /** How to look at a part of the plane. */
  framed(bounds: Bounds): CameraState;
  /** Look at a place, so much nearer than the fitted view. */
  lookAt(x: number, y: number, zoom: number): void;
  /** The CSS-pixel position of an item on the canvas in a pane, or null when it is absent there. */
  locate(item: number, pane?: number): readonly [number, number] | null;
  /** The item nearest to a CSS-pixel position, within `radius` pixels, or -1. */
  pick(x: number, y: number, radius?: number): number;
  /** Draw the first points at once; the others follow in the next frame. */
  begin(): void;
  /** Draw now, and return when the pixels are in the canvas. */
  draw(): void;
  /** The picture to be kept, with so many device pixels for one of CSS. */
  shot(ratio: number): Shot;
  destroy(): void;
}
