import { type Atlas, atlasOf } from "./atlas";
import type { Size } from "./camera";
import { caption, inViewOf, linked } from "./caption";
import { dotsOf, MOST_DOTS } from "./dots";
import { NO_WEBGL, openContext } from "./gl";
import { Gestures, type Modifiers, type PointerPlace } from "./gestures";
import { inkFor, mostPictures, pictureSide, selectedDiameter } from "./ink";
import { type Marks, marksOf } from "./marks";
import { css, Overlay } from "./overlay";
import { Pace } from "./pace";
import { type Frame, Painter } from "./painter";
import { type Pane, paneAt } from "./panes";
import { PickGrid } from "./pick";
import { joinPlaces, type Places } from "./places";
import { itemsInside, Polygon } from "./polygon";
import { colorsOf, shadesOf } from "./shades";
import { copied, type Shot, type ShotDot } from "./shot";
import { dark, light, type Theme } from "./theme";
import { type Bounds, type CameraState, Move, type PictureSheet, type ScatterEvents, type ScatterProps, type ScatterView } from "./types";
import { Vista } from "./vista";
import { watchSize } from "./watch";

/** In motion no more points than this are drawn: items are shuffled, so a prefix is a fair sample. */
const PREFIX = 500_000;
/** Milliseconds that a lost context is given to come back. */
const PATIENCE = 4000;
const PICK_RADIUS = 10;
/** Device pixels of a picture that is kept, along either side. */
const LARGEST = 8192;

const LOST = "The graphics driver stopped and did not come back. Reload the page.";

