import type { Session } from "../model";
import type { AddressBar } from "./bar";
import type { View } from "./view.svelte";

/** Who holds the page, where that is not a browser's window: what is on screen can be seen and changed from there. */
export interface Host {
  readonly bar: AddressBar;
  /** Take hold of the page; returns how to let go. */
  attach(page: { readonly session: Session; readonly view: View }): () => void;
}
