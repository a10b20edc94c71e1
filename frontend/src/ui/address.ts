import type { Session } from "../model";
import { formatLink, parseLink } from "../model";
import { type AddressBar, browserBar } from "./bar";

const QUIET_MS = 250;

/**
 * Keep the address and the session in step: another pair is a new entry of the history, all else
 * amends the current one.
 */
export class Address {
  readonly #session: Session;
  readonly #bar: AddressBar;
  #pair: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #following = false;

  constructor(session: Session, bar = browserBar) {
    this.#session = session;
    this.#bar = bar;
    this.#pair = this.#pairNow();
  }

  /** Take over what the address says. */
  async follow(): Promise<void> {
    this.#following = true;
    try {
      await this.#session.follow(parseLink(this.#bar.read()));
    } finally {
      this.#pair = this.#pairNow();
      this.#following = false;
      // What the address named and the bundle lacks is not on screen.
      this.note(this.hash);
    }
  }

  /** Write the session into the address, once it has come to rest. */
  note(hash: string): void {
    clearTimeout(this.#timer);
    if (this.#following || hash === this.#bar.read()) return;
    const pair = this.#pairNow();
    if (pair !== this.#pair) {
      this.#pair = pair;
      this.#bar.push(hash);
    } else {
      this.#timer = setTimeout(() => this.#bar.replace(hash), QUIET_MS);
    }
  }

  get hash(): string {
    return formatLink(this.#session.link);
  }

  #pairNow(): string {
    return `${this.#session.pair.a}\n${this.#session.pair.b}`;
  }
}
