import type { Bounds, CameraState } from "./types";

/** Of the canvas, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels kept free around the points. */
const MARGIN = 28;

/** Data to CSS pixels: y points up in data and down on the canvas. */
export function toPixels(camera: CameraState, size: Size, x: number, y: number): [number, number] {
  return [size.width / 2 + (x - camera.x) * camera.scale, size.height / 2 - (y - camera.y) * camera.scale];
}

export function toData(camera: CameraState, size: Size, px: number, py: number): [number, number] {
  return [camera.x + (px - size.width / 2) / camera.scale, camera.y - (py - size.height / 2) / camera.scale];
}

/** Moved so that the data follow a drag of (dx, dy) pixels. */
export function panned(camera: CameraState, dx: number, dy: number): CameraState {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale };
}

/** Zoomed so that the data under the pixel (px, py) stay there. */
export function zoomed(camera: CameraState, size: Size, factor: number, px: number, py: number): CameraState {
  const [x, y] = toData(camera, size, px, py);
  const scale = camera.scale * factor;
  return {
    x: x - (px - size.width / 2) / scale,
    y: y + (py - size.height / 2) / scale,
    scale,
  };
}

/** The view that shows a box with a margin; of a single point, the point in the middle. */
export function fitted(bounds: Bounds, size: Size): CameraState {
  const room = (length: number) => Math.max(length - 2 * MARGIN, length / 2, 1);
  const width = bounds.maxX - bounds.minX;
  const height = bounds.maxY - bounds.minY;
  const scale = Math.min(room(size.width) / width, room(size.height) / height);
  return {
    x: (bounds.minX + bounds.maxX) / 2,
    y: (bounds.minY + bounds.maxY) / 2,
    scale: Number.isFinite(scale) ? scale : 1,
  };
}
