import type { Size } from "./camera";

/** One of the pictures beside each other on the canvas. */
export interface Pane {
  readonly index: number;
  /** CSS pixels from the canvas's left edge. */
  readonly left: number;
  readonly size: Size;
  /** 0 shows A, 1 shows B. */
  readonly t: number;
  readonly gain: number;
}

/** The panes of a canvas of a size: one at `t`, or A beside B as they are, each on whole device pixels. */
export function panesOf(canvas: { readonly size: Size; readonly ratio: number }, shown: { readonly panes: 1 | 2; readonly t: number; readonly gain: number }): Pane[] {
  const { size, ratio } = canvas;
  if (shown.panes === 1) return [{ index: 0, left: 0, size, t: shown.t, gain: shown.gain }];
  const left = Math.floor((size.width * ratio) / 2) / ratio;
  return [
    { index: 0, left: 0, size: { ...size, width: left }, t: 0, gain: 1 },
    { index: 1, left, size: { ...size, width: left }, t: 1, gain: 1 },
  ];
}

/** The pane that holds a place of the canvas. */
export function paneAt(panes: readonly Pane[], x: number): Pane {
  return panes.findLast((pane) => x >= pane.left) ?? (panes[0] as Pane);
}
