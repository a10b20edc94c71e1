import type { Rgb, Theme } from "./theme";
import type { Size } from "./camera";
import type { ShotLine, ShotText } from "./shot";

/** How a text is written. */
export interface Style {
  readonly size: number;
  readonly weight: number;
  readonly color: Rgb;
  readonly opacity: number;
}

/** How an outline is filled. */
export interface Fill {
  /** As `rgb(r g b)`. */
  readonly color: string;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly rim: string;
}

export const css = (color: Rgb): string => `rgb(${color.map((part) => Math.round(255 * part)).join(" ")})`;

/** A canvas over the scatter's for what is written and drawn on it by hand: names, and lines from pane to pane. */
export class Overlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #element: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #widths = new Map<string, number>();
  #family = "";
  #size: Size = { width: 1, height: 1 };
  /** What stands on it, for a picture that is kept. */
  texts: ShotText[] = [];
  lines: ShotLine[] = [];

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#element = document.createElement("canvas");
    this.#element.setAttribute("aria-hidden", "true");
    Object.assign(this.#element.style, { position: "absolute", pointerEvents: "none" });
    this.#context = this.#element.getContext("2d");
    canvas.after(this.#element);
  }

  /** Begin a new picture. */
  clear(size: Size, ratio: number): void {
    this.#size = size;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    const element = this.#element;
    // Read before anything is set, or the page is laid out in between.
    const [left, top] = [this.#canvas.offsetLeft + this.#canvas.clientLeft, this.#canvas.offsetTop + this.#canvas.clientTop];
    this.#family ||= getComputedStyle(this.#canvas).fontFamily || "sans-serif";
    const other = element.width !== width || element.height !== height;
    if (other) [element.width, element.height] = [width, height];
    Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${size.width}px`, height: `${size.height}px` });
    [this.texts, this.lines] = [[], []];
    const context = this.#context;
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    // One of another size is clear, and has no pixels until something is written.
    if (!other) context.clearRect(0, 0, size.width, size.height);
  }

  /** CSS pixels that a text takes. */
  measure(text: string, { size, weight }: Pick<Style, "size" | "weight">): number {
    const font = `${weight} ${size}px ${this.#family || "sans-serif"}`;
    const key = `${font}\n${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    const context = this.#context;
    if (context) context.font = font;
    const width = context?.measureText(text).width ?? text.length * size * 0.6;
    this.#widths.set(key, width);
    return width;
  }

  /** Write a text about its middle, with a rim of paper that lifts it off the points. */
  write(text: string, at: { readonly x: number; readonly y: number }, style: Style, theme: Theme): void {
    this.texts.push({ text, ...at, ...style });
    const context = this.#context;
    if (!context) return;
    Object.assign(context, { font: `${style.weight} ${style.size}px ${this.#family}`, textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    context.globalAlpha = style.opacity * 0.95;
    context.strokeStyle = css(theme.paper);
    context.lineWidth = 4;
    context.strokeText(text, at.x, at.y);
    context.globalAlpha = style.opacity;
    context.fillStyle = css(style.color);
    context.fillText(text, at.x, at.y);
    context.globalAlpha = 1;
  }

  /** A line with a paper rim between two places, stopping short of both. */
  line(from: readonly [number, number], to: readonly [number, number], color: Rgb, theme: Theme, short = 0): void {
    this.lines.push({ from, to, color });
    const context = this.#context;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (!context || length <= 2 * short) return;
    const [dx, dy] = [((to[0] - from[0]) * short) / length, ((to[1] - from[1]) * short) / length];
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(from[0] + dx, from[1] + dy);
    context.lineTo(to[0] - dx, to[1] - dy);
    for (const [stroke, width, opacity] of [[theme.paper, 4, 0.7], [color, 1.6, 0.9]] as const) {
      Object.assign(context, { strokeStyle: css(stroke), lineWidth: width, globalAlpha: opacity });
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** A closed outline filled from nearly nothing at one place to its colour at another, with a rim. */
  shape(points: readonly (readonly [number, number])[], { color, from, to, rim }: Fill): void {
    const context = this.#context;
    if (!context) return;
    const fill = context.createLinearGradient(...from, ...to);
    fill.addColorStop(0, color.replace(")", " / 12%)"));
    fill.addColorStop(0.6, color.replace(")", " / 70%)"));
    fill.addColorStop(1, color.replace(")", " / 90%)"));
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.closePath();
    Object.assign(context, { fillStyle: fill, strokeStyle: rim, lineWidth: 1.5, lineJoin: "round", globalAlpha: 0.8 });
    context.stroke();
    context.globalAlpha = 1;
    context.fill();
  }

  /** Say in the corner at the lower right that fewer items are drawn than there are, as they move or as the others are on their way. */
  note({ drawn, n, moving }: { readonly drawn: number; readonly n: number; readonly moving: boolean }, theme: Theme): void {
    const text = `${moving ? "in motion" : "first"}: ${drawn.toLocaleString("en")} of ${n.toLocaleString("en")} points`;
    const style = { size: 11, weight: 400, color: theme.ink, opacity: 0.8 };
    const { width, height } = this.#size;
    this.write(text, { x: width - this.measure(text, style) / 2 - 10, y: height - 12 }, style, theme);
  }

  remove(): void {
    this.#element.remove();
  }
}
