import { okabeIto, tableau10, viridis } from "../../src/engine/palettes";
import { dark, light } from "../../src/engine/theme";
import { Scatter } from "../../src/engine/scatter";
import { type CameraState, Flag, type ScatterProps } from "../../src/engine/types";
import { align, mapped } from "../../src/model/align";

/** What tests reach from the page. */
export interface Harness {
  readonly Flag: typeof Flag;
  readonly palettes: { okabeIto: Uint8Array; tableau10: Uint8Array; viridis: Uint8Array };
  readonly align: typeof align;
  readonly mapped: typeof mapped;
  readonly themes: { light: typeof light; dark: typeof dark };
  /** Everything the scatter reported, oldest first. */
  events: { readonly kind: string; readonly items: readonly number[]; readonly shift: boolean; readonly text: string }[];
  /** The view that the scatter told last. */
  looked: CameraState | null;
  scatter: Scatter;
  canvas: HTMLCanvasElement;
  /** A new scatter, one data unit to a pixel and (0, 0) in the middle; the last one is destroyed. */
  start: (props: Partial<ScatterProps> & Pick<ScatterProps, "from">) => Scatter;
  /** RGB of the canvas at a CSS pixel, as it is now. */
  pixel: (x: number, y: number) => [number, number, number];
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const NO_MODIFIERS = { shift: false, alt: false };
const harness = { Flag, align, mapped, palettes: { okabeIto, tableau10, viridis: viridis() }, themes: { light, dark }, events: [] } as unknown as Harness;

function report(kind: string, items: Iterable<number>, { shift }: { readonly shift: boolean } = NO_MODIFIERS, text = ""): void {
  harness.events.push({ kind, items: [...items], shift, text });
}

harness.start = (given) => {
  if ("scatter" in harness) {
    harness.scatter.destroy();
    // Browsers keep no more than sixteen contexts.
    harness.canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  harness.events = [];
  harness.looked = null;
  const stage = document.querySelector("#stage") as HTMLElement;
  stage.replaceChildren((harness.canvas = document.createElement("canvas")));
  const n = given.from.length / 2;
  const props: ScatterProps = {
    to: given.from,
    t: 0,
    gain: 1,
    trails: null,
    density: false,
    moves: null,
    colors: { kind: "category", codes: new Int32Array(n), palette: tableau10 },
    flags: new Uint8Array(n),
    dark: false,
    panes: 1,
    bounds: null,
    pictures: null,
    backed: false,
    joined: null,
    names: { places: [], items: [], textOf: null },
    ...given,
  };
  harness.scatter = new Scatter(harness.canvas, props, {
    hover: (item) => report("hover", [item]),
    click: (item, modifiers) => report("click", [item], modifiers),
    lasso: (items, modifiers) => report("lasso", items, modifiers),
    look: (camera) => (harness.looked = camera),
    failure: (message) => report("failure", [], NO_MODIFIERS, message),
  });
  harness.scatter.camera = { x: 0, y: 0, scale: 1 };
  return harness.scatter;
};

harness.pixel = (x, y) => {
  const gl = harness.canvas.getContext("webgl2") as WebGL2RenderingContext;
  const ratio = harness.canvas.width / harness.canvas.clientWidth;
  const rgba = new Uint8Array(4);
  const row = harness.canvas.height - 1 - Math.floor(y * ratio);
  gl.readPixels(Math.floor(x * ratio), row, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  return [rgba[0] as number, rgba[1] as number, rgba[2] as number];
};

window.harness = harness;
