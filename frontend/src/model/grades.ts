import type { BeyondNoiseReport, QualityReport, SizeReport } from "./schema.gen";

export type Grade = SizeReport["grade"];
/** How much a change asks of whoever relies on the space; none where nothing could be told. */
export type Tone = "low" | "mid" | "high" | "none";

/** The noise-equivalent shares at which grades end, as the judge has them, and the most there is. */
export const GRADE_ENDS = [0.01, 0.04, 0.2, 0.28] as const;
export const MOST_SHARE = 0.5;

export const GRADE_TONES: Readonly<Record<Grade, Tone>> = {
  identical: "low",
  same: "low",
  interchangeable: "low",
  like_another_run: "mid",
  reworked: "mid",
  another_space: "high",
  unrelated: "high",
  misaligned: "high",
  too_few: "none",
  labels_only: "none",
};

export const NOISE_TONES: Readonly<Record<BeyondNoiseReport["answer"], Tone>> = { no: "low", yes: "mid", unknown: "none" };

export const QUALITY_TONES: Readonly<Record<QualityReport["verdict"], Tone>> = { kept: "low", better: "low", lost: "high", undecided: "none" };

/** How far along the axis of sizes a share lies, from 0 to 1: by its root, so that the small grades have room. */
export const alongSizes = (share: number): number => Math.sqrt(Math.max(0, Math.min(1, share / MOST_SHARE)));
