import type { News, Progress } from "../data";
import type { Bundle } from "./bundle";
import { choosingLink, parseChoosing } from "./choosing";
import { Colours } from "./colours.svelte";
import { Desk } from "./desk.svelte";
import { Filtering } from "./filtering.svelte";
import { Following } from "./following.svelte";
import { Populating } from "./populations.svelte";
import { Findings } from "./findings.svelte";
import { Focus } from "./focus.svelte";
import { Grouping } from "./grouping.svelte";
import type { Link, Theme } from "./link";
import { Naming } from "./naming.svelte";
import { Nearest } from "./nearest.svelte";
import { Ordering } from "./ordering.svelte";
import { Pairing } from "./pairing.svelte";
import { type Moment, Past } from "./past.svelte";
import { Paths } from "./paths.svelte";
import { restore } from "./restoring";
import { decodeRows, encodeRows } from "./rowcode";
import { Saving } from "./saving.svelte";
import { Selecting } from "./selecting.svelte";
import type { RowSet } from "./selection";
import { Telling } from "./story.svelte";
import { Table } from "./table.svelte";
import { Time } from "./time.svelte";
import { TRAILS } from "./trails";

/** The panel that is open at first. */
const FIRST = "first";
/** Milliseconds in which a page may become visible, and its window come to the front. */
const A_MOMENT = 1000;

/** What is on screen: the pair, the moment between its spaces, the colours, the selection, its groups and the focused item. */
export class Session {
  bundle = $state.raw() as Bundle;
  /** How far the comparison is; null when it is done. Until then the bundle holds pictures and nothing else. */
  live = $state.raw<Progress | null>(null);
  /** What became of the bundle since it was opened; null while it is as it was. */
  news = $state.raw<News | null>(null);
  theme = $state<Theme>("auto");

  readonly pair = new Pairing(this);
  readonly time = new Time();
  readonly colour = new Colours(this);
  readonly selection = new Selecting(this, () => this.#unnamed());
  readonly focus = new Focus(this);
  readonly nearest = new Nearest(this);
  readonly grouping = new Grouping(this);
  readonly findings = new Findings(this);
  readonly naming = new Naming(this);
  readonly story = new Telling(this);
  readonly desk = new Desk();
  readonly order = new Ordering(this);
  readonly filter = new Filtering(this);
  readonly table = new Table(this);
  readonly saved = new Saving(this);
  readonly paths = new Paths(this);
  readonly past = new Past(this);
  readonly following = new Following(this);
  readonly populating = new Populating(this);

  readonly link: Link = $derived.by(() => {
    const { pair, time, focus, grouping, desk, table } = this;
    return {
      a: pair.a,
      b: pair.b,
      t: time.t,
      ...(time.gain === 1 ? {} : { gain: time.gain }),
      ...(time.most === TRAILS ? {} : { ways: time.most }),
      ...(time.asked ? { mode: time.asked } : {}),
      ...(this.following.on ? { follow: true } : {}),
      ...(pair.methods.length > 1 ? { projection: pair.method } : {}),
      colour: this.colour.key,
      ...choosingLink(this.colour.choosing),
      ...(focus.id ? { focus: focus.id } : {}),
      ...(grouping.rank === undefined ? {} : { group: grouping.rank }),
      ...(this.theme === "auto" ? {} : { theme: this.theme }),
      // A link to an item or a group would open its panel.
      ...(desk.tab !== "" ? { tab: desk.tab } : focus.id || grouping.rank !== undefined ? { tab: FIRST } : {}),
      ...(desk.measure === "" ? {} : { measure: desk.measure }),
      ...(this.order.asked ? { order: this.order.asked } : {}),
      ...(desk.look ? { look: desk.look } : {}),
      ...(grouping.rank === undefined ? this.#selected : {}),
      ...this.#coded("isolated", this.selection.isolated),
      ...this.#anchored,
      ...(desk.details ? {} : { details: "off" as const }),
      ...(desk.pictures ? {} : { pictures: "off" as const }),
      ...(table.open ? { table: table.height } : {}),
      ...(table.all ? { rows: "all" as const } : {}),
      ...(table.charts ? { charts: "on" as const } : {}),
      ...(table.asked ? { sort: `${table.asked.falling ? "-" : ""}${table.asked.by}` } : {}),
    };
  });

  /** All that was chosen, for going back to it. */
  readonly moment: Moment = $derived.by(() => {
    const { selection, pair, focus, saved, link } = this;
    return { link, focus: focus.row, rows: selection.rows, name: selection.name, isolated: selection.isolated, anchoring: pair.anchoring, saved: saved.left };
  });

  /** The selection as a link has it; one that is long is left out. */
  readonly #selected: Pick<Link, "selected" | "named" | "filter"> = $derived.by(() => {
    const { rows, name } = this.selection;
    if (this.filter.text !== "") return { filter: this.filter.text };
    const selected = rows.length > 0 ? encodeRows(rows, this.bundle.n) : null;
    return selected === null ? {} : { selected, ...(name === "" ? {} : { named: name }) };
  });

