import type { Bundle, Field } from "./bundle";
import type { NumberField } from "./schema.gen";

/** One fact about one item. */
export interface Fact {
  readonly title: string;
  /** Null when missing. */
  readonly value: string | number | null;
  readonly definition: string;
}

async function factOf(bundle: Bundle, field: Field, row: number): Promise<Fact | null> {
  const { title } = field;
  if (field.name === bundle.manifest.roles.id && field.kind !== "thumbnail") return { title, value: await bundle.id(row), definition: "" };
  switch (field.kind) {
    case "number": {
      const value = (await bundle.numbers(field))[row] ?? NaN;
      return { title, value: Number.isNaN(value) ? null : value, definition: field.definition };
    }
    case "category": {
      const { codes, names } = await bundle.categories(field);
      return { title, value: names[codes[row] ?? -1] ?? null, definition: "" };
    }
    case "text": {
      const word = await bundle.word(field.words, row);
      return { title, value: word === "" ? null : word, definition: "" };
    }
    case "thumbnail":
      return null;
  }
}

/** What some fields say of one item; pictures say nothing in words. */
export async function factsOf(bundle: Bundle, fields: readonly (Field | NumberField)[], row: number): Promise<Fact[]> {
  const facts = await Promise.all(fields.map((field) => factOf(bundle, field, row)));
  return facts.filter((fact) => fact !== null);
}

/** What an item is called: its text, else its id; a number is called `item 17`. */
export async function nameOf(bundle: Bundle, row: number): Promise<string> {
  const text = bundle.field(bundle.manifest.roles.text);
  const word = text?.kind === "text" ? await bundle.word(text.words, row) : "";
  if (word !== "") return word;
  const id = await bundle.id(row);
  return bundle.field(bundle.manifest.roles.id)?.kind === "number" ? `item ${id}` : id;
}
