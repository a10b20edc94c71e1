import type * as panels from "./panels";

/** Reads what stands round the picture. */
export type Reading = () => Promise<typeof panels>;
