/** Fetches bytes; others know what is named here and nothing else of this room, `model` its types alone. */
export type { Manifest } from "../model/schema.gen";
export type { Early } from "./early";
export { DataError } from "./errors";
export { HttpSource } from "./http";
export { blocksOf, InlineSource } from "./inline";
export { type Message, PortTransport } from "./port";
export type * from "./source";
