import type { Answers, GroupSuggestion, Question } from "../../src/data/source";
import type { GroupReport, GroupRows, GroupSearch, GroupTimeline, Unchanging } from "../../src/model/schema.gen";

/** Items of the rich source. */
const N = 600;
/** Ten items, one of each label. */
const decade = (item: number): number => Math.floor(item / 10);

/** Which group of the first step each item is in. */
export function groupOf(item: number): number {
  const label = item % 10;
  if ((label === 4 || label === 9) && decade(item) % 2 === 0) return 0;
  if (label === 7 && decade(item) % 3 === 0) return 1;
  if (label === 1 && decade(item) < 16) return 2;
  if (label === 2 && decade(item) < 12) return 3;
  return -1;
}

/** How an answer names a stored group; the page takes these words from the report. */
const NAMES = { a: "", b: "", title: "", n: 60 };

/** Of the second step, the first group alone. */
export const laterGroupOf = (item: number): number => (groupOf(item) === 0 ? 0 : -1);

const rowsOf = (group: number): number[] => Array.from({ length: N }, (_, item) => item).filter((item) => groupOf(item) === group);

const EVIDENCE = { inner_a: 0.21, inner_b: 0.62, inner_chance: 0.1, spread_a: 0.9, spread_b: 0.41, agreement: 0.77, density_change: 0.35 };

const named = (rows: readonly number[], n: number): { id: string; n: number }[] => rows.map((row, i) => ({ id: `i${row}`, n: n - 3 * i }));

function groupReport(at: number, about: Pick<GroupReport, "title" | "type" | "mass" | "p" | "sentence"> & Partial<GroupReport>): GroupReport {
  const rows = rowsOf(at);
  return {
    n: rows.length,
    evidence: EVIDENCE,
    enriched: [],
    numbers: [],
    words: [],
    exemplars: [
      { id: `i${rows[0]}`, role: "medoid" },
      { id: `i${rows[1]}`, role: "mover" },
      { id: `i${rows[2]}`, role: "mover" },
      { id: `i${rows[3]}`, role: "boundary" },
    ],
    shifts: [],
    lost: named([5, 15, 25], 12),
    gained: named([3, 13], 20),
    ...about,
  };
}

/** The rows that a report's group names. */
export const groupRows = (at: number): GroupRows => ({ exemplars: rowsOf(at).slice(0, 4), lost: [5, 15, 25], gained: [3, 13] });

/** The groups of the first step: all that one can hold, one with a long name, and two plain ones. */
export function groupsOf(a: string, b: string): GroupReport[] {
  return [
    groupReport(0, {
      title: "“4” with “nine, spelled out at length”",
      type: "merged",
      mass: 61.4,
      p: 0.005,
      sentence: `60 items, half of “4” and half of “nine, spelled out at length”, lie together in ${b} where they lay apart in ${a}: 62 % of their neighbours are of the group (before 21 %, chance 10 %).`,
      enriched: [
        { column: "digit", value: "4", n: 30, n_all: 60, expected: 6, p: 1e-9 },
        { column: "digit", value: "nine, spelled out at length", n: 30, n_all: 60, expected: 6, p: 1e-9 },
        { column: "hand", value: "left", n: 22, n_all: 81, expected: 8.1, p: 0.0213 },
      ],
      numbers: [{ column: "ink", median: 0.412, median_others: 0.287, auc: 0.78, p: 0.0008 }],
      words: [
        { column: "note", word: "crossed", n: 14, n_all: 17, weight: 0.31 },
        { column: "note", word: "open top", n: 9, n_all: 11, weight: 0.2 },
      ],
      shifts: [
        { label: "nine, spelled out at length", share_a: 0.12, share_b: 0.45, chance: 0.1 },
        { label: "4", share_a: 0.66, share_b: 0.43, chance: 0.1 },
        { label: "7", share_a: 0.14, share_b: 0.03, chance: 0.1 },
      ],
    }),
    groupReport(1, {
      title: "“7”, a third",
      type: "split",
      mass: 23.9,
      p: 0.015,
      sentence: `20 items of “7” left the others of their label from ${a} to ${b}.`,
      enriched: [{ column: "digit", value: "7", n: 20, n_all: 60, expected: 2, p: 1e-8 }],
      evidence: { ...EVIDENCE, inner_a: 0.5, inner_b: 0.5 },
    }),
    groupReport(2, {
      title: "“1”",
      type: "gathered",
      mass: 12.2,
      p: 0.03,
      sentence: `16 items of “1” were spread over ${a} and lie together in ${b}.`,
      enriched: [{ column: "digit", value: "1", n: 16, n_all: 60, expected: 1.6, p: 1e-7 }],
    }),
    groupReport(3, { title: "12 unnamed items", type: "moved", mass: 4.1, p: 0.045, sentence: `12 items went elsewhere together from ${a} to ${b}; no column tells what they share.` }),
  ];
}

