import type { Answers, Question, SelectionAnswer } from "../../src/data/source";
import type {
  FindingsInfo,
  GroupReport,
  GroupsInfo,
  LabelPairReport,
  LabelReport,
  Manifest,
  Measure,
  MovesInfo,
  NumberField,
  PairReport,
  Report,
  Score,
  SpaceInfo,
  SpaceReport,
} from "../../src/model/schema.gen";
import { groupAnswers, groupOf, groupRows, groupsOf, laterGroupOf, laterGroups, searchOf, timelines, unchanging } from "./grouped";
import { bitsOf } from "./told";
import { ArraySource, UNTRUSTED, words } from "./memory";

const N = 600;
const K = 10;
const LABELS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "nine, spelled out at length"];
export const STEPS = ["epoch 0", "epoch 1", "epoch 2", "epoch 5", "epoch 10", "conv1pool_seed0_epoch10"];
const SEED = "epoch 10, seed 1";
export const SPACES = [...STEPS, SEED];

/** The same fractions each time. */
const noise = (i: number): number => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1;

/** Of each fifty items 30 stay, 12 move, 3 move in the layout only and 5 look still. */
const moveOf = (_: unknown, item: number): number => (item % 50 < 30 ? 0 : item % 50 < 42 ? 1 : item % 50 < 45 ? 2 : 3);

export const moves: MovesInfo = {
  method: "joint",
  codes: "moves",
  displacement: "displacement",
  floor: 0.034,
  floor_kind: "replicate",
  counts: { still: 360, changed_and_moved: 144, moved_not_changed: 36, changed_not_shown: 60, amount_only: 0, lost_and_still: 0 },
  judged_by: "replicate",
  k: 10,
  kept: null,
  expected: null,
};

const SIDE = 8;
const PICTURE = SIDE * SIDE * 3;
/** A grey of an item's picture: dark strokes, others for each label. */
const pixelOf = (item: number, at: number): number => ((at + (at >> 3)) % (2 + labelOf(item)) === 0 ? 40 : 225 + (item % 30));

const labelOf = (item: number): number => item % LABELS.length;

/** Every score a pair can have, as after so much change. */
function scoresOf(change: number): Record<string, Score> {
  const kept = 1 - change;
  return {
    neighborhood_overlap: {
      value: 0.95 * kept + 0.017,
      n: N,
      k: 10,
      chance: 0.0167,
      hub_chance: 0.0184,
      kappa: 0.95 * kept,
      interval: [0.95 * kept - 0.006, 0.95 * kept + 0.04],
      noise_floor: 0.6,
      floor_kind: "replicate",
      change_index: change,
      p_chance: 0.0005,
    },
    neighborhood_overlap_50: { value: 0.9 * kept + 0.08, n: N, k: 50, chance: 0.083, kappa: 0.9 * kept, interval: [0.9 * kept, 0.9 * kept + 0.1] },
    rank_biased_overlap: { value: 0.8 * kept, n: N, chance: 0.012, interval: [0.8 * kept - 0.02, 0.8 * kept + 0.02], noise_floor: 0.55, floor_kind: "replicate" },
    jaccard_similarity: { value: 0.7 * kept, n: N, k: 10, chance: 0.008 },
    linear_cka: { value: 0.98 * kept, n: N, chance: 0, interval: [0.9 * kept, kept], noise_floor: 0.97, floor_kind: "replicate", p_chance: 0.002 },
    rbf_cka: { value: 0.93 * kept, n: N, chance: 0 },
    procrustes_similarity: { value: 0.9 * kept, n: N, chance: 0.11, noise_floor: 0.94, floor_kind: "replicate" },
    angular_shape_distance: { value: Math.acos(0.9 * kept), n: N, chance: 1.46, noise_floor: 0.35, floor_kind: "replicate" },
    rsa: { value: 1 - 1.4 * change, n: N, chance: 0, p_chance: 0.001 },
    knn_accuracy_change: { value: 0.3 * change, n: N, k: 10, chance: 0, interval: [0.2 * change, 0.4 * change] },
    negative_flip_rate: { value: 0.02, n: N, k: 10, noise_floor: 0.015, floor_kind: "replicate" },
  };
}

