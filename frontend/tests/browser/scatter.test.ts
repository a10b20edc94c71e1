import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { openStage, type Stage } from "./stage";

// The harness starts each scatter on 400 × 300 pixels, one data unit to a pixel and (0, 0) at (200, 150).
const BLUE = [0x4e, 0x79, 0xa7];
const ORANGE = [0xf2, 0x8e, 0x2b];
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
const chroma = (rgb: readonly number[]) => Math.max(...rgb) - Math.min(...rgb);

interface Scene {
  readonly from: readonly (number | null)[];
  readonly to?: readonly (number | null)[];
  readonly codes?: readonly number[];
  readonly flags?: readonly number[];
  readonly dark?: boolean;
  readonly gain?: number;
  readonly moves?: readonly number[] | null;
  /** The items whose ways are drawn, orange; drawn without trails when not given. */
  readonly trails?: readonly number[];
}

/** Start a scatter of a scene, where null is an absent coordinate. */
function start(scene: Scene): Promise<void> {
  return stage.page.evaluate(({ from, to, codes, flags, dark, gain, moves, trails }) => {
    const coords = (values: readonly (number | null)[]) => Float32Array.from(values, (v) => v ?? NaN);
    const { start: begin, palettes } = window.harness;
    begin({
      from: coords(from),
      to: coords(to ?? from),
      dark: dark ?? false,
      gain: gain ?? 1,
      trails: trails ? { items: Uint32Array.from(trails), colors: Uint8Array.from(trails.flatMap(() => [0xf2, 0x8e, 0x2b])), flows: [] } : null,
      moves: moves ? Uint8Array.from(moves) : null,
      ...(codes && { colors: { kind: "category", codes: Int32Array.from(codes), palette: palettes.tableau10 } }),
      ...(flags && { flags: Uint8Array.from(flags) }),
    });
  }, scene);
}

/** The pixels at these places after drawing at `t`. */
function drawn(t: number, ...places: readonly (readonly [number, number])[]): Promise<Rgb[]> {
  return stage.page.evaluate(
    ([at, pixels]) => {
      const { scatter, pixel } = window.harness;
      scatter.update({ t: at });
      scatter.draw();
      return pixels.map(([x, y]) => pixel(x, y));
    },
    [t, places] as const,
  );
}

const events = () => stage.page.evaluate(() => window.harness.events);

