import { align, mapped } from "./align";
import type { Bundle } from "./bundle";
import type { SpaceInfo } from "./schema.gen";
import type { RowSet } from "./selection";

/** Where the items of a pair lie in each of its two pictures. */
export interface Layout {
  readonly from: Float32Array;
  readonly to: Float32Array;
  /** Anchors the pictures were aligned on; 0 is as they are stored. */
  readonly anchors: number;
  /** Why they could not be aligned as asked. */
  readonly problem: string;
}

/** Which items of which space stay in place while the other spaces' pictures are laid on them. */
export interface Anchoring {
  readonly space: string;
  readonly rows: RowSet;
}

/** The pictures of two spaces by one method. */
export interface Pictures {
  readonly a: string;
  readonly b: string;
  readonly method: string;
}

/** The pictures as they are stored, or laid on anchors. */
export async function loadLayout(bundle: Bundle, pictures: Pictures, anchoring: Anchoring | null): Promise<Layout> {
  const { a, b, method } = pictures;
  const coords = (name: string): Promise<Float32Array> => {
    const space = bundle.space(name);
    const projection = pictureOf(space, method);
    if (!space || !projection) throw new Error(`'${a}' and '${b}' have no projection in common; run emblink compare again.`);
    return bundle.coords(space, projection);
  };
  const [from, to] = await Promise.all([coords(a), coords(b)]);
  const stored = { from, to, anchors: 0, problem: "" };
  return anchoring ? laid(bundle, pictures, { stored, ...anchoring }) : stored;
}

/** Items that are shown before the rest is there. */
export const FIRST = 100_000;

/** Where the first items of each picture lie, the others being nowhere yet. */
export async function loadFirst(bundle: Bundle, { a, b, method }: Pictures): Promise<Layout> {
  const first = async (name: string): Promise<Float32Array> => {
    const space = bundle.space(name);
    const projection = pictureOf(space, method);
    const places = new Float32Array(2 * bundle.n).fill(NaN);
    if (!space || !projection) return places;
    const { items, coords } = await bundle.sample(space, projection, FIRST);
    items.forEach((item, i) => places.set(coords.subarray(2 * i, 2 * i + 2), 2 * item));
    return places;
  };
  const [from, to] = await Promise.all([first(a), first(b)]);
  return { from, to, anchors: 0, problem: "" };
}

const pictureOf = (space: SpaceInfo | undefined, method: string) => space?.projections.find((projection) => projection.method === method);

/** The stored pictures of A and B, each laid on the picture of the space whose items are the anchors. */
async function laid(bundle: Bundle, { a, b, method }: Pictures, { stored, space, rows }: Anchoring & { readonly stored: Layout }): Promise<Layout> {
  const anchorSpace = bundle.space(space);
  const picture = pictureOf(anchorSpace, method);
  if (!anchorSpace || !picture) {
    return { ...stored, problem: `Not aligned: ${space}, whose items are the anchors, has no such picture; choose another projection.` };
  }
  const fixed = await bundle.coords(anchorSpace, picture);
  let anchors = rows.length;
  const lay = (name: string, coords: Float32Array): Float32Array | null => {
    if (name === space) return coords;
    const found = align(fixed, coords, rows);
    anchors = Math.min(anchors, found?.anchors ?? 0);
    return found && mapped(found.map, coords);
  };
  const [from, to] = [lay(a, stored.from), lay(b, stored.to)];
  if (from && to) return { from, to, anchors, problem: "" };
  return { ...stored, problem: `Not aligned: ${space} and ${from ? b : a} have fewer than two of the anchors in common; select more items.` };
}
