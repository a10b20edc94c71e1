import { describe, expect, it } from "vitest";
import { areReplicates, measured, measuresOf, scaleEnd } from "../../src/model/matrix";
import { MemorySource } from "./memory";
import { labelsOnly, RichSource, richReport } from "./rich";

describe("the matrix of pairs", async () => {
  const manifest = await new RichSource().manifest();

  it("offers the likenesses that some pair has, kappa first and no distances", async () => {
    expect(measuresOf(manifest).map((measure) => measure.key)).toEqual([
      "kappa", "overlap", "rank_biased_overlap", "linear_cka", "rbf_cka", "procrustes_similarity", "rsa",
    ]);
    expect(measuresOf(await new MemorySource().manifest()).map((measure) => measure.key)).toEqual(["overlap"]);
  });

  it("has no number for a pair that was compared by labels, or not at all", () => {
    const [kappa] = measuresOf(manifest);
    const [first, second] = labelsOnly(richReport()).pairs;
    expect(kappa && [measured(first, kappa), measured(undefined, kappa)]).toEqual([null, null]);
    expect(kappa && measured(second, kappa)).toBeCloseTo(0.57);
  });

  it("ends its scale at a round number that holds every value", () => {
    expect([[], [0.003], [0.05], [0.051], [0.5, -1], [0.51], [1.0001]].map(scaleEnd)).toEqual([0.01, 0.01, 0.05, 0.1, 0.5, 1, 1]);
  });

  it("knows two runs of one recipe", () => {
    expect(areReplicates(manifest, "epoch 10", "epoch 10, seed 1")).toBe(true);
    expect(areReplicates(manifest, "epoch 10, seed 1", "epoch 10")).toBe(true);
    expect(areReplicates(manifest, "epoch 10", "epoch 10")).toBe(false);
    expect(areReplicates(manifest, "epoch 5", "epoch 10")).toBe(false);
  });
});
