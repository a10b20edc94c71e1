import type { Look } from "./desk.svelte";

/** Beside each other, as one picture that turns into the other, or as that with the ways between. */
export type Mode = "side" | "morph" | "trails";
export type Theme = "auto" | "light" | "dark";

/** What a deep link says of the page; whatever it leaves out keeps its default. */
export interface Link {
  readonly a?: string;
  readonly b?: string;
  readonly t?: number;
  /** How much longer than they are moves are drawn, 1 to 5. */
  readonly gain?: number;
  /** How A and B are shown; of older links `trails`. */
  readonly mode?: Mode;
  readonly projection?: string;
  readonly colour?: string;
  /** The id of the focused item: rows are shuffled, ids are not. */
  readonly focus?: string;
  /** Rank of the chosen group among the pair's, from 1. */
  readonly group?: number;
  readonly theme?: Theme;
  /** The panel that is open. */
  readonly tab?: string;
  /** The measure that the matrix shows. */
  readonly measure?: string;
  readonly look?: Look;
  /** The selected rows, as `encodeRows` writes them, and what they are called. */
  readonly selected?: string;
  readonly named?: string;
}

export const MOST_GAIN = 5;

export const MODES = ["side", "morph", "trails"] as const;
const THEMES: readonly string[] = ["auto", "light", "dark"];

/** Read the part of an address after `#`; what cannot be read is left out. */
export function parseLink(hash: string): Link {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const text = (key: string): string | undefined => values.get(key) ?? undefined;
  const t = Number(values.get("t") ?? NaN);
  const gain = Number(values.get("gain") ?? NaN);
  const group = Number(values.get("group") ?? NaN);
  const theme = text("theme");
  const link = {
    a: text("a"),
    b: text("b"),
    t: t >= 0 && t <= 1 ? t : undefined,
    gain: gain >= 1 && gain <= MOST_GAIN ? gain : undefined,
    mode: MODES.find((mode) => mode === text("mode")) ?? (values.has("trails") ? ("trails" as const) : undefined),
    projection: text("projection"),
    colour: text("colour"),
    focus: text("focus"),
    group: Number.isInteger(group) && group > 0 ? group : undefined,
    tab: text("tab"),
    measure: text("measure"),
    look: parseLook(text("look")),
    selected: text("selected"),
    named: text("named"),
    theme: theme !== undefined && THEMES.includes(theme) ? (theme as Theme) : undefined,
  };
  return Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined));
}

function parseLook(text: string | undefined): Look | undefined {
  const [x, y, zoom] = (text ?? "").split(",").map((part) => (part === "" ? NaN : Number(part)));
  if (x === undefined || y === undefined || zoom === undefined) return undefined;
  return Number.isFinite(x) && Number.isFinite(y) && zoom > 0 && Number.isFinite(zoom) ? { x, y, zoom } : undefined;
}

const figures = (value: number): string => String(Number(value.toPrecision(5)));

/** The address part, with its `#`, that `parseLink` reads back. */
export function formatLink(link: Link): string {
  const values = new URLSearchParams();
  for (const [key, value] of Object.entries(link) as [string, string | number | Look][]) {
    if (typeof value === "object") values.set(key, [value.x, value.y, value.zoom].map(figures).join(","));
    else values.set(key, typeof value === "number" ? String(Math.round(value * 1000) / 1000) : value);
  }
  return `#${values.toString()}`;
}
