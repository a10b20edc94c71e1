import { type Atlas, atlasOf } from "./atlas";
import { fitted, panned, type Size, toData, toPixels, zoomed } from "./camera";
import { caption, inViewOf, linked } from "./caption";
import { openContext } from "./gl";
import { Gestures, type Modifiers, type PointerPlace } from "./gestures";
import { inkFor, mostPictures, pictureSide, selectedDiameter } from "./ink";
import { type Marks, marksOf } from "./marks";
import { Overlay } from "./overlay";
import { Pace } from "./pace";
import { type Frame, Painter } from "./painter";
import { type Pane, paneAt, panesOf } from "./panes";
import { PickGrid } from "./pick";
import { along, boundsOf, isSeen, joinPlaces, placeAt, type Places } from "./places";
import { itemsInside, Polygon } from "./polygon";
import { colorsOf, shadesOf } from "./shades";
import { dark, light, type Theme } from "./theme";
import { type Bounds, type CameraState, Move, type PictureSheet, type ScatterEvents, type ScatterProps, type ScatterView } from "./types";
import { watchSize } from "./watch";

/** In motion no more points than this are drawn: items are shuffled, so a prefix is a fair sample. */
const PREFIX = 500_000;
/** Milliseconds that a lost context is given to come back. */
const PATIENCE = 4000;
const PICK_RADIUS = 10;
/** Zoom over the fitted view. */
const ZOOM_RANGE = [0.2, 20_000] as const;

const NO_WEBGL =
  "This browser offers no WebGL2, which the scatter is drawn with. Turn on hardware acceleration, or open the page in a current Firefox, Chrome, Edge or Safari.";
const LOST = "The graphics driver stopped and did not come back. Reload the page.";

const ALL = { places: true, shades: true, flags: true, moves: true, pictures: true };
const UNIT: Bounds = { minX: -1, minY: -1, maxX: 1, maxY: 1 };

