/** One line of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly count: number;
  readonly definition?: string;
}

/** The items coloured by what kind they are. */
export interface CategoryColouring {
  readonly kind: "category";
  readonly key: string;
  readonly title: string;
  /** (n): index into `entries`; -1 is missing. */
  readonly codes: Int32Array;
  readonly entries: readonly LegendEntry[];
  readonly palette: "okabeIto" | "tableau10" | "moves";
  /** How many categories the last entry gathers; 0 when it stands for itself. */
  readonly gathered: number;
  readonly missing: number;
  /** The category of a row, gathered or not; null when missing. */
  nameOf(row: number): string | null;
}

/** The items coloured along a ramp. */
export interface NumberColouring {
  readonly kind: "number";
  readonly key: string;
  readonly title: string;
  readonly definition: string;
  readonly values: Float32Array;
  readonly low: number;
  readonly high: number;
  /** Values beyond the ends of the ramp. */
  readonly below: number;
  readonly above: number;
  /** Counts of equal bins from low to high; of few whole numbers, one for each. */
  readonly histogram: Uint32Array;
  readonly missing: number;
}

export type Colouring = CategoryColouring | NumberColouring;
