import { type DensityField, densityOf, type Haze } from "./density";
import { Slices } from "./slices";

/** Keeps the difference of density of what is in view, found piece by piece. */
export class HazeKeeper {
  readonly #work = new Slices<DensityField>();
  readonly #found: () => void;
  #wanted: Haze | null = null;
  #field: DensityField | null = null;

  /** @param found called when there is another one */
  constructor(found: () => void) {
    this.#found = found;
  }

  get field(): DensityField | null {
    return this.#field;
  }

  /** Find it for what is seen now; null wants none. Until then the last one stays. */
  want(haze: Haze | null): void {
    const last = this.#wanted;
    this.#wanted = haze;
    if (!haze) {
      this.#work.stop();
      this.#field = null;
    } else if (!last || (Object.keys(haze) as (keyof Haze)[]).some((key) => haze[key] !== last[key])) {
      this.#work.run(densityOf(haze), (field) => {
        this.#field = field;
        this.#found();
      });
    }
  }

  /** Find it at once; whether there was anything to find. */
  finish(): boolean {
    const { busy } = this.#work;
    this.#work.finish();
    return busy;
  }

  stop(): void {
    this.#work.stop();
  }
}
