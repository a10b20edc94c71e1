import type { Ink } from "./ink";
import type { Marks } from "./marks";
import { css } from "./overlay";
import type { Pane } from "./panes";
import { colorsOf, NO_SHADE, shadesOf } from "./shades";
import type { Rgb, Theme } from "./theme";
import type { PointColors } from "./types";

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

/** Most points that a vector picture takes as shapes. */
export const MOST_DOTS = 5000;

export function copied(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext("2d")?.drawImage(canvas, 0, 0);
  return copy;
}

interface Dotted {
  readonly n: number;
  readonly colors: PointColors;
  readonly flags: Uint8Array;
  readonly marks: Marks;
  readonly theme: Theme;
  readonly ink: Ink;
  readonly locate: (item: number) => readonly [number, number] | null;
}

/** The points of a pane as shapes, those that stand out last. */
export function dotsOf({ left, size }: Pane, { n, colors, flags, marks, theme, ink, locate }: Dotted): ShotDot[] {
  const [shades, palette] = [shadesOf(colors), colorsOf(colors)];
  const order = [...Array(n).keys()].filter((item) => flags[item] === 0).concat([...marks.items]);
  return order.flatMap((item) => {
    const at = locate(item);
    if (!at || at[0] < left || at[0] > left + size.width) return [];
    const [shade = NO_SHADE, marked] = [shades[item], flags[item] !== 0];
    const own = shade === NO_SHADE ? css(theme.missing) : `rgb(${palette.slice(3 * shade, 3 * shade + 3).join(" ")})`;
    const fill = marks.dims && !marked ? css(theme.context) : own;
    return [{ x: at[0], y: at[1], r: (marked ? 1.2 : 1) * (ink.diameter / 2), fill, opacity: marked ? 1 : ink.opacity, ...(marked && { rim: css(theme.accent) }) }];
  });
}