/** Draws the items of two spaces on a canvas, whose size is the page's to set. */
export class Scatter implements ScatterView {
  readonly #events: ScatterEvents;
  readonly #gl: WebGL2RenderingContext | null;
  readonly #gestures: Gestures;
  readonly #pace = new Pace(
    () => this.#paint(),
    () => this.#hover(),
  );
  readonly #abort = new AbortController();
  readonly #unwatch: () => void;
  readonly #overlay: Overlay;
  #painter: Painter | null = null;
  #props: ScatterProps;
  #places: Places;
  #bounds: Bounds;
  #marks: Marks;
  /** What the GPU does not have yet. */
  #stale = { ...ALL };
  #size: Size = { width: 1, height: 1 };
  #ratio = 1;
  #camera: CameraState = { x: 0, y: 0, scale: 1 };
  /** The camera shows everything because nobody has moved it. */
  #fits = true;
  /** By pane. */
  #grids: PickGrid[] = [];
  #atlas: Atlas | null = null;
  #picture = 0;
  #drawn = 0;
  #waiting = 0;
  #pointer: PointerPlace | null = null;
  #pointed = false;
  #hovered = -1;

  constructor(canvas: HTMLCanvasElement, props: ScatterProps, events: ScatterEvents) {
    this.#events = events;
    this.#props = props;
    this.#places = checked(props);
    this.#bounds = this.#boundsNow();
    this.#marks = marksOf(props.flags);
    this.#setPictures(props.pictures);
    this.#gl = openContext(canvas);
    if (this.#gl) this.#painter = new Painter(this.#gl);
    else queueMicrotask(() => events.failure(NO_WEBGL));
    this.#overlay = new Overlay(canvas);
    this.#gestures = new Gestures(canvas, this.#gestureEvents());
    const { signal } = this.#abort;
    canvas.addEventListener("webglcontextlost", (event) => this.#contextLost(event), { signal });
    canvas.addEventListener("webglcontextrestored", () => this.#contextRestored(), { signal });
    this.#unwatch = watchSize(canvas, (size, ratio) => this.#resize(size, ratio));
  }

  /** Items drawn in the last picture: fewer than all while very large sets move. */
  get drawn(): number {
    return this.#drawn;
  }

  get camera(): CameraState {
    return this.#camera;
  }

  set camera(camera: CameraState) {
    this.#fits = false;
    this.#look(camera);
    this.#stir();
  }

  update(changes: Partial<ScatterProps>): void {
    const before = this.#props;
    const props = { ...before, ...changes };
    const moved = props.from !== before.from || props.to !== before.to;
    const places = moved ? checked(props) : this.#places;
    checkLengths(props);
    this.#props = props;
    if (moved) this.#stale.places = true;
    this.#places = places;
    const room = props.panes !== before.panes || props.bounds !== before.bounds;
    if (moved || room || props.gain !== before.gain) this.#fitAgain(room ? before : props);
    if (props.pictures !== before.pictures) this.#setPictures(props.pictures);
    if (moved || props.moves !== before.moves) this.#stale.moves = true;
    if (props.colors !== before.colors) this.#stale.shades = true;
    if (props.flags !== before.flags) {
      this.#marks = marksOf(props.flags);
      this.#stale.flags = true;
    }
    if (moved || room || props.t !== before.t || props.gain !== before.gain) this.#stir();
    else this.#pace.request();
  }

  setMode(mode: "pan" | "lasso"): void {
    this.#gestures.setMode(mode);
  }

  fit(): void {
    this.#fits = true;
    this.#look(this.#fitted);
    this.#stir();
  }

  lookAt(x: number, y: number, zoom: number): void {
    this.camera = { x, y, scale: zoom * this.#fitted.scale };
  }

  locate(item: number, index = 0): readonly [number, number] | null {
    const pane = this.#panes[index] ?? this.#pane;
    if (!isSeen(this.#places.presence[item] ?? 0, pane.t)) return null;
    const share = along(pane.t, pane.gain);
    const [x, y] = toPixels(this.#camera, pane.size, placeAt(this.#places, item, 0, share), placeAt(this.#places, item, 1, share));
    return [pane.left + x, y];
  }

  pick(x: number, y: number, radius = PICK_RADIUS): number {
    const pane = paneAt(this.#panes, x);
    const { t, gain } = pane;
    let grid = this.#grids[pane.index];
    if (grid?.t !== t || grid.gain !== gain || grid.places !== this.#places) grid = new PickGrid(this.#places, t, gain);
    this.#grids[pane.index] = grid;
    const [dataX, dataY] = toData(this.#camera, pane.size, x - pane.left, y);
    return grid.nearest(dataX, dataY, { radius: Math.max(radius, this.#picture / 2) / this.#camera.scale, flags: this.#props.flags });
  }

  draw(): void {
    this.#pace.settle();
  }

  destroy(): void {
    this.#abort.abort();
    this.#unwatch();
    this.#gestures.destroy();
    this.#overlay.remove();
    this.#pace.stop();
    clearTimeout(this.#waiting);
    this.#painter?.dispose();
    this.#painter = null;
  }

  get #panes(): Pane[] {
    return panesOf({ size: this.#size, ratio: this.#ratio }, this.#props);
  }

  /** The first, as large as the others. */
  get #pane(): Pane {
    return this.#panes[0] as Pane;
  }

  get #fitted(): CameraState {
    return fitted(this.#bounds, this.#pane.size);
  }

  #boundsNow(): Bounds {
    const { bounds, gain, panes } = this.#props;
    if (bounds && (gain === 1 || panes === 2)) return bounds;
    const own = boundsOf(this.#places, panes === 2 ? 1 : gain);
    return own && bounds ? joined(own, bounds) : (own ?? UNIT);
  }

  /** Other bounds, or another size of the panes: what was fitted is fitted again, what was not keeps its zoom. */
  #fitAgain({ panes }: { readonly panes: 1 | 2 }): void {
    const before = fitted(this.#bounds, (panesOf({ size: this.#size, ratio: this.#ratio }, { ...this.#props, panes })[0] as Pane).size).scale;
    this.#bounds = this.#boundsNow();
    if (this.#fits) this.#look(this.#fitted);
    else if (panes !== this.#props.panes) this.#look({ ...this.#camera, scale: (this.#camera.scale * this.#fitted.scale) / before });
  }

  #setPictures(sheet: PictureSheet | null): void {
    this.#atlas = sheet && atlasOf(sheet);
    this.#stale.pictures = true;
  }

  #look(camera: CameraState): void {
    this.#camera = camera;
    this.#events.look?.(camera, this.#pane.size, this.#fits ? null : camera.scale / this.#fitted.scale);
  }

  #gestureEvents(): ConstructorParameters<typeof Gestures>[1] {
    return {
      pan: (dx, dy) => {
        this.camera = panned(this.#camera, dx, dy);
      },
      zoom: (factor, x, y) => this.#zoom(factor, x, y),
      fit: () => this.fit(),
      point: (place) => this.#point(place),
      click: (x, y, modifiers) => this.#events.click(this.pick(x, y), modifiers),
      lasso: (path, modifiers) => this.#lasso(path, modifiers),
      lassoColor: () => `rgb(${this.#theme.accent.map((part) => Math.round(255 * part)).join(" ")})`,
    };
  }

  get #theme(): Theme {
    return this.#props.dark ? dark : light;
  }

  #zoom(factor: number, x: number, y: number): void {
    const [least, most] = ZOOM_RANGE.map((zoom) => zoom * this.#fitted.scale) as [number, number];
    const scale = Math.min(Math.max(this.#camera.scale * factor, least), most);
    const pane = paneAt(this.#panes, x);
    this.camera = zoomed(this.#camera, pane.size, scale / this.#camera.scale, x - pane.left, y);
  }

  #lasso(path: Float64Array, modifiers: Modifiers): void {
    const corners = new Float64Array(path.length);
    // It is drawn in the pane where it begins.
    const { t, gain, left, size } = paneAt(this.#panes, path[0] as number);
    for (let i = 0; i < path.length; i += 2) {
      corners.set(toData(this.#camera, size, (path[i] as number) - left, path[i + 1] as number), i);
    }
    const { flags } = this.#props;
    this.#events.lasso(itemsInside(new Polygon(corners), { places: this.#places, flags, t, gain }), modifiers);
  }

  #point(place: PointerPlace | null): void {
    this.#pointer = place;
    this.#pointed = true;
    this.#pace.wake();
  }

  /** Once a frame at most, and not in motion, when the grid would be built in vain. */
  #hover(): void {
    if (!this.#pointed || this.#pace.moving) return;
    this.#pointed = false;
    const place = this.#pointer;
    const item = place ? this.pick(place.x, place.y) : -1;
    if (item < 0 && this.#hovered < 0) return;
    this.#hovered = item;
    this.#events.hover(item, place?.clientX ?? 0, place?.clientY ?? 0);
  }

  #stir(): void {
    this.#pointed = true;
    this.#pace.stir();
  }

  #paint(): void {
    const painter = this.#painter;
    if (!painter || this.#gl?.isContextLost()) return;
    this.#upload(painter);
    const panes = this.#panes;
    const { n } = this.#places;
    this.#drawn = this.#pace.moving ? Math.min(n, PREFIX / panes.length) : n;
    const inView = inViewOf(this.#places, panes, this.#camera, this.#pace.moving);
    const zoom = this.#camera.scale / this.#fitted.scale;
    this.#picture = this.#atlas && inView !== null && inView <= mostPictures(this.#props.backed) ? pictureSide({ n, zoom, size: this.#pane.size }) : 0;
    for (const pane of panes) painter.paint(this.#frame(pane, zoom));
    this.#write(panes, { zoom, inView });
  }

  #frame({ size, left, t, gain }: Pane, zoom: number): Frame {
    const { trails, backed, panes } = this.#props;
    const view = { zoom, size };
    const ink = inkFor({ ...view, n: this.#places.n, drawn: this.#drawn });
    const marked = this.#marks.items.length;
    return {
      ...{ size, left, t, gain, ink, backed },
      ratio: this.#ratio,
      camera: this.#camera,
      trails: trails && panes === 1,
      drawn: this.#drawn,
      selectedDiameter: selectedDiameter(ink, inkFor({ ...view, n: marked, drawn: marked })),
      picture: this.#picture,
      theme: this.#theme,
    };
  }

  /** Names, and the line between the panes. */
  #write(panes: readonly Pane[], { zoom, inView }: { readonly zoom: number; readonly inView: number | null }): void {
    const { names, flags } = this.#props;
    this.#overlay.clear(this.#size, this.#ratio);
    const item = panes.length > 1 ? linked(this.#marks.items, flags) : -1;
    const [from, to] = item < 0 ? [] : [this.locate(item, 0), this.locate(item, 1)];
    if (from && to) this.#overlay.line(from, to, this.#theme.accent, this.#theme, Math.max(this.#picture / 2, 6) + 3);
    for (const pane of panes) {
      const radius = Math.max(this.#picture / 2, 4);
      const shown = { pane, zoom, names, flags, inView, radius, dims: this.#marks.dims, paired: panes.length > 1, theme: this.#theme };
      caption(this.#overlay, { ...shown, camera: this.#camera, places: this.#places });
    }
  }

  #upload(painter: Painter): void {
    const { places, shades, flags, moves, pictures } = this.#stale;
    if (pictures) painter.setAtlas(this.#atlas);
    if (places) painter.setPlaces(this.#places);
    if (shades) painter.setShades(shadesOf(this.#props.colors), colorsOf(this.#props.colors));
    if (flags) painter.setFlags(this.#props.flags, this.#marks);
    if (moves) painter.setMoves(this.#props.moves ?? new Uint8Array(this.#places.n).fill(Move.unknown));
    this.#stale = { places: false, shades: false, flags: false, moves: false, pictures: false };
  }

  #resize(size: Size, ratio: number): void {
    const before = this.#fitted.scale;
    this.#size = size;
    this.#ratio = ratio;
    const { scale } = this.#fitted;
    this.#look(this.#fits ? this.#fitted : { ...this.#camera, scale: (this.#camera.scale * scale) / before });
    // Resizing clears the canvas: draw within this frame, or it flickers.
    this.#pace.now();
  }

  #contextLost(event: Event): void {
    event.preventDefault();
    this.#painter = null;
    this.#waiting = window.setTimeout(() => this.#events.failure(LOST), PATIENCE);
  }

  #contextRestored(): void {
    clearTimeout(this.#waiting);
    if (this.#gl) this.#painter = new Painter(this.#gl);
    this.#stale = { ...ALL };
    this.#pace.request();
  }
}

const joined = (a: Bounds, b: Bounds): Bounds => ({
  minX: Math.min(a.minX, b.minX),
  minY: Math.min(a.minY, b.minY),
  maxX: Math.max(a.maxX, b.maxX),
  maxY: Math.max(a.maxY, b.maxY),
});

function checked(props: ScatterProps): Places {
  checkLengths(props);
  return joinPlaces(props.from, props.to);
}

function checkLengths({ from, colors, flags, moves }: ScatterProps): void {
  const n = from.length / 2;
  const shaded = colors.kind === "category" ? colors.codes.length : colors.values.length;
  for (const [name, length] of [["colors", shaded], ["flags", flags.length], ["moves", moves?.length ?? n]] as const) {
    if (length !== n) throw new RangeError(`scatter: '${name}' is of ${length} items, the places of ${n}; change them together`);
  }
}
