import { describe, expect, it } from "vitest";
import { change, distance, exactly, headAndTail, percent, plural, points, score, short, typeset } from "../../src/ui/format";

describe("numbers in words", () => {
  it("never show an absent score as a number", () => {
    expect([score(undefined), score(null), score(NaN), score(0)]).toEqual(["–", "–", "–", "0.000"]);
  });

  it("never round a small chance to none, nor give nothing a sign", () => {
    expect([score(0.00004), score(0.00052), score(-0.00004), score(0.001, 2)]).toEqual(["<0.0001", "0.0005", "0.000", "<0.01"]);
  });

  it("carry a true minus, and changes their sign", () => {
    expect([score(-0.25), change(0.5), change(-0.5), change(-0.001), short(-1234)]).toEqual(["−0.250", "+0.50", "−0.50", "0.00", "−1,234"]);
  });

  it("tell near neighbours apart by their distances", () => {
    expect([0.13062, 0.00153, 0.00158, 0.0231, 2.6e-7, 0, 12.34].map(distance)).toEqual([
      "0.131", "0.00153", "0.00158", "0.0231", "2.6e−7", "0.000", "12.3",
    ]);
  });

  it("stay short whatever their size", () => {
    expect([2001, 1.5e30, -3e30, 3.39e-13, -2.14e-12, 0.001523, 1234567.5, 812.46].map(short)).toEqual([
      "2,001", "1.50e30", "−3.00e30", "3.39e−13", "−2.14e−12", "0.00152", "1.23e6", "812",
    ]);
  });

  it("never round up to all or down to none", () => {
    expect([percent(1), percent(0.9999), percent(0.005), percent(0.0005), percent(0), percent(0.804)]).toEqual([
      "100 %", "99.9 %", "0.5 %", "0.05 %", "0 %", "80 %",
    ]);
  });

  it("are shares as the report writes them, and changes of shares with their sign", () => {
    expect([1, 0.9999, 0.996, 0.98, 0.0995, 0.0994, 0.034, 0.0005, 0.00001, 0].map(percent)).toEqual([
      "100 %", "99.9 %", "99.6 %", "98 %", "10 %", "9.9 %", "3.4 %", "0.05 %", "<0.01 %", "0 %",
    ]);
    expect([exactly(0.912), exactly(1), points(-0.0061), points(0.0022), points(0)]).toEqual(["91.2 %", "100.0 %", "−0.6", "+0.2", "0.0"]);
  });

  it("stay on one line with their signs and units", () => {
    expect(typeset("41 % stay (p < 0.001), 5 of 6 (p = 0.02); cup < 3 %")).toBe("41\u00a0% stay (p\u00a0<\u00a00.001), 5 of 6 (p\u00a0=\u00a00.02); cup < 3\u00a0%");
  });

  it("tell names that begin alike apart by their ends", () => {
    const epochs = ["fc_seed0_epoch00", "fc_seed0_epoch01", "fc_seed1_epoch10"];
    expect(headAndTail("fc_seed0_epoch01", [...epochs, "pixels"])).toEqual(["fc_seed", "0_epoch01"]);
    const families = ["alpha", "beta"].flatMap((family) => [8, 9, 10].map((step) => `model-${family}-checkpoint-${String(step).padStart(2, "0")}`));
    expect(headAndTail("model-alpha-checkpoint-08", families)).toEqual(["model-alpha-checkpoint-", "08"]);
    expect(headAndTail("model-beta-checkpoint-10", families)).toEqual(["model-beta-checkpoint-", "10"]);
    expect(headAndTail("pixels", [...epochs, "pixels"])).toEqual(["pixels", ""]);
    expect(headAndTail("USE names", ["USE names", "USE French names"])).toEqual(["USE names", ""]);
    expect(headAndTail("alone", [])).toEqual(["alone", ""]);
  });

  it("agree with their noun", () => {
    expect([plural(1, "item"), plural(1870, "item")]).toEqual(["1 item", "1,870 items"]);
  });
});
