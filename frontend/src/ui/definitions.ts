interface Definition {
  readonly title: string;
  readonly text: string;
}

const SCORES: Readonly<Record<string, Definition>> = {
  neighborhood_overlap: {
    title: "Neighbourhood overlap",
    text: "Mean share of each item’s k nearest neighbours that both spaces have in common, from the full vectors. Chance is what unrelated spaces would share; the hub-aware chance also counts items that are everyone’s neighbour. Kappa is the part above chance: 0 is chance, 1 is the same.",
  },
  rank_biased_overlap: {
    title: "Rank-biased overlap",
    text: "Agreement of the ordered neighbour lists, nearest first counting most (Webber, Moffat and Zobel 2010). 1 is the same order.",
  },
  linear_cka: {
    title: "Linear CKA",
    text: "Debiased linear centred kernel alignment: how alike the two sets of all pairwise similarities are, whatever the rotation and scale. Large distances dominate it, and one outlying item can lower it while neighbourhoods stay.",
  },
  procrustes_similarity: {
    title: "Procrustes",
    text: "How well one space fits on the other after the best shift, scale and rotation. 1 is a perfect fit.",
  },
};

/** What a score is called and means. */
export function definitionOf(name: string): Definition {
  return SCORES[name] ?? { title: name.replaceAll("_", " "), text: "Computed by Emblink in Python; see the documentation." };
}

export const VERDICTS = {
  identical: "Identical",
  within_noise: "Within noise",
  changed: "Changed",
  unrelated: "Unrelated",
  misaligned: "Misaligned",
} as const;

export const LABEL_VERDICTS = { better: "purer", worse: "less pure", same: "same", too_few: "too few" } as const;

export const FATES = {
  kept: { sign: "=", text: "kept: near in both" },
  lost: { sign: "−", text: "lost: near in A only" },
  gained: { sign: "+", text: "gained: near in B only" },
} as const;
