import { type Atlas, atlasOf } from "./atlas";
import { Budget } from "./budget";
import type { Size } from "./camera";
import { caption, inViewOf, linked } from "./caption";
import { Context } from "./context";
import { dotsOf, MOST_DOTS } from "./dots";
import { drawFlows } from "./flows";
import type { Frame } from "./frame";
import { NO_WEBGL } from "./gl";
import { Gestures, type Modifiers } from "./gestures";
import { HazeKeeper } from "./haze";
import { inkFor, mostPictures, pictureSide, selectedDiameter } from "./ink";
import { type Marks, marksOf } from "./marks";
import { css, Overlay } from "./overlay";
import { Pace } from "./pace";
import type { Painter } from "./painter";
import { type Pane, paneAt } from "./panes";
import { PICK_RADIUS, Pointing } from "./pointing";
import type { Places } from "./places";
import { itemsInEither, itemsInside, Polygon } from "./polygon";
import { checkedPlaces, checkLengths } from "./props";
import { colorsOf, shadesOf } from "./shades";
import { drawnAt } from "./kept";
import type { Shot, ShotDot } from "./shot";
import { dark, light, type Theme } from "./theme";
import { type Bounds, type CameraState, type ContextState, type PictureSheet, type ScatterEvents, type ScatterProps, type ScatterView } from "./types";
import { Vista } from "./vista";
import { watchSize } from "./watch";
import { toldOf } from "./ways";

const ALL = { places: true, shades: true, flags: true, pictures: true, trails: true, density: true };
/** Points of the first picture: items are shuffled, so that the first are a fair sample, and are there at once. */
const FIRST_POINTS = 12_000;
const NO_FLAGS = new Uint8Array();
const NONE: typeof ALL = { places: false, shades: false, flags: false, pictures: false, trails: false, density: false };

