import { describe, expect, it } from "vitest";
import { areReplicates, scaleEnd, shaded, shadesOf } from "../../src/model/matrix";
import { MemorySource } from "./memory";
import { labelsOnly, RichSource, richReport } from "./rich";

describe("the matrix of pairs", async () => {
  const manifest = await new RichSource().manifest();

  it("offers the agreements that some pair has, kappa first and no distances", async () => {
    expect(shadesOf(manifest).map((shade) => shade.key)).toEqual([
      "kappa", "neighborhood_overlap", "rank_biased_overlap", "linear_cka", "procrustes_similarity", "rbf_cka", "rsa",
      "neighborhood_overlap_50", "jaccard_similarity",
    ]);
    expect(shadesOf(await new MemorySource().manifest()).map((shade) => shade.key)).toEqual(["neighborhood_overlap"]);
  });

  it("has no number for a pair that was compared by labels, or not at all", () => {
    const [kappa] = shadesOf(manifest);
    const [first, second] = labelsOnly(richReport()).pairs;
    expect(kappa && [shaded(first, kappa), shaded(undefined, kappa)]).toEqual([null, null]);
    expect(kappa && shaded(second, kappa)).toBeCloseTo(0.57);
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
