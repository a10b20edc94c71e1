/** Fetches bytes; others know what is named here and nothing else of this room, `model` its types alone. */
export { DataError } from "./errors";
export { HttpSource } from "./http";
export { blocksOf, InlineSource } from "./inline";
export { type Message, PortTransport } from "./port";
export type * from "./source";
