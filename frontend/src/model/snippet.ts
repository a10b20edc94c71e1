import type { Bundle, Categories } from "./bundle";
import { sameRows } from "./findings";
import type { PairView } from "./pair";
import { type RowSet, rowsWhere } from "./selection";

/** What a piece of Python is written of. */
export interface Told {
  readonly bundle: Bundle;
  readonly pair: { readonly a: string; readonly b: string; readonly view: PairView | null };
  readonly selection: { readonly rows: RowSet; readonly name: string; readonly labels: { readonly value: Categories | null } };
  /** The finding that is selected, or -1. */
  readonly finding: number;
}

/** Text as Python writes it: JSON's escapes are Python's too, and the signs that nobody sees are written out. */
export const quoted = (text: string): string => JSON.stringify(text).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

const WIDTH = 88;

/** A list in lines of no great length. */
function listed(values: readonly string[]): string {
  const lines: string[] = [];
  let line = "   ";
  for (const value of values) {
    if (line.length + value.length + 2 > WIDTH && line.trim() !== "") {
      lines.push(line);
      line = "   ";
    }
    line += ` ${value},`;
  }
  return `[\n${[...lines, line].join("\n")}\n]`;
}

/** The labels whose items, all of them, are selected; null when the selection is otherwise. */
function labelsOf({ rows, labels }: Told["selection"]): string[] | null {
  const { value } = labels;
  if (!value || rows.length === 0) return null;
  const codes = new Set(Array.from(rows, (row) => value.codes[row] ?? -1));
  if (codes.has(-1) || codes.size > 20) return null;
  return sameRows(rows, rowsWhere(value.codes.length, (row) => codes.has(value.codes[row] ?? -1))) ? [...codes].map((code) => value.names[code] ?? "") : null;
}

async function chosen({ bundle, pair, selection, finding }: Told): Promise<string> {
  const view = pair.view;
  if (finding >= 0 && view) return `finding = comparison.findings(${quoted(view.report.a)}, ${quoted(view.report.b)})[${finding}]\nrows = finding.rows`;
  const labels = labelsOf(selection);
  const label = bundle.manifest.roles.label;
  if (labels && label !== null) {
    const wanted = `[${labels.map(quoted).join(", ")}]`;
    return `rows = np.flatnonzero(np.isin(comparison.space_set.items[${quoted(label)}], ${wanted}))`;
  }
  const ids = await bundle.ids();
  const numbered = bundle.field(bundle.manifest.roles.id)?.kind === "number";
  const values = Array.from(selection.rows, (row) => (numbered ? ids.at(row) : quoted(ids.at(row))));
  return `ids = ${listed(values)}\nrows = np.flatnonzero(np.isin(comparison.ids, ids))`;
}

/** Python that has the selection, or with none the table of all items; the bundle's path is for the reader to mend. */
export async function snippetOf(told: Told): Promise<string> {
  const { bundle, pair, selection } = told;
  const [a, b] = pair.view ? [pair.view.report.a, pair.view.report.b] : [pair.a, pair.b];
  const some = selection.rows.length > 0;
  const head = ["import numpy as np", "", "import emblink as eb", "", `comparison = eb.open(${quoted(`${bundle.manifest.title || "comparison"}.emblink`)})  # the bundle's path`];
  const rows = some ? await chosen(told) : "rows = np.arange(len(comparison.ids))";
  const table = `table = {"id": comparison.ids[rows]}\nfor name, values in comparison.space_set.items.items():\n    table[name] = values[rows]`;
  const measured = pair.view ? `\nfor name, values in comparison.pair(${quoted(a)}, ${quoted(b)}).items.items():\n    table[name] = values[rows]` : "";
  const answer = some ? `\n\nprint(comparison.ask(${quoted(a)}, ${quoted(b)}, rows=rows)["sentence"])` : "";
  return `${head.join("\n")}\n${rows}\n\n${table}${measured}${answer}\n`;
}
