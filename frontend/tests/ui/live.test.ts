import { expect, test } from "vitest";
import type { Progress } from "../../src/data/source";
import { between } from "../../src/ui/glide";
import { pictureOf, stepOf } from "../../src/ui/live";

const at = (step: string, done: number, total: number): Progress => ({ state: "running", step, done, total, message: "", revision: 1 });

test("a step is said in words, with how far it is where that is known", () => {
  expect(stepOf(at("aligned layout", 40, 1350))).toBe("Layout settling (epoch 40 of 1,350)");
  expect(stepOf(at("neighbours of old", 1, 3))).toBe("Neighbours of old, 1 of 3");
  expect(stepOf(at("health of old", 0, 1))).toBe("Health of old");
});

test("a picture is named unless the step says it", () => {
  const layout = at("aligned layout", 1, 10);
  expect(["PCA preview", "Aligned layout, settling", "Aligned layout"].map((title) => pictureOf(title, layout))).toEqual(["PCA preview", "", ""]);
  expect(pictureOf("Aligned layout", at("comparing a → b", 0, 1))).toBe("Aligned layout");
});

test("points glide in straight lines, and absent ones stay absent", () => {
  expect(between(Float32Array.of(0, 2, NaN), Float32Array.of(4, 2, NaN), 0.25)).toEqual(Float32Array.of(1, 2, NaN));
});
