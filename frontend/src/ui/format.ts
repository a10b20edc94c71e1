/** Thousands apart: 1,870. By hand, for browsers take their time over the first number that is to be put into a language. */
export const count = (n: number): string => (Number.isInteger(n) ? String(n).replace(/\B(?=(\d{3})+$)/g, ",") : n.toLocaleString("en"));

/** A title as it stands at the head of a line. */
export const headed = (title: string): string => title.charAt(0).toUpperCase() + title.slice(1);

export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

const MINUS = "−";

/** A score or distance, of large ones fewer decimals; a dash when there is none. */
export function score(value: number | undefined | null, decimals = 3): string {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  // Small chances are told apart, and one in many thousands is not none.
  const shown = decimals === 3 && size > 0 && size < 0.00995 ? 4 : size >= 100 ? 0 : size >= 10 ? 1 : decimals;
  const least = 10 ** -shown;
  if (size > 0 && size < least / 2) return value > 0 ? `<${least.toFixed(shown)}` : (0).toFixed(decimals);
  return value.toFixed(shown).replace("-", MINUS);
}

/** A distance to three figures, so that near neighbours are told apart: 0.131, 0.00153. */
export function distance(value: number): string {
  if (value >= 0.1 || value === 0) return score(value);
  return Math.abs(value) < 1e-5 ? short(value) : value.toFixed(Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value))))).replace("-", MINUS);
}

/** A change, always with its sign. */
export function change(value: number): string {
  const size = Math.abs(value).toFixed(2);
  if (Number(size) === 0) return size;
  return (value > 0 ? "+" : MINUS) + size;
}

/** A sentence whose numbers stay on one line with their signs and units. */
export const typeset = (sentence: string): string => sentence.replace(/(\d) %/g, "$1\u00a0%").replace(/\bp ([<=]) (?=\d)/g, "p\u00a0$1\u00a0");

/** Parts with a · between, each on one line. */
export const unbroken = (parts: string): string => parts.replace(/ (?!·)/g, "\u00a0");

/** Integers up to this are written out; a float32 tells no larger ones apart. */
const WRITTEN = 2 ** 24;

/** Any number, as short as it can be told apart: 1,234 and 0.00152 and 2.14e−12. */
export function short(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) <= WRITTEN) return count(value).replace("-", MINUS);
  const size = Math.abs(value);
  const text = size >= 1e6 ? value.toExponential(2).replace("+", "") : Number(value.toPrecision(3)).toString();
  return text.replaceAll("-", MINUS);
}

/** A share in the report's own words: small ones to a decimal, never rounded up to all nor down to none. */
export function percent(share: number): string {
  const points = 100 * share;
  if (points === 0 || points === 100 || (points >= 9.95 && points < 99)) return `${points.toFixed(0)} %`;
  if (points >= 99) return `${(Math.floor(points * 10) / 10).toFixed(1)} %`;
  if (points >= 0.095) return `${points.toFixed(1)} %`;
  return points >= 0.005 ? `${points.toFixed(2)} %` : "<0.01 %";
}

/** A share to one decimal, for those that lie close to each other. */
export const exactly = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A change of a share in points, with its sign. */
export function points(change: number): string {
  const size = Math.abs(100 * change).toFixed(1);
  if (Number(size) === 0) return size;
  return (change > 0 ? "+" : MINUS) + size;
}

/** The size of a p-value; the smallest are not told apart. */
export const chances = (p: number): string => (p < 0.001 ? "p\u00a0<\u00a00.001" : `p\u00a0${p.toFixed(3)}`);

/** Names that share this many first letters are told apart by their ends. */
const ALIKE = 6;
/** Most of a name's end that is shown in full. */
const TAIL = 12;

/** A name among others as what may be cut of it and what may not. */
export function headAndTail(name: string, others: readonly string[]): readonly [string, string] {
  const alike = others.filter((other) => other !== name && other.startsWith(name.slice(0, ALIKE)));
  let shared = alike.length === 0 ? 0 : name.length;
  for (const other of alike) while (!other.startsWith(name.slice(0, shared))) shared--;
  if (shared < ALIKE) return [name, ""];
  if (name.length - shared <= TAIL) return [name.slice(0, shared), name.slice(shared)];
  // Families of names: told apart from the nearest by the last word that differs.
  let nearest = name.length;
  while (!alike.some((other) => other.startsWith(name.slice(0, nearest)))) nearest--;
  const word = name.slice(0, nearest + 1).search(/[^\s_\-/.:]*$/);
  return word < ALIKE || name.length - word > TAIL ? [name, ""] : [name.slice(0, word), name.slice(word)];
}
