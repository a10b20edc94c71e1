import { fitted, panned, type Size, toData, toPixels, zoomed } from "./camera";
import { type Pane, paneAt, panesOf } from "./panes";
import { along, boundsOf, isSeen, placeAt, type Places } from "./places";
import type { Bounds, CameraState, ScatterProps } from "./types";

const UNIT: Bounds = { minX: -1, minY: -1, maxX: 1, maxY: 1 };
/** Zoom over the fitted view. */
const ZOOM_RANGE = [0.2, 20_000] as const;

/** How much nearer than everything a part is framed. */
const NEAREST = 8;

export type Shown = Pick<ScatterProps, "panes" | "t" | "gain" | "bounds">;

/** Which part of the plane is seen, through one pane or two. */
export class Vista {
  #size: Size = { width: 1, height: 1 };
  #ratio = 1;
  #camera: CameraState = { x: 0, y: 0, scale: 1 };
  /** Everything is shown, because nobody has looked elsewhere. */
  #fits = true;
  #bounds: Bounds;
  #shown: Shown;

  /** @param told called when another part is seen */
  constructor(
    places: Places,
    shown: Shown,
    private readonly told: (camera: CameraState, size: Size, zoom: number | null) => void,
  ) {
    this.#shown = shown;
    this.#bounds = fit(places, shown);
  }

  get size(): Size {
    return this.#size;
  }

  /** Device pixels for one CSS pixel. */
  get ratio(): number {
    return this.#ratio;
  }

  get camera(): CameraState {
    return this.#camera;
  }

  get panes(): Pane[] {
    return panesOf({ size: this.#size, ratio: this.#ratio }, this.#shown);
  }

  /** The first, as large as the others. */
  get pane(): Pane {
    return this.panes[0] as Pane;
  }

  /** The camera's scale over that of the fitted view. */
  get zoom(): number {
    return this.#camera.scale / this.#fitted.scale;
  }

  get #fitted(): CameraState {
    return fitted(this.#bounds, this.pane.size);
  }

  look(camera: CameraState, fits = false): void {
    this.#fits = fits;
    this.#camera = camera;
    this.told(camera, this.pane.size, fits ? null : this.zoom);
  }

  lookAt(x: number, y: number, zoom: number): void {
    this.look({ x, y, scale: zoom * this.#fitted.scale });
  }

  /** How a part of the plane is seen whole, and not from too near. */
  framed(bounds: Bounds): CameraState {
    const to = fitted(bounds, this.pane.size);
    const most = NEAREST * this.#fitted.scale;
    const point = bounds.minX === bounds.maxX && bounds.minY === bounds.maxY;
    return { ...to, scale: point ? most : Math.min(to.scale, most) };
  }

  fit(): void {
    this.look(this.#fitted, true);
  }

  /** Other places or bounds: what was fitted is fitted again. Other panes: what was not keeps its zoom. */
  show(places: Places, shown: Shown): void {
    const { panes } = this.#shown;
    const { zoom } = this;
    this.#shown = shown;
    const bounds = fit(places, shown);
    const other = bounds !== this.#bounds;
    if (panes !== shown.panes) {
      if (!this.#fits) this.#camera = { ...this.#camera, scale: zoom * this.#fitted.scale };
    } else if (!other) return;
    this.#bounds = bounds;
    this.look(this.#fits ? this.#fitted : this.#camera, this.#fits);
  }

  /** Another moment moves no camera. */
  set t(t: number) {
    this.#shown = { ...this.#shown, t };
  }

  /** Keeps what is fitted fitted, and else the zoom. */
  resize(size: Size, ratio: number): void {
    const { zoom } = this;
    this.#size = size;
    this.#ratio = ratio;
    const { scale } = this.#fitted;
    this.look(this.#fits ? this.#fitted : { ...this.#camera, scale: zoom * scale }, this.#fits);
  }

  pan(dx: number, dy: number): void {
    this.look(panned(this.#camera, dx, dy));
  }

  /** About a place of the canvas. */
  zoomBy(factor: number, x: number, y: number): void {
    const [least, most] = ZOOM_RANGE.map((zoom) => zoom * this.#fitted.scale) as [number, number];
    const scale = Math.min(Math.max(this.#camera.scale * factor, least), most);
    const pane = paneAt(this.panes, x);
    this.look(zoomed(this.#camera, pane.size, scale / this.#camera.scale, x - pane.left, y));
  }

  /** A place of the canvas in the plane; beyond the pane's edges where a pane is given. */
  toData(x: number, y: number, pane = paneAt(this.panes, x)): [number, number] {
    return toData(this.#camera, pane.size, x - pane.left, y);
  }

  /** Where an item is on the canvas, or null where a pane does not show it. */
  locate(places: Places, item: number, index: number): readonly [number, number] | null {
    const { t, gain, size, left } = this.panes[index] ?? this.pane;
    if (!isSeen(places.presence[item] ?? 0, t)) return null;
    const share = along(t, gain);
    const [x, y] = toPixels(this.#camera, size, placeAt(places, item, 0, share), placeAt(places, item, 1, share));
    return [left + x, y];
  }
}

/** What is fitted: the given bounds, and with a gain the places beyond them. */
function fit(places: Places, { bounds, gain, panes }: Shown): Bounds {
  if (bounds && (gain === 1 || panes === 2)) return bounds;
  const own = boundsOf(places, panes === 2 ? 1 : gain);
  return own && bounds ? joined(own, bounds) : (own ?? UNIT);
}

const joined = (a: Bounds, b: Bounds): Bounds => ({
  minX: Math.min(a.minX, b.minX),
  minY: Math.min(a.minY, b.minY),
  maxX: Math.max(a.maxX, b.maxX),
  maxY: Math.max(a.maxY, b.maxY),
});
