// A bundle of two pictures of the same items and nothing else: forty clusters, of which twelve go elsewhere in part.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const CLUSTERS = 40;
const DTYPES = { float32: "<f4", int32: "<i4", int64: "<i8", uint8: "|u1" };

/** Numbers in [0, 1), the same each time. */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Where `n` items are in A and in B, and of which cluster each is. */
export function scene(n) {
  const random = uniform(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Array.from({ length: CLUSTERS }, () => [4 * (random() - 0.5), 3 * (random() - 0.5)]);
  const [from, to, codes] = [new Float32Array(2 * n), new Float32Array(2 * n), new Int32Array(n)];
  for (let i = 0; i < n; i += 1) {
    const cluster = Math.floor(CLUSTERS * random());
    const goal = cluster < 12 && random() < 0.2 ? (cluster + 13) % CLUSTERS : cluster;
    codes[i] = cluster;
    for (const axis of [0, 1]) {
      const off = 0.12 * normal();
      from[2 * i + axis] = centres[cluster][axis] + off;
      to[2 * i + axis] = centres[goal][axis] + off + 0.02 * normal();
    }
  }
  return { from, to, codes };
}

function npy(array, dtype, shape) {
  const text = `{'descr': '${DTYPES[dtype]}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const header = `${text.padEnd(117)}\n`;
  const head = Buffer.alloc(10);
  head.write("\x93NUMPY\x01\x00", "latin1");
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, Buffer.from(header, "latin1"), Buffer.from(array.buffer, array.byteOffset, array.byteLength)]);
}

/** Write the bundle into a folder. */
export async function writeBundle(folder, n) {
  const { from, to, codes } = scene(n);
  const columns = {};
  await mkdir(join(folder, "columns"), { recursive: true });
  const put = async (name, array, dtype, kind, shape = [array.length], over = "items") => {
    const bytes = npy(array, dtype, shape);
    const path = `columns/${name}.npy`;
    await writeFile(join(folder, path), bytes);
    columns[name] = { path, dtype, shape, offset: 128, bytes: bytes.length, crc32: null, version: 1, kind, over };
  };
  const words = Array.from({ length: CLUSTERS }, (_, i) => Buffer.from(`kind ${i + 1}`));
  const offsets = new BigInt64Array(CLUSTERS + 1);
  words.forEach((word, i) => (offsets[i + 1] = offsets[i] + BigInt(word.length)));
  await put("position", Int32Array.from({ length: n }, (_, i) => i), "int32", "position");
  await put("id", Int32Array.from({ length: n }, (_, i) => i), "int32", "values");
  await put("codes", codes, "int32", "codes");
  await put("offsets", offsets, "int64", "offsets", undefined, "kinds");
  await put("utf8", Uint8Array.from(Buffer.concat(words)), "uint8", "utf8", undefined, "kinds");
  await put("A", from, "float32", "coords", [n, 2]);
  await put("B", to, "float32", "coords", [n, 2]);
  const unknown = { trust_k: null, trust_items: null, trustworthiness: null, continuity: null, preservation: null, false_neighbors: null, missing_neighbors: null, fields: [], params: {} };
  const space = (name) => ({
    ...{ name, n_items: n, n_dims: 2, metric: "euclidean", source: "array", matched_by: "row", over: "items", neighbors: "", distances: "", k: 0, recall: 1, fields: [] },
    projections: [{ method: "pca", title: "Principal components", coords: name, ...unknown }],
  });
  const manifest = {
    ...{ schema: "emblink.bundle/2", title: "benchmark", seed: 0, n_items: n, columns, pairs: [], measures: [], stages: [] },
    domains: { items: { n, position: "position", rows: null } },
    fields: [
      { kind: "number", name: "id", title: "id", values: "id", over: "items", definition: "", range: null },
      { kind: "category", name: "kind", title: "kind", codes: "codes", words: { offsets: "offsets", utf8: "utf8" }, n_categories: CLUSTERS },
    ],
    roles: { id: "id", text: null, label: "kind", thumbnail: null },
    spaces: [space("A"), space("B")],
    report: { schema: "emblink.report/2", version: "", seed: 0, n_items: n, spaces: [], pairs: [], warnings: [] },
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
}
