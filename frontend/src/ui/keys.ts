import type { Session } from "../model";
import { EMPTY, MOST_GAIN } from "../model";
import { MODES } from "./modes";
import { seekNear } from "./near";
import { step } from "./undo";
import type { View } from "./view.svelte";

export interface Key {
  /** As `KeyboardEvent.key` has it, lower case. */
  readonly keys: readonly string[];
  /** As the help shows it. */
  readonly shown: string;
  readonly title: string;
  run(session: Session, view: View): void;
}

const STEP = 0.05;

function stepPair(session: Session, by: number): void {
  const { pairs } = session.bundle.manifest;
  const at = pairs.findIndex((pair) => pair.a === session.pair.a && pair.b === session.pair.b);
  const next = pairs[(at + by + pairs.length) % pairs.length];
  if (next) void session.setPair(next.a, next.b);
}

/** Let go of one thing at a time: help, then the focused item, then the selection. */
function letGo(session: Session, view: View): void {
  if (view.help) view.help = false;
  else if (view.left) view.left = false;
  else if (session.nearest.of) session.nearest.close();
  else if (session.focus.row >= 0) void session.focus.set(-1);
  else if (session.selection.rows.length > 0) session.selection.set(EMPTY);
  else session.selection.isolated = EMPTY;
}

/** The next whole gain; after the last, none. */
function stepGain(session: Session): void {
  session.time.single();
  session.time.setGain(session.time.gain >= MOST_GAIN ? 1 : Math.floor(session.time.gain) + 1);
}

/** Write into the filter, which is in the table. */
export function openFilter({ table }: Session, view: View): void {
  if (!table.open) table.toggle();
  view.filtering = true;
}

export function toggleTheme(session: Session): void {
  session.theme = document.documentElement.dataset["theme"] === "dark" ? "light" : "dark";
}

/** Every key the page listens to, but the space bar, which is held. */
export const KEYS: readonly Key[] = [
  { keys: ["arrowleft"], shown: "←", title: "Scrub towards A", run: ({ time }, view) => view.motion.go(time.t - STEP) },
  { keys: ["arrowright"], shown: "→", title: "Scrub towards B", run: ({ time }, view) => view.motion.go(time.t + STEP) },
  { keys: ["p"], shown: "P", title: "Play or pause the morph", run: (_, view) => view.motion.toggle() },
  { keys: ["g"], shown: "G", title: "Motion gain: ×1 to ×5, and back", run: (session) => stepGain(session) },
  ...MODES.map(({ mode, key, title }): Key => ({ keys: [key], shown: key, title, run: ({ time }) => void (time.asked = mode) })),
  { keys: ["m"], shown: "M", title: "Trails of the moves", run: ({ time }) => void (time.asked = time.trails ? "morph" : "trails") },
  {
    keys: ["a"],
    shown: "A",
    title: "Align the pictures on the selection; with nothing selected, undo",
    run: (session) => void session.alignOnSelection(),
  },
  { keys: ["["], shown: "[", title: "Previous pair", run: (session) => stepPair(session, -1) },
  { keys: ["]"], shown: "]", title: "Next pair", run: (session) => stepPair(session, 1) },
  { keys: ["i"], shown: "I", title: "The items’ pictures, or points", run: (_, view) => void (view.pictures = !view.pictures) },
  { keys: ["f"], shown: "F", title: "Fit all points", run: (_, view) => view.stage?.fit() },
  {
    keys: ["l"],
    shown: "L",
    title: "Lasso or pan",
    run: (_, view) => (view.mode = view.mode === "lasso" ? "pan" : "lasso"),
  },
  { keys: ["/"], shown: "/", title: "Search", run: (_, view) => view.search?.focus() },
  { keys: ["d"], shown: "D", title: "Table of the items", run: ({ table }) => table.toggle() },
  { keys: ["q"], shown: "Q", title: "Filter: kept < 3 and text ~ \"ball\"", run: (session, view) => openFilter(session, view) },
  { keys: ["r"], shown: "R", title: "What lies near the item, or the selection, by true distance", run: (session, view) => void seekNear({ session, view }) },
  { keys: ["x"], shown: "X", title: "Look at the selected items alone; again, at all", run: ({ selection }) => selection.isolate() },
  { keys: [], shown: "Ctrl Z", title: "Undo; with Shift, or Ctrl Y, redo", run: (session, view) => void step({ session, view }, "undo") },
  { keys: ["t"], shown: "T", title: "Light or dark", run: (session) => toggleTheme(session) },
  { keys: ["escape"], shown: "Esc", title: "Let go of the item, then of the selection, then of what is isolated", run: letGo },
  { keys: ["?"], shown: "?", title: "This help", run: (_, view) => (view.help = !view.help) },
];

/** Keys of the picture that has the focus, for the help. */
export const PICTURE_KEYS: readonly (readonly [string, string])[] = [
  ["← ↑ → ↓", "The next point that way; its name is written and said"],
  ["Enter", "Look at that point; with Shift, select it as well"],
  ["⇧ arrows", "Pan"],
  ["+ −", "Zoom"],
  ["0", "Show everything"],
];

const TYPED = "input:not([type=range]), textarea, select, [role=listbox]";
const OWN_ARROWS = "input[type=range], [role=grid], [role=tablist], [data-arrows=own]";

/** Wire the page's keys; returns how to unwire them. */
export function listen(session: Session, view: View): () => void {
  /** A control reached by Tab keeps the space bar; one clicked with the pointer gives it to blink. */
  let byKeyboard = false;
  const tabbed = (): void => void (byKeyboard = true);
  const pointed = (): void => void (byKeyboard = false);
  const ownsSpace = (target: Element): boolean =>
    target.matches(TYPED) || (byKeyboard && target.matches("button, summary, a"));

  const down = (event: KeyboardEvent): void => {
    if (event.key === "Tab") tabbed();
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.ctrlKey || event.metaKey || event.altKey || view.help && event.key !== "?" && event.key !== "Escape") return;
    if (event.key === " ") {
      if (ownsSpace(target)) return;
      event.preventDefault();
      if (!event.repeat) view.motion.press(event.timeStamp);
      return;
    }
    if (target.matches(TYPED) || (event.key.startsWith("Arrow") && target.closest(OWN_ARROWS))) return;
    const key = KEYS.find((candidate) => candidate.keys.includes(event.key.toLowerCase()));
    if (!key) return;
    event.preventDefault();
    key.run(session, view);
  };
  const up = (event: KeyboardEvent): void => {
    if (event.key !== " ") return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (!ownsSpace(target)) event.preventDefault();
    view.motion.release(event.timeStamp);
  };
  const blur = (event: Event): void => view.motion.release(event.timeStamp);
  const chosen = (event: Event): void => {
    if (!byKeyboard && event.target instanceof HTMLSelectElement) event.target.blur();
  };

  window.addEventListener("keydown", down);
  window.addEventListener("keyup", up);
  window.addEventListener("pointerdown", pointed, true);
  window.addEventListener("change", chosen);
  window.addEventListener("blur", blur);
  return () => {
    window.removeEventListener("keydown", down);
    window.removeEventListener("keyup", up);
    window.removeEventListener("pointerdown", pointed, true);
    window.removeEventListener("change", chosen);
    window.removeEventListener("blur", blur);
  };
}
