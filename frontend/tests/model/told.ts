import type { FindingReport, Report } from "../../src/model/schema.gen";
import { groupOf } from "./grouped";

/** Items of the rich source. */
const N = 600;

/** Which findings of the first step each item is in: those of the first groups, and one that shares items with the first. */
export const bitsOf = (item: number): number => {
  const group = groupOf(item);
  return (group === 0 ? 1 : 0) | (group === 1 ? 2 : 0) | (item % 10 === 4 ? 4 : 0);
};

/** The items of a finding. */
export const itemsOf = (finding: number): number[] => Array.from({ length: N }, (_, item) => item).filter((item) => (bitsOf(item) >> finding) % 2 === 1);

const about: readonly Pick<FindingReport, "kind" | "title" | "sentence" | "how_sure" | "sure" | "picture">[] = [
  { kind: "group", title: "“4” joins “nine”", sentence: "60 items of “4” and “nine” lie together.", how_sure: "Clear of chance (p < 0.001).", sure: true, picture: "trails" },
  { kind: "group", title: "a third of “7” draws close", sentence: "20 items of “7” lie closer together.", how_sure: "Clear of chance (p = 0.015).", sure: true, picture: "side_by_side" },
  { kind: "label", title: "“4” less clear", sentence: "“4” became less clear: 91 → 86 % of their neighbours are their own.", how_sure: "May be chance (p = 0.21).", sure: false, picture: "trails" },
];

const findingsOf = (a: string, b: string): FindingReport[] =>
  about.map((words, i) => {
    const items = itemsOf(i);
    return {
      ...words,
      a,
      b,
      n: items.length,
      share: items.length / N,
      far: 0.4,
      score: 0.4 * Math.sqrt(items.length / N),
      provisional: true,
      exemplars: items.slice(0, 6).map((item) => ({ id: `i${item}` })),
      groups: [],
      labels: [],
      ...(i === 0 ? { example: "i4: next to i14, now to i9" } : {}),
    };
  });

export const NOTHING = "Nothing stands out beyond what another run changes.";

/** The same report, in which the first pair has findings and the others say that nothing stands out. */
export const told = (report: Report): Report => ({
  ...report,
  pairs: report.pairs.map((pair, i) => (i === 0 ? { ...pair, findings: findingsOf(pair.a, pair.b) } : { ...pair, findings: [], nothing: NOTHING })),
});
