import { fitted, panned, type Size, toData, toPixels, zoomed } from "./camera";
import { openContext } from "./gl";
import { Gestures, type Modifiers, type PointerPlace } from "./gestures";
import { inkFor, selectedDiameter } from "./ink";
import { type Marks, marksOf } from "./marks";
import { Pace } from "./pace";
import { Painter } from "./painter";
import { PickGrid } from "./pick";
import { along, type Bounds, boundsOf, isSeen, joinPlaces, placeAt, type Places } from "./places";
import { itemsInside, Polygon } from "./polygon";
import { colorsOf, shadesOf } from "./shades";
import { dark, light, type Theme } from "./theme";
import { type CameraState, Move, type ScatterEvents, type ScatterProps, type ScatterView } from "./types";
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

const ALL = { places: true, shades: true, flags: true, moves: true };
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
  #grid: PickGrid | null = null;
  #drawn = 0;
  #waiting = 0;
  #pointer: PointerPlace | null = null;
  #pointed = false;
  #hovered = -1;

  constructor(canvas: HTMLCanvasElement, props: ScatterProps, events: ScatterEvents) {
    this.#events = events;
    this.#props = props;
    this.#places = checked(props);
    this.#bounds = boundsOf(this.#places, props.gain) ?? UNIT;
    this.#marks = marksOf(props.flags);
    this.#gl = openContext(canvas);
    if (this.#gl) this.#painter = new Painter(this.#gl);
    else queueMicrotask(() => events.failure(NO_WEBGL));
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
    if (moved || props.gain !== before.gain) this.#setPlaces(places, props.gain);
    if (moved || props.moves !== before.moves) this.#stale.moves = true;
    if (props.colors !== before.colors) this.#stale.shades = true;
    if (props.flags !== before.flags) {
      this.#marks = marksOf(props.flags);
      this.#stale.flags = true;
    }
    if (moved || props.t !== before.t || props.gain !== before.gain) this.#stir();
    else this.#pace.request();
  }

  setMode(mode: "pan" | "lasso"): void {
    this.#gestures.setMode(mode);
  }

  fit(): void {
    this.#fits = true;
    this.#look(fitted(this.#bounds, this.#size));
    this.#stir();
  }

  locate(item: number): readonly [number, number] | null {
    const { t, gain } = this.#props;
    if (!isSeen(this.#places.presence[item] ?? 0, t)) return null;
    const share = along(t, gain);
    const [x, y] = [placeAt(this.#places, item, 0, share), placeAt(this.#places, item, 1, share)];
    return toPixels(this.#camera, this.#size, x, y);
  }

  pick(x: number, y: number, radius = PICK_RADIUS): number {
    const { t, gain, flags } = this.#props;
    let grid = this.#grid;
    if (grid?.t !== t || grid.gain !== gain || grid.places !== this.#places) grid = new PickGrid(this.#places, t, gain);
    this.#grid = grid;
    const [dataX, dataY] = toData(this.#camera, this.#size, x, y);
    return grid.nearest(dataX, dataY, { radius: radius / this.#camera.scale, flags });
  }

  draw(): void {
    this.#pace.settle();
  }

  destroy(): void {
    this.#abort.abort();
    this.#unwatch();
    this.#gestures.destroy();
    this.#pace.stop();
    clearTimeout(this.#waiting);
    this.#painter?.dispose();
    this.#painter = null;
  }

  #setPlaces(places: Places, gain: number): void {
    this.#places = places;
    this.#bounds = boundsOf(places, gain) ?? UNIT;
    if (this.#fits) this.#look(fitted(this.#bounds, this.#size));
  }

  #look(camera: CameraState): void {
    this.#camera = camera;
    this.#events.look?.(camera, this.#size);
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

  get #fittedScale(): number {
    return fitted(this.#bounds, this.#size).scale;
  }

  #zoom(factor: number, x: number, y: number): void {
    const [least, most] = ZOOM_RANGE.map((zoom) => zoom * this.#fittedScale) as [number, number];
    const scale = Math.min(Math.max(this.#camera.scale * factor, least), most);
    this.camera = zoomed(this.#camera, this.#size, scale / this.#camera.scale, x, y);
  }

  #lasso(path: Float64Array, modifiers: Modifiers): void {
    const corners = new Float64Array(path.length);
    for (let i = 0; i < path.length; i += 2) {
      corners.set(toData(this.#camera, this.#size, path[i] as number, path[i + 1] as number), i);
    }
    const { flags, t, gain } = this.#props;
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
    const { n } = this.#places;
    this.#drawn = this.#pace.moving ? Math.min(n, PREFIX) : n;
    const view = { zoom: this.#camera.scale / this.#fittedScale, size: this.#size };
    const ink = inkFor({ ...view, n, drawn: this.#drawn });
    const marked = this.#marks.items.length;
    painter.paint({
      size: this.#size,
      ratio: this.#ratio,
      camera: this.#camera,
      t: this.#props.t,
      gain: this.#props.gain,
      trails: this.#props.trails,
      drawn: this.#drawn,
      ink,
      selectedDiameter: selectedDiameter(ink, inkFor({ ...view, n: marked, drawn: marked })),
      theme: this.#theme,
    });
  }

  #upload(painter: Painter): void {
    const { places, shades, flags, moves } = this.#stale;
    if (places) painter.setPlaces(this.#places);
    if (shades) painter.setShades(shadesOf(this.#props.colors), colorsOf(this.#props.colors));
    if (flags) painter.setFlags(this.#props.flags, this.#marks);
    if (moves) painter.setMoves(this.#props.moves ?? new Uint8Array(this.#places.n).fill(Move.unknown));
    this.#stale = { places: false, shades: false, flags: false, moves: false };
  }

  #resize(size: Size, ratio: number): void {
    this.#size = size;
    this.#ratio = ratio;
    this.#look(this.#fits ? fitted(this.#bounds, size) : this.#camera);
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
