import { expect, it } from "vitest";
import { methodWords } from "../../src/ui/method";

it("says of how many items numbers are, and what the graph holds, rounded down", () => {
  const graphs = { a: { k: 50, recall: 0.9899 }, b: { k: 50, recall: 0.9931 } };
  const said = methodWords({ queries: 20_000, above: 100_000, exact: true, graphs });
  expect(said.replace(/\u202f|\u00a0/g, " ")).toMatch(/^Measured on 20.000 items drawn at random, each asked for its exact/);
  expect(said).toContain("holds 98.9 % of all");
});
