/** A column that a filter may name. */
export interface Known {
  readonly name: string;
  readonly kind: "number" | "category" | "text";
}

/** Letters to change, leave out, put in or exchange to make one word of the other. */
export function editsBetween(from: string, to: string): number {
  const [x, y] = [Array.from(from), Array.from(to)];
  let before: number[] = [];
  let last = Array.from({ length: y.length + 1 }, (_, j) => j);
  x.forEach((letter, i) => {
    const row = [i + 1];
    y.forEach((other, j) => {
      const same = letter === other ? 0 : 1;
      let least = Math.min((last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1, (last[j] ?? 0) + same);
      if (i > 0 && j > 0 && letter === y[j - 1] && x[i - 1] === other) least = Math.min(least, (before[j - 1] ?? 0) + 1);
      row.push(least);
    });
    [before, last] = [last, row];
  });
  return last[y.length] ?? 0;
}

const fold = (text: string): string => text.toLowerCase().normalize("NFC");
/** Whether the letters of one word are in another, in their order. */
function shortens(word: string, name: string): boolean {
  let at = 0;
  for (const letter of name) if (letter === word[at]) at++;
  return at === word.length;
}

const MOST = 3;
/** Longer names are not compared letter by letter. */
const LONGEST = 80;

/** The names that a misspelt one may mean, nearest first. */
export function nearby(word: string, names: readonly string[]): string[] {
  const wanted = fold(word);
  if (wanted === "" || wanted.length > LONGEST) return [];
  const far = (name: string): number => {
    const other = fold(name);
    if (other.startsWith(wanted) || wanted.startsWith(other)) return 0.5;
    if (wanted.length > 2 && other.includes(wanted)) return 0.75;
    if (wanted.length > 2 && wanted[0] === other[0] && shortens(wanted, other)) return 1;
    return other.length > LONGEST ? Infinity : editsBetween(wanted, other);
  };
  const near = names.map((name) => ({ name, edits: far(name) })).filter(({ name, edits }) => edits <= Math.max(1, Math.floor(Math.max(word.length, name.length) / 3)));
  return near.sort((x, y) => x.edits - y.edits).slice(0, MOST).map(({ name }) => name);
}
