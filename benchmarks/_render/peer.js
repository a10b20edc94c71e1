// The same scene in regl-scatterplot: fetch A and its kinds, scale to [-1, 1], colour by kind, draw.
import createScatterplot from "regl-scatterplot";

const HEAD = 128;
const canvas = document.querySelector("canvas");
const { width, height } = canvas.getBoundingClientRect();
const column = async (name, View) => new View((await (await fetch(`../bundle/columns/${name}.npy`)).arrayBuffer()).slice(HEAD));

/** Points as the library takes them: a column each. */
function points(coords, codes) {
  const n = codes.length;
  const [x, y, z] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  for (let i = 0; i < n; i += 1) {
    x[i] = coords[2 * i] / 3;
    y[i] = coords[2 * i + 1] / 3;
    z[i] = codes[i] % 10;
  }
  return { x, y, z };
}

const plot = createScatterplot({
  canvas,
  width,
  height,
  pointSize: 2,
  opacity: 0.6,
  colorBy: "valueA",
  pointColor: ["#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1", "#ff9da7", "#9c755f", "#bab0ac"],
});
const [from, codes] = await Promise.all([column("A", Float32Array), column("codes", Int32Array)]);
await plot.draw(points(from, codes), { zDataType: "categorical" });
window.peer = {
  plot,
  n: codes.length,
  /** Bring B, so that a morph can begin. */
  async ready() {
    window.peer.b = points(await column("B", Float32Array), codes);
  },
  morph: (duration) => plot.draw(window.peer.b, { zDataType: "categorical", transition: true, transitionDuration: duration }),
};
document.documentElement.dataset.ready = "painted";
