import { getContext, setContext } from "svelte";
import type { Session } from "../model";
import type { View } from "./view.svelte";

const KEY = Symbol("emblink");

export interface Page {
  readonly session: Session;
  readonly view: View;
}

export const providePage = (page: Page): Page => setContext(KEY, page);
export const usePage = (): Page => getContext<Page>(KEY);
