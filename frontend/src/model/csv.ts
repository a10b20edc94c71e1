import type { Bundle, Field } from "./bundle";
import { MOVE_CLASSES, type Moves, NO_MOVE } from "./moves";
import type { PairView } from "./pair";
import type { NumberField } from "./schema.gen";
import type { RowSet } from "./selection";

/** One column of a table: what it is called, and each item's cell. */
export interface CsvColumn {
  readonly title: string;
  /** A number is written as one; a text that a spreadsheet would compute is written as text. */
  readonly at: (row: number) => string | number | null;
}

/** Spreadsheets compute a cell that begins so, whatever it was; the letters of full width count too. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;

/** A cell of text: with `'` before it where it would be a formula, and in quotes where it holds a sign of the format. */
export function cellOf(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return numberOf(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** As few figures as tell a float32 apart; nothing where there is none. */
function numberOf(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "" : value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) || Math.fround(value) !== value) return String(value);
  for (let figures = 6; figures < 9; figures++) {
    const short = Number(value.toPrecision(figures));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** Rows of text that are made at once. */
const BLOCK = 5000;

/** A table as CSV, in pieces: a byte order mark, so that spreadsheets read UTF-8, a line of titles, a line for each row. */
export function* csvOf(columns: readonly CsvColumn[], rows: ArrayLike<number>): Generator<string> {
  yield `\ufeff${columns.map(({ title }) => cellOf(title)).join(",")}\r\n`;
  for (let start = 0; start < rows.length; start += BLOCK) {
    const lines: string[] = [];
    for (let i = start; i < Math.min(start + BLOCK, rows.length); i++) lines.push(columns.map(({ at }) => cellOf(at(rows[i] ?? 0))).join(","));
    yield `${lines.join("\r\n")}\r\n`;
  }
}

export interface Tabled {
  readonly bundle: Bundle;
  readonly pair: { readonly view: PairView | null; readonly moves: { readonly value: Moves | null }; readonly layout: { readonly value: { readonly from: Float32Array; readonly to: Float32Array } | null } };
}

async function fieldColumn(bundle: Bundle, field: Field | NumberField): Promise<CsvColumn[]> {
  const { title } = field;
  if (field.kind === "number") {
    const values = await bundle.numbers(field);
    return [{ title, at: (row) => values[row] ?? NaN }];
  }
  if (field.kind === "category") {
    const { codes, names } = await bundle.categories(field);
    return [{ title, at: (row) => names[codes[row] ?? -1] ?? null }];
  }
  if (field.kind === "text") {
    const words = await bundle.words(field.words);
    return [{ title, at: (row) => words.at(row) }];
  }
  return [];
}

/** What is known of each item, and of what became of it in the pair on screen. */
export async function columnsOf({ bundle, pair }: Tabled): Promise<CsvColumn[]> {
  const { manifest } = bundle;
  const ids = await bundle.ids();
  const numbered = bundle.field(manifest.roles.id)?.kind === "number";
  const others = manifest.fields.filter((field) => field.name !== manifest.roles.id);
  const items = await Promise.all(others.map((field) => fieldColumn(bundle, field)));
  const measured = await Promise.all((pair.view?.fields ?? []).map((field) => fieldColumn(bundle, field)));
  const { view, moves, layout } = pair;
  const groups = view?.groupsInfo ? await bundle.codes(view.groupsInfo.members, view.over) : null;
  const found: CsvColumn[] = [
    { title: manifest.roles.id, at: (row) => (numbered ? Number(ids.at(row)) : ids.at(row)) },
    ...items.flat(),
    ...measured.flat(),
  ];
  const classes = moves.value;
  if (classes) {
    found.push({ title: "Class of move", at: (row) => MOVE_CLASSES[classes.codes[row] ?? NO_MOVE]?.title ?? null });
    found.push({ title: "Displacement", at: (row) => classes.displacement[row] ?? NaN });
  }
  if (groups && view) found.push({ title: "Change group", at: (row) => view.groups[groups[row] ?? -1]?.title ?? null });
  const ends = layout.value;
  if (ends) {
    for (const [name, places] of [["A", ends.from], ["B", ends.to]] as const)
      for (const [axis, at] of [["x", 0], ["y", 1]] as const) found.push({ title: `${axis} in ${name}`, at: (row) => places[2 * row + at] ?? NaN });
  }
  return found;
}

/** All rows, or the selected ones. */
export const rowsOf = ({ n }: Bundle, selected: RowSet): ArrayLike<number> => (selected.length > 0 ? selected : Uint32Array.from({ length: n }, (_, row) => row));
