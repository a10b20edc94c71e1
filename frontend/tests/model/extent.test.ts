import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { extentOf, loadExtent, loadSample } from "../../src/model/extent";
import { Session } from "../../src/model/session.svelte";
import { MemorySource } from "./memory";
import { RichSource, SPACES } from "./rich";

describe("the box round all pictures", () => {
  it("holds every place, and passes over items that a picture lacks", () => {
    expect(extentOf([Float32Array.of(0, 5, NaN, NaN, -2, 1), Float32Array.of(7, -3)])).toEqual({ minX: -2, maxX: 7, minY: -3, maxY: 5 });
    expect(extentOf([Float32Array.of(NaN, NaN), new Float32Array()])).toBeNull();
  });

  it("is the same whichever two spaces are shown", async () => {
    const session = new Session(await Bundle.open(new RichSource()));
    await session.follow({});
    const { value } = session.pair.extent;
    expect(value).not.toBeNull();
    for (const name of SPACES.slice(1)) {
      await session.setPair(session.pair.a, name);
      expect(session.pair.extent.value).toBe(value);
    }
  });

  it("leaves out a space whose picture cannot be read", async () => {
    const bundle = await Bundle.open(new MemorySource());
    const method = bundle.manifest.spaces[0]?.projections[0]?.method ?? "";
    expect(await loadExtent(bundle, method)).not.toBeNull();
    expect(await loadExtent(bundle, "none")).toBeNull();
  });
});

it("a sample of a space names the items that its places are of", async () => {
  const bundle = await Bundle.open(new MemorySource());
  for (const space of bundle.manifest.spaces.slice(0, 2)) {
    const method = space.projections[0]?.method ?? "";
    const projection = space.projections[0];
    const sample = await loadSample(bundle, space, method);
    const all = projection ? await bundle.coords(space, projection) : new Float32Array();
    expect(sample?.items).toHaveLength(space.n_items);
    sample?.items.forEach((item, at) => expect(sample.coords[2 * at]).toBe(all[2 * item]));
  }
});
