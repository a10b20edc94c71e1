import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage } from "./stage";

/** Pictures of the passes, each 40 × 30 means of 10 × 10 pixels; `GOLDEN=write` draws them anew, to be looked at before they are kept. */
const FILE = new URL("golden.json", import.meta.url);
const COLUMNS = 40;
/** Drivers differ at edges: no mean by more than this, of 255, and all together by far less. */
const [MOST, MEAN] = [24, 1];

const SCENES = ["points", "ramp", "selection", "selection of thousands", "signs", "trails", "flows", "pictures", "density", "panes"] as const;
type Scene = (typeof SCENES)[number];

let stage: Stage;
const written: Record<string, string> = {};
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  if (process.env["GOLDEN"] === "write") writeFileSync(FILE, `${JSON.stringify(written, null, 1)}\n`);
  await stage.close();
});

/** What a scene looks like: the points and what is drawn over them. */
function pictureOf(scene: Scene, dark: boolean): Promise<number[]> {
  return stage.page.evaluate(
    ({ scene: name, dark: isDark, columns }) => {
      const { start, palettes, Flag } = window.harness;
      const n = name === "selection of thousands" || name === "density" ? 8000 : 60;
      const spread = (i: number, step: number): number => (i * step) % 1;
      /** Four heaps; in B those of the first go to where the third is. */
      const place = (i: number, to: boolean): [number, number] => {
        const heap = i % 4;
        const at = to && heap === 0 ? 2 : heap;
        return [[-110, 100, 110, -90][at] as number, [70, 80, -70, -60][at] as number].map((middle, axis) => middle + 60 * (spread(i + 1, axis ? 0.7548776662 : 0.6180339887) - 0.5)) as [number, number];
      };
      const [from, to] = [false, true].map((end) => Float32Array.from(Array.from({ length: n }, (_, i) => place(i, end)).flat())) as [Float32Array, Float32Array];
      const codes = Int32Array.from({ length: n }, (_, i) => i % 4);
      const own = {
        points: {},
        ramp: { colors: { kind: "number", values: Float32Array.from({ length: n }, (_, i) => (i % 9 === 8 ? NaN : i)), low: 0, high: n, ramp: palettes.viridis } as const },
        selection: { flags: Uint8Array.from({ length: n }, (_, i) => (i % 4 === 1 ? Flag.selected : 0)) },
        "selection of thousands": { flags: Uint8Array.from({ length: n }, (_, i) => (i % 4 < 2 ? Flag.selected : 0)) },
        signs: { flags: Uint8Array.from({ length: n }, (_, i) => [Flag.kept, Flag.lost, Flag.gained, Flag.focused, Flag.hovered][i] ?? 0) },
        trails: { t: 0.3, moves: Uint8Array.from({ length: n }, (_, i) => [1, 3, 0, 0][i % 4] as number), trails: { items: Uint32Array.of(0, 4, 8, 12, 16, 20), colors: Uint8Array.from({ length: 18 }, (_, i) => [0x44, 0xaa, 0x99][i % 3] as number), flows: [] } },
        flows: { trails: { items: new Uint32Array(), colors: new Uint8Array(), flows: [{ from: [-110, 70], to: [110, -70], width: 22, color: [0x88, 0x22, 0x55], text: "" }] as const } },
        pictures: { pictures: { n, width: 16, height: 16, pixels: Uint8Array.from({ length: n * 768 }, (_, i) => (i % 48 < 24 ? 30 : 20 + 60 * (i % 3))) }, backed: true },
        density: { density: true },
        panes: { panes: 2, bounds: { minX: -150, minY: -110, maxX: 150, maxY: 110 }, flags: Uint8Array.from({ length: n }, (_, i) => (i === 0 ? Flag.focused : 0)) } as const,
      }[name];
      const scatter = start({ from, to, dark: isDark, colors: { kind: "category", codes, palette: palettes.tableau10 }, ...own });
      if (name === "panes") scatter.fit();
      scatter.draw();
      const whole = document.createElement("canvas");
      [whole.width, whole.height] = [400, 300];
      const context = whole.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>("#stage canvas")) context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, 400, 300);
      const means = new Array<number>(columns * 30 * 3).fill(0);
      for (let y = 0; y < 300; y += 1) {
        for (let x = 0; x < 400; x += 1) {
          const cell = 3 * (Math.floor(y / 10) * columns + Math.floor(x / 10));
          for (let part = 0; part < 3; part += 1) means[cell + part] = (means[cell + part] as number) + (data[4 * (y * 400 + x) + part] as number) / 100;
        }
      }
      return means;
    },
    { scene, dark, columns: COLUMNS },
  );
}

const golden = (): Readonly<Record<string, string>> => JSON.parse(readFileSync(FILE, "utf8")) as Record<string, string>;
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): { readonly most: number; readonly mean: number } => {
  const differences = Array.from({ length: a.length }, (_, i) => Math.abs((a[i] as number) - (b[i] as number)));
  return { most: Math.max(...differences), mean: differences.reduce((sum, difference) => sum + difference, 0) / differences.length };
};

describe.each([false, true])("with dark paper: %s", (dark) => {
  test.each(SCENES)("%s look as they did", async (scene) => {
    const key = `${scene}${dark ? ", dark" : ""}`;
    const means = await pictureOf(scene, dark);
    written[key] = Buffer.from(means.map(Math.round)).toString("base64");
    if (process.env["GOLDEN"] === "write") return;
    const { most, mean } = apart(means, Buffer.from(golden()[key] ?? "", "base64"));
    expect(most).toBeLessThan(MOST);
    expect(mean).toBeLessThan(MEAN);
  });
});

test("no picture passes for another, or for paper", () => {
  const pictures = Object.entries(golden()).map(([key, text]) => [key, Buffer.from(text, "base64")] as const);
  expect(pictures).toHaveLength(2 * SCENES.length);
  for (const [i, [name, picture]] of pictures.entries()) {
    const paper = new Uint8Array(picture.length).map((_, at) => picture[at % 3] as number);
    for (const [other, means] of [...pictures.slice(i + 1), ["paper", paper] as const]) {
      const { most, mean } = apart(picture, means);
      expect(most > MOST || mean > MEAN, `${name} and ${other}`).toBe(true);
    }
  }
});
