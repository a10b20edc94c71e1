import type { Shot } from "./shot";
import type { Vista } from "./vista";

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
