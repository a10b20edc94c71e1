import { describe, expect, it } from "vitest";
import { viewPair } from "../../src/model/pair";
import type { PairReport } from "../../src/model/schema.gen";
import { MemorySource } from "./memory";
import { RichSource } from "./rich";

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

  it("turns all that has a direction, and leaves out what is known one way only", async () => {
    const rich = await new RichSource().manifest();
    const [forward, back] = [viewPair(rich, "epoch 0", "epoch 1"), viewPair(rich, "epoch 1", "epoch 0")];
    const [labels, turned] = [forward?.labelPairs[0], back?.labelPairs[0]];
    expect(labels).toMatchObject({ delta: -0.9, verdict: "pushed_apart" });
    expect(turned).toMatchObject({ delta: 0.9, verdict: "drawn_together", interval: labels?.interval?.map((end) => -end).reverse() });
    expect(turned).toMatchObject({ confusion_a: labels?.confusion_b, mixing_b: labels?.mixing_a, separation_a: labels?.separation_b });
    expect(back?.labels[0]?.wide_purity_a).toBe(forward?.labels[0]?.wide_purity_b);
    expect(back?.scores["knn_accuracy_change"]?.value).toBe(-(forward?.scores["knn_accuracy_change"]?.value ?? NaN));
    expect(back?.scores["linear_cka"]).toBe(forward?.scores["linear_cka"]);
    expect([forward?.scores, back?.scores].map((scores) => scores && "negative_flip_rate" in scores)).toEqual([true, false]);
  });

  it("is the same when turned twice", async () => {
    const rich = await new RichSource().manifest();
    const forward = viewPair(rich, "epoch 0", "epoch 1");
    const back = viewPair(rich, "epoch 1", "epoch 0");
    const report = { ...rich.report.pairs[0], labels: [...(back?.labels ?? [])], label_pairs: [...(back?.labelPairs ?? [])] } as PairReport;
    const again = viewPair({ ...rich, report: { ...rich.report, pairs: [report] } }, "epoch 1", "epoch 0");
    expect(again?.labels).toEqual(forward?.labels);
    expect(again?.labelPairs).toEqual(forward?.labelPairs);
  });

  it("leaves groups as they were found", async () => {
    const rich = await new RichSource().manifest();
    const back = viewPair(rich, "epoch 1", "epoch 0");
    expect(back).toMatchObject({ index: 0, reversed: true });
    expect([back?.groups, back?.groupSearch, back?.groupRows]).toEqual([rich.report.pairs[0]?.groups, rich.report.pairs[0]?.group_search, rich.pairs[0]?.groups?.rows]);
    expect(viewPair(manifest, "a", "b")).toMatchObject({ groups: [], groupRows: [], groupSearch: null, groupsInfo: null });
  });

  it("is null for spaces that were not compared", () => {
    expect(viewPair(manifest, "a", "c")).toBeNull();
    expect(viewPair(manifest, "a", "a")).toBeNull();
  });
});