  readonly #anchored: Pick<Link, "aligned" | "anchor"> = $derived.by(() => {
    const { anchoring } = this.pair;
    const aligned = anchoring && this.#coded("aligned", anchoring.rows);
    return aligned?.aligned === undefined ? {} : { ...aligned, anchor: anchoring?.space ?? "" };
  });

  #coded(key: "isolated" | "aligned", rows: RowSet): Pick<Link, "isolated" | "aligned"> {
    const code = rows.length > 0 ? encodeRows(rows, this.bundle.n) : null;
    return code === null ? {} : { [key]: code };
  }

  /** The selection is made otherwise than it was. */
  #unnamed(): void {
    this.grouping.letGo();
    this.filter.letGo();
  }

  /** Whether the link that was followed names spaces. */
  #paired = false;
  #unwatch: () => void = () => undefined;
  #looked = -Infinity;

  constructor(bundle: Bundle) {
    this.#take(bundle);
  }

  #take(bundle: Bundle): void {
    this.#unwatch();
    this.bundle = bundle;
    this.news = null;
    this.#unwatch = bundle.watch((news) => (this.news = news));
  }

  /** Find out what became of the bundle, unless that was done a moment ago. */
  async look(): Promise<void> {
    const now = performance.now();
    if (this.live || now - this.#looked < A_MOMENT) return;
    this.#looked = now;
    await this.bundle.look();
  }

  /** Take over what a link says, and load what it shows. */
  async follow(link: Link): Promise<void> {
    const { time } = this;
    this.#stand(link);
    this.#arrange(link);
    // A run of one step is no comparison yet.
    this.following.set(link.follow ?? (this.following.on || this.bundle.manifest.watch?.steps.length === 1));
    if (link.theme !== undefined) this.theme = link.theme;
    if (link.t !== undefined) time.t = link.t;
    // A link without them is of a page that draws motion as it is.
    time.gain = link.gain ?? 1;
    time.setMost(link.ways ?? TRAILS);
    time.asked = link.mode ?? null;
    if (link.projection !== undefined) this.pair.method = link.projection;
    this.colour.follow(link.colour ?? this.colour.key, parseChoosing(link));
    this.#paired = link.a !== undefined || link.b !== undefined;
    const asked = this.#firstPair(link);
    const { a, b } = this.pair.begins ? await this.pair.begin(asked.a, asked.b) : asked;
    const filtered = link.filter !== undefined && link.group === undefined ? () => this.filter.apply(link.filter ?? "") : () => undefined;
    // The picture is waited for: what is not on it comes after it.
    const later = (): unknown => Promise.all([filtered(), this.naming.load(), this.#readSaved()]);
    await Promise.all([this.setPair(a, b).then(later), this.selection.loadLabels(), this.focus.follow(link.focus), this.grouping.follow(link.group)]);
  }

  /** How the page stands; what the link leaves out stays. */
  #stand({ tab, measure, order, look, selected, named = "", focus, group, first }: Link): void {
    const { desk } = this;
    desk.first ||= first === true;
    // A link to an item opens on the item, one to a group on the groups.
    desk.tab = tab === FIRST ? "" : tab ?? (focus !== undefined ? "items" : group !== undefined ? "groups" : desk.tab);
    desk.measure = measure ?? desk.measure;
    this.order.asked = order ?? this.order.asked;
    if (look) [desk.look, desk.goal] = [look, { ...look }];
    const rows = this.#rows(selected);
    if (rows) this.selection.set(rows, named);
  }

  /** How the table stands, and what the pictures are of; what the link leaves out stays. */
  #arrange({ details, pictures, table, rows, charts, sort, isolated, aligned, anchor }: Link): void {
    if (details !== undefined) this.desk.details = false;
    if (pictures !== undefined) this.desk.pictures = false;
    if (table !== undefined) this.table.resize(table);
    if (rows !== undefined) this.table.all = true;
    if (charts !== undefined) this.table.charts = true;
    if (sort !== undefined) this.table.asked = { by: sort.replace(/^-/, ""), falling: sort.startsWith("-") };
    const alone = this.#rows(isolated);
    if (alone) this.selection.isolated = alone;
    const anchors = this.#rows(aligned);
    if (anchors && anchors.length > 0 && this.bundle.space(anchor ?? "")) this.pair.anchoring = { space: anchor ?? "", rows: anchors };
  }

  /** The rows of a code; null where it is none of this bundle. */
  #rows(code: string | undefined): RowSet | null {
    return code === undefined ? null : decodeRows(code, this.bundle.n);
  }

  /** While a comparison is under way there is nothing to keep notes in. */
  async #readSaved(): Promise<void> {
    if (!this.live && this.saved.sets === null) await this.saved.load();
  }

  /** Show again what was on screen. */
  async restore(moment: Moment): Promise<void> {
    await restore(this, moment);
  }

  /**
   * Go on with a newer edition of the bundle, of the same items in the same order: what was chosen stays,
   * what stood there by default gives way to the new default, but for what is to stay. A group that a link named is chosen once it is there.
   */
  async reopen(bundle: Bundle, stay = false): Promise<void> {
    const { pair, colour } = this;
    const wasDefault = { method: pair.isDefaultMethod, colour: colour.isDefault };
    const first = this.#firstPair({});
    const { rank } = this.grouping;
    // A group is one of a pair: where the link named both, the pair is chosen too.
    const idle = this.selection.rows.length === 0 && this.focus.row < 0;
    const unchosen = pair.a === pair.b || (!stay && pair.a === first.a && pair.b === first.b && idle && !(this.#paired && rank !== undefined));
    this.#take(bundle);
    if (wasDefault.method) pair.method = "";
    if (wasDefault.colour) colour.key = "";
    const { a, b } = unchosen ? this.#firstPair({}) : pair;
    await Promise.all([this.setPair(a, b), ...(this.naming.words.value ? [] : [this.naming.load()]), ...(rank === undefined ? [] : [this.grouping.follow(rank)]), this.#readSaved()]);
  }

  #firstPair(link: Link): { a: string; b: string } {
    const { pairs, spaces, report } = this.bundle.manifest;
    const known = (name: string | undefined): string | undefined => spaces.find((space) => space.name === name)?.name;
    // What stands out of all pairs is what there is to see first.
    const told = report.findings?.[0] ?? pairs[0];
    const first = { a: told?.a ?? spaces[0]?.name ?? "", b: told?.b ?? spaces[1]?.name ?? spaces[0]?.name ?? "" };
    const a = known(link.a) ?? first.a;
    const other = spaces.find((space) => space.name !== a)?.name ?? a;
    return { a, b: known(link.b) ?? (first.b === a ? other : first.b) };
  }

  /** Show `a → b`. Asking for the same space twice turns the pair round. */
  async setPair(a: string, b: string): Promise<void> {
    const { pair } = this;
    if (a === b && pair.a !== pair.b) [a, b] = [pair.b, pair.a];
    const selected = a === pair.a && b === pair.b ? "" : this.filter.turned(pair.a, pair.b);
    if (selected !== "") this.selection.name = selected;
    this.grouping.turnTo(a, b);
    pair.turn(a, b);
    this.selection.answer.letGo();
    await Promise.all([pair.load(), this.colour.set(this.colour.key), this.focus.load()]);
  }

  async swap(): Promise<void> {
    this.time.t = 1 - this.time.t;
    await this.setPair(this.pair.b, this.pair.a);
  }

  async setMethod(method: string): Promise<void> {
    this.pair.method = method;
    await Promise.all([this.pair.load(), this.colour.set(this.colour.key)]);
  }

  /** Lay every other space's picture on this A's at the selected items; with nothing selected, show them as they are stored. */
  async alignOnSelection(): Promise<void> {
    const { rows } = this.selection;
    await this.pair.align(rows.length > 0 ? { space: this.pair.a, rows } : null);
  }

  /** Have the selection measured between A and B. */
  async ask(): Promise<void> {
    await this.selection.ask(this.pair);
  }
}
