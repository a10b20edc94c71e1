import { LassoTrail } from "./lasso";

export interface Modifiers {
  readonly shift: boolean;
  readonly alt: boolean;
}

/** What pointers ask for, in CSS pixels of the canvas. */
export interface GestureEvents {
  pan(dx: number, dy: number): void;
  zoom(factor: number, x: number, y: number): void;
  fit(): void;
  /** The pointer rests or moves at a place with no button held; null when it left or began a drag. */
  point(place: PointerPlace | null): void;
  click(x: number, y: number, modifiers: Modifiers): void;
  lasso(path: Float64Array, modifiers: Modifiers): void;
  lassoColor(): string;
}

export interface PointerPlace {
  readonly x: number;
  readonly y: number;
  readonly clientX: number;
  readonly clientY: number;
}

/** Less movement than this (CSS pixels) between press and release is a click. */
const SLACK = 4;
const PIXELS_PER_LINE = 16;

/**
 * Reads pointers on a canvas.
 *
 * Drag pans; in lasso mode, or with Shift held at its start, it draws a lasso; the middle button always pans.
 * The wheel and two fingers zoom; a double click fits. A click's and a lasso's modifiers are those at the release.
 */
export class Gestures {
  #mode: "pan" | "lasso" = "pan";
  readonly #canvas: HTMLCanvasElement;
  readonly #events: GestureEvents;
  readonly #abort = new AbortController();
  readonly #down = new Map<number, PointerPlace>();
  #press: PointerPlace | null = null;
  #dragging = false;
  #trail: LassoTrail | null = null;

  constructor(canvas: HTMLCanvasElement, events: GestureEvents) {
    this.#canvas = canvas;
    this.#events = events;
    canvas.style.touchAction = "none";
    const { signal } = this.#abort;
    canvas.addEventListener("pointerdown", (event) => this.#pressed(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#moved(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.#released(event), { signal });
    canvas.addEventListener("pointercancel", (event) => this.#cancelled(event), { signal });
    canvas.addEventListener("pointerleave", () => events.point(null), { signal });
    canvas.addEventListener("wheel", (event) => this.#wheeled(event), { signal, passive: false });
    canvas.addEventListener("dblclick", () => events.fit(), { signal });
  }

  setMode(mode: "pan" | "lasso"): void {
    this.#mode = mode;
    this.#canvas.style.cursor = mode === "lasso" ? "crosshair" : "";
  }

  destroy(): void {
    this.#abort.abort();
    this.#trail?.close();
  }

  #place(event: MouseEvent): PointerPlace {
    const box = this.#canvas.getBoundingClientRect();
    const { clientX, clientY } = event;
    return { x: clientX - box.left, y: clientY - box.top, clientX, clientY };
  }

  #pressed(event: PointerEvent): void {
    if (event.button > 1) return;
    const place = this.#place(event);
    this.#canvas.setPointerCapture(event.pointerId);
    this.#down.set(event.pointerId, place);
    if (this.#down.size > 1) return this.#startPinch();
    this.#press = place;
    this.#dragging = false;
    const lassoes = event.button === 0 && (this.#mode === "lasso" || event.shiftKey);
    if (!lassoes) return;
    this.#trail = new LassoTrail(this.#canvas, this.#events.lassoColor());
    this.#trail.add(place.x, place.y);
  }

  /** A second finger: whatever the first began is off. */
  #startPinch(): void {
    this.#trail?.close();
    this.#trail = null;
    this.#press = null;
  }

  #moved(event: PointerEvent): void {
    const place = this.#place(event);
    const last = this.#down.get(event.pointerId);
    if (!last) return this.#events.point(place);
    if (this.#down.size > 1) this.#pinch(event.pointerId, place);
    else if (this.#isDrag(place)) this.#drag(last, place);
    // Until it is a drag the press stays where it was, so that no movement is lost.
    if (this.#dragging || this.#down.size > 1) this.#down.set(event.pointerId, place);
  }

  #isDrag(place: PointerPlace): boolean {
    if (this.#dragging || !this.#press) return this.#dragging;
    this.#dragging = Math.hypot(place.x - this.#press.x, place.y - this.#press.y) >= SLACK;
    if (this.#dragging) this.#events.point(null);
    return this.#dragging;
  }

  #drag(last: PointerPlace, place: PointerPlace): void {
    if (this.#trail) this.#trail.add(place.x, place.y);
    else this.#events.pan(place.x - last.x, place.y - last.y);
  }

  #pinch(id: number, place: PointerPlace): void {
    const last = this.#down.get(id) as PointerPlace;
    const other = [...this.#down].find(([key]) => key !== id)?.[1] ?? place;
    const spread = (p: PointerPlace) => Math.max(Math.hypot(p.x - other.x, p.y - other.y), 1);
    this.#events.zoom(spread(place) / spread(last), (last.x + other.x) / 2, (last.y + other.y) / 2);
    this.#events.pan((place.x - last.x) / 2, (place.y - last.y) / 2);
  }

  #released(event: PointerEvent): void {
    if (!this.#down.delete(event.pointerId)) return;
    const place = this.#place(event);
    const modifiers = { shift: event.shiftKey, alt: event.altKey };
    const path = this.#trail?.close();
    this.#trail = null;
    if (this.#dragging && path && path.length > 0) this.#events.lasso(path, modifiers);
    if (!this.#dragging && this.#press && event.button === 0) this.#events.click(place.x, place.y, modifiers);
    this.#press = null;
    this.#dragging = false;
  }

  #cancelled(event: PointerEvent): void {
    this.#down.delete(event.pointerId);
    this.#startPinch();
    this.#dragging = false;
  }

  #wheeled(event: WheelEvent): void {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * PIXELS_PER_LINE;
    // Browsers report a trackpad's pinch as a wheel with Ctrl and small steps.
    const rate = event.ctrlKey ? 0.01 : 0.002;
    const { x, y } = this.#place(event);
    this.#events.zoom(Math.exp(-rate * Math.min(Math.max(pixels, -240), 240)), x, y);
  }
}
