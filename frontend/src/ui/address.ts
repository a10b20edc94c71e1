import type { Moment, Session } from "../model";
import { formatLink, parseLink } from "../model";
import { type AddressBar, browserBar } from "./bar";

const QUIET_MS = 250;
/** Addresses of which is remembered what they are too short for. */
const MOST = 100;

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
  readonly #moments = new Map<string, Moment>();

  constructor(session: Session, bar = browserBar) {
    this.#session = session;
    this.#bar = bar;
    this.#pair = this.#pairNow();
  }

  /** Take over what the address says; where this page wrote it, all that was on screen then. */
  async follow(): Promise<void> {
    this.#following = true;
    this.#session.past.begin();
    const known = this.#moments.get(this.#bar.read());
    try {
      await (known ? this.#session.restore(known) : this.#session.follow(parseLink(this.#bar.read())));
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
    this.#remember(hash);
    const pair = this.#pairNow();
    if (pair !== this.#pair) {
      this.#pair = pair;
      this.#bar.push(hash);
    } else {
      this.#timer = setTimeout(() => this.#bar.replace(hash), QUIET_MS);
    }
  }

  #remember(hash: string): void {
    this.#moments.delete(hash);
    this.#moments.set(hash, this.#session.moment);
    const [oldest] = this.#moments.keys();
    if (this.#moments.size > MOST && oldest !== undefined) this.#moments.delete(oldest);
  }

  get hash(): string {
    return formatLink(this.#session.link);
  }

  #pairNow(): string {
    return `${this.#session.pair.a}\n${this.#session.pair.b}`;
  }
}
