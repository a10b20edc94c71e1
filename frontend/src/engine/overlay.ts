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

export const css = (color: Rgb): string => `rgb(${color.map((part) => Math.round(255 * part)).join(" ")})`;

/** A canvas over the scatter's for what is written and drawn on it by hand: names, and lines from pane to pane. */
export class Overlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #element: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #widths = new Map<string, number>();
  #family = "";
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
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    const element = this.#element;
    if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
    const [left, top] = [this.#canvas.offsetLeft + this.#canvas.clientLeft, this.#canvas.offsetTop + this.#canvas.clientTop];
    Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${size.width}px`, height: `${size.height}px` });
    this.#family ||= getComputedStyle(this.#canvas).fontFamily || "sans-serif";
    [this.texts, this.lines] = [[], []];
    const context = this.#context;
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
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

  remove(): void {
    this.#element.remove();
  }
}
