function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/**
 * Okabe and Ito's colour-blind safe hues, RGB bytes of eight categories.
 *
 * The eighth is a mid grey where theirs is black, which a dark page would swallow.
 */
export const okabeIto: Uint8Array = bytes("e69f00 56b4e9 009e73 d55e00 0072b2 cc79a7 f0e442 7a7a7a");

/** Tableau 10 (Stone 2016), RGB bytes of ten categories. */
export const tableau10: Uint8Array = bytes(
  "4e79a7 f28e2b e15759 76b7b2 59a14f edc948 b07aa1 ff9da7 9c755f bab0ac",
);

/** The same without its grey, which is that of what has no colour: ten categories. */
export const ten: Uint8Array = Uint8Array.from([...tableau10.slice(0, 27), 0x9a, 0xb8, 0x2f]);

/**
 * RGB bytes of the classes of moves by code: still grey, changed and moved green, moved alone yellow, changed alone
 * purple, not classed grey as well (a pair has no still items then), lost all blue. Apart in lightness too where hues are not seen.
 */
export const moveColors: Uint8Array = bytes("b4b9c1 008a47 e0ac12 b92fb3 b4b9c1 3c2dff");

/** Degree-6 polynomials in [0, 1] through matplotlib's viridis (CC0), within 4 levels of 255; highest power first. */
const VIRIDIS: readonly (readonly number[])[] = [
  [-5.435455855934631, 4.776384997670288, 6.228269936347081, -4.634230498983486, -0.3308618287255563, 0.1050930431085774, 0.2777273272234177],
  [4.645852612178535, -13.74514537774601, 14.17993336680509, -5.799100973351585, 0.214847559468213, 1.404613529898575, 0.005407344544966578],
  [26.3124352495832, -65.35303263337234, 56.69055260068105, -19.33244095627987, 0.09509516302823659, 1.384590162594685, 0.3340998053353061],
];

/** Viridis from dark violet to yellow, RGB bytes of 256 steps: perceptually even, colour-blind safe. */
export const viridis = (): Uint8Array =>
  Uint8Array.from({ length: 256 * 3 }, (_, i) => {
    const x = Math.floor(i / 3) / 255;
    const powers = VIRIDIS[i % 3] as readonly number[];
    return Math.round(255 * powers.reduce((sum, coefficient) => sum * x + coefficient, 0));
  });

/** RGB bytes of 256 steps through some colours. */
const through = (...hex: readonly string[]): Uint8Array => {
  const stops = hex.map(bytes);
  return Uint8Array.from({ length: 256 * 3 }, (_, i) => {
    const at = (Math.floor(i / 3) / 255) * (stops.length - 1);
    const [low, part] = [Math.min(Math.floor(at), stops.length - 2), i % 3];
    const [from, to] = [stops[low]?.[part] ?? 0, stops[low + 1]?.[part] ?? 0];
    return Math.round(from + (to - from) * (at - low));
  });
};

/** A stretch of viridis from a quiet step to a loud one: the loud end stands out from the paper, and the quiet one is still seen. */
const stretch = (quiet: number, loud: number): Uint8Array => {
  const whole = viridis();
  return Uint8Array.from({ length: 256 * 3 }, (_, i) => whole[3 * Math.round(quiet + ((loud - quiet) * Math.floor(i / 3)) / 255) + (i % 3)] ?? 0);
};

interface Ramps {
  /** From quiet to loud. */
  readonly amount: () => Uint8Array;
  /** From loud through quiet to loud. */
  readonly signed: () => Uint8Array;
  /** From early to late. */
  readonly time: () => Uint8Array;
}

/** The ramps on light paper and on dark, made when they are asked for: the first picture mostly has none. */
export const ramps: { readonly light: Ramps; readonly dark: Ramps } = {
  light: {
    amount: () => stretch(232, 0),
    signed: () => through("762a83", "a67bb3", "d3d5d9", "6fb07c", "1b7837"),
    time: () => through("f1b53d", "e2725b", "a83279", "432371"),
  },
  dark: {
    amount: () => stretch(44, 255),
    signed: () => through("d9a3ea", "8f6a9c", "4a5058", "5f9a6c", "8fe3a0"),
    time: () => through("5b4a9c", "b0478f", "ef7b5a", "fbd45c"),
  },
};
