/** Corners nearer to the last than this (CSS pixels) are not kept. */
const STEP = 2;

/** The trail of a lasso in CSS pixels, drawn on a canvas of its own over the scatter's until it is closed. */
export class LassoTrail {
  readonly #corners: number[] = [];
  readonly #overlay: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #color: string;

  constructor(canvas: HTMLCanvasElement, color: string) {
    this.#color = color;
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio;
    this.#overlay = document.createElement("canvas");
    this.#overlay.width = Math.round(width * ratio);
    this.#overlay.height = Math.round(height * ratio);
    const [left, top] = [canvas.offsetLeft + canvas.clientLeft, canvas.offsetTop + canvas.clientTop];
    Object.assign(this.#overlay.style, {
      ...{ position: "absolute", pointerEvents: "none" },
      ...{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` },
    });
    this.#context = this.#overlay.getContext("2d");
    this.#context?.scale(ratio, ratio);
    canvas.after(this.#overlay);
  }

  add(x: number, y: number): void {
    const corners = this.#corners;
    const moved = Math.hypot(x - (corners.at(-2) ?? Infinity), y - (corners.at(-1) ?? Infinity));
    if (moved < STEP) return;
    corners.push(x, y);
    this.#draw();
  }

  /** x, y of each corner; empty when there are too few for an area. */
  close(): Float64Array {
    this.#overlay.remove();
    return this.#corners.length < 6 ? new Float64Array(0) : Float64Array.from(this.#corners);
  }

  #draw(): void {
    const context = this.#context;
    if (!context) return;
    const corners = this.#corners;
    context.clearRect(0, 0, this.#overlay.width, this.#overlay.height);
    context.beginPath();
    for (let i = 0; i < corners.length; i += 2) context.lineTo(corners[i] as number, corners[i + 1] as number);
    context.strokeStyle = this.#color;
    context.fillStyle = this.#color;
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    context.globalAlpha = 0.12;
    context.fill("evenodd");
    context.globalAlpha = 1;
    context.stroke();
    context.setLineDash([2, 4]);
    context.beginPath();
    context.moveTo(corners.at(-2) as number, corners.at(-1) as number);
    context.lineTo(corners[0] as number, corners[1] as number);
    context.stroke();
    context.setLineDash([]);
  }
}