export const laterGroups = (a: string, b: string): GroupReport[] => [
  groupReport(0, {
    title: "“4” with “nine, spelled out at length”",
    type: "contracted",
    mass: 18,
    p: 0.01,
    sentence: `60 items of “4” and “nine, spelled out at length” lie closer in ${b} than in ${a}.`,
    enriched: [{ column: "digit", value: "4", n: 30, n_all: 60, expected: 6, p: 1e-9 }],
  }),
];

export function searchOf(groups: readonly GroupReport[], about: Partial<GroupSearch> = {}): GroupSearch {
  const grouped = groups.reduce((sum, group) => sum + group.n, 0);
  const first = groups[0];
  return {
    floor_kind: "replicate",
    exploratory: false,
    n: N,
    n_strayed: grouped + 9,
    n_grouped: grouped,
    threshold: 0.8,
    fit: 0.64,
    n_permutations: 199,
    sentence: first
      ? `${groups.length === 1 ? "One group of items" : `${groups.length} groups of items`} changed together beyond noise, the heaviest ${first.title}.`
      : "No items changed together beyond noise.",
    ...about,
  };
}

export const timelines = (steps: readonly string[]): GroupTimeline[] => [
  {
    title: "“4” with “nine, spelled out at length”",
    n: 60,
    steps: [1.9, 1.2, 0.5, 0.1, 0.7].map((evidence, i) => ({ a: steps[i] ?? "", b: steps[i + 1] ?? "", evidence, ...(i < 2 ? { group: 0 } : {}) })),
    sentence: `60 items changed together in 2 of 5 steps, first ${steps[0] ?? ""} → ${steps[1] ?? ""}.`,
  },
];

export const unchanging: Unchanging = {
  n: 214,
  n_all: N,
  enriched: [{ column: "digit", value: "0", n: 52, n_all: 60, expected: 21.4, p: 1e-9 }],
  sentence: "214 of 600 items strayed in no step; most of “0” are among them.",
};

/** The first group's items of those asked about. */
function suggestion(rows: Int32Array, { a, b }: Question<"suggest">): GroupSuggestion {
  const codes = rows.map((row) => (groupOf(row) === 0 ? 0 : -1));
  const n = codes.filter((code) => code === 0).length;
  const groups = groupsOf(a, b).slice(0, n > 0 ? 1 : 0).map((group) => ({ ...group, n, title: `“4”, ${n} of those asked` }));
  const sentence = n > 0 ? `One group among these ${rows.length} items changed together beyond noise.` : `No items among these ${rows.length} changed together beyond noise.`;
  return { groups, rows: groups.map(() => groupRows(0)), search: searchOf(groups, { sentence, n: rows.length }), codes };
}

export const groupAnswers: { readonly [Kind in "suggest" | "like"]: (rows: Int32Array, question: Question<Kind>) => Answers[Kind] } = {
  suggest: suggestion,
  like: (rows) => ({
    groups: [
      { pair: 1, group: 0, ...NAMES, n_shared: 30, jaccard: 0.33, expected: 6, p: 1e-9 },
      { pair: 0, group: 0, ...NAMES, n_shared: 30, jaccard: 0.33, expected: 6, p: 1e-9 },
      { pair: 0, group: 1, ...NAMES, n_shared: 2, jaccard: 0.02, expected: 2, p: 0.6 },
    ],
    sentence: `Two groups share half of these ${rows.length} items.`,
  }),
};
