import type { Ink } from "./ink";
import type { Marks } from "./marks";
import { css } from "./overlay";
import type { Pane } from "./panes";
import { colorsOf, NO_SHADE, shadesOf } from "./shades";
import type { ShotDot } from "./shot";
import type { Theme } from "./theme";
import type { PointColors } from "./types";

/** Most points that a vector picture takes as shapes. */
export const MOST_DOTS = 5000;

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
