import { describe, expect, it } from "vitest";
import { viewPair } from "../../src/model/pair";
import { MemorySource } from "./memory";

describe("the view of a pair", async () => {
  const manifest = await new MemorySource().manifest();

  it("is the report as it stands when asked in its own direction", () => {
    const pair = viewPair(manifest, "a", "b");
    expect(pair).toMatchObject({ reversed: false, onlyA: 1, onlyB: 0 });
    expect(pair?.labels[0]).toMatchObject({ purity_a: 0.2, purity_b: 0.5, delta: 0.3, verdict: "better" });
  });

  it("turns sides, labels and verdicts round when asked the other way", () => {
    const pair = viewPair(manifest, "b", "a");
    expect(pair).toMatchObject({ reversed: true, onlyA: 0, onlyB: 1 });
    expect(pair?.fields[0]?.definition).toBe("Computed with a as A and b as B.");
    expect(pair?.labels[0]).toMatchObject({ purity_a: 0.5, purity_b: 0.2, delta: -0.3, verdict: "worse", interval: [-0.4, -0.1] });
  });

  it("is null for spaces that were not compared", () => {
    expect(viewPair(manifest, "a", "c")).toBeNull();
    expect(viewPair(manifest, "a", "a")).toBeNull();
  });
});
