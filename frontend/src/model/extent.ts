import type { Bundle, Sample } from "./bundle";
import type { SpaceInfo } from "./schema.gen";

/** A box of the plane. */
export interface Extent {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** The box round all pictures by one method, so that the view does not depend on which two are shown; null without any. */
export async function loadExtent(bundle: Bundle, method: string): Promise<Extent | null> {
  const read = bundle.manifest.spaces.map((space) => loadSample(bundle, space, method));
  const samples = (await Promise.allSettled(read)).flatMap((sample) => (sample.status === "fulfilled" && sample.value ? [sample.value.coords] : []));
  return extentOf(samples);
}

/** Some items of a space and where they lie; null where it has no such picture. */
export async function loadSample(bundle: Bundle, space: SpaceInfo, method: string): Promise<Sample | null> {
  const projection = space.projections.find((candidate) => candidate.method === method);
  return projection ? bundle.sample(space, projection) : null;
}

/** The box round some places; null without any. */
export function extentOf(pictures: readonly Float32Array[]): Extent | null {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const coords of pictures) {
    for (let i = 0; i + 1 < coords.length; i += 2) {
      const [x, y] = [coords[i] as number, coords[i + 1] as number];
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      minX = Math.min(minX, x);
      maxX = Math.max(maxX, x);
      minY = Math.min(minY, y);
      maxY = Math.max(maxY, y);
    }
  }
  return minX <= maxX ? { minX, minY, maxX, maxY } : null;
}
