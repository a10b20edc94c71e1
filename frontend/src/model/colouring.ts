/** One line of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly count: number;
  readonly definition?: string;
  /** Which category it is, as a link has it; absent of the line that gathers the others. */
  readonly unit?: number;
}

/** A shade for each category, by which the points are drawn: of a `/`-hierarchy one for each of its parts, else that of its entry. */
export interface Tints {
  /** (n): index into `of` and `step`; -1 is missing. */
  readonly codes: Int32Array;
  /** By shade: the entry that it is of. */
  readonly of: readonly number[];
  /** By shade: from -1, the darkest, to 1, the lightest. */
  readonly step: readonly number[];
}

/** The items coloured by what kind they are. */
export interface CategoryColouring {
  readonly kind: "category";
  readonly key: string;
  readonly title: string;
  readonly entries: readonly LegendEntry[];
  readonly palette: "okabeIto" | "ten" | "moves";
  /** By entry: its colour of the palette; -1 is grey. */
  readonly slots: readonly number[];
  /** Entries that are dimmed. */
  readonly hidden: ReadonlySet<number>;
  /** How many categories the last entry gathers; 0 when it stands for itself. */
  readonly gathered: number;
  readonly missing: number;
  readonly tints: Tints;
  /** All categories, most frequent first: an entry of their own or not. */
  readonly units: readonly LegendEntry[];
  /** The category of a row, gathered or not; null when missing. */
  nameOf(row: number): string | null;
}

/** The items coloured along a ramp. */
export interface NumberColouring {
  readonly kind: "number";
  readonly key: string;
  readonly title: string;
  readonly definition: string;
  /** An amount, one of two directions about 0, or a moment. */
  readonly scale: "amount" | "signed" | "time";
  /** Which end says that much changed: it is the loud one in either theme. */
  readonly loud: "low" | "high";
  readonly values: Float32Array;
  readonly low: number;
  readonly high: number;
  /** Values beyond the ends of the ramp. */
  readonly below: number;
  readonly above: number;
  /** Counts of equal bins from low to high; of few whole numbers, one for each. */
  readonly histogram: Uint32Array;
  readonly missing: number;
  /** How a value is written, where it is not a number for people. */
  readonly wordOf?: (value: number) => string;
}

export type Colouring = CategoryColouring | NumberColouring;
