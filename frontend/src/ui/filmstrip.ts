/** The places of pictures along a strip, and what lies under a pointer that is dragged along it: a share of the way between two. */
export interface Between {
  /** The one before. */
  readonly at: number;
  /** 0 at the one before, 1 at the one after. */
  readonly t: number;
}

/** So near to one of the two, the pointer is at it. */
const SNAP = 0.12;

/** @param centres of the pictures, ascending */
export function between(centres: readonly number[], x: number): Between {
  const last = Math.max(centres.length - 2, 0);
  const found = centres.findIndex((_, i) => i < centres.length - 1 && x < (centres[i + 1] ?? Infinity));
  const at = found < 0 ? last : Math.min(found, last);
  const [left, right] = [centres[at] ?? 0, centres[at + 1] ?? 1];
  const share = Math.max(0, Math.min(1, (x - left) / (right - left || 1)));
  return { at, t: share < SNAP ? 0 : share > 1 - SNAP ? 1 : share };
}

export interface Dots {
  readonly coords: Float32Array;
  /** CSS colour of each. */
  readonly color: (dot: number) => string;
}

/** Most dots that a small picture takes. */
const MOST = 1600;

/** Draw a small picture of some places, in a box of the plane that others share. */
export function drawDots(canvas: HTMLCanvasElement, { coords, color }: Dots, box: { readonly minX: number; readonly maxX: number; readonly minY: number; readonly maxY: number }): void {
  const ratio = window.devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  if (!context || width === 0) return;
  context.scale(ratio, ratio);
  const scale = Math.min((width - 6) / (box.maxX - box.minX || 1), (height - 6) / (box.maxY - box.minY || 1));
  context.globalAlpha = 0.8;
  for (let i = 0; i < Math.min(coords.length / 2, MOST); i++) {
    const [x, y] = [coords[2 * i] ?? NaN, coords[2 * i + 1] ?? NaN];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    context.fillStyle = color(i);
    context.fillRect(width / 2 + (x - (box.minX + box.maxX) / 2) * scale - 0.7, height / 2 - (y - (box.minY + box.maxY) / 2) * scale - 0.7, 1.4, 1.4);
  }
}