function labelsOf(change: number): LabelReport[] {
  return LABELS.map((label, i) => {
    const before = 0.5 + 0.4 * noise(i + 1);
    const delta = i === 8 ? 0.01 : change * (0.45 - 0.9 * noise(i + 40)) * (1 - before);
    const few = i === 9;
    const verdict = few ? "too_few" : Math.abs(delta) < 0.02 ? "same" : delta > 0 ? "better" : "worse";
    return {
      label,
      n: few ? 12 : 60,
      purity_a: before,
      purity_b: before + delta,
      delta,
      chance: 0.098,
      verdict,
      ...(few ? {} : { interval: [delta - 0.015, delta + 0.015], noise_floor: 0.012, p: verdict === "same" ? 0.4 : 0.0004 }),
      wide_purity_a: before - 0.1,
      wide_purity_b: before + delta - 0.1,
      overlap: 0.5 * (1 - change),
      within_overlap: 0.55 * (1 - change),
      within_chance: 0.17,
      ...(i === 8 ? { note: "same cluster, other inner order" } : {}),
    };
  });
}

function labelPair(first: number, second: number, delta: number): LabelPairReport {
  const verdict = delta > 0.1 ? "drawn_together" : delta < -0.1 ? "pushed_apart" : "same";
  return {
    first: LABELS[first] ?? "",
    second: LABELS[second] ?? "",
    n_first: 60,
    n_second: 60,
    delta,
    separation_a: 0.4 + 0.1 * first,
    separation_b: 0.4 + 0.1 * first - delta,
    mixing_a: 0.11,
    mixing_b: Math.max(0.01, 0.11 + 0.06 * delta),
    mixing_chance: 0.1,
    confusion_a: [0.132, 0.083],
    confusion_b: [0.044, 0.051],
    verdict,
    interval: [delta - 0.08, delta + 0.08],
    noise_floor: 0.09,
    p: verdict === "same" ? 0.61 : 0.0002,
  };
}

const CURVE = [5, 10, 20, 30, 50, 100];

const gradeOf = (change: number): PairReport["size"]["grade"] => (change < 0.1 ? "like_another_run" : change < 0.5 ? "reworked" : "another_space");

function pairOf(a: string, b: string, change: number): PairReport {
  const percent = Math.round(95 * (1 - change) + 2);
  return {
    a,
    b,
    compared_by: "items",
    n_common: N,
    only_a: 0,
    only_b: 0,
    coverage: 1,
    scores: scoresOf(change),
    overlap_curve: CURVE.map((k) => {
      const chance = k / (N - 1);
      const kappa = 0.95 * (1 - change) * (1 + 0.08 * Math.log(k / 10));
      return { k, chance, kappa, value: kappa * (1 - chance) + chance };
    }),
    size: { grade: gradeOf(change), w: change / 2, interval: [change / 2 - 0.01, change / 2 + 0.01], runs: 0.1, first_changed: change, index_kept: 1 - change },
    beyond_noise: { answer: change < 0.1 ? "no" : "yes", n_replicates: 1, provisional: true, p: change < 0.1 ? 0.44 : 0.0003, p_closer: 1, kept: 0.6, least: 0.5 },
    quality: { verdict: "kept", measure: "knn_accuracy", a: 0.91, b: 0.912, interval: [-0.003, 0.007], margin: 0.01, label_margin: 0.05, lost: [], n: N },
    answer: `${change < 0.1 ? "Like another run; accuracy kept: re-index" : "Another space; accuracy kept: treat it as a new model"}; the nearest neighbour changes for ${Math.round(100 * change)} % of items.`,
    sentence: `As if ${Math.round(50 * change)} % of every vector were another item's: ${percent} % of each item's 10 nearest neighbours stay (chance 1.7 %). 3 labels became purer.`,
    labels: labelsOf(change),
    label_pairs: change < 0.1 ? [labelPair(3, 5, -0.04), labelPair(1, 7, 0.02)] : [labelPair(4, 9, -0.9), labelPair(3, 5, 0.31), labelPair(1, 7, -0.2), labelPair(2, 8, 0.02)],
    n_label_pairs: 45,
    groups: [],
    warnings: change > 0.6 ? ["CKA and the overlap disagree: a few extreme rows hold 31 % of the variance of epoch 0."] : [],
  };
}

