export const KAPPA = "Above chance, κ";

export const TERMS = {
  size:
    "The neighbours change as much as if this share of every item’s vector were another random item’s: 0 is no change, 50 % as good as a new space, whatever the space. The word is read from the upper end of the interval or from the neighbours kept, whichever is worse; “like another run” reaches as far as other runs of the recipe do.",
  beyondNoise:
    "Whether the two differ by more than runs of one recipe do. It takes replicates to tell: the recipe run again, with another seed. With fewer than three the answer is provisional.",
  quality:
    "How often an item’s neighbours vote for its own label, in A and in B; of queries with known answers, how high these stand (nDCG). Kept: the interval of the change lies within the margin. Lost or better: it lies beside 0 and not within the margin, or a label lost more than its own. Open: more items would tell.",
  noiseFloor:
    "What noise alone keeps of the overlap: between two runs of the recipe where there are some, else between a space and itself rounded to 8 bits, which knows nothing of other runs.",
  changeIndex: "Where the overlap lies between two ends: 0 at the noise floor, 1 at chance.",
  purity: "The share of an item’s 20 nearest neighbours with its own label; mean over the label’s items.",
  separation:
    "The log of the squared distance between the labels’ centres, over the scatter within them. Its fall is the change: above 0 they are drawn together.",
  mixing: "The mean share of either label’s 50 nearest neighbours that carry the other.",
  curve: "A change that is there at small k only is one of order within the same regions.",
  moves:
    "Changed: it kept fewer neighbours, in the full vectors, than runs of one recipe keep, or went elsewhere with them. Moved: it stands farther off than the movement floor. Without a replicate only the amount is known, and which items kept none and look still.",
  movementFloor:
    "The displacement that noise alone reaches, in layout radii (RMS, of all pictures together): an item that went no farther did not move.",
  gain:
    "Trails and morphs are drawn this much longer about the middle of each way. All grow alike; above 1, items stand past their places in A and B.",
  groups:
    "Items whose change agrees: B is predicted from A by one linear map, what it leaves over is each item’s own change, and items that lie together and left in one direction are a group. It is tested against the same changes permuted among the items, and kept at p < 0.05.",
  mass: "The members’ evidence above the threshold, summed; the bar is its share of the heaviest.",
  enriched: "Values commoner among the members than by chance: n in the group of all with the value, beside what a random group of this size would hold. p is hypergeometric, adjusted for all values of all columns.",
  numbers: "Columns whose numbers are larger or smaller among the members: the median beside that of all others, and how often a member’s is the larger (50 % by chance). p is a rank sum test, adjusted likewise.",
  groupWords: "Words distinctive of the members’ texts (c-TF-IDF), with how many of the texts that hold one are in the group.",
  shifts: "The share of the members’ neighbours with each label, in A and in B; the mark is its share of all items.",
  exemplars: "Its middle, those that changed farthest, those at its rim.",
  groupNeighbors: "Neighbours in one space and not in the other, of the most members first; members are left out.",
  inner: "The mean share of a member’s nearest neighbours that are members too; chance is that of as many random items.",
  spread: "The members’ root mean square distance from their centre, over that of all items.",
  agreement: "The mean cosine of the members’ own changes: 1 is all in one direction, 0 is chance.",
  density: "The median change of the members’ log density: above 0 they lie denser in B, below 0 sparser.",
  timeline: "The same items over several pairs: their median evidence, and that pair’s threshold as a line; filled where they are one of its groups.",
  map: "Spaces that agree lie near each other: classical multidimensional scaling.",
} as const;

/** How large a change is, in a word. */
export const GRADES = {
  identical: "Identical",
  same: "The same but for rounding",
  interchangeable: "Interchangeable",
  like_another_run: "Like another run",
  reworked: "Reworked",
  another_space: "Another space",
  unrelated: "Unrelated",
  misaligned: "Rows look shuffled",
  too_few: "Too few items to tell",
  labels_only: "Compared by their labels alone",
} as const;

/** Whether that is beyond noise. */
export const NOISE_ANSWERS = { yes: "Beyond noise", no: "Not beyond noise", unknown: "Open" } as const;

export const QUALITIES = { kept: "Kept", lost: "Lost", better: "Better", undecided: "Open" } as const;

/** Whose displacement the movement floor is. */
export const MOVEMENT_FLOORS = {
  replicate: "another run of the recipe",
  layout: "the same space drawn twice",
  none: "what can be seen, for noise was not measured",
} as const;

export const LABEL_VERDICTS = { better: "purer", worse: "less pure", same: "same", too_few: "too few" } as const;

export const LABEL_PAIR_VERDICTS = {
  drawn_together: { icon: "together", text: "drawn together" },
  pushed_apart: { icon: "apart", text: "pushed apart" },
  same: { icon: "same", text: "not moved beyond noise" },
  too_few: { icon: "same", text: "too few items to say" },
} as const;

/** What became of a group, in a word and in a few. */
export const GROUP_TYPES = {
  moved: { title: "moved", text: "went elsewhere together" },
  carried: { title: "moved as a whole", text: "kept each other as neighbours and went elsewhere together" },
  merged: { title: "merged", text: "came to lie among others, or two kinds became one" },
  split: { title: "split", text: "came apart from others, or one kind became two" },
  gathered: { title: "gathered", text: "were spread over the space and lie together now" },
  scattered: { title: "scattered", text: "lay together and are spread over the space now" },
  contracted: { title: "contracted", text: "lie together as before, closer" },
  expanded: { title: "expanded", text: "lie together as before, farther apart" },
} as const;

export const EXEMPLAR_ROLES = {
  medoid: { title: "middle", text: "in the middle of the group" },
  mover: { title: "mover", text: "changed farthest" },
  boundary: { title: "rim", text: "at the rim of the group" },
} as const;

/** Whose difference the noise floor is. */
export const FLOORS = { replicate: "another run", numerical: "8-bit rounding" } as const;

export const FATES = {
  kept: { sign: "=", text: "kept: near in both" },
  lost: { sign: "−", text: "lost: near in A only" },
  gained: { sign: "+", text: "gained: near in B only" },
} as const;
