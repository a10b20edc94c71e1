import { describe, expect, it } from "vitest";
import { circles, importGraph } from "./imports";

const graph = importGraph();
const roomOf = (file: string): string => file.split("/")[0] ?? "";

/** The rooms that each room knows. */
const KNOWS: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  data: [],
  model: ["data"],
  ui: ["engine", "model"],
  entry: ["ui", "data"],
};
/** What is read after the picture has a door of its own, so that whoever starts the page says when. */
const LATER = "ui/panels.ts";
/** Made from what Python writes; it imports nothing, and whoever reads or shows a bundle knows it. */
const SCHEMA = "model/schema.gen.ts";

describe("the page's modules", () => {
  it("import each other in no circle, types included", () => {
    expect(graph.size).toBeGreaterThan(50);
    expect(circles(graph)).toEqual([]);
  });

  it("enter another room by its door alone, and only rooms that theirs knows", () => {
    const crossing = [...graph].flatMap(([from, files]) => files.filter((file) => file.includes("/") && roomOf(file) !== roomOf(from)).map((to) => [from, to] as const));
    const allowed = ([from, to]: readonly [string, string]): boolean => {
      if (to === SCHEMA) return roomOf(from) === "data";
      if (to === LATER) return roomOf(from) === "entry";
      return to === `${roomOf(to)}/index.ts` && (KNOWS[roomOf(from)] ?? []).includes(roomOf(to));
    };
    expect(crossing.length).toBeGreaterThan(10);
    expect(crossing.filter((pair) => !allowed(pair)).map((pair) => pair.join(" → "))).toEqual([]);
    expect(graph.get(SCHEMA)).toEqual([]);
  });
});

describe("the search for circles", () => {
  it("finds each once, and none where several ways lead to one place", () => {
    expect(circles(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]]))).toEqual(["b → c → b"]);
    expect(circles(new Map([["a", ["a"]]]))).toEqual(["a → a"]);
    expect(circles(new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]], ["d", []]]))).toEqual([]);
  });
});