function spaceReport(name: string, at: number): SpaceReport {
  return {
    name,
    n_items: N,
    n_dims: 64,
    dtype: "float32",
    metric: "cosine",
    source: "array",
    matched_by: "id",
    coverage: 1,
    ...(name === SEED ? { replicate_of: "epoch 10" } : {}),
    health: {
      norm_median: 12.3,
      norm_spread: 0.21,
      duplicates: 3,
      constant_dims: at === 0 ? 7 : 0,
      anisotropy: 0.42,
      hubness: 1.4,
      top_variance_share: at === 0 ? 0.31 : 0.03,
      dimension: 9.7,
    },
    labels: LABELS.map((label, i) => ({ label, n: i === 9 ? 12 : 60, purity: Math.min(0.99, 0.4 + 0.4 * noise(i + 1) + 0.05 * at * noise(i + 20)), accuracy: 0.9, chance: 0.098 })),
    warnings: at === 0 ? ["7 dimensions are constant.", "The top 1 % of the rows hold 31 % of the variance."] : [],
  };
}

const CHANGES = [0.72, 0.4, 0.22, 0.06, 0.81];

/** The groups that were found in a step: four, one, none, none, and one without a noise floor. */
function grouped(pair: PairReport, at: number): PairReport {
  const found: readonly GroupReport[][] = [groupsOf(pair.a, pair.b), laterGroups(pair.a, pair.b), [], [], laterGroups(pair.a, pair.b)];
  const groups = found[at] ?? [];
  const about = at === 4 ? { floor_kind: "neighbors", exploratory: true } as const : {};
  return { ...pair, groups, group_search: searchOf(groups, about) };
}

/** A report with all that a report can hold: a sequence of six spaces, the fifth of them run twice. */
export function richReport(): Report {
  const pairs = CHANGES.map((change, i) => grouped(pairOf(STEPS[i] ?? "", STEPS[i + 1] ?? "", change), i));
  pairs.push({ ...pairOf("epoch 10", SEED, 0.05), label_pairs: [], n_label_pairs: 45 });
  return {
    schema: "emblink.report/2",
    version: "0",
    seed: 0,
    n_items: N,
    spaces: SPACES.map(spaceReport),
    pairs,
    map: {
      measure: "neighborhood_overlap",
      coords: Object.fromEntries(SPACES.map((name, i) => [name, [[-0.55, 0.1], [-0.2, -0.16], [0.05, -0.12], [0.22, 0], [0.3, 0.05], [-0.1, 0.3], [0.31, 0.04]][i] ?? [0, 0]])),
      kept: 0.93,
    },
    timelines: timelines(STEPS),
    unchanging,
    notes: [],
  };
}

/** The same spaces, of which the first two have no item in common. */
export function labelsOnly(report: Report): Report {
  const [first, ...others] = report.pairs;
  if (!first) return report;
  const labels = first.labels.map((label, i) => {
    const alone: LabelReport = { ...label, share_a: 0.1, share_b: 0.06 + 0.01 * i };
    delete alone.overlap;
    delete alone.within_overlap;
    delete alone.within_chance;
    return alone;
  });
  const byLabels: PairReport = {
    ...first,
    compared_by: "labels",
    size: { grade: "labels_only" },
    beyond_noise: { answer: "unknown", n_replicates: 0 },
    n_common: 0,
    only_a: N,
    only_b: N,
    coverage: 0,
    scores: {},
    overlap_curve: [],
    labels,
    label_pairs: [],
    n_label_pairs: 0,
    answer: "Do not swap: 2, 3 got worse.",
    sentence: "Compared by their labels alone: no items in common; 3 labels became purer, 2 labels became less pure (2, 3).",
    warnings: [],
    groups: [],
  };
  delete byLabels.group_search;
  delete byLabels.quality;
  return { ...report, pairs: [byLabels, ...others], timelines: [] };
}

const measure = (name: string, title: string, direction: Measure["direction"] = "agreement"): Measure => ({
  name,
  title,
  definition: `What the ${title} is.`,
  min: direction === "change" || name === "rsa" ? -1 : 0,
  max: direction === "distance" ? Math.PI / 2 : 1,
  direction,
  k: null,
  unit: "",
  chance: "",
  floor: "",
  has_chance: true,
  has_floor: true,
  page: name,
});

const MEASURES = [
  measure("neighborhood_overlap", "neighbourhood overlap"),
  measure("inner_overlap", "overlap among themselves"),
  measure("rank_biased_overlap", "rank-biased overlap"),
  measure("linear_cka", "linear CKA"),
  measure("procrustes_similarity", "Procrustes similarity"),
  measure("angular_shape_distance", "angular shape distance", "distance"),
  measure("rbf_cka", "RBF CKA"),
  measure("rsa", "representational similarity (RSA)"),
  measure("negative_flip_rate", "negative flips", "loss"),
  measure("knn_accuracy_change", "change of k-NN accuracy", "change"),
];

