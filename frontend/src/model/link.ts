import type { Look } from "./desk.svelte";
import { type Order, ORDERS } from "./ordering.svelte";

/** Beside each other, as one picture that turns into the other, as that with the ways between, or as which is denser where. */
export type Mode = "side" | "morph" | "trails" | "density";
export type Theme = "auto" | "light" | "dark";

/** What a deep link says of the page; whatever it leaves out keeps its default. */
export interface Link {
  readonly a?: string;
  readonly b?: string;
  readonly t?: number;
  /** How much longer than they are moves are drawn, 1 to 5. */
  readonly gain?: number;
  /** How many trails are drawn one by one. */
  readonly ways?: number;
  /** How A and B are shown; of older links `trails`. */
  readonly mode?: Mode;
  readonly projection?: string;
  readonly colour?: string;
  /** Which categories are coloured, dimmed and painted otherwise, as `choosingLink` writes them. */
  readonly shown?: string;
  readonly hidden?: string;
  readonly paints?: string;
  /** The id of the focused item: rows are shuffled, ids are not. */
  readonly focus?: string;
  /** Rank of the chosen group among the pair's, from 1. */
  readonly group?: number;
  readonly theme?: Theme;
  /** The panel that is open. */
  readonly tab?: string;
  /** The measure that the matrix shows. */
  readonly measure?: string;
  /** The order of the spaces, where one was chosen. */
  readonly order?: Order;
  readonly look?: Look;
  /** The panel beside the picture is put away. */
  readonly details?: "off";
  /** Items are drawn as points, though they have pictures. */
  readonly pictures?: "off";
  /** Height of the table of items; left out while it is closed. */
  readonly table?: number;
  /** Whether it shows all items, though some are selected. */
  readonly rows?: "all";
  /** Whether histograms stand beside it. */
  readonly charts?: "on";
  /** What it is sorted by; a minus puts the greatest first. */
  readonly sort?: string;
  /** What the selection was made by; then its rows are left out. */
  readonly filter?: string;
  /** The rows that are isolated, as `encodeRows` writes them. */
  readonly isolated?: string;
  /** The rows that the pictures are aligned on, and the space whose picture stays. */
  readonly aligned?: string;
  readonly anchor?: string;
  /** Show once what stands out: of a link that opens a page, never written. */
  readonly first?: boolean;
  /** Take in new steps as they are written. */
  readonly follow?: boolean;
  /** The selected rows, as `encodeRows` writes them, and what they are called. */
  readonly selected?: string;
  readonly named?: string;
}

export const MOST_GAIN = 5;

export const MODES = ["side", "morph", "trails", "density"] as const;
const THEMES: readonly string[] = ["auto", "light", "dark"];

/** Read the part of an address after `#`; what cannot be read is left out. */
export function parseLink(hash: string): Link {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const text = (key: string): string | undefined => values.get(key) ?? undefined;
  const t = Number(values.get("t") ?? NaN);
  const gain = Number(values.get("gain") ?? NaN);
  const ways = Number(values.get("ways") ?? NaN);
  const group = Number(values.get("group") ?? NaN);
  const table = Number(values.get("table") ?? NaN);
  const theme = text("theme");
  const link = {
    a: text("a"),
    b: text("b"),
    t: t >= 0 && t <= 1 ? t : undefined,
    gain: gain >= 1 && gain <= MOST_GAIN ? gain : undefined,
    ways: Number.isInteger(ways) && ways > 0 ? ways : undefined,
    mode: MODES.find((mode) => mode === text("mode")) ?? (values.has("trails") ? ("trails" as const) : undefined),
    projection: text("projection"),
    colour: text("colour"),
    shown: text("shown"),
    hidden: text("hidden"),
    paints: text("paints"),
    focus: text("focus"),
    group: Number.isInteger(group) && group > 0 ? group : undefined,
    tab: text("tab"),
    measure: text("measure"),
    order: ORDERS.find((order) => order === text("order")),
    look: parseLook(text("look")),
    details: text("details") === "off" ? ("off" as const) : undefined,
    pictures: text("pictures") === "off" ? ("off" as const) : undefined,
    table: table > 0 ? table : undefined,
    rows: text("rows") === "all" ? ("all" as const) : undefined,
    charts: text("charts") === "on" ? ("on" as const) : undefined,
    sort: text("sort"),
    filter: text("filter"),
    isolated: text("isolated"),
    aligned: text("aligned"),
    anchor: text("anchor"),
    first: values.get("first") === "1" ? true : undefined,
    follow: values.get("follow") === "1" ? true : undefined,
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
  for (const [key, value] of Object.entries(link) as [string, string | number | boolean | Look][]) {
    if (typeof value === "object") values.set(key, [value.x, value.y, value.zoom].map(figures).join(","));
    else values.set(key, typeof value === "number" ? String(Math.round(value * 1000) / 1000) : value === true ? "1" : String(value));
  }
  return `#${values.toString()}`;
}
