import type { Method } from "../model";
import { count } from "./format";

/** Of how many items numbers are, and what is approximate. */
export function methodWords(method: Method): string {
  const least = Math.min(...Object.values(method.graphs).map((graph) => graph.recall));
  const held = `${Math.floor(1000 * least + 1e-9) / 10} %`;
  return `Measured on ${count(method.queries)} items drawn at random, each asked for its exact neighbours among all. Pictures, groups and the numbers of other single items are from a graph that holds ${held} of all neighbours.`;
}
