import { untrack } from "svelte";
import type { Session } from "../model";
import { formatLink, MODES, parseLink, type RowSet, rowSet } from "../model";
import type { AddressBar } from "./bar";
import { playFinding } from "./findings";
import type { Host } from "./host";
import type { View } from "./view.svelte";

interface Page {
  readonly session: Session;
  readonly view: View;
}

/** What a notebook sees of the page, and may set. */
interface State {
  readonly a: string;
  readonly b: string;
  readonly t: number;
  /** A key of what points can be coloured by. */
  readonly colour: string;
  readonly view: string;
  readonly theme: string;
}

/** What the notebook says. */
interface Content {
  readonly state?: Partial<State>;
  readonly do?: "select" | "play" | "hovers" | "point";
  /** The page that the selection is of, which knows it. */
  readonly from?: string;
  readonly name?: string;
  readonly a?: string;
  readonly b?: string;
  readonly title?: string;
  /** The item to be marked; -1 is none. */
  readonly row?: number;
}

/** Milliseconds of rest before the notebook is told. */
const QUIET_MS = 120;
/** The same, of the pointer. */
const HOVER_MS = 40;

/** The page as a guest of a notebook's widget: the link, the state and the selection go to and fro over a port. */
export class Guest implements Host {
  readonly #port: MessagePort;
  readonly #view: string;
  #hash: string;
  #page: Page | null = null;
  #known: Partial<State> = {};
  /** The selection that the notebook knows. */
  #rows: RowSet | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pointer: ReturnType<typeof setTimeout> | undefined;
  /** The notebook wants to know what the pointer is on. */
  #tells = $state(false);

  /** @param link how the page stood when it was last here, or what the notebook asks for */
  constructor(port: MessagePort, view: string, { link, state }: { readonly link: string; readonly state: Partial<State> }) {
    this.#port = port;
    this.#view = view;
    this.#hash = link || hashOf(state);
    port.addEventListener("message", ({ data }: MessageEvent<{ content: Content; buffers: readonly ArrayBuffer[] }>) => {
      void this.#hear(data.content, data.buffers);
    });
  }

  readonly bar: AddressBar = {
    read: () => this.#hash,
    push: (hash) => this.#keep(hash),
    replace: (hash) => this.#keep(hash),
  };

  attach(page: Page): () => void {
    this.#page = page;
    this.#rows = untrack(() => page.session.selection.rows);
    const stop = $effect.root(() => {
      $effect(() => {
        const [state, { rows, name }] = [stateOf(page.session), page.session.selection];
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#tell(state, rows, name), QUIET_MS);
      });
      $effect(() => {
        const row = page.view.hover?.item ?? -1;
        if (!this.#tells) return;
        clearTimeout(this.#pointer);
        this.#pointer = setTimeout(() => this.#post({ do: "hovered", row }), HOVER_MS);
      });
    });
    this.#post({ hello: this.#view });
    return () => {
      clearTimeout(this.#timer);
      clearTimeout(this.#pointer);
      this.#page = null;
      stop();
    };
  }

  #keep(hash: string): void {
    this.#hash = hash;
    this.#post({ link: hash });
  }

  #tell(state: State, rows: RowSet, name: string): void {
    const changed = Object.entries(state).filter(([key, value]) => this.#known[key as keyof State] !== value);
    this.#known = state;
    if (changed.length > 0) this.#post({ state: Object.fromEntries(changed) });
    if (rows === this.#rows) return;
    this.#rows = rows;
    this.#post({ do: "selected", from: this.#view, name }, [Int32Array.from(rows).buffer]);
  }

  async #hear(content: Content, buffers: readonly ArrayBuffer[]): Promise<void> {
    if (!this.#page) return;
    if (content.state) await this.#apply(this.#page.session, content.state);
    else if (content.do === "select" && content.from !== this.#view) this.#select(this.#page.session, buffers[0], content.name);
    else if (content.do === "hovers") this.#tells = true;
    else if (content.do === "point") this.#page.view.pointed = content.row ?? -1;
    else if (content.do === "play") await this.#play(this.#page, content);
  }

  #select(session: Session, bytes: ArrayBuffer | undefined, name = ""): void {
    this.#rows = rowSet(new Int32Array(bytes ?? new ArrayBuffer(0)));
    session.selection.set(this.#rows, name);
  }

  async #apply(session: Session, asked: Partial<State>): Promise<void> {
    const { pair, time } = session;
    this.#known = { ...this.#known, ...asked };
    const { a = pair.a, b = pair.b, t, colour, view, theme } = asked;
    if (t !== undefined) time.t = Math.min(Math.max(t, 0), 1);
    if (view !== undefined) time.asked = MODES.find((mode) => mode === view) ?? null;
    const wished = theme === undefined ? undefined : parseLink(`#theme=${theme}`).theme;
    if (wished !== undefined) session.theme = wished;
    const known = session.bundle.manifest.spaces.map(({ name }) => name);
    if ((a !== pair.a || b !== pair.b) && known.includes(a) && known.includes(b)) await session.setPair(a, b);
    if (colour !== undefined) await session.colour.set(colour);
  }

  async #play(page: Page, { a = "", b = "", title }: Content): Promise<void> {
    const { session } = page;
    const { pair } = session;
    if (pair.a !== a || pair.b !== b) await session.setPair(a, b);
    const at = pair.view?.findings.findIndex((finding) => finding.title === title) ?? -1;
    if (at >= 0) await playFinding(page, at);
  }

  #post(content: Readonly<Record<string, unknown>>, buffers: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage({ content, buffers });
  }
}

const stateOf = (session: Session): State => ({
  a: session.pair.a,
  b: session.pair.b,
  t: Math.round(session.time.t * 1000) / 1000,
  colour: session.colour.key,
  view: session.time.asked ?? "",
  theme: session.theme,
});

function hashOf({ a, b, t, colour, view, theme }: Partial<State>): string {
  const mode = MODES.find((one) => one === view);
  return formatLink({
    ...(a ? { a } : {}),
    ...(b ? { b } : {}),
    ...(t === undefined ? {} : { t }),
    ...(colour ? { colour } : {}),
    ...(mode ? { mode } : {}),
    ...(theme === "light" || theme === "dark" ? { theme } : {}),
  });
}
