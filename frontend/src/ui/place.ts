/** Where a point's name stands; the text starts at (x, y), its middle line. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A point of a small map with what it may be called, best first. */
export interface Named {
  readonly x: number;
  readonly y: number;
  readonly texts: readonly string[];
}

interface Room {
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly line: number;
  measure(text: string): number;
}

const meet = (p: Box, q: Box): boolean => p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom;

/** Offsets of a text's left end and middle line from its point: beside it, then above and below. */
function* spots(width: number, { radius, line }: Room): Generator<readonly [number, number]> {
  const [gap, up] = [radius + 3, radius + line / 2];
  yield [gap, 0];
  yield [-gap - width, 0];
  for (const y of [-up, up]) for (const x of [-width / 2, gap - 2, 2 - gap - width]) yield [x, y];
}

/**
 * A place for each point's name that covers no point, no other name and no edge; points earlier in the list choose first.
 * A point without room for any of its texts has null.
 */
export function placeNames(points: readonly Named[], room: Room): (Placed | null)[] {
  const { radius, line } = room;
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
  const fits = (box: Box): boolean =>
    box.left >= 0 && box.right <= room.width && box.top >= 0 && box.bottom <= room.height && !taken.some((other) => meet(box, other));
  return points.map((point) => {
    for (const text of point.texts) {
      const width = room.measure(text);
      for (const [dx, dy] of spots(width, room)) {
        const [x, y] = [point.x + dx, point.y + dy];
        const box = { left: x, right: x + width, top: y - line / 2, bottom: y + line / 2 };
        if (!fits(box)) continue;
        taken.push(box);
        return { x, y, text };
      }
    }
    return null;
  });
}
