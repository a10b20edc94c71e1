import { expect, it } from "vitest";
import { between } from "../../src/ui/filmstrip";

const centres = [50, 150, 250];

it("a pointer along the strip is a share of the way between two pictures, and at one where it is near", () => {
  expect(between(centres, 100)).toEqual({ at: 0, t: 0.5 });
  expect(between(centres, 230)).toEqual({ at: 1, t: 0.8 });
  expect([58, 145, 155, 245].map((x) => between(centres, x))).toEqual([{ at: 0, t: 0 }, { at: 0, t: 1 }, { at: 1, t: 0 }, { at: 1, t: 1 }]);
});

it("beyond the ends it stays at the first and the last", () => {
  expect([between(centres, -20), between(centres, 900)]).toEqual([{ at: 0, t: 0 }, { at: 1, t: 1 }]);
});
