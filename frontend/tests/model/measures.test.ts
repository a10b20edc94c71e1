import { describe, expect, it } from "vitest";
import { measureOf, scaleOf, turnScores } from "../../src/model/measures";
import { MemorySource } from "./memory";
import { RichSource } from "./rich";

describe("the table of measures", async () => {
  const manifest = await new RichSource().manifest();
  const score = { value: 0.2, n: 9 };

  it("says what a score is called and means", () => {
    expect(measureOf(manifest, "linear_cka")).toMatchObject({ title: "linear CKA", definition: "What the linear CKA is." });
  });

  it("knows a score by its name alone where it is not in the table", async () => {
    expect(measureOf(await new MemorySource().manifest(), "mutual_knn")).toMatchObject({ title: "mutual knn", direction: "agreement", definition: "" });
  });

  it("turns what has a sign, and drops what is known from one side only", () => {
    const turned = turnScores(manifest, {
      linear_cka: score,
      knn_accuracy_change: { ...score, interval: [0.1, 0.3] },
      negative_flip_rate: score,
    });
    expect(turned).toEqual({ linear_cka: score, knn_accuracy_change: { ...score, value: -0.2, interval: [-0.3, -0.1] } });
  });

  it("draws agreement from 0 unless there is some below", () => {
    const rsa = measureOf(manifest, "rsa");
    expect(scaleOf(rsa, score)).toEqual([0, 1]);
    expect(scaleOf(rsa, { ...score, interval: [-0.1, 0.5] })).toEqual([-1, 1]);
    expect(scaleOf(measureOf(manifest, "angular_shape_distance"), score)).toEqual([0, Math.PI / 2]);
  });
});