/** Draws the items of two spaces on a canvas, whose size is the page's to set. */
export class Scatter implements ScatterView {
  readonly #events: ScatterEvents;
  readonly #context: Context;
  readonly #gestures: Gestures;
  readonly #pace = new Pace(
    () => this.#paint(),
    () => this.#hover(),
  );
  readonly #budget = new Budget();
  readonly #unwatch: () => void;
  readonly #overlay: Overlay;
  readonly #vista: Vista;
  readonly #pointing = new Pointing(() => this.#pace.wake());
  readonly #haze = new HazeKeeper(() => {
    this.#stale.density = true;
    this.#pace.request();
  });
  #props: ScatterProps;
  #places: Places;
  #marks: Marks;
  /** What the GPU does not have yet. */
  #stale = { ...ALL };
  #atlas: Atlas | null = null;
  #picture = 0;
  #drawn = 0;
  #begun = false;
  /** The first picture has the first points alone. */
  #first = false;

  constructor(canvas: HTMLCanvasElement, props: ScatterProps, events: ScatterEvents) {
    this.#events = events;
    this.#props = props;
    this.#places = checkedPlaces(props);
    this.#vista = new Vista(this.#places, props, (camera, size, zoom) => events.look?.(camera, size, zoom));
    this.#marks = marksOf(props.flags);
    this.#setPictures(props.pictures);
    this.#context = new Context(canvas, (state) => this.#contextIs(state));
    if (!this.#context.works) queueMicrotask(() => events.failure(NO_WEBGL));
    this.#overlay = new Overlay(canvas);
    this.#gestures = new Gestures(canvas, this.#gestureEvents());
    this.#unwatch = watchSize(canvas, (size, ratio) => this.#resize(size, ratio));
    this.#begun = true;
    this.#pace.request();
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
    const changed = (...names: readonly (keyof ScatterProps)[]): boolean => names.some((name) => props[name] !== before[name]);
    const moved = changed("from", "to");
    const places = moved ? checkedPlaces(props) : this.#places;
    checkLengths(props);
    this.#props = props;
    this.#places = places;
    const room = changed("panes", "bounds");
    if (moved || room || changed("gain")) this.#vista.show(places, props);
    this.#vista.t = props.t;
    if (changed("pictures")) this.#setPictures(props.pictures);
    if (changed("flags")) this.#marks = marksOf(props.flags);
    const stale = this.#stale;
    stale.flags ||= changed("flags");
    stale.places ||= moved;
    stale.shades ||= changed("colors");
    stale.trails ||= moved || changed("trails", "moves") || (props.trails !== null && changed("flags"));
    stale.density ||= changed("density");
    if (moved || room || changed("t", "gain")) this.#stir();
    else if (changed(...(Object.keys(changes) as (keyof ScatterProps)[]))) this.#pace.request();
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
    // Of what is drawn as density, no item is seen.
    if (this.#props.density) return -1;
    const { index, t, gain } = paneAt(this.#vista.panes, x);
    const reach = { radius: Math.max(radius, this.#picture / 2) / this.camera.scale, flags: this.#props.flags };
    return this.#pointing.nearest(index, { places: this.#places, t, gain }, this.#vista.toData(x, y), reach);
  }

  begin(): void {
    this.#first = true;
    this.#pace.settle();
    this.#first = false;
    this.#pace.request();
  }

  draw(): void {
    this.#pace.settle();
    if (this.#haze.finish()) this.#pace.now();
  }

  shot(ratio: number): Shot {
    const { size } = this.#vista;
    const { canvas } = this.#context;
    if (!canvas) return { ...size, pixels: document.createElement("canvas"), dots: null, texts: [], lines: [] };
    return drawnAt(canvas, this.#vista, ratio, () => this.draw(), () => ({ dots: this.#dots(), texts: this.#overlay.texts, lines: this.#overlay.lines }));
  }

  /** The points as shapes; null where they are not. */
  #dots(): ShotDot[] | null {
    const { panes, zoom } = this.#vista;
    if (this.#picture > 0 || this.#places.n > MOST_DOTS || this.#props.density || (this.#props.trails && panes.length === 1)) return null;
    const shown = { n: this.#places.n, ...this.#props, marks: this.#marks, theme: this.#theme };
    return panes.flatMap((pane) => dotsOf(pane, { ...shown, ink: this.#frame(pane, zoom).ink, locate: (item) => this.locate(item, pane.index) }));
  }

  destroy(): void {
    this.#unwatch();
    this.#gestures.destroy();
    this.#overlay.remove();
    this.#pace.stop();
    this.#pointing.stop();
    this.#haze.stop();
    this.#context.destroy();
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
      point: (place) => {
        this.#pointing.point(place);
        this.#pace.wake();
      },
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
    for (let i = 0; i < path.length; i += 2) corners.set(this.#vista.toData(path[i] as number, path[i + 1] as number, pane), i);
    const polygon = new Polygon(corners);
    const { density, flags } = this.#props;
    // Density is that of A and of B: whoever is there in either.
    const inside = density ? itemsInEither : itemsInside;
    this.#events.lasso(inside(polygon, { places: this.#places, flags, t: pane.t, gain: pane.gain }), modifiers);
  }

  /** Once a frame at most, and not in motion, when the grid would be built in vain. */
  #hover(): void {
    if (this.#pace.moving) return;
    const ready = (x: number): boolean => {
      const { index, t, gain } = paneAt(this.#vista.panes, x);
      return this.#props.density || this.#pointing.has(index, { places: this.#places, t, gain });
    };
    this.#pointing.hover(
      (x, y) => (ready(x) ? this.pick(x, y) : null),
      (item, place) => this.#events.hover(item, place?.clientX ?? 0, place?.clientY ?? 0),
    );
  }

  #stir(): void {
    this.#pointing.stir();
    this.#pace.stir();
  }

  #paint(): void {
    const { painter } = this.#context;
    if (!painter) return;
    const start = performance.now();
    const { panes, camera, zoom, pane: first } = this.#vista;
    const { moving } = this.#pace;
    const { n, end } = this.#places;
    const { density, flags } = this.#props;
    // What one passes by is not looked at.
    if (!density || !moving) this.#haze.want(density ? { places: this.#places, flags: this.#marks.selected ? flags : NO_FLAGS, selected: this.#marks.selected, camera, size: first.size } : null);
    this.#upload(painter);
    this.#drawn = Math.min(end, moving ? Math.ceil(this.#budget.points / panes.length) : this.#first ? FIRST_POINTS : end);
    const inView = inViewOf(this.#places, panes, camera, moving || this.#first);
    this.#picture = this.#atlas && inView !== null && inView <= mostPictures(this.#props.backed) ? pictureSide({ n, zoom, size: first.size }) : 0;
    for (const pane of panes) painter.paint(this.#frame(pane, zoom));
    // What is written on the first picture can wait for the next.
    if (!this.#first) this.#write(panes, { zoom, inView });
    const points = this.#drawn * panes.length;
    // The first picture of all points tells how many fit into one that moves.
    if (!density && (moving || (this.#budget.fresh && !this.#first))) this.#context.whenPainted(start, (ms) => this.#budget.took(points, ms));
  }

  #frame({ size, left, t, gain }: Pane, zoom: number): Frame {
    const { trails, backed, density, panes } = this.#props;
    const view = { zoom, size };
    const ink = inkFor({ ...view, n: this.#places.n, drawn: this.#drawn });
    const marked = this.#marks.items.length;
    const own = inkFor({ ...view, n: marked, drawn: Math.round((marked * this.#drawn) / Math.max(this.#places.n, 1)) });
    return {
      ...{ size, left, t, gain, ink, backed, density },
      ratio: this.#vista.ratio,
      camera: this.camera,
      trails: trails !== null && panes === 1,
      drawn: this.#drawn,
      selectedDiameter: selectedDiameter(ink, own),
      selectedOpacity: own.opacity,
      picture: this.#picture,
      theme: this.#theme,
    };
  }

  /** Names, flows, how much is drawn, and the line between the panes. */
  #write(panes: readonly Pane[], { zoom, inView }: { readonly zoom: number; readonly inView: number | null }): void {
    const { names, flags, trails, gain, joined } = this.#props;
    const { size, ratio } = this.#vista;
    this.#overlay.clear(size, ratio);
    if (trails && panes.length === 1) drawFlows(this.#overlay, { flows: trails.flows, camera: this.camera, size, gain, theme: this.#theme });
    const item = panes.length > 1 ? linked(this.#marks.items, flags) : -1;
    const [left, right] = panes.length > 1 ? [item, item] : (joined ?? [-1, -1]);
    const [from, to] = [this.locate(left, 0), this.locate(right, 1)];
    if (from && to) this.#overlay.line(from, to, this.#theme.accent, this.#theme, Math.max(this.#picture / 2, 6) + 3);
    for (const pane of panes) {
      const radius = Math.max(this.#picture / 2, 4);
      const shown = { pane, zoom, names, flags, inView, radius, pictured: this.#picture > 0, dims: this.#marks.dims, paired: panes.length > 1, theme: this.#theme };
      caption(this.#overlay, { ...shown, camera: this.camera, places: this.#places });
    }
    const { n, end } = this.#places;
    if (this.#drawn < end || end < n / 2) this.#overlay.note({ drawn: this.#drawn, n, moving: this.#drawn < end }, this.#theme);
  }

  #upload(painter: Painter): void {
    const { places, shades, flags, pictures, trails, density } = this.#stale;
    const props = this.#props;
    if (pictures) painter.setAtlas(this.#atlas);
    if (places) painter.setPlaces(this.#places);
    if (shades) painter.setShades(shadesOf(props.colors), colorsOf(props.colors));
    if (flags) painter.setFlags(props.flags, this.#marks);
    if (trails) painter.setTrails(toldOf(this.#places, props.trails, props));
    if (density) painter.setDensity(this.#haze.field);
    this.#stale = { ...NONE };
  }

  #resize(size: Size, ratio: number): void {
    this.#vista.resize(size, ratio);
    // Resizing clears the canvas: draw within this frame, or it flickers.
    if (this.#begun) this.#pace.now();
  }

  #contextIs(state: ContextState): void {
    if (state === "back") {
      this.#stale = { ...ALL };
      this.#pace.request();
    }
    this.#events.context?.(state);
  }
}
