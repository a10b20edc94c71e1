/** Categories that have a colour of their own. */
export const COLOURED = 10;

/** Which categories are coloured, dimmed and painted otherwise, by their place among all. */
export interface Choosing {
  /** Null leaves it to the findings and to how many items they have. */
  readonly shown: readonly number[] | null;
  readonly hidden: readonly number[];
  /** Category and colour of the palette. */
  readonly paints: readonly (readonly [number, number])[];
}

export const AUTO: Choosing = { shown: null, hidden: [], paints: [] };

/** The categories that get a colour: those asked for first, then the most frequent, in the order of all. */
export function colouredOf(n: number, asked: readonly number[]): number[] {
  const known = [...new Set(asked)].filter((unit) => unit >= 0 && unit < n);
  const rest = Array.from({ length: Math.min(n, 2 * COLOURED) }, (_, unit) => unit).filter((unit) => !known.includes(unit));
  return [...known, ...rest].slice(0, COLOURED).sort((x, y) => x - y);
}

/** A colour for each: the most frequent keep theirs whoever comes in, others take what is free. */
export function slotsOf(shown: readonly number[], paints: Choosing["paints"] = []): number[] {
  const free = Array.from({ length: COLOURED }, (_, slot) => slot).filter((slot) => !shown.includes(slot));
  const painted = new Map(paints);
  return shown.map((unit) => {
    const own = unit < COLOURED ? unit : (free.shift() ?? 0);
    return painted.get(unit) ?? own;
  });
}

/** The parts before the first `/`, and which of them each name is of; null where names are no hierarchy. */
export function familiesOf(names: readonly string[]): { readonly heads: readonly string[]; readonly of: readonly number[] } | null {
  const parts = names.map((name) => name.split("/")[0]?.trim() ?? name);
  const heads = [...new Set(parts)];
  const deep = names.filter((name) => /[^/]\/[^/]/.test(name)).length;
  if (names.length <= COLOURED || 2 * deep < names.length || heads.length < 2 || heads.length > names.length / 2) return null;
  return { heads, of: parts.map((part) => heads.indexOf(part)) };
}

const list = (values: readonly number[]): string => values.join(",");

/** As a link has it; what is as always is left out. */
export function choosingLink({ shown, hidden, paints }: Choosing): { shown?: string; hidden?: string; paints?: string } {
  return {
    ...(shown ? { shown: list(shown) } : {}),
    ...(hidden.length > 0 ? { hidden: list(hidden) } : {}),
    ...(paints.length > 0 ? { paints: paints.map((pair) => pair.join(":")).join(",") } : {}),
  };
}

const whole = (text: string): number => (/^\d{1,6}$/.test(text) ? Number(text) : -1);
const wholes = (text: string | undefined): number[] => (text ?? "").split(",").map(whole).filter((unit) => unit >= 0);

/** What a link says; what cannot be read is left out. */
export function parseChoosing(link: { readonly shown?: string; readonly hidden?: string; readonly paints?: string }): Choosing {
  const paints = (link.paints ?? "").split(",").map((pair) => pair.split(":").map(whole));
  return {
    shown: link.shown === undefined ? null : wholes(link.shown).slice(0, COLOURED),
    hidden: wholes(link.hidden),
    paints: paints.flatMap(([unit = -1, slot = -1]) => (unit >= 0 && slot >= 0 && slot < COLOURED ? [[unit, slot] as const] : [])),
  };
}
