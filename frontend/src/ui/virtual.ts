/** Taller lists are drawn on a shorter track, and scrolled faster. */
const TALLEST = 8_000_000;

export interface Rolled {
  /** CSS pixels from the top of the track, and the height of what is seen of it. */
  readonly scroll: number;
  readonly height: number;
  readonly count: number;
  /** Height of a row. */
  readonly row: number;
}

export interface Window {
  /** Height of the track. */
  readonly tall: number;
  /** Rows that are drawn: from `first` to `end`, without it. */
  readonly first: number;
  readonly end: number;
  /** Where row 0 stands on the track, for what is seen now. */
  readonly origin: number;
}

/** Rows drawn beyond what is seen. */
const SPARE = 3;

/** CSS pixels of the whole list above what is seen. */
function above({ scroll, height, count, row }: Rolled): number {
  const whole = count * row;
  if (whole <= TALLEST) return Math.max(0, Math.min(scroll, whole - height));
  return (Math.max(0, Math.min(scroll, TALLEST - height)) / (TALLEST - height)) * (whole - height);
}

/** What is drawn of a list of many rows. */
export function windowOf(rolled: Rolled): Window {
  const { scroll, height, count, row } = rolled;
  const over = Math.max(0, above(rolled));
  const tall = Math.min(count * row, TALLEST);
  const first = Math.max(0, Math.floor(over / row) - SPARE);
  const end = Math.min(count, Math.ceil((over + height) / row) + SPARE);
  return { tall, first, end, origin: Math.max(0, Math.min(scroll, tall - height)) - over };
}

/** How far to scroll so that a row is seen whole; where it is so, as far as now. */
export function scrollTo(index: number, rolled: Rolled): number {
  const { height, count, row, scroll } = rolled;
  const over = above(rolled);
  const wanted = Math.min(index * row, Math.max(over, (index + 1) * row - height));
  if (wanted === over) return scroll;
  const whole = count * row;
  return whole <= TALLEST ? wanted : (wanted / (whole - height)) * (TALLEST - height);
}
