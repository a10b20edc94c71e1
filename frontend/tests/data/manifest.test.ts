import { expect, test } from "vitest";
import { readManifest } from "../../src/data/manifest";

test("a bundle of the schema that is written today is read", () => {
  expect(readManifest({ schema: "emblink.bundle/2" })).toEqual({ schema: "emblink.bundle/2" });
});

test.each(["emblink.bundle/1", "emblink.bundle/1.1", "emblink.bundle/2.1", "emblink.bundle/3", "emblink.bundle", 1])("a bundle written as %s is refused", (schema) => {
  expect(() => readManifest({ schema })).toThrow("update Emblink, or compare again with this one");
});