const ALL = { places: true, shades: true, flags: true, moves: true, pictures: true };

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
  readonly #vista: Vista;
  #marks: Marks;
  /** What the GPU does not have yet. */
  #stale = { ...ALL };
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
    this.#vista = new Vista(this.#places, props, (camera, size, zoom) => events.look?.(camera, size, zoom));
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
    return this.#vista.camera;
  }

  set camera(camera: CameraState) {
    this.#vista.look(camera);
    this.#stir();
  }

  update(changes: Partial<ScatterProps>): void {
    const before = this.#props;
    const props = { ...before, ...changes };
    const moved = props.from !== before.from || props.to !== before.to;
    const places = moved ? checked(props) : this.#places;
    checkLengths(props);
    this.#props = props;
    this.#places = places;
    const room = props.panes !== before.panes || props.bounds !== before.bounds;
    if (moved || room || props.gain !== before.gain) this.#vista.show(places, props);
    this.#vista.t = props.t;
    if (props.pictures !== before.pictures) this.#setPictures(props.pictures);
    this.#stale.places ||= moved;
    this.#stale.moves ||= moved || props.moves !== before.moves;
    this.#stale.shades ||= props.colors !== before.colors;
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
    this.#vista.fit();
    this.#stir();
  }

  framed(bounds: Bounds): CameraState {
    return this.#vista.framed(bounds);
  }

  lookAt(x: number, y: number, zoom: number): void {
    this.#vista.lookAt(x, y, zoom);
    this.#stir();
  }

  locate(item: number, pane = 0): readonly [number, number] | null {
    return this.#vista.locate(this.#places, item, pane);
  }

  pick(x: number, y: number, radius = PICK_RADIUS): number {
    const { index, t, gain } = paneAt(this.#vista.panes, x);
    let grid = this.#grids[index];
    if (grid?.t !== t || grid.gain !== gain || grid.places !== this.#places) grid = new PickGrid(this.#places, t, gain);
    this.#grids[index] = grid;
    const [dataX, dataY] = this.#vista.toData(x, y);
    return grid.nearest(dataX, dataY, { radius: Math.max(radius, this.#picture / 2) / this.camera.scale, flags: this.#props.flags });
  }

  draw(): void {
    this.#pace.settle();
  }

  shot(ratio: number): Shot {
    const { size, ratio: was } = this.#vista;
    const canvas = this.#gl?.canvas as HTMLCanvasElement | undefined;
    if (!canvas) return { ...size, pixels: document.createElement("canvas"), dots: null, texts: [], lines: [] };
    const draw = (at: number): void => {
      canvas.width = Math.round(size.width * at);
      canvas.height = Math.round(size.height * at);
      this.#vista.resize(size, at);
      this.#pace.settle();
    };
    const [wide, high] = [canvas.width, canvas.height];
    draw(Math.min(ratio, LARGEST / size.width, LARGEST / size.height));
    const { texts, lines } = this.#overlay;
    const found = { ...size, pixels: copied(canvas), dots: this.#dots(), texts, lines };
    draw(was);
    [canvas.width, canvas.height] = [wide, high];
    this.#pace.settle();
    return found;
  }

  /** The points as shapes; null where they are not. */
  #dots(): ShotDot[] | null {
    const { panes, zoom } = this.#vista;
    if (this.#picture > 0 || this.#places.n > MOST_DOTS || (this.#props.trails && panes.length === 1)) return null;
    const shown = { n: this.#places.n, ...this.#props, marks: this.#marks, theme: this.#theme };
    return panes.flatMap((pane) => dotsOf(pane, { ...shown, ink: this.#frame(pane, zoom).ink, locate: (item) => this.locate(item, pane.index) }));
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

  #setPictures(sheet: PictureSheet | null): void {
    this.#atlas = sheet && atlasOf(sheet);
    this.#stale.pictures = true;
  }

  #gestureEvents(): ConstructorParameters<typeof Gestures>[1] {
    return {
      pan: (dx, dy) => {
        this.#vista.pan(dx, dy);
        this.#stir();
      },
      zoom: (factor, x, y) => {
        this.#vista.zoomBy(factor, x, y);
        this.#stir();
      },
      fit: () => this.fit(),
      point: (place) => this.#point(place),
      click: (x, y, modifiers) => this.#events.click(this.pick(x, y), modifiers),
      lasso: (path, modifiers) => this.#lasso(path, modifiers),
      lassoColor: () => css(this.#theme.accent),
    };
  }

  get #theme(): Theme {
    return this.#props.dark ? dark : light;
  }

  #lasso(path: Float64Array, modifiers: Modifiers): void {
    const corners = new Float64Array(path.length);
    // It is drawn in the pane where it begins.
    const pane = paneAt(this.#vista.panes, path[0] as number);
    const { t, gain } = pane;
    for (let i = 0; i < path.length; i += 2) corners.set(this.#vista.toData(path[i] as number, path[i + 1] as number, pane), i);
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
    const { panes, camera, zoom, pane: first } = this.#vista;
    const { n } = this.#places;
    this.#drawn = this.#pace.moving ? Math.min(n, PREFIX / panes.length) : n;
    const inView = inViewOf(this.#places, panes, camera, this.#pace.moving);
    this.#picture = this.#atlas && inView !== null && inView <= mostPictures(this.#props.backed) ? pictureSide({ n, zoom, size: first.size }) : 0;
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
      ratio: this.#vista.ratio,
      camera: this.camera,
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
    this.#overlay.clear(this.#vista.size, this.#vista.ratio);
    const item = panes.length > 1 ? linked(this.#marks.items, flags) : -1;
    const [from, to] = item < 0 ? [] : [this.locate(item, 0), this.locate(item, 1)];
    if (from && to) this.#overlay.line(from, to, this.#theme.accent, this.#theme, Math.max(this.#picture / 2, 6) + 3);
    for (const pane of panes) {
      const radius = Math.max(this.#picture / 2, 4);
      const shown = { pane, zoom, names, flags, inView, radius, pictured: this.#picture > 0, dims: this.#marks.dims, paired: panes.length > 1, theme: this.#theme };
      caption(this.#overlay, { ...shown, camera: this.camera, places: this.#places });
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
    this.#vista.resize(size, ratio);
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
