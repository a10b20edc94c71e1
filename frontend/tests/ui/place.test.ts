import { describe, expect, it } from "vitest";
import { placeNames } from "../../src/ui/place";

const room = { width: 200, height: 120, radius: 4, line: 12, measure: (text: string) => 6 * text.length };

describe("names on a small map", () => {
  it("stand to the right of their point where there is room, else to the left", () => {
    expect(placeNames([{ x: 20, y: 60, texts: ["left"] }, { x: 190, y: 60, texts: ["right"] }], room)).toEqual([
      { x: 27, y: 60, text: "left" },
      { x: 153, y: 60, text: "right" },
    ]);
  });

  it("never cover a point, another name or an edge, and shorten before they are left out", () => {
    // A crowd of twenty on the left, and a few with room.
    const at = (i: number): [number, number] => (i < 20 ? [30 + 9 * (i % 5), 40 + 9 * Math.floor(i / 5)] : [150, 10 + 20 * (i - 20)]);
    const points = Array.from({ length: 25 }, (_, i) => ({ x: at(i)[0], y: at(i)[1], texts: [`a name ${i}`, String(i)] }));
    const placed = placeNames(points, room);
    const boxes = placed.flatMap((name) => (name ? [{ l: name.x, r: name.x + room.measure(name.text), t: name.y - 6, b: name.y + 6 }] : []));
    expect(new Set(placed.map((name, i) => (name === null ? "none" : name.text === points[i]?.texts[0] ? "long" : "short")))).toEqual(new Set(["long", "short", "none"]));
    const dots = points.map(({ x, y }) => ({ l: x - 4, r: x + 4, t: y - 4, b: y + 4 }));
    const clashes = boxes.flatMap((p, i) => [...boxes.slice(i + 1), ...dots].filter((q) => p.l < q.r && q.l < p.r && p.t < q.b && q.t < p.b));
    expect(clashes).toEqual([]);
    expect(boxes.every((box) => box.l >= 0 && box.r <= 200 && box.t >= 0 && box.b <= 120)).toBe(true);
  });

  it("are chosen for the points that come first", () => {
    const crowd = Array.from({ length: 30 }, () => ({ x: 100, y: 60, texts: ["same place"] }));
    const placed = placeNames(crowd, room);
    expect(placed[0]).not.toBeNull();
    expect(placed[29]).toBeNull();
  });
});
