import type { Session } from "../model";
import type { View } from "./view.svelte";

/** Go back to what was on screen before, or forth again. */
export async function step({ session, view }: { readonly session: Session; readonly view: View }, way: "undo" | "redo"): Promise<void> {
  view.motion.stop();
  const looked = session.desk.look;
  const moment = await session.past[way]();
  if (moment && looked !== null && moment.link.look === undefined) view.stage?.fit();
}

const GESTURES = ["pointerdown", "wheel", "click", "change", "drop"] as const;
/** Held with another key; alone they do nothing. */
const MODIFIERS = ["Shift", "Control", "Alt", "Meta", "Tab"];
const TYPED = "input:not([type=range], [type=checkbox]), textarea";

/** Which way a key goes; null for any other. */
function wayOf(event: KeyboardEvent): "undo" | "redo" | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" && !event.shiftKey ? "redo" : null;
}

/** Listen for what begins a step of the past, and for the keys that go back and forth; returns how to stop. */
export function remember(page: { readonly session: Session; readonly view: View }): () => void {
  const { past } = page.session;
  const begin = (): void => past.begin();
  const keydown = (event: KeyboardEvent): void => {
    const way = wayOf(event);
    // What is typed is undone by the browser.
    const typed = event.target instanceof Element && event.target.matches(TYPED);
    if (way && !typed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      void step(page, way);
    } else if (!MODIFIERS.includes(event.key) && !event.repeat) past.begin();
  };
  for (const name of GESTURES) window.addEventListener(name, begin, { capture: true, passive: true });
  window.addEventListener("keydown", keydown, true);
  return () => {
    for (const name of GESTURES) window.removeEventListener(name, begin, true);
    window.removeEventListener("keydown", keydown, true);
  };
}
