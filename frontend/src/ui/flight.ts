import type { ScatterView } from "../engine";

type Camera = ScatterView["camera"];

const FLIGHT_MS = 480;

/** Moves the camera to where something is seen; whatever else moves it meanwhile takes over. */
export class Flight {
  #frame = 0;

  to(scatter: ScatterView, goal: Camera): void {
    this.stop();
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
      scatter.camera = goal;
      return;
    }
    const start = scatter.camera;
    let [began, last] = [-1, start];
    const step = (now: number): void => {
      if (scatter.camera !== last) return;
      if (began < 0) began = now;
      const share = Math.min(1, (now - began) / FLIGHT_MS);
      last = onTheWay(start, goal, share);
      scatter.camera = last;
      if (share < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }
}

/** A share of the way from one camera to another: it starts at once and lands softly. */
export function onTheWay(from: Camera, to: Camera, share: number): Camera {
  if (share >= 1) return to;
  const eased = 1 - (1 - share) ** 3;
  const between = (a: number, b: number): number => a + (b - a) * eased;
  return { x: between(from.x, to.x), y: between(from.y, to.y), scale: Math.exp(between(Math.log(from.scale), Math.log(to.scale))) };
}
