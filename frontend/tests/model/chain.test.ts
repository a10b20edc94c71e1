import { describe, expect, it } from "vitest";
import { chainOf, changesOf, coursesOf, spacesOf } from "../../src/model/chain";
import type { PairReport } from "../../src/model/schema.gen";
import { RichSource, STEPS } from "./rich";

describe("a sequence of spaces", async () => {
  const manifest = await new RichSource().manifest();
  const { report } = manifest;
  const pairs = (...ends: readonly string[]): PairReport[] =>
    ends.map((pair) => ({ ...report.pairs[0], a: pair[0] ?? "", b: pair[1] ?? "" }) as PairReport);
  const chained = (...ends: readonly string[]): string[] => spacesOf(chainOf({ ...manifest, report: { ...report, pairs: pairs(...ends) } }));

  it("is found whatever the order of its pairs, and without its replicates", () => {
    expect(spacesOf(chainOf(manifest))).toEqual(STEPS);
    expect(chained("cd", "ab", "bc")).toEqual(["a", "b", "c", "d"]);
  });

  it("is none when pairs fork, meet, close a ring, are apart, or are one", () => {
    expect([chained("ab", "ac"), chained("ab", "cb"), chained("ab", "bc", "ca"), chained("ab", "cd"), chained("ab"), chained()].flat()).toEqual([]);
    expect(chained("ab", "cd", "de", "ec")).toEqual([]);
  });

  it("shows the change index where each step has one, else 1 − kappa beside the floor on the same scale", () => {
    const chain = chainOf(manifest);
    expect(changesOf(chain)).toMatchObject({ from: "floor", steps: [{ value: 0.72, floor: 0 }, {}, {}, {}, { value: 0.81 }] });
    const score = { value: 0.55, n: 5, chance: 0.1, kappa: 0.5, noise_floor: 0.91 };
    const bare = [{ ...chain[0], scores: { neighborhood_overlap: score } }, { ...chain[1], scores: {} }] as PairReport[];
    const changes = changesOf(bare);
    expect(changes).toMatchObject({ from: "same", steps: [{ value: 0.5 }, { value: null, floor: null }] });
    expect(changes.steps[0]?.floor).toBeCloseTo(0.1);
  });

  it("follows each label over the spaces, those that vary most first, null where one lacks it", () => {
    const spaces = report.spaces.map((space, i) => (i === 2 ? { ...space, labels: space.labels.slice(1) } : space));
    const courses = coursesOf({ ...manifest, report: { ...report, spaces } }, chainOf(manifest));
    expect(courses).toHaveLength(10);
    expect(courses.map((course) => course.spread)).toEqual(courses.map((course) => course.spread).sort((x, y) => y - x));
    const cut = courses.find((course) => course.label === "0");
    expect(cut?.values.map((value) => value === null)).toEqual([false, false, true, false, false, false]);
  });
});