/** The same report, in which all that a group, a pair or a label lists comes twice, under the same names. */
export function doubled(report: Report): Report {
  const twice = <T>(list: readonly T[]): T[] => [...list, ...list];
  const pairs = report.pairs.map((pair) => ({
    ...pair,
    warnings: twice(pair.warnings),
    labels: twice(pair.labels),
    label_pairs: twice(pair.label_pairs),
    ...(pair.quality ? { quality: { ...pair.quality, verdict: "lost" as const, lost: twice([{ label: "4", accuracy_a: 0.9, accuracy_b: 0.7 }]) } } : {}),
    groups: pair.groups.map((group) => {
      const { enriched, numbers, words: said, shifts, exemplars, lost, gained } = group;
      return { ...group, enriched: twice(enriched), numbers: twice(numbers), words: twice(said), shifts: twice(shifts), exemplars: twice(exemplars), lost: twice(lost), gained: twice(gained) };
    }),
  }));
  return { ...report, pairs, notes: ["Sampled.", "Sampled."] };
}

export const answer = (rows: Int32Array, { a, b }: Question<"selection">): SelectionAnswer => ({
  n: rows.length,
  n_outside: 3,
  scores: {
    neighborhood_overlap: { value: 0.31, n: rows.length, k: 10, chance: 0.0167, interval: [0.26, 0.36], kappa: 0.3 },
    inner_overlap: { value: 0.55, n: rows.length, k: 10, chance: 0.24, interval: [0.5, 0.6] },
    linear_cka: { value: 0.72, n: rows.length, chance: 0 },
    procrustes_similarity: { value: 0.66, n: rows.length },
  },
  purity: { a: 0.71, b: 0.83, chance: 0.1, interval: [0.09, 0.15], k: 10, n: rows.length },
  sentence: `Of these ${rows.length} items, 31 % of each one's 10 nearest neighbours stay from ${a} to ${b} (chance 1.7 %); among themselves 55 % (chance 24 %).`,
  warnings: rows.length > 100 ? ["Measured on a sample of the selection."] : [],
});

const ANSWERS: { readonly [Kind in keyof Answers]: (rows: Int32Array, question: Question<Kind>) => Answers[Kind] } = { selection: answer, near, ...groupAnswers };

/** Distances grow with the row, and all other items are told. */
function near(given: Int32Array, { a }: Question<keyof Answers>): Answers["near"] {
  const rows = Array.from({ length: N }, (_, row) => row).filter((row) => !given.includes(row));
  return { space: a, metric: "cosine", n: given.length, n_outside: 0, rows, distances: rows.map((_, i) => (i + 1) / 1000) };
}

/** The groups of a pair as columns; those that were not sought have none. */
function groupsInfo({ group_search, groups }: PairReport, at: number): GroupsInfo | null {
  if (!group_search) return null;
  return { members: at === 0 ? "members" : "members/later", evidence: "evidence", rows: groups.map((_, i) => groupRows(i)) };
}

/** The findings of a pair as columns; where nothing stands out there are none. */
const findingsInfo = ({ findings = [] }: PairReport): FindingsInfo | null =>
  findings.length === 0 ? null : { members: "findings", rows: findings.map(({ exemplars }) => ({ exemplars: exemplars.map(({ id }) => Number(id.slice(1))) })) };

/** Items in ten blobs that drift from space to space. */
export class RichSource extends ArraySource {
  readonly #report: Report;
  /** How many questions came, and how many were taken back. */
  questions = 0;
  cancelled = 0;
  readonly #wait: number;