describe("a point", () => {
  test.each([
    [0, [300, 50]],
    [0.5, [200, 150]],
    [1, [100, 250]],
  ] as const)("is on the line between its places, at t = %d", async (t, place) => {
    await start({ from: [100, 100], to: [-100, -100] });
    const places = [[300, 50], [200, 150], [100, 250]] as const;
    const pixels = await drawn(t, ...places);
    places.forEach((at, i) => {
      const here = at[0] === place[0];
      expect(distance(pixels[i] as Rgb, here ? BLUE : WHITE), at.join()).toBeLessThan(here ? 20 : 1);
    });
  });

  test("is round", async () => {
    await start({ from: [0, 0] });
    const [left, right, above, below, corner] = (await drawn(0, [197, 150], [202, 150], [200, 147], [200, 152], [203, 153])) as [Rgb, Rgb, Rgb, Rgb, Rgb];
    for (const edge of [left, right, above, below]) expect(distance(edge, WHITE)).toBeGreaterThan(30);
    expect(distance(corner, WHITE)).toBeLessThan(30);
  });

  test("has the colour of its category, and grey when it has none", async () => {
    await start({ from: [0, 0, 50, 0, 100, 0], codes: [0, 1, -1] });
    const [blue, orange, missing] = (await drawn(0, [200, 150], [250, 150], [300, 150])) as [Rgb, Rgb, Rgb];
    expect(distance(blue, BLUE)).toBeLessThan(20);
    expect(distance(orange, ORANGE)).toBeLessThan(20);
    expect(chroma(missing)).toBeLessThan(15);
    expect(distance(missing, WHITE)).toBeGreaterThan(40);
  });

  test("has the colour of its number on the ramp, and grey when it has none", async () => {
    const [low, middle, high, missing] = await stage.page.evaluate(() => {
      const { start: begin, pixel, palettes } = window.harness;
      const values = Float32Array.of(2, 3, 4, NaN);
      begin({
        from: Float32Array.of(-50, 0, 0, 0, 50, 0, 100, 0),
        colors: { kind: "number", values, low: 2, high: 4, ramp: palettes.viridis },
      }).draw();
      return [150, 200, 250, 300].map((x) => pixel(x, 150));
    }) as [Rgb, Rgb, Rgb, Rgb];
    expect(distance(low, [68, 1, 84])).toBeLessThan(25);
    expect(distance(middle, [33, 145, 140])).toBeLessThan(25);
    expect(distance(high, [253, 231, 37])).toBeLessThan(25);
    expect(chroma(missing)).toBeLessThan(15);
  });

  test("has the colour of a category far down a long palette", async () => {
    const pixel = await stage.page.evaluate(() => {
      const palette = new Uint8Array(3 * 3000);
      palette.set([10, 200, 30], 3 * 2999);
      window.harness.start({ from: Float32Array.of(0, 0), colors: { kind: "category", codes: Int32Array.of(2999), palette } }).draw();
      return window.harness.pixel(200, 150);
    });
    expect(distance(pixel, [10, 200, 30])).toBeLessThan(25);
  });

  test("that is absent from B fades where it is, and one absent from A appears where it will be", async () => {
    await start({ from: [-100, 0, null, null], to: [null, null, 100, 0] });
    const ink = async (t: number) => (await drawn(t, [100, 150], [300, 150])).map((rgb) => distance(rgb, WHITE)) as [number, number];
    const [[a0, b0], [aHalf, bHalf], [a1, b1]] = [await ink(0), await ink(0.5), await ink(1)];
    expect([b0, a1]).toEqual([0, 0]);
    for (const [half, full] of [[aHalf, a0], [bHalf, b1]] as const) {
      expect(full).toBeGreaterThan(100);
      expect(half).toBeGreaterThan(0.35 * full);
      expect(half).toBeLessThan(0.65 * full);
    }
  });

  test("that is hidden is not drawn, whatever else it is", async () => {
    await start({ from: [0, 0, 50, 0], flags: [64, 64 | 1 | 4] });
    expect(await drawn(0, [200, 150], [250, 150])).toEqual([WHITE, WHITE]);
  });
});

describe("what stands out", () => {
  test("a selection keeps its colour while the rest turns grey and stays to be seen", async () => {
    await start({ from: [0, 0, 50, 0], codes: [1, 1], flags: [1, 0] });
    const [selected, rest] = (await drawn(0, [200, 150], [250, 150])) as [Rgb, Rgb];
    expect(distance(selected, ORANGE)).toBeLessThan(10);
    expect(chroma(rest)).toBeLessThan(20);
    expect(distance(rest, WHITE)).toBeGreaterThan(40);
  });

  test("the rest has its colour again when the selection is gone", async () => {
    await start({ from: [0, 0, 50, 0], codes: [1, 1], flags: [1, 0] });
    await stage.page.evaluate(() => window.harness.scatter.update({ flags: new Uint8Array(2) }));
    const [rest] = (await drawn(0, [250, 150])) as [Rgb];
    expect(distance(rest, ORANGE)).toBeLessThan(20);
  });

  test("a hover leaves the others' colours", async () => {
    await start({ from: [0, 0, 50, 0], codes: [1, 1], flags: [2, 0] });
    const [rest] = (await drawn(0, [250, 150])) as [Rgb];
    expect(distance(rest, ORANGE)).toBeLessThan(20);
  });

  test("a selected point is drawn over one that is not", async () => {
    await start({ from: [0, 0, 0, 0], codes: [1, 0], flags: [1, 0] });
    const [pixel] = (await drawn(0, [200, 150])) as [Rgb];
    expect(distance(pixel, ORANGE)).toBeLessThan(10);
  });

  test("kept, lost and gained differ in shape: ring, triangle, plus", async () => {
    await start({ from: [-100, 0, 0, 0, 100, 0], flags: [8, 16, 32] });
    const outline = (x: number) =>
      stage.page.evaluate((center) => {
        const { scatter, pixel } = window.harness;
        scatter.draw();
        const dark = (dx: number, dy: number) => Math.min(...pixel(center + dx, 150 + dy)) < 150;
        const reach = (dx: number, dy: number) => Array.from({ length: 14 }, (_, r) => r).filter((r) => dark(dx * r, dy * r)).at(-1) ?? 0;
        return { right: reach(1, 0), down: reach(0, 1), up: reach(0, -1), diagonal: reach(1, 1), upDiagonal: reach(1, -1) };
      }, x);
    const [ring, triangle, plus] = [await outline(100), await outline(200), await outline(300)];
    expect(ring.right).toBeGreaterThan(4);
    expect(Math.abs(ring.right - ring.down)).toBeLessThanOrEqual(1);
    expect(ring.diagonal * Math.SQRT2).toBeGreaterThan(ring.right - 2);
    expect(triangle.down).toBeGreaterThan(triangle.up + 2);
    expect(triangle.upDiagonal).toBeGreaterThan(triangle.diagonal);
    expect(plus.right).toBeGreaterThan(plus.diagonal * Math.SQRT2 + 2);
  });

  test("dark paper is dark, and points keep their colour on it", async () => {
    await start({ from: [0, 0], codes: [1], dark: true });
    const [point, paper] = (await drawn(0, [200, 150], [20, 20])) as [Rgb, Rgb];
    expect(Math.max(...paper)).toBeLessThan(40);
    expect(distance(point, ORANGE)).toBeLessThan(30);
  });
});

