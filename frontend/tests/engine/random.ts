/** Uniform numbers in [0, 1) that are the same in every run. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function uniformArray(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, uniform(seed));
}
