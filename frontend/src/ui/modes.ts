import type { Mode } from "../model";

/** How A and B can be shown, in the order of their keys. */
export const MODES: readonly { readonly mode: Mode; readonly key: string; readonly name: string; readonly title: string }[] = [
  { mode: "side", key: "1", name: "Side by side", title: "A beside B" },
  { mode: "morph", key: "2", name: "Morph", title: "One picture that turns from A into B" },
  { mode: "trails", key: "3", name: "Trails", title: "One picture, with the ways from A to B" },
  { mode: "density", key: "4", name: "Density", title: "Where A is dense and B is not, and the other way round" },
];