  constructor(report: Report = richReport(), wait = 0) {
    super();
    this.#report = report;
    this.#wait = wait;
    this.putWords("id", Array.from({ length: N }, (_, i) => `i${i}`));
    this.putWords("names", LABELS);
    this.put("codes", Int32Array.from({ length: N }, (_, i) => labelOf(i)), { kind: "codes", over: "items" });
    SPACES.forEach((name, at) => {
      const coords = Float32Array.from({ length: 2 * N }, (_, i) => {
        const turn = (2 * Math.PI * labelOf(i >> 1)) / LABELS.length + 0.1 * at;
        return (1 + 0.12 * at) * (i % 2 ? Math.sin(turn) : Math.cos(turn)) + 0.5 * (noise(i + 1000 * at) - 0.5);
      });
      this.put(`coords/${name}`, coords, { kind: "coords", over: "items" }, [N, 2]);
      this.put(`near/${name}`, Int32Array.from({ length: N * K }, (_, i) => (Math.floor(i / K) + 10 * ((i % K) + 1)) % N), { kind: "neighbors", over: "items" }, [N, K]);
      this.put(`far/${name}`, new Float32Array(N * K).fill(0.5), { kind: "distances", over: "items" }, [N, K]);
    });
    this.put("moves", Int32Array.from({ length: N }, moveOf), { kind: "codes", over: "items" });
    this.put("displacement", Float32Array.from({ length: N }, (_, i) => (moveOf(_, i) % 3 === 0 ? 0.02 : 0.4)), { kind: "values", over: "items" });
    this.put("members", Int32Array.from({ length: N }, (_, i) => groupOf(i)), { kind: "codes", over: "items" });
    this.put("members/later", Int32Array.from({ length: N }, (_, i) => laterGroupOf(i)), { kind: "codes", over: "items" });
    this.put("findings", Int32Array.from({ length: N }, (_, i) => bitsOf(i)), { kind: "bits", over: "items" });
    this.put("evidence", Float32Array.from({ length: N }, (_, i) => (groupOf(i) < 0 ? 0 : 2)), { kind: "values", over: "items" });
    this.put("pixels", Uint8Array.from({ length: N * PICTURE }, (_, i) => pixelOf(Math.floor(i / PICTURE), Math.floor((i % PICTURE) / 3))), { kind: "pixels", over: "items" }, [N, SIDE, SIDE, 3]);
    this.put("overlap", Float32Array.from({ length: N }, (_, i) => noise(i)), { kind: "values", over: "items" });
  }

  manifest(): Promise<Manifest> {
    const field: NumberField = { kind: "number", name: "neighborhood_overlap", title: "Neighbours kept", values: "overlap", over: "items", definition: "", range: [0, 1], method: null };
    const space = (name: string): SpaceInfo => ({
      name,
      n_items: N,
      n_dims: 64,
      metric: "cosine",
      source: "array",
      matched_by: "id",
      over: "items",
      neighbors: `near/${name}`,
      distances: `far/${name}`,
      vectors: "none",
      cells: "none",
      k: K,
      recall: 1,
      projections: [{ method: "joint", title: "Joint layout", coords: `coords/${name}`, params: {}, ...UNTRUSTED, trustworthiness: 0.96, continuity: 0.97 }],
      fields: [],
    });
    return Promise.resolve({
      schema: "emblink.bundle/2",
      checksum: "",
      stages: [],
      copy_notes: null,
      given: {},
      watch: null, queries: null,
      title: "digits in training",
      seed: 0,
      n_items: N,
      domains: { items: { n: N, position: "none", rows: null } },
      columns: this.columns,
      fields: [
        { kind: "text", name: "id", title: "id", words: words("id") },
        { kind: "category", name: "digit", title: "digit", codes: "codes", words: words("names"), n_categories: LABELS.length },
        { kind: "thumbnail", name: "drawing", title: "drawing", pixels: "pixels" },
      ],
      roles: { id: "id", text: null, label: "digit", thumbnail: "drawing" },
      spaces: SPACES.map(space),
      pairs: this.#report.pairs.map((pair, at) => {
        const { a, b, compared_by } = pair;
        return { a, b, over: "items", fields: compared_by === "items" ? [field] : [], moves: compared_by === "items" ? [moves] : [], groups: groupsInfo(pair, at), findings: findingsInfo(pair), searches: null };
      }),
      report: this.#report,
      measures: MEASURES,
    });
  }

  async ask<Kind extends keyof Answers>(question: Question<Kind>, rows: Int32Array, signal?: AbortSignal): Promise<Answers[Kind]> {
    this.questions++;
    signal?.addEventListener("abort", () => this.cancelled++);
    await new Promise((done) => setTimeout(done, this.#wait));
    if (question.b === SEED) throw new Error("the selection: epoch 10, seed 1 has none of it; ask of other items");
    return ANSWERS[question.kind](rows, question);
  }
}
