import type { Progress } from "../model";
import { count } from "./format";

const LAYOUT = "aligned layout";

/** What is being computed, and how far it is. */
export function stepOf({ step, done, total }: Progress): string {
  const [at, of] = [count(done), count(total)];
  if (step === LAYOUT) return `Layout settling (epoch ${at} of ${of})`;
  const words = step.charAt(0).toUpperCase() + step.slice(1);
  return total > 1 ? `${words}, ${at} of ${of}` : words;
}

/** The picture on screen, unless the step says it already. */
export function pictureOf(title: string, { step }: Progress): string {
  return step === LAYOUT && title.startsWith("Aligned") ? "" : title;
}
