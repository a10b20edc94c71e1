import type { Manifest, Measure, Score } from "./schema.gen";

/** What a score is called, means and reaches, as the bundle says. */
export function measureOf(manifest: Manifest, name: string): Measure {
  return manifest.measures.find((one) => one.name === name) ?? unknown(name);
}

/** All scores that a pair has, in the order of the table. */
export function measuresIn(manifest: Manifest): Measure[] {
  const named = new Set(manifest.report.pairs.flatMap((pair) => Object.keys(pair.scores)));
  const known = manifest.measures.map((one) => one.name).filter((name) => named.has(name));
  return [...new Set([...known, ...named])].map((name) => measureOf(manifest, name));
}

/** The ends of the scale that a score is drawn on: what an agreement has below 0 is shown only where there is some. */
export function scaleOf(measure: Measure, score: Score): readonly [number, number] {
  const least = Math.min(score.value, ...(score.interval ?? []), score.noise_floor ?? 0);
  return measure.direction === "agreement" && least >= 0 ? [0, measure.max] : [measure.min, measure.max];
}

/** A pair's scores as they read from the other side: a change turns its sign, a loss is not known. */
export function turnScores(manifest: Manifest, scores: Readonly<Record<string, Score>>): Record<string, Score> {
  const directed = Object.entries(scores).map(([name, score]) => [name, score, measureOf(manifest, name).direction] as const);
  const known = directed.filter(([, , direction]) => direction !== "loss");
  return Object.fromEntries(known.map(([name, score, direction]) => [name, direction === "change" ? turnChange(score) : score]));
}

function turnChange(score: Score): Score {
  const { interval, ...rest } = score;
  return { ...rest, value: -score.value, ...(interval ? { interval: interval.map((end) => -end).reverse() } : {}) };
}

function unknown(name: string): Measure {
  return {
    name,
    title: name.replaceAll("_", " "),
    definition: "",
    min: 0,
    max: 1,
    direction: "agreement",
    k: null,
    unit: "",
    chance: "",
    floor: "",
    has_chance: true,
    has_floor: true,
    page: name,
  };
}
