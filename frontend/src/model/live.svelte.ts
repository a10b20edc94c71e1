import type { DataSource, Progress } from "../data";
import { Bundle } from "./bundle";
import type { Link } from "./link";
import { Loaded } from "./loaded.svelte";
import { Session } from "./session.svelte";

/** Milliseconds between two questions how far a comparison is. */
const PAUSE = 300;
/** The share of that pause until the first picture. */
const EAGER = 0.25;

const STOPPED = "The comparison stopped. Run the same command again: it goes on.";

/** Follows a comparison from its first picture to the finished bundle. */
export class Live {
  readonly opening = new Loaded<Session>();
  /** How far it is; null before the first answer. */
  progress = $state.raw<Progress | null>(null);
  readonly #source: DataSource;
  readonly #link: () => Link;
  readonly #pause: number;
  #seen = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param link what the address says when the first picture comes */
  constructor(source: DataSource, link: () => Link, pause = PAUSE) {
    this.#source = source;
    this.#link = link;
    this.#pause = pause;
  }

  /** Ask, show what is new, and ask again in a while unless it is over. */
  async follow(): Promise<void> {
    clearTimeout(this.#timer);
    const { progress } = this;
    if (this.#source.progress === undefined) return this.#open();
    let told: Progress;
    // Asked for together: of a finished bundle there is but one.
    if (!this.opening.value) this.#source.manifest().catch(() => undefined);
    try {
      told = await this.#source.progress();
    } catch (error) {
      if (progress?.state !== "running") return this.opening.load(() => Promise.reject(error instanceof Error ? error : new Error(String(error))));
      return this.#tell({ ...progress, state: "failed", message: STOPPED });
    }
    if (told.revision > 0 && (told.revision !== this.#seen || !this.opening.value)) await this.#look(told);
    else this.#tell(told);
    if (told.state === "running" || (told.state === "done" && told.revision !== this.#seen && this.opening.value)) {
      this.#timer = setTimeout(() => void this.follow(), told.revision > 0 ? this.#pause : this.#pause * EAGER);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tell(progress: Progress): void {
    this.progress = progress;
    const session = this.opening.value;
    if (session) session.live = progress.state === "done" ? null : progress;
  }

  /** Show the pictures, or the bundle, of this moment. */
  async #look(told: Progress): Promise<void> {
    const session = this.opening.value;
    if (!session) {
      await this.#open(told);
      this.#seen = told.revision;
    } else {
      try {
        await session.reopen(await Bundle.open(this.#source.again?.() ?? this.#source));
        this.#seen = told.revision;
      } catch {
        return; // between two editions: the next turn asks for the newer one
      }
    }
    this.#tell(told);
  }

  async #open(told?: Progress): Promise<void> {
    await this.opening.load(async () => {
      // What was read before a comparison was done may be of a picture of it.
      const last = told === undefined || (told.state === "done" && told.revision <= 1);
      const session = new Session(await Bundle.open((last ? undefined : this.#source.again?.()) ?? this.#source));
      if (told && told.state !== "done") session.live = told;
      // The page stands while the columns are on their way: each panel shows its own state.
      session.follow(this.#link()).catch(() => undefined);
      return session;
    });
  }
}
