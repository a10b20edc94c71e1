import { joinPlaces, type Places } from "./places";
import type { ScatterProps } from "./types";

/** The places of a scatter's items; what does not go together is refused. */
export function checkedPlaces(props: ScatterProps): Places {
  checkLengths(props);
  return joinPlaces(props.from, props.to);
}

export function checkLengths({ from, colors, flags, moves }: ScatterProps): void {
  const n = from.length / 2;
  const shaded = colors.kind === "category" ? colors.codes.length : colors.values.length;
  for (const [name, length] of [["colors", shaded], ["flags", flags.length], ["moves", moves?.length ?? n]] as const) {
    if (length !== n) throw new RangeError(`scatter: '${name}' is of ${length} items, the places of ${n}; change them together`);
  }
}
