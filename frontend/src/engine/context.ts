import { openContext } from "./gl";
import { Painter } from "./painter";
import type { ContextState } from "./types";
import { watchSize } from "./watch";

/** Milliseconds that a lost context is given to come back. */
const PATIENCE = 4000;
/** Milliseconds after which passes are built that are not needed yet. */
const PREPARED = 400;

/** What paints on canvases before there is anything to draw; null where something is drawn already. */
const rehearsed = new WeakMap<HTMLCanvasElement, Painter | null>();

/** Have the driver make ready for the first picture of a canvas while what is in it is on its way. */
export function rehearse(canvas: HTMLCanvasElement): void {
  if (rehearsed.has(canvas)) return;
  // A context whose canvas changes its size is waited for.
  watchSize(canvas, () => undefined)();
  const gl = openContext(canvas);
  if (!gl) return;
  const painter = new Painter(gl);
  rehearsed.set(canvas, painter);
  painter.rehearse();
}

/** The canvas's WebGL context and what paints in it, which the driver may take away and give back. */
export class Context {
  readonly #gl: WebGL2RenderingContext | null;
  readonly #abort = new AbortController();
  #painter: Painter | null = null;
  #waiting = 0;

  /** @param tell called when the context is lost, when it is not back after a while, and when it is back */
  constructor(canvas: HTMLCanvasElement, tell: (state: ContextState) => void) {
    this.#gl = openContext(canvas);
    this.#begin(rehearsed.get(canvas));
    rehearsed.set(canvas, null);
    const { signal } = this.#abort;
    const lost = (event: Event): void => {
      // Else it never comes back.
      event.preventDefault();
      this.#painter = null;
      this.#waiting = window.setTimeout(() => tell("gone"), PATIENCE);
      tell("lost");
    };
    const back = (): void => {
      clearTimeout(this.#waiting);
      this.#begin();
      tell("back");
    };
    canvas.addEventListener("webglcontextlost", lost, { signal });
    canvas.addEventListener("webglcontextrestored", back, { signal });
  }

  #begin(made?: Painter | null): void {
    const painter = this.#gl && (this.#painter = made ?? new Painter(this.#gl));
    if (!painter) return;
    // Passes are built after the first picture, and before they are needed: else the first gesture waits for them.
    const later = (act: () => void, ms: number): void => {
      setTimeout(() => {
        if (this.painter === painter) act();
      }, ms);
    };
    later(() => painter.programs.forEach((program) => program.prepare()), PREPARED);
    later(() => painter.programs.forEach((program) => program.check()), 2 * PREPARED);
    // Software makes a pass anew for its first picture, which takes it longer than to draw.
    later(() => painter.warm(), 3 * PREPARED);
  }

  /** Whether the browser has WebGL2 at all. */
  get works(): boolean {
    return this.#gl !== null;
  }

  /** What is painted on; null without WebGL2. */
  get canvas(): HTMLCanvasElement | null {
    return this.#gl && (this.#gl.canvas as HTMLCanvasElement);
  }

  /** Null while there is nothing to paint in. */
  get painter(): Painter | null {
    return this.#gl?.isContextLost() === false ? this.#painter : null;
  }

  /** Call back when all that was painted so far is done, with the milliseconds that it took since `start`. */
  whenPainted(start: number, done: (ms: number) => void): void {
    const gl = this.#gl;
    const fence = gl?.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (!gl || !fence) return;
    gl.flush();
    const look = (): void => {
      if (this.#abort.signal.aborted || gl.isContextLost()) return;
      if (gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) return void setTimeout(look, 2);
      gl.deleteSync(fence);
      done(performance.now() - start);
    };
    setTimeout(look);
  }

  destroy(): void {
    this.#abort.abort();
    clearTimeout(this.#waiting);
    this.#painter?.dispose();
    this.#painter = null;
  }
}
