import type { FlowArrow, Trails } from "../engine";
import { NO_HUE, type Story } from "../model";
import { count, headed, plural } from "./format";

/** One for each finding, as far as can be from each other, from every colour of a category, and from those of A and B. */
const HUES = [0x007777, 0x770033, 0x006600, 0xcc11aa, 0x774400, 0x003366, 0xbb0011, 0x550077, 0x333300];
/** The same where paper is dark. */
const DARK_HUES = [0x66ddbb, 0xff77ff, 0xffbb99, 0xaaccff, 0xbbff00, 0xbbbb88, 0xffccee, 0x00ddff, 0x00cc33];
/** Of what is in no finding, and of what is selected or focused. */
const PLAIN = { light: 0x4a5160, dark: 0xb4bac4 };
const ACCENT = { light: 0x7a3cf0, dark: 0xb794ff };

/** Flows are so broad, in CSS pixels. */
const BROAD = { least: 4, most: 14 };

const bytes = (color: number): [number, number, number] => [color >> 16, (color >> 8) & 255, color & 255];

/** The colour of a finding. */
export function hueOf(finding: number, dark: boolean): readonly [number, number, number] {
  const hues = dark ? DARK_HUES : HUES;
  return bytes(hues[finding % hues.length] as number);
}

/** How a story is drawn: by finding, and what is in none by one colour. */
export interface Told {
  readonly story: Story;
  /** Items that have a trail whatever the story is of: the one under the pointer, and the focused one; −1 is none. */
  readonly marked: readonly number[];
  /** It is of what somebody chose. */
  readonly chosen: boolean;
  readonly dark: boolean;
}

/** What the scatter draws of a story. */
export function trailsOf({ story, marked, chosen, dark }: Told): Trails {
  const one = bytes((chosen ? ACCENT : PLAIN)[dark ? "dark" : "light"]);
  const color = (hue: number): readonly [number, number, number] => (hue === NO_HUE ? one : hueOf(hue, dark));
  const beside = [...new Set(marked)].filter((item) => item >= 0 && !story.items.includes(item));
  const items = new Uint32Array(story.items.length + beside.length);
  items.set(story.items);
  items.set(beside, story.items.length);
  const colors = new Uint8Array(3 * items.length);
  items.forEach((item, i) => colors.set(color(story.hues[item] ?? NO_HUE), 3 * i));
  const most = story.flows[0]?.count ?? 1;
  const flows = story.flows.map(({ from, to, count: n, hue }): FlowArrow => {
    return { from, to, width: Math.max(BROAD.most * Math.sqrt(n / most), BROAD.least), color: color(hue), text: count(n) };
  });
  return { items, colors, flows };
}

/** What is drawn of how many moves. */
export function storyWords(story: Story, subject: "selection" | "focus" | "pair"): string {
  const { flows, bundled, moves, lookedAt, all } = story;
  if (moves === 0) return "None of these items moves in the picture.";
  const of = { selection: " of what is selected", focus: " of the item and its neighbours", pair: "" }[subject];
  const together = bundled > 0 ? [`${plural(flows.length, "flow")} of ${plural(bundled, "move")}${of}`] : [];
  const single = moves > bundled ? [singleWords(story, moves - bundled, bundled > 0 ? "" : of)] : [];
  const sample = lookedAt < all ? [`of the first ${count(lookedAt)} of ${count(all)} items, a fair sample`] : [];
  const still = subject !== "pair" && all > moves ? `; the other ${count(all - moves)} look still` : "";
  return headed([...together, ...single, ...sample].join(", ") + still);
}

/** Of those drawn one by one. */
function singleWords({ items, bundled, byFinding, inCompany }: Story, moves: number, of: string): string {
  const all = bundled > 0 ? `${count(moves)} other${moves === 1 ? "" : "s"}` : `${plural(moves, "move")}${of}`;
  if (items.length >= moves) return moves === 1 ? `the one ${bundled > 0 ? "other" : `move${of}`}` : `${bundled > 0 ? "the" : "all"} ${all}`;
  const which = [...(byFinding ? ["of each finding"] : []), ...(inCompany ? ["that others go along with"] : [])].join(" ");
  return which === "" ? `the ${count(items.length)} longest of ${all}` : `${count(items.length)} of ${all}: the longest ${which}`;
}

/** The findings whose colours are on the picture, by their places in the list. */
export function findingsIn({ items, hues, flows }: Story): number[] {
  const found = new Set([...items].map((item) => hues[item] ?? NO_HUE).concat(flows.map((flow) => flow.hue)));
  return [...found].filter((hue) => hue !== NO_HUE).sort((a, b) => a - b);
}
