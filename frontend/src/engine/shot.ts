import type { Rgb } from "./theme";
import type { Vista } from "./vista";

/** A text or a line that is written over the points, in CSS pixels. */
export interface ShotText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight: number;
  readonly color: Rgb;
  readonly opacity: number;
}
export interface ShotLine {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly color: Rgb;
}

/** One point as it is drawn, in CSS pixels. */
export interface ShotDot {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly fill: string;
  readonly opacity: number;
  /** Colour of the rim of what is marked. */
  readonly rim?: string;
}

/** A picture to be kept: the points as pixels, and as shapes where they are few; what is written is apart. */
export interface Shot {
  readonly width: number;
  readonly height: number;
  /** Points, trails and pictures at the ratio asked for. */
  readonly pixels: HTMLCanvasElement;
  /** Null where points are more than shapes are for, or are drawn as pictures or with trails. */
  readonly dots: readonly ShotDot[] | null;
  readonly texts: readonly ShotText[];
  readonly lines: readonly ShotLine[];
}

/** Device pixels of a picture that is kept, along either side. */
const LARGEST = 8192;

/** Draw once at another ratio, and keep that; the canvas is then as it was. */
export function drawnAt(canvas: HTMLCanvasElement, vista: Vista, ratio: number, draw: () => void, written: () => Pick<Shot, "dots" | "texts" | "lines">): Shot {
  const { size, ratio: was } = vista;
  const [wide, high] = [canvas.width, canvas.height];
  const at = (asked: number): void => {
    canvas.width = Math.round(size.width * asked);
    canvas.height = Math.round(size.height * asked);
    vista.resize(size, asked);
    draw();
  };
  at(Math.min(ratio, LARGEST / size.width, LARGEST / size.height));
  const found = { ...size, pixels: copied(canvas), ...written() };
  at(was);
  [canvas.width, canvas.height] = [wide, high];
  draw();
  return found;
}

function copied(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext("2d")?.drawImage(canvas, 0, 0);
  return copy;
}