describe("motion", () => {
  const locate = (t: number) =>
    stage.page.evaluate((at) => {
      const { scatter } = window.harness;
      scatter.update({ t: at });
      return [0, 1].map((item) => scatter.locate(item) ?? [NaN, NaN]);
    }, t);

  test("is drawn longer about the middle by its gain, for every item alike", async () => {
    await start({ from: [-20, 100, -10, -100], to: [20, 100, 10, -100], gain: 3 });
    for (const t of [0, 0.25, 0.5, 1]) {
      const [long, short] = (await locate(t)) as [number[], number[]];
      expect(long[0]).toBeCloseTo(200 + 120 * (t - 0.5), 6);
      expect(short[0]).toBeCloseTo(200 + 60 * (t - 0.5), 6);
      const pixels = await drawn(t, [Math.round(long[0] as number), 50], [Math.round(short[0] as number), 250]);
      for (const pixel of pixels) expect(distance(pixel, BLUE)).toBeLessThan(20);
    }
    const [truly] = (await drawn(0, [180, 50])) as [Rgb];
    expect(truly).toEqual(WHITE);
  });

  test("of a gain of 1 shows the places of A and of B", async () => {
    await start({ from: [-20, 100, -10, -100], to: [20, 100, 10, -100] });
    expect(await locate(0)).toEqual([[180, 50], [190, 250]]);
    expect(await locate(1)).toEqual([[220, 50], [210, 250]]);
  });

  test("that is drawn longer is pointed at and lassoed where it is drawn", async () => {
    await start({ from: [-20, 0, 60, 0], to: [20, 0, 60, 0], gain: 3 });
    const picked = await stage.page.evaluate(() => {
      const { scatter } = window.harness;
      const at = (x: number) => scatter.pick(x, 150, 5);
      const before = [at(140), at(180)];
      scatter.update({ gain: 1 });
      return [before, [at(140), at(180)]];
    });
    expect(picked).toEqual([[0, -1], [-1, 0]]);
    await stage.page.evaluate(() => {
      window.harness.scatter.update({ gain: 3, t: 1 });
      window.harness.scatter.setMode("lasso");
    });
    const { mouse } = stage.page;
    await mouse.move(250, 130);
    await mouse.down();
    for (const [x, y] of [[275, 130], [275, 170], [250, 170]] as const) await mouse.move(x, y, { steps: 5 });
    await mouse.up();
    expect(await events()).toContainEqual({ kind: "lasso", items: [0, 1], shift: false, text: "" });
  });

  test("that is drawn longer is all in sight after a fit", async () => {
    await start({ from: [-1, 0, 0, 1], to: [1, 0, 0, 1], gain: 5 });
    await stage.page.evaluate(() => window.harness.scatter.fit());
    for (const t of [0, 1]) {
      const [[x] = []] = await locate(t);
      expect((x) > 0 && (x) < 400).toBe(true);
    }
  });
});

