const WRITTEN = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/;
const DAY = 86_400_000;

/** Milliseconds of a date that is written from the year on; NaN of anything else. */
export function parseDate(text: string): number {
  const found = WRITTEN.exec(text.trim());
  if (!found) return NaN;
  const part = (at: number, otherwise: number): number => Number(found.at(at) ?? otherwise);
  const [year, month, day] = [part(1, NaN), part(2, 1), part(3, 1)];
  const [hour, minute, second] = [part(4, 0), part(5, 0), part(6, 0)];
  const date = Date.UTC(year, month - 1, day, hour, minute, second);
  return year >= 1000 && year < 3000 && month >= 1 && month <= 12 && day >= 1 && day <= 31 ? date : NaN;
}

export interface Dates {
  /** (n): days since `origin`; NaN is none. */
  readonly days: Float32Array;
  /** Writes so many days after the origin. */
  readonly wordOf: (days: number) => string;
}

/** Words as dates, or null where one is none; empty words are missing. */
export function datesOf(words: readonly string[]): Dates | null {
  const times = words.map((word) => (word === "" ? NaN : parseDate(word)));
  if (times.some((time, i) => Number.isNaN(time) && words[i] !== "") || !times.some(Number.isFinite)) return null;
  const origin = times.reduce((least, time) => (time < least ? time : least), Infinity);
  const fine = times.some((time) => (time - origin) % DAY > 0);
  const yearly = words.every((word) => word === "" || /^\d{4}$/.test(word.trim()));
  const length = yearly ? 4 : fine ? 16 : 10;
  const wordOf = (days: number): string => new Date(origin + days * DAY).toISOString().slice(0, length).replace("T", " ");
  return { days: Float32Array.from(times, (time) => (time - origin) / DAY), wordOf };
}
