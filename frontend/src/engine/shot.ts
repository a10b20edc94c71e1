import type { Rgb } from "./theme";

/** A text or a line that is written over the points, in CSS pixels. */
export interface ShotText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight: number;
  readonly color: Rgb;
  readonly opacity: number;
}
export interface ShotLine {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly color: Rgb;
}

/** One point as it is drawn, in CSS pixels. */
export interface ShotDot {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly fill: string;
  readonly opacity: number;
  /** Colour of the rim of what is marked. */
  readonly rim?: string;
}

/** A picture to be kept: the points as pixels, and as shapes where they are few; what is written is apart. */
export interface Shot {
  readonly width: number;
  readonly height: number;
  /** Points, trails and pictures at the ratio asked for. */
  readonly pixels: HTMLCanvasElement;
  /** Null where points are more than shapes are for, or are drawn as pictures or with trails. */
  readonly dots: readonly ShotDot[] | null;
  readonly texts: readonly ShotText[];
  readonly lines: readonly ShotLine[];
}