test("a picture aligned on some items is drawn, and pointed at, where its anchors lie in the other", async () => {
  const found = await stage.page.evaluate(() => {
    const { start: begin, align, mapped, pixel } = window.harness;
    const from = Float32Array.of(-100, 50, 80, 70, 30, -90, -60, -40);
    const spun = mapped({ xx: 0.6, xy: 0.8, dx: 40, yx: 0.8, yy: -0.6, dy: -25 }, from);
    const colors = { kind: "category", codes: Int32Array.of(0, 1, 0, 1), palette: window.harness.palettes.tableau10 } as const;
    const scatter = begin({ from, to: spun, t: 1, colors });
    const look = () => {
      scatter.draw();
      return [0, 1, 2, 3].map((item) => [...pixel(200 + (from[2 * item] ?? 0), 150 - (from[2 * item + 1] ?? 0)), scatter.pick(200 + (from[2 * item] ?? 0), 150 - (from[2 * item + 1] ?? 0), 3)]);
    };
    const before = look();
    const map = align(from, spun, Uint32Array.of(0, 1, 2))?.map;
    if (map) scatter.update({ to: mapped(map, spun) });
    return { before, after: look() };
  });
  expect(found.before.map((place) => place[3])).toEqual([-1, -1, -1, -1]);
  expect(found.after.map((place) => place[3])).toEqual([0, 1, 2, 3]);
  found.after.forEach((place, item) => expect(distance(place.slice(0, 3), item % 2 ? ORANGE : BLUE)).toBeLessThan(20));
});

