import type * as panels from "./panels";

export type Panels = typeof panels;

/** Reads what stands round the picture. */
export type Reading = () => Promise<Panels>;
