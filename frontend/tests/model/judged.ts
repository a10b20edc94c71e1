import type { PairReport, QualityReport, Report } from "../../src/model/schema.gen";

type Judgement = Pick<PairReport, "size" | "beyond_noise" | "quality" | "answer" | "sentence">;

const quality = (about: Partial<QualityReport> = {}): QualityReport => ({
  verdict: "kept",
  measure: "knn_accuracy",
  a: 0.912,
  b: 0.91,
  interval: [-0.0061, 0.0022],
  margin: 0.01,
  label_margin: 0.05,
  lost: [],
  n: 600,
  ...about,
});

/** Labels that got worse: more than are listed at once. */
const lost = ["nine, spelled out at length", "4", "7", "1", "2", "3", "5"].map((label, i) => ({ label, accuracy_a: 0.9, accuracy_b: 0.6 + 0.03 * i }));

export const SAME: Judgement = {
  size: { grade: "same", w: 0.0042, interval: [0.0038, 0.0047], first_changed: 0.03, index_kept: 0.97 },
  beyond_noise: { answer: "unknown", n_replicates: 0 },
  quality: quality(),
  answer: "The same but for rounding; accuracy kept: may be swapped without re-indexing.",
  sentence: "As if 0.4 % of every vector were another item's (0.4 to 0.5 %): 97 % of each item's 10 nearest neighbours stay (chance 1.7 %), and the nearest one changes for 3.0 % of 600 items.",
};

export const RERUN: Judgement = {
  size: { grade: "like_another_run", w: 0.124, interval: [0.117, 0.131], runs: 0.13, first_changed: 0.4, index_kept: 0.5 },
  beyond_noise: { answer: "yes", n_replicates: 3, p: 0.0031, p_closer: 1, kept: 0.6, least: 0.57 },
  quality: quality({ verdict: "undecided", b: 0.905, interval: [-0.021, 0.0072] }),
  answer: "No larger than a rerun usually is, yet not noise; accuracy undecided: re-index; the nearest neighbour changes for 40 % of items.",
  sentence: "As if 12 % of every vector were another item's (12 to 13 %): 58 % of each item's 10 nearest neighbours stay (chance 1.7 %). More than 4 runs of one recipe differ by, which keep 60 % (p = 0.0031).",
};

export const NEW_SPACE: Judgement = {
  size: { grade: "another_space", w: 0.5, interval: [0.48, 0.5], first_changed: 0.9, n: 2000, reason: "clusters stay, but the order inside them is new" },
  beyond_noise: { answer: "unknown", n_replicates: 1, provisional: true, p: 0.2, p_closer: 1, kept: 0.4, least: 0.1 },
  answer: "Another space: treat it as a new model; the nearest neighbour changes for 90 % of items.",
  sentence: "As if half of every vector or more were another item's: 8.0 % of each item's 10 nearest neighbours stay (chance 1.7 %).",
};

export const LOST: Judgement = {
  size: { grade: "reworked", w: 0.22, interval: [0.21, 0.235], runs: 0.235, first_changed: 0.6 },
  beyond_noise: { answer: "no", n_replicates: 2, provisional: true, p: 0.4, p_closer: 1, kept: 0.4, least: 0.3 },
  quality: quality({ verdict: "lost", b: 0.84, interval: [-0.09, -0.054], lost }),
  answer: 'Do not swap: "nine, spelled out at length" and 6 more got worse (90.0 % → 60.0 %). Reworked.',
  sentence: "As if 22 % of every vector were another item's (21 to 24 %): 41 % of each item's 10 nearest neighbours stay (chance 1.7 %). Labels are recognised 91.2 % → 84.0 %.",
};

export const TOO_FEW: Judgement = {
  size: { grade: "too_few" },
  beyond_noise: { answer: "unknown", n_replicates: 0 },
  answer: "Too few items to tell: compare more.",
  sentence: "Too few items to tell: 8 in common, expected at least 15.",
};

export const IDENTICAL: Judgement = {
  size: { grade: "identical", w: 0, interval: [0, 0], first_changed: 0, index_kept: 1 },
  beyond_noise: { answer: "no", n_replicates: 1, provisional: true, p: 1, p_closer: 1e-4, kept: 0.6, least: 0.5 },
  quality: quality({ b: 0.912, interval: [0, 0] }),
  answer: "Identical; accuracy kept: may be swapped without re-indexing.",
  sentence: "Identical: the same neighbours throughout, over 600 items.",
};

const EACH = [SAME, RERUN, NEW_SPACE, LOST, TOO_FEW, IDENTICAL];

/** The same report, each of whose pairs is judged otherwise, in the order of `EACH`. */
export function judged(report: Report): Report {
  const pairs = report.pairs.map((pair, i) => {
    const own: PairReport = { ...pair };
    delete own.quality;
    return { ...own, ...EACH[i % EACH.length] };
  });
  return { ...report, pairs };
}
