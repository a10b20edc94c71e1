import { describe, expect, it } from "vitest";
import { rungsOf, tellsBudget } from "../../src/model/budget";
import type { BudgetReport, BudgetSetting, Manifest } from "../../src/model/schema.gen";

const setting = (name: string, more: Partial<BudgetSetting> = {}): BudgetSetting => ({
  name, steps: name, n_dims: 8, bytes_per_vector: 8, index_bytes: 80, kept: 0.9, interval: [0.88, 0.92], fits: true, labels: [], ...more,
});
const segment = { column: "topic", segment: "code", n: 20, n_judged: 20, churn: 0.4, verdict: "worse" } as const;
const label = { label: "cats", n: 30, kept: 0.5, lost: 0.2, interval: [0.1, 0.3], pays: true };
const queries = { n: 40, n_judged: 40, kept: 0.7, interval: [0.6, 0.8], first: 0.9, pays: [segment] };

const budget = (settings: BudgetSetting[], measure = "recall"): BudgetReport => ({
  space: "x", measure, allowed: 0.9, chosen: 1, settings, notes: [], n_items: 10, n_asked: 10, sentence: "",
});

describe("a budget", () => {
  it("says of each setting what it keeps, of items or else of queries", () => {
    const [items, asked] = rungsOf(budget([setting("int8"), setting("binary", { queries })]));
    expect(items).toMatchObject({ kept: 0.9, low: 0.88, high: 0.92, chosen: false, payer: "" });
    expect(asked).toMatchObject({ kept: 0.7, low: 0.6, high: 0.8, chosen: true, payer: "topic: code" });
  });

  it("keeps shares of nDCG where these were asked for, none above all", () => {
    const judged = { ...queries, ndcg: 0.4, ndcg_change: -0.1, ndcg_interval: [-0.15, 0.6] };
    const [found] = rungsOf(budget([setting("binary", { queries: judged })], "ndcg"));
    expect(found?.kept).toBeCloseTo(0.8);
    expect(found?.low).toBeCloseTo(0.7);
    expect(found?.high).toBe(1);
  });

  it("names the label that pays, where no segment does", () => {
    expect(rungsOf(budget([setting("binary", { labels: [{ ...label, label: "dogs", pays: false }, label] })]))[0]?.payer).toBe("cats");
  });

  it("is told of where there is one", () => {
    expect(tellsBudget({ report: { budget: budget([]) } } as unknown as Manifest)).toBe(true);
    expect(tellsBudget({ report: {} } as unknown as Manifest)).toBe(false);
  });
});
