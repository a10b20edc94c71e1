import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage } from "./stage";

// 400 × 300 pixels: two panes of 200 × 300, one data unit to a pixel, and (0, 0) at (100, 150) and at (300, 150).
const BLUE = [0x4e, 0x79, 0xa7];
const WHITE = [255, 255, 255];

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  return () => stage.close();
});
afterEach(() => {
  expect(stage.complaints.splice(0)).toEqual([]);
});

type Rgb = [number, number, number];
const distance = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((part, i) => Math.abs(part - (b[i] as number))));
const events = () => stage.page.evaluate(() => window.harness.events);

/** Two panes of a scene, and the pixels at some places. */
function drawn(scene: { readonly from: readonly number[]; readonly to: readonly number[]; readonly flags?: readonly number[] }, places: readonly (readonly [number, number])[]): Promise<Rgb[]> {
  return stage.page.evaluate(
    ([{ from, to, flags }, pixels]) => {
      const { start, pixel } = window.harness;
      start({ from: Float32Array.from(from), to: Float32Array.from(to), panes: 2, ...(flags && { flags: Uint8Array.from(flags) }) }).draw();
      return pixels.map(([x, y]) => pixel(x, y));
    },
    [scene, places] as const,
  );
}

/** The picture of a pane, to be compared. */
const picture = (pane: 0 | 1): Promise<string> =>
  stage.page.evaluate((index) => {
    const { canvas } = window.harness;
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width / 2, canvas.height];
    copy.getContext("2d")?.drawImage(canvas, (-index * canvas.width) / 2, 0);
    return copy.toDataURL();
  }, pane);

/** Whether something is drawn over two places, each halfway between those of an item. */
const inked = (): Promise<boolean[]> =>
  stage.page.evaluate(() => {
    window.harness.scatter.draw();
    const overlay = window.harness.canvas.nextElementSibling as HTMLCanvasElement;
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [overlay.width, overlay.height];
    const context = copy.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.drawImage(overlay, 0, 0);
    return [[200, 100], [200, 200]].map(([x, y]) => (context.getImageData(x as number, y as number, 1, 1).data[3] as number) > 0);
  });

describe("A beside B", () => {
  test("an item is where A has it on the left and where B has it on the right", async () => {
    const [a, b, neither, other] = (await drawn({ from: [40, 50], to: [-40, -50] }, [[140, 100], [260, 200], [60, 200], [340, 100]])) as [Rgb, Rgb, Rgb, Rgb];
    for (const rgb of [a, b]) expect(distance(rgb, BLUE)).toBeLessThan(20);
    for (const rgb of [neither, other]) expect(rgb).toEqual(WHITE);
  });

  test("no point of one pane reaches into the other", async () => {
    const flags = [1, 4, 0];
    const beyond = await drawn({ from: [99, 0, 99, 40, 99, -40], to: [0, 0, 0, 40, 0, -40], flags }, [[200, 150], [201, 110], [200, 190], [202, 150]]);
    expect(beyond).toEqual([WHITE, WHITE, WHITE, WHITE]);
  });

  test("another B, another moment and another gain move nothing in A", async () => {
    await stage.page.evaluate(() => {
      const n = 300;
      const coords = (seed: number) => Float32Array.from({ length: 2 * n }, (_, i) => 80 * Math.sin(seed * (i + 1)));
      const scatter = window.harness.start({ from: coords(3), to: coords(5), panes: 2, bounds: { minX: -90, minY: -90, maxX: 90, maxY: 90 } });
      scatter.fit();
      scatter.draw();
    });
    const [a, b] = [await picture(0), await picture(1)];
    await stage.page.evaluate(() => {
      const { scatter } = window.harness;
      scatter.update({ to: Float32Array.from({ length: 600 }, (_, i) => 170 * Math.sin(7 * (i + 1))), t: 0.7, gain: 4 });
      scatter.draw();
    });
    expect(await picture(0)).toBe(a);
    expect(await picture(1)).not.toBe(b);
  });

  test("both panes pan and zoom together, about the pointer's place in its pane", async () => {
    await drawn({ from: [40, 50], to: [40, 50] }, []);
    const moved = await stage.page.evaluate(() => {
      const { scatter, canvas } = window.harness;
      const wheel = new WheelEvent("wheel", { deltaY: -200, clientX: canvas.getBoundingClientRect().left + 340, clientY: canvas.getBoundingClientRect().top + 100, cancelable: true });
      canvas.dispatchEvent(wheel);
      return { places: [scatter.locate(0, 0), scatter.locate(0, 1)], scale: scatter.camera.scale };
    });
    expect(moved.scale).toBeGreaterThan(1.2);
    expect(moved.places.map((place) => place?.map(Math.round))).toEqual([[140, 100], [340, 100]]);
  });

  test("a pointer finds what its own pane shows there, and a lasso takes what lies in the pane where it began", async () => {
    await drawn({ from: [40, 50, -40, 50], to: [-40, 50, 40, -50] }, []);
    const found = await stage.page.evaluate(() => [[140, 100], [60, 100], [260, 100], [340, 200], [340, 100]].map(([x, y]) => window.harness.scatter.pick(x as number, y as number)));
    expect(found).toEqual([0, 1, 0, 1, -1]);
    await stage.page.keyboard.down("Shift");
    await stage.page.mouse.move(240, 80);
    await stage.page.mouse.down();
    for (const [x, y] of [[280, 80], [280, 120], [240, 120], [240, 82]] as const) await stage.page.mouse.move(x, y, { steps: 4 });
    await stage.page.mouse.up();
    await stage.page.keyboard.up("Shift");
    expect((await events()).filter(({ kind }) => kind === "lasso").map(({ items }) => items)).toEqual([[0]]);
  });

  test("a line joins the item under the pointer to itself, and the focused one while there is none", async () => {
    await drawn({ from: [0, 50, 0, -50], to: [0, 50, 0, -50] }, []);
    expect(await inked()).toEqual([false, false]);
    for (const [flags, lines] of [[[2, 0], [true, false]], [[0, 4], [false, true]], [[2, 4], [true, false]], [[1, 8], [false, false]]] as const) {
      await stage.page.evaluate((bits) => window.harness.scatter.update({ flags: Uint8Array.from(bits) }), flags);
      expect(await inked()).toEqual(lines);
    }
  });
});

