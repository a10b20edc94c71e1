import { expect, test } from "vitest";
import { readManifest } from "../../src/data/manifest";

test.each(["emblink.bundle/1", "emblink.bundle/1.1"])("a bundle written as %s is read", (schema) => {
  expect(readManifest({ schema })).toEqual({ schema });
});

test.each(["emblink.bundle/2", "emblink.bundle/1.2", "emblink.bundle", 1])("a bundle written as %s is refused", (schema) => {
  expect(() => readManifest({ schema })).toThrow("update Emblink");
});
