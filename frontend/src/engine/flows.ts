import { type Size, toPixels } from "./camera";
import { css, type Overlay } from "./overlay";
import { along } from "./places";
import type { Theme } from "./theme";
import type { CameraState, FlowArrow } from "./types";

/** All that the arrows depend on. */
export interface Flowing {
  readonly flows: readonly FlowArrow[];
  readonly camera: CameraState;
  readonly size: Size;
  readonly gain: number;
  readonly theme: Theme;
}

/** How far an arrow is bent to its left, over its length, so that there and back are two. */
const BEND = 0.14;
/** Head over width. */
const HEAD = 2.1;
const STEPS = 24;

/** Draw many items that go together as one arrow each, the broadest first, with how many they are. */
export function drawFlows(overlay: Overlay, { flows, camera, size, gain, theme }: Flowing): void {
  const texts: { readonly text: string; readonly x: number; readonly y: number }[] = [];
  for (const { from, to, width, color, text } of flows) {
    const at = (share: number): [number, number] => toPixels(camera, size, from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share);
    const [begin, end] = [at(along(0, gain)), at(along(1, gain))];
    const outline = arrow(begin, end, width);
    if (!outline) continue;
    overlay.shape(outline.points, { color: `rgb(${color.join(" ")})`, from: begin, to: end, rim: css(theme.paper) });
    texts.push({ text, x: outline.middle[0], y: outline.middle[1] });
  }
  for (const { text, x, y } of texts) overlay.write(text, { x, y }, { size: 11, weight: 600, color: theme.ink, opacity: 1 }, theme);
}

type Point = readonly [number, number];

/** The outline of a bent arrow that grows broader, and the middle of its way; null for one that is too short. */
export function arrow([x0, y0]: Point, [x1, y1]: Point, width: number): { readonly points: readonly Point[]; readonly middle: Point } | null {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = Math.hypot(dx, dy);
  if (length < 2 * width || length < 12) return null;
  // A quadratic curve through a point beside the middle.
  const [cx, cy] = [(x0 + x1) / 2 + 2 * BEND * dy, (y0 + y1) / 2 - 2 * BEND * dx];
  const place = (s: number): Point => [(1 - s) ** 2 * x0 + 2 * s * (1 - s) * cx + s * s * x1, (1 - s) ** 2 * y0 + 2 * s * (1 - s) * cy + s * s * y1];
  const side = (s: number, off: number): Point => {
    const [tx, ty] = [2 * (1 - s) * (cx - x0) + 2 * s * (x1 - cx), 2 * (1 - s) * (cy - y0) + 2 * s * (y1 - cy)];
    const norm = Math.hypot(tx, ty) || 1;
    const [x, y] = place(s);
    return [x - (ty / norm) * off, y + (tx / norm) * off];
  };
  const neck = 1 - Math.min((HEAD * width) / length, 0.4);
  const shares = Array.from({ length: STEPS + 1 }, (_, i) => (i / STEPS) * neck);
  const half = (s: number): number => (width / 2) * (0.25 + (0.75 * s) / neck);
  const left = shares.map((s) => side(s, half(s)));
  const right = shares.map((s) => side(s, -half(s))).reverse();
  return { points: [...left, side(neck, (HEAD * width) / 2), [x1, y1], side(neck, (-HEAD * width) / 2), ...right], middle: place(0.5 * neck) };
}
