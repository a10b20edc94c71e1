import { tick } from "svelte";
import type { Session } from "../model";
import { boxRound } from "../model";
import { still } from "./motion.svelte";
import type { View } from "./view.svelte";

interface Page {
  readonly session: Session;
  readonly view: View;
}

const INPUTS = ["pointerdown", "keydown", "wheel"] as const;
const SEEN = "emblink.coach";

/**
 * Show the first finding once, where a link asks for it: it is brought into view and plays from A to B, and then A stands beside B.
 * Whatever is pressed or turned ends it where it is. Returns what lets go of it.
 */
export function playOpening(page: Page): () => void {
  const { session, view } = page;
  const { motion } = view;
  let over = false;
  const isOver = (): boolean => over;
  const end = (): void => {
    if (over) return;
    over = true;
    for (const name of INPUTS) removeEventListener(name, interrupt, true);
  };
  const interrupt = (): void => {
    end();
    motion.stop();
  };
  for (const name of INPUTS) addEventListener(name, interrupt, true);
  void (async () => {
    // The picture comes after what is told.
    while (!view.stage && !isOver()) await new Promise(requestAnimationFrame);
    const rows = await session.findings.choose(0);
    const layout = session.pair.layout.value;
    if (isOver() || !rows || !layout) return end();
    if (still()) session.time.asked = "side";
    else session.time.asked = "morph";
    await tick();
    const box = boxRound(rows, layout);
    if (box) view.stage?.frame(box);
    if (still()) return end();
    motion.tell(() => {
      if (isOver()) return;
      end();
      session.time.asked = null;
    });
  })();
  return interrupt;
}

/** Whether the hints were put away in this browser. */
export function hintsSeen(): boolean {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    // A browser may keep nothing.
    return false;
  }
}

export function putHintsAway(): void {
  try {
    localStorage.setItem(SEEN, "1");
  } catch {
    // They are away until the page is opened anew.
  }
}
