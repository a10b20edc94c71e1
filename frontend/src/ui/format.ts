/** Thousands apart: 1,870. */
export const count = (n: number): string => n.toLocaleString("en");

export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

const MINUS = "−";

/** A score or distance to three decimals; a true zero stays 0. */
export function score(value: number | undefined | null): string {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);
  return text.replace("-", MINUS);
}

/** A change, always with its sign. */
export function change(value: number): string {
  return value > 0 ? `+${value.toFixed(2)}` : value.toFixed(2).replace("-", MINUS);
}

/** Any number, as short as it can be told apart. */
export function short(value: number): string {
  if (Number.isInteger(value)) return count(value).replace("-", MINUS);
  return Number(value.toPrecision(3)).toString().replace("-", MINUS);
}

export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 1) return `${value.toFixed(1)} %`;
  return value < 100 && value > 99 ? `${(Math.floor(value * 10) / 10).toFixed(1)} %` : `${value.toFixed(0)} %`;
}
