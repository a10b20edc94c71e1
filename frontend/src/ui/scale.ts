/** Room at either end of an axis for half of a mark. */
export const END = 5;

/** From a share of the way along an axis of some width to where that is; what lies beyond its ends stays at them. */
export const along =
  (width: number) =>
  (share: number): number =>
    END + (width - 2 * END) * Math.max(0, Math.min(1, share));
