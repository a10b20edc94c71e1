/** A text that wants to stand somewhere: its middle at (x, y) in CSS pixels, or beside it by `gap`. */
export interface Wish {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Pixels from (x, y) to the text, which may stand on any side; 0 stands on it, or just above or below. */
  readonly gap: number;
  /** Beside it, this side first, else the right; what may stand above stands nowhere but above, below and on it. */
  readonly side?: "left" | "above";
  /** Whether it would hide what must be seen. */
  readonly hides?: (box: Box) => boolean;
}

export interface Written<T extends Wish> {
  readonly wish: T;
  /** The text's middle. */
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Texts keep this far from each other. */
const AIR = 3;
/** A pane's title stands here. */
const HEAD = 24;

const meet = (p: Box, q: Box): boolean => p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom;

function* spots({ x, y, width, height, gap, side }: Wish): Generator<readonly [number, number]> {
  if (gap === 0) {
    yield* [[x, y], [x, y - height], [x, y + height]] as const;
    return;
  }
  const [across, up] = [(side === "left" ? -1 : 1) * (gap + width / 2), gap + height / 2];
  const beside: readonly (readonly [number, number])[] = [[x + across, y], [x - across, y]];
  const over: readonly (readonly [number, number])[] = [[x, y - up], [x, y + up]];
  // A name of many stays with them: farther off it would be taken for its neighbours'.
  yield* side === "above" ? [...over, [x, y] as const] : [...beside, ...over];
}

/** The texts for which there is room without covering another, the pane's title or the edge, those earlier in the list first. */
export function written<T extends Wish>(wishes: Iterable<T>, size: { readonly width: number; readonly height: number }, most = Infinity): Written<T>[] {
  const boxes: Box[] = [];
  const found: Written<T>[] = [];
  for (const wish of wishes) {
    if (found.length >= most) break;
    for (const [x, y] of spots(wish)) {
      const box = { left: x - wish.width / 2 - AIR, right: x + wish.width / 2 + AIR, top: y - wish.height / 2, bottom: y + wish.height / 2 };
      if (box.left < 0 || box.right > size.width || box.top < HEAD || box.bottom > size.height) continue;
      if (boxes.some((other) => meet(box, other)) || wish.hides?.(box) === true) continue;
      boxes.push(box);
      found.push({ wish, x, y });
      break;
    }
  }
  return found;
}
