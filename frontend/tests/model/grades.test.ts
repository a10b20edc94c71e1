import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alongSizes, GRADE_ENDS, GRADE_TONES, MOST_SHARE } from "../../src/model/grades";

const JUDGE = new URL("../../../src/emblink/judge/_size.py", import.meta.url);

describe("the sizes of a change", () => {
  it("end their grades where the judge ends them", () => {
    const steps = [...readFileSync(JUDGE, "utf8").matchAll(/Step\("(\w+)", ([\d.]+),/g)];
    expect(steps.map(([, , share]) => Number(share))).toEqual([...GRADE_ENDS]);
    expect(steps.map(([, grade = ""]) => grade in GRADE_TONES)).toEqual([true, true, true, true]);
  });

  it("lie along their axis in order, none to a new space, and never beside it", () => {
    const places = [-1, 0, ...GRADE_ENDS, MOST_SHARE, 1].map(alongSizes);
    expect(places).toEqual([...places].sort((x, y) => x - y));
    expect([places[0], places[1], places.at(-2), places.at(-1)]).toEqual([0, 0, 1, 1]);
  });
});
