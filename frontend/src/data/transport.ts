import { taken } from "./early";
import type { News } from "./source";

/** What carries requests for files of a bundle, and questions beside them. */
export interface Transport {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** What is said when nothing comes back, and what can be done. */
  readonly stopped: { readonly reason: string; readonly wayOut: string };
  /** Be told when nothing comes back, and when it does again; returns how to stop. */
  watch?(tell: (news: News | null) => void): () => void;
}

export const web: Transport = {
  fetch: (url, init) => taken(url, init) ?? fetch(url, init),
  stopped: { reason: "the server stopped", wayOut: 'start "emblink open" on the bundle again' },
};
