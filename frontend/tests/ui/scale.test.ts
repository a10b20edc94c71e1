import { expect, it } from "vitest";
import { along, END } from "../../src/ui/scale";

it("an axis leaves room for half a mark at its ends, and keeps what lies beyond at them", () => {
  const at = along(110);
  expect([at(0), at(0.5), at(1)]).toEqual([END, 55, 110 - END]);
  expect([at(-3), at(7)]).toEqual([END, 110 - END]);
});
