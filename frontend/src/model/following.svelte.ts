import { Bundle } from "./bundle";
import type { News } from "../data";
import type { Manifest } from "./schema.gen";

/** Milliseconds between two questions whether there is a further step. */
const PAUSE = 3000;

interface Followed {
  bundle: Bundle;
  readonly news: News | null;
  readonly live: unknown;
  readonly pair: { readonly a: string; readonly b: string };
  reopen(bundle: Bundle, stay: boolean): Promise<void>;
  setPair(a: string, b: string): Promise<void>;
}

/** A bundle that grows while a model trains: new spaces are taken in, and what is on screen stays. */
export class Following {
  on = $state(false);
  readonly #session: Followed;
  readonly #pause: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Followed, pause = PAUSE) {
    this.#session = session;
    this.#pause = pause;
  }

  /** The last two steps; null before there are two. */
  readonly newest: { readonly a: string; readonly b: string } | null = $derived.by(() => newestOf(this.#session.bundle.manifest));

  /** Whether the last two steps are on screen. */
  readonly isNewest: boolean = $derived.by(() => this.newest === null || (this.#session.pair.a === this.newest.a && this.#session.pair.b === this.newest.b));

  set(on: boolean): void {
    this.on = on;
    clearTimeout(this.#timer);
    if (on) this.#timer = setTimeout(() => void this.#turn(), this.#pause);
  }

  async #turn(): Promise<void> {
    if (document.visibilityState === "visible") await this.look();
    if (this.on) this.set(true);
  }

  /** Ask for a newer edition, and go on with it; one that is made this moment is had at the next turn. */
  async look(): Promise<void> {
    const session = this.#session;
    if (session.live !== null) return;
    await session.bundle.look();
    const { bundle, news } = session;
    if (news?.kind !== "newer") return;
    try {
      const newer = await bundle.newer();
      if (newer && session.bundle === bundle) await session.reopen(newer, true);
    } catch {
      return;
    }
  }

  async showNewest(): Promise<void> {
    if (this.newest) await this.#session.setPair(this.newest.a, this.newest.b);
  }
}

function newestOf(manifest: Manifest): { a: string; b: string } | null {
  const [b, a] = [...(manifest.watch?.steps ?? [])].reverse();
  return a && b ? { a: a.name, b: b.name } : null;
}