describe("trails", () => {
  const ways = { from: [-100, 100, -100, 50, -100, 0, -100, -50], to: [100, 100, 100, 50, 100, 0, 100, -50] };
  /** The pixels of a trail's middle part. */
  const along = (y: number) => drawn(0, ...Array.from({ length: 24 }, (_, i) => [230 + i, y] as const));
  const inked = (pixels: readonly Rgb[]) => pixels.filter((rgb) => distance(rgb, WHITE) > 12);

  test("are whole and coloured for real moves, dashed for those of the layout only, and of no item that was not asked for", async () => {
    await start({ ...ways, moves: [1, 2, 0, 3], trails: [0, 1] });
    const [real, layoutOnly, still, hidden] = [await along(50), await along(100), await along(150), await along(200)];
    expect(inked(real)).toHaveLength(24);
    for (const rgb of real) expect(rgb[0] - rgb[2]).toBeGreaterThan(30);
    expect(inked(layoutOnly).length).toBeGreaterThan(6);
    expect(inked(layoutOnly).length).toBeLessThan(18);
    expect([...inked(still), ...inked(hidden)]).toEqual([]);
    await start(ways);
    expect(inked(await along(50))).toEqual([]);
  });

  test("are fine and faint where they begin, broad and strong where they end, with a head", async () => {
    await start({ ...ways, trails: [0] });
    const ink = async (x: number) => (await drawn(0, ...Array.from({ length: 15 }, (_, i) => [x, 43 + i] as const))).reduce((sum, rgb) => sum + distance(rgb, WHITE), 0);
    const [begin, middle, end, head] = [await ink(115), await ink(200), await ink(285), await ink(294)];
    expect(middle).toBeGreaterThan(1.3 * begin);
    expect(end).toBeGreaterThan(1.1 * middle);
    expect(head).toBeGreaterThan(1.3 * end);
  });

  test("let the items that have none step back", async () => {
    const ink = async (trails: readonly number[]) => {
      await start({ from: [0, 50, 0, -50], to: [100, 50, 0, -50], trails });
      return (await drawn(0, [200, 100], [200, 200])).map((rgb) => distance(rgb, WHITE));
    };
    const [[told = 0, other = 0], [, alone = 0]] = [await ink([0]), await ink([0, 1])];
    expect(told).toBeGreaterThan(2 * other);
    expect(alone).toBeGreaterThan(2 * other);
    expect(other).toBeGreaterThan(20);
  });

  test("grow with the gain, and an item absent from one space or hidden has none", async () => {
    await start({ from: [-50, 100, -50, 0, -50, -50], to: [50, 100, null, null, 50, -50], flags: [0, 0, 64], gain: 3, trails: [0, 1, 2] });
    expect(inked(await drawn(0.5, [70, 50], [330, 50]))).toHaveLength(2);
    expect(inked(await drawn(0.5, [40, 50], [360, 50], [200, 150], [250, 150], [200, 200]))).toEqual([]);
  });

  test("come with a ring round what changed and stands still", async () => {
    const ringAt = async (moves: readonly number[], flags = [0]) => {
      await start({ from: [0, 0], moves, flags, trails: [0] });
      const pixels = await drawn(0, ...Array.from({ length: 14 }, (_, i) => [200 + i, 150] as const));
      return pixels.map((rgb) => distance(rgb, WHITE) > 60).join("").replaceAll("true", "#").replaceAll("false", "-");
    };
    expect(await ringAt([3])).toMatch(/^#+-+#+-+$/);
    expect(await ringAt([0])).toMatch(/^#+-+$/);
    expect(await ringAt([3], [1])).not.toBe(await ringAt([0], [1]));
  });

  test("of many that go together are one arrow, broader at its end", async () => {
    const widths = await stage.page.evaluate(() => {
      const { scatter, canvas } = (window.harness.start({ from: Float32Array.of(-150, 0), trails: { items: new Uint32Array(), colors: new Uint8Array(), flows: [{ from: [-100, 0], to: [100, 0], width: 20, color: [0, 120, 0], text: "" }] } }), window.harness);
      scatter.draw();
      const overlay = canvas.nextElementSibling as HTMLCanvasElement;
      const pixels = overlay.getContext("2d")?.getImageData(0, 0, 400, 300).data ?? [];
      const thick = (x: number) => Array.from({ length: 300 }, (_, y) => (pixels[4 * (y * 400 + x) + 3] as number) > 40).filter(Boolean).length;
      return [50, 150, 240, 270, 350].map(thick);
    });
    expect([widths[0], widths[4]]).toEqual([0, 0]);
    expect(widths[1]).toBeGreaterThan(6);
    expect(widths[2]).toBeGreaterThan(widths[1] as number);
    expect(widths[3]).toBeGreaterThan(1.3 * (widths[2] as number));
  });
});

describe("reading places back", () => {
  test("locate gives the pixel of an item at t, and null while it is absent", async () => {
    await start({ from: [-100, 50, null, null], to: [100, 50, 10, 20] });
    const locate = (t: number) =>
      stage.page.evaluate((at) => {
        const { scatter } = window.harness;
        scatter.update({ t: at });
        return [scatter.locate(0), scatter.locate(1), scatter.locate(7)];
      }, t);
    expect(await locate(0)).toEqual([[100, 100], null, null]);
    expect(await locate(0.5)).toEqual([[200, 100], [210, 130], null]);
    expect(await locate(1)).toEqual([[300, 100], [210, 130], null]);
  });

  test("pick finds the nearest item at t within the radius, and no hidden or absent one", async () => {
    await start({ from: [0, 0, 12, 0, 6, 0, null, null], to: [0, 50, 12, 0, 6, 0, 5, 0], flags: [0, 0, 64, 0] });
    const pick = (t: number, x: number, y: number, radius?: number) =>
      stage.page.evaluate(([at, px, py, r]) => {
        window.harness.scatter.update({ t: at });
        return window.harness.scatter.pick(px, py, r);
      }, [t, x, y, radius] as const);
    expect(await pick(0, 205, 150)).toBe(0);
    expect(await pick(0, 207, 150)).toBe(1);
    expect(await pick(0, 205, 150, 3)).toBe(-1);
    expect(await pick(1, 205, 150)).toBe(3);
    expect(await pick(1, 200, 100)).toBe(0);
  });

  test("fit shows all items of both spaces", async () => {
    await start({ from: [0, 0, 1000, 0], to: [0, 0, 0, 5000] });
    const corners = await stage.page.evaluate(() => {
      const { scatter } = window.harness;
      scatter.fit();
      const at = (t: number) => {
        scatter.update({ t });
        return scatter.locate(1) as [number, number];
      };
      return [scatter.locate(0) as [number, number], at(0), at(1)];
    });
    for (const [x, y] of corners) {
      expect(x > 0 && x < 400 && y > 0 && y < 300, `${x} ${y}`).toBe(true);
    }
  });
});

describe("pointers", () => {
  test("a drag pans and the wheel zooms about the pointer", async () => {
    await start({ from: [50, 20] });
    const { mouse } = stage.page;
    await mouse.move(100, 100);
    await mouse.down();
    await mouse.move(120, 110, { steps: 4 });
    await mouse.up();
    const locate = () => stage.page.evaluate(() => window.harness.scatter.locate(0));
    expect(await locate()).toEqual([270, 140]);
    await mouse.move(270, 140);
    await mouse.wheel(0, -240);
    await expect.poll(() => stage.page.evaluate(() => window.harness.scatter.camera.scale)).toBeGreaterThan(1.5);
    const [x, y] = (await locate()) as [number, number];
    expect(x).toBeCloseTo(270, 6);
    expect(y).toBeCloseTo(140, 6);
    expect((await events()).filter(({ kind }) => kind === "click" || kind === "lasso")).toEqual([]);
  });

  test("whoever moves the view, it is told", async () => {
    await start({ from: [50, 20, -50, -20] });
    const same = () => stage.page.evaluate(() => window.harness.looked === window.harness.scatter.camera);
    const { mouse } = stage.page;
    await mouse.move(100, 100);
    await mouse.wheel(0, -240);
    await expect.poll(() => stage.page.evaluate(() => window.harness.looked?.scale)).toBeGreaterThan(1.5);
    expect(await same()).toBe(true);
    await stage.page.evaluate(() => window.harness.scatter.fit());
    expect(await same()).toBe(true);
    await stage.page.evaluate(() => window.harness.scatter.update({ from: Float32Array.of(1, 2, 3, 4), to: Float32Array.of(1, 2, 3, 4) }));
    expect(await same()).toBe(true);
  });

  test("two fingers zoom and pan: what was under each stays under it", async () => {
    await start({ from: [-50, 0, 50, 0] });
    const touch = await stage.page.context().newCDPSession(stage.page);
    const points = (ax: number, bx: number, y: number) => [{ x: ax, y, id: 0 }, { x: bx, y, id: 1 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points(150, 250, 150) });
    for (const step of [0.25, 0.5, 0.75, 1]) {
      await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: points(150 - 50 * step, 250 + 90 * step, 150 + 20 * step) });
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    const places = () => stage.page.evaluate(() => [0, 1].map((item) => window.harness.scatter.locate(item) ?? [NaN, NaN]));
    const [[ax, ay], [bx, by]] = (await places()) as [[number, number], [number, number]];
    // Fingers are reported one after the other, so that they slip by a little.
    for (const [is, expected] of [[ax, 100], [ay, 170], [bx, 340], [by, 170]] as const) expect(Math.abs(is - expected)).toBeLessThan(3);
    await touch.detach();
  });

  test("a double click fits", async () => {
    await start({ from: [0, 0, 1000, 1000] });
    await stage.page.mouse.dblclick(30, 30);
    expect(await stage.page.evaluate(() => window.harness.scatter.camera.x)).toBe(500);
  });

  test("moving onto an item tells its hover, and off it tells -1", async () => {
    await start({ from: [0, 0, 60, 0] });
    await stage.page.evaluate(() => window.harness.scatter.draw());
    const hovers = async () => (await events()).filter(({ kind }) => kind === "hover").map(({ items }) => items[0]);
    const told: number[] = [];
    for (const [x, y, item] of [[200, 150, 0], [230, 200, -1], [260, 150, 1]] as const) {
      await stage.page.mouse.move(x, y);
      told.push(item);
      await expect.poll(hovers).toEqual(told);
    }
  });

  test("a click tells the item under it, or -1, with its modifiers", async () => {
    await start({ from: [0, 0, 60, 0] });
    await stage.page.mouse.click(262, 151);
    await stage.page.keyboard.down("Shift");
    await stage.page.mouse.click(30, 30);
    await stage.page.keyboard.up("Shift");
    const clicks = (await events()).filter(({ kind }) => kind === "click");
    expect(clicks).toEqual([
      { kind: "click", items: [1], shift: false, text: "" },
      { kind: "click", items: [-1], shift: true, text: "" },
    ]);
  });

  /** Draw around what lies between (180, 130) and (280, 170), and do not let go. */
  const encircle = async () => {
    const { mouse } = stage.page;
    await mouse.move(180, 130);
    await mouse.down();
    for (const [x, y] of [[280, 130], [280, 170], [180, 170]] as const) await mouse.move(x, y, { steps: 5 });
  };

  test("a lasso gives the items inside it that are seen at t", async () => {
    await start({ from: [0, 0, 60, 0, 100, 0, null, null, 20, 0], to: [0, 0, 60, 0, 100, 0, 10, 10, 20, 0], flags: [0, 0, 0, 0, 64] });
    await stage.page.evaluate(() => window.harness.scatter.setMode("lasso"));
    await encircle();
    await stage.page.mouse.up();
    expect(await events()).toContainEqual({ kind: "lasso", items: [0, 1], shift: false, text: "" });
    await stage.page.evaluate(() => window.harness.scatter.update({ t: 1 }));
    await encircle();
    await stage.page.mouse.up();
    expect(await events()).toContainEqual({ kind: "lasso", items: [0, 1, 3], shift: false, text: "" });
  });

  test("Shift and a drag draw a lasso in pan mode, over the scatter while it lasts", async () => {
    await start({ from: [0, 0, 60, 0, 100, 0] });
    const { page } = stage;
    const { keyboard, mouse } = page;
    await keyboard.down("Shift");
    await encircle();
    expect(await page.evaluate(() => document.querySelectorAll("#stage canvas").length)).toBe(3);
    await mouse.up();
    await keyboard.up("Shift");
    expect(await events()).toContainEqual({ kind: "lasso", items: [0, 1], shift: true, text: "" });
    expect(await page.evaluate(() => document.querySelectorAll("#stage canvas").length)).toBe(2);
    expect(await page.evaluate(() => window.harness.scatter.camera)).toEqual({ x: 0, y: 0, scale: 1 });
  });
});

describe("large sets and mishaps", () => {
  test("200,000 points are all drawn at rest", async () => {
    const { shares, count } = await stage.page.evaluate(() => {
      const n = 200_000;
      const from = new Float32Array(2 * n);
      for (let i = 0; i < n; i += 1) {
        from[2 * i] = ((i * 0.6180339887) % 1) * 300 - 150;
        from[2 * i + 1] = ((i * 0.7548776662) % 1) * 200 - 100;
      }
      const scatter = window.harness.start({ from });
      scatter.draw();
      const inked = (x0: number, y0: number) => {
        let hits = 0;
        for (let k = 0; k < 400; k += 1) if (Math.min(...window.harness.pixel(x0 + (k % 20), y0 + Math.floor(k / 20))) < 200) hits += 1;
        return hits / 400;
      };
      return { shares: [inked(60, 60), inked(320, 220), inked(2, 2)], count: scatter.drawn };
    });
    expect(count).toBe(200_000);
    expect(shares[0]).toBeGreaterThan(0.9);
    expect(shares[1]).toBeGreaterThan(0.9);
    expect(shares[2]).toBe(0);
  });

  test("past 500,000 points a prefix is drawn in motion, and said, and all of them at rest", async () => {
    const { counts, noted } = await stage.page.evaluate(async () => {
      const n = 500_100;
      const scatter = window.harness.start({ from: new Float32Array(2 * n) });
      // A zero-size scene in a corner out of sight: this is about counts, not about pixels.
      scatter.camera = { x: 1e6, y: 1e6, scale: 1 };
      const overlay = window.harness.canvas.nextElementSibling as HTMLCanvasElement;
      const written = () => (overlay.getContext("2d")?.getImageData(200, 270, 200, 30).data ?? []).some((value) => value > 0);
      const seen: number[] = [];
      const words = new Map<number, boolean>();
      for (let i = 0; i < 400 && seen.at(-1) !== n; i += 1) {
        await new Promise((next) => requestAnimationFrame(next));
        if (scatter.drawn > 0 && scatter.drawn !== seen.at(-1)) seen.push(scatter.drawn);
        words.set(scatter.drawn, written());
      }
      return { counts: seen, noted: [words.get(seen[0] as number), words.get(n)] };
    });
    expect(counts.at(-1)).toBe(500_100);
    expect(counts[0]).toBeLessThanOrEqual(500_000);
    expect(noted).toEqual([true, false]);
  });

  test("the first picture is drawn once, and an update that changes nothing draws none", async () => {
    const drawn = await stage.page.evaluate(async () => {
      const clear = Object.getOwnPropertyDescriptor(WebGL2RenderingContext.prototype, "clear")?.value as (this: WebGL2RenderingContext, mask: number) => void;
      let count = 0;
      WebGL2RenderingContext.prototype.clear = function (mask) {
        count += 1;
        clear.call(this, mask);
      };
      const frame = () => new Promise((next) => requestAnimationFrame(next));
      const frames = async (): Promise<number> => {
        for (let i = 0; i < 4; i += 1) await frame();
        return count;
      };
      const scatter = window.harness.start({ from: Float32Array.of(0, 0) });
      scatter.draw();
      // The harness moves the camera: once at rest there is a second picture.
      while (count < 2) await frame();
      const first = await frames();
      scatter.update({ t: 0, gain: 1, dark: false, panes: 1 });
      const unchanged = await frames();
      scatter.update({ dark: true });
      const changed = await frames();
      WebGL2RenderingContext.prototype.clear = clear;
      return [first, unchanged - first, changed - unchanged];
    });
    expect(drawn).toEqual([2, 0, 1]);
  });

  test("the first picture of many has the first points, and the next frame all", async () => {
    const counts = await stage.page.evaluate(async () => {
      const scatter = window.harness.start({ from: new Float32Array(2 * 60_000) });
      scatter.begin();
      const seen = [scatter.drawn];
      while (scatter.drawn < 60_000) await new Promise((next) => requestAnimationFrame(next));
      return [...seen, scatter.drawn];
    });
    expect(counts).toEqual([12_000, 60_000]);
  });

  test("no points draw paper", async () => {
    await start({ from: [] });
    expect(await drawn(0, [200, 150])).toEqual([WHITE]);
  });

  test("a lost context comes back with its picture", async () => {
    await start({ from: [0, 0], codes: [1] });
    await stage.page.evaluate(async () => {
      const { canvas } = window.harness;
      const lose = canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context");
      const event = (name: string) => new Promise((done) => canvas.addEventListener(name, done, { once: true }));
      const lost = event("webglcontextlost");
      lose?.loseContext();
      await lost;
      const restored = event("webglcontextrestored");
      setTimeout(() => lose?.restoreContext());
      await restored;
    });
    stage.complaints.splice(0);
    const [pixel] = (await drawn(0, [200, 150])) as [Rgb];
    expect(distance(pixel, ORANGE)).toBeLessThan(20);
  });

  test("a browser without WebGL2 is told so in words, and nothing else breaks", async () => {
    await stage.page.evaluate(() => {
      const { prototype } = HTMLCanvasElement;
      const getContext: unknown = Reflect.get(prototype, "getContext");
      prototype.getContext = () => null;
      window.harness.start({ from: Float32Array.of(0, 0) }).draw();
      Reflect.set(prototype, "getContext", getContext);
    });
    expect(await events()).toMatchObject([{ kind: "failure", text: expect.stringMatching(/no WebGL2.*hardware acceleration/) as string }]);
  });

  test("flags or colours of another number of items are refused", async () => {
    await start({ from: [0, 0, 1, 1] });
    const error = await stage.page.evaluate(() => {
      try {
        window.harness.scatter.update({ flags: new Uint8Array(3) });
        return "";
      } catch (thrown) {
        return String(thrown);
      }
    });
    expect(error).toBe("RangeError: scatter: 'flags' is of 3 items, the places of 2; change them together");
  });

  test("the canvas follows its size on the page and keeps a fitted view fitted", async () => {
    await start({ from: [-10, -10, 10, 10] });
    const middle = await stage.page.evaluate(async () => {
      const { scatter, canvas } = window.harness;
      const box = document.querySelector("#stage") as HTMLElement;
      scatter.fit();
      box.style.width = "800px";
      while (canvas.width !== 800) await new Promise((next) => requestAnimationFrame(next));
      box.style.width = "";
      return ((scatter.locate(0) as [number, number])[0] + (scatter.locate(1) as [number, number])[0]) / 2;
    });
    expect(middle).toBeCloseTo(400, 6);
  });
});