test("in one picture a line joins the two items that are said to be one", async () => {
  await stage.page.evaluate(() => window.harness.start({ from: Float32Array.of(-100, 50, 100, 50, -100, -50, 100, -50) }));
  expect(await inked()).toEqual([false, false]);
  for (const [joined, lines] of [[[0, 1], [true, false]], [[3, 2], [false, true]], [null, [false, false]]] as const) {
    await stage.page.evaluate((two) => window.harness.scatter.update({ joined: two }), joined);
    expect(await inked()).toEqual(lines);
  }
});

describe("the view", () => {
  const bounds = { minX: -100, minY: -100, maxX: 100, maxY: 100 };

  test("fits what all spaces take, whichever two are shown", async () => {
    const looks = await stage.page.evaluate((box) => {
      const scatter = window.harness.start({ from: Float32Array.of(0, 0, 1, 1), bounds: box });
      scatter.fit();
      const first = scatter.camera;
      scatter.update({ to: Float32Array.of(5, 5, -9, 9) });
      return [first, scatter.camera];
    }, bounds);
    expect(looks[1]).toEqual(looks[0]);
    expect([looks[0]?.x, looks[0]?.y]).toEqual([0, 0]);
  });

  test("keeps its place and its zoom from one pane to two and back", async () => {
    const looks = await stage.page.evaluate((box) => {
      const scatter = window.harness.start({ from: Float32Array.of(0, 0, 1, 1), bounds: box });
      scatter.fit();
      const { scale } = scatter.camera;
      scatter.lookAt(20, 10, 2);
      const seen = [scatter.camera];
      for (const panes of [2, 1] as const) {
        scatter.update({ panes });
        seen.push(scatter.camera);
      }
      return { scale, seen };
    }, bounds);
    expect(looks.seen.map(({ x, y }) => [x, y])).toEqual([[20, 10], [20, 10], [20, 10]]);
    expect(looks.seen[0]?.scale).toBeCloseTo(2 * looks.scale);
    expect(looks.seen[1]?.scale).toBeLessThan(looks.seen[0]?.scale ?? 0);
    expect(looks.seen[2]?.scale).toBeCloseTo(looks.seen[0]?.scale ?? 0);
  });
});

describe("pictures", () => {
  /** Two items, a red and a green picture of 8 × 8 on dark ground, drawn in two panes. */
  function pictured(flags: readonly number[], backed = false, n = 2): Promise<Rgb[]> {
    return stage.page.evaluate(
      ([bits, colour, count]) => {
        const side = 16;
        const pixels = new Uint8Array(3 * side * side * count);
        for (let i = 0; i < side * side * count; i++) pixels.set(i < side * side ? [200, 0, 0] : [0, 150, 0], 3 * i);
        const from = Float32Array.from({ length: 2 * count }, (_, i) => (i < 4 ? [-50, 0, 50, 0][i] : 0) as number);
        const flagged = new Uint8Array(count);
        flagged.set(bits);
        window.harness.start({ from, panes: 2, pictures: { n: count, width: side, height: side, pixels }, backed: colour, flags: flagged }).draw();
        return [[50, 150], [150, 150], [250, 150], [350, 150]].map(([x, y]) => window.harness.pixel(x as number, y as number));
      },
      [flags, backed, n] as const,
    );
  }

  test("are drawn for the points, each item's own, in both panes", async () => {
    const [red, green, redB, greenB] = (await pictured([0, 0])) as [Rgb, Rgb, Rgb, Rgb];
    for (const rgb of [red, redB]) expect(distance(rgb, [200, 0, 0])).toBeLessThan(12);
    for (const rgb of [green, greenB]) expect(distance(rgb, [0, 150, 0])).toBeLessThan(12);
  });

  test("of what is selected stay, and those of the rest fade", async () => {
    const [red, green] = (await pictured([1, 0])) as [Rgb, Rgb];
    expect(distance(red, [200, 0, 0])).toBeLessThan(12);
    expect(Math.min(...green)).toBeGreaterThan(150);
  });

  test("give way to points where there are too many in view", async () => {
    const [first] = (await pictured([0, 0], false, 3200)) as [Rgb];
    expect(distance(first, [200, 0, 0])).toBeGreaterThan(60);
  });
});
