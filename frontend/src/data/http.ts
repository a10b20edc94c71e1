import type { Column, Manifest } from "../model/schema.gen";
import { DataError, GONE } from "./errors";
import { decodeSuggestion } from "./frame";
import { readManifest } from "./manifest";
import { byteRange, type ByteRange, decode } from "./npy";
import type { Answers, ColumnArray, DataSource, KeptNotes, News, Notes, Progress, Question, RowRange } from "./source";
import { type Transport, web } from "./transport";

const REOPEN = 'reload the page, or start "emblink open" on the bundle again';

const TOKEN = 'open the whole address that "emblink open" printed, with its token';

/** What a server of files answers to a question. */
const DEAF = [404, 405, 501];

const OPEN = 'see the bundle with "emblink open"';

const OTHERS = "ask of other items, or of another pair";

/** Which edition of the bundle is on disk, with every answer of `emblink open`. */
const REVISION = "emblink-revision";

/** In its place where there is none any more. */
const NONE = "gone";

const ANEW: News = { kind: "newer", message: "This comparison was made anew since the page was opened." };

const DONE: Progress = { state: "done", step: "", done: 1, total: 1, message: "", revision: 1 };

const SELECTION = "the selection";

const NOTES = "the notes";

/** Which edition of the notes, with them and with what replaces them. */
const EDITION = "emblink-notes";

const read = async <T>(response: Response): Promise<T> => body(SELECTION, response.json() as Promise<T>);

/** How each kind of answer about so many rows is read. */
const READ: { readonly [Kind in keyof Answers]: (response: Response, n: number) => Promise<Answers[Kind]> } = {
  selection: read,
  like: read,
  near: read,
  suggest: async (response, n) => decodeSuggestion(SELECTION, await bytesOf(SELECTION, response), n),
};

/** A path of the bundle as a URL: names of spaces and pairs may hold any character. */
const urlPath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/**
 * A bundle behind a web server: one request for a whole column, kept and shared; one range request for some rows.
 *
 * Neighbouring rows are often asked for once (the neighbours of a clicked item), so ranges are not kept.
 */
export class HttpSource implements DataSource {
  readonly #base: string;
  readonly #transport: Transport;
  #manifest: Promise<Manifest> | undefined;
  /** That of the manifest; null of a server that does not tell. */
  #revision: string | null = null;
  readonly #watchers = new Set<(news: News | null) => void>();
  readonly #columns = new Map<string, Promise<ColumnArray>>();

  /** @param base where the bundle is served, ending in `/` */
  constructor(base = "./bundle/", transport = web) {
    this.#base = base.endsWith("/") ? base : `${base}/`;
    this.#transport = transport;
  }

  manifest(): Promise<Manifest> {
    this.#manifest ??= this.#readManifest().catch((error: unknown) => {
      this.#manifest = undefined;
      throw error;
    });
    return this.#manifest;
  }

  column(name: string, rows?: RowRange): Promise<ColumnArray> {
    return rows ? this.#rows(name, rows) : this.#whole(name);
  }

  /** Asked beside the bundle; what only hands out files has a finished one. */
  async progress(): Promise<Progress> {
    const subject = "the comparison";
    const response = await this.#request(subject, "../progress", {});
    if (DEAF.includes(response.status)) return DONE;
    await this.#check(subject, "progress", response);
    return body(subject, response.json() as Promise<Progress>);
  }

  stop(): Promise<unknown> {
    return this.#request("the comparison", "../progress", { method: "POST" });
  }

  again(): HttpSource {
    return new HttpSource(this.#base, this.#transport);
  }

  watch(tell: (news: News | null) => void): () => void {
    this.#watchers.add(tell);
    const stop = this.#transport.watch?.(tell);
    return () => {
      this.#watchers.delete(tell);
      stop?.();
    };
  }

  async look(): Promise<void> {
    if (this.#revision !== null) await this.progress().catch(() => undefined);
  }

  /** The questions go beside the bundle, not into it; rows are items of this edition alone. */
  async ask<Kind extends keyof Answers>(question: Question<Kind>, rows: Int32Array, signal?: AbortSignal): Promise<Answers[Kind]> {
    const subject = SELECTION;
    const edition = this.#revision === null ? {} : { r: this.#revision };
    const path = `../ask?${new URLSearchParams({ ...question, ...edition }).toString()}`;
    const request = { method: "POST", body: littleEndian(rows), headers: { "Content-Type": "application/octet-stream" } };
    const response = await this.#request(subject, path, signal ? { ...request, signal } : request);
    if (response.status === 400) throw new DataError(subject, await body(subject, response.text()), OTHERS, 400);
    if (DEAF.includes(response.status)) throw new DataError(subject, "this server hands out files and computes nothing", OPEN, response.status);
    await this.#check(subject, "ask", response);
    return READ[question.kind](response, rows.length);
  }

  /** They lie beside the bundle's pages; what only hands out files keeps none. */
  async readNotes(): Promise<KeptNotes | null> {
    const response = await this.#request(NOTES, "../notes", {});
    const version = response.headers.get(EDITION);
    if (DEAF.includes(response.status) || (response.ok && version === null)) return null;
    await this.#refused(response);
    await this.#check(NOTES, "notes", response);
    return { notes: await body(NOTES, response.json() as Promise<Notes>), version: version ?? "" };
  }

  async writeNotes(notes: Notes, version: string): Promise<string | null> {
    const headers = { "Content-Type": "application/json", [EDITION]: version };
    const response = await this.#request(NOTES, "../notes", { method: "PUT", body: JSON.stringify(notes), headers });
    if (response.status === 412) return null;
    await this.#refused(response);
    await this.#check(NOTES, "notes", response);
    return response.headers.get(EDITION) ?? "";
  }

  /** What the server says of notes that it cannot read or write. */
  async #refused(response: Response): Promise<void> {
    if (![400, 409, 413].includes(response.status)) return;
    const [reason = "", ...wayOut] = (await body(NOTES, response.text())).split("; ");
    throw new DataError(NOTES, reason, wayOut.join("; ") || "try again", response.status);
  }

  async #readManifest(): Promise<Manifest> {
    const response = await this.#get("manifest", "manifest.json");
    const manifest = readManifest(await body("manifest", response.json()));
    this.#revision = response.headers.get(REVISION);
    return manifest;
  }

  async #describe(name: string): Promise<Column> {
    const { columns } = await this.manifest();
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (column) return column;
    throw new DataError(name, "the bundle has no such column", "its manifest.json lists the names");
  }

  #whole(name: string): Promise<ColumnArray> {
    const kept = this.#columns.get(name);
    if (kept) return kept;
    const wanted = this.#readWhole(name).catch((error: unknown) => {
      this.#columns.delete(name);
      throw error;
    });
    this.#columns.set(name, wanted);
    return wanted;
  }

  async #readWhole(name: string): Promise<ColumnArray> {
    const column = await this.#describe(name);
    const range = byteRange(name, column);
    const response = await this.#get(name, urlPath(column.path));
    return decode(name, column, cut(name, await bytesOf(name, response), range));
  }

  async #rows(name: string, rows: RowRange): Promise<ColumnArray> {
    const column = await this.#describe(name);
    const range = byteRange(name, column, rows);
    if (range.start === range.end) return decode(name, column, new Uint8Array(0));
    const response = await this.#get(name, urlPath(column.path), range);
    const bytes = await bytesOf(name, response);
    // A plain file server may ignore the range and answer 200 with the whole file.
    const sent = response.status === 206 ? { start: 0, end: range.end - range.start } : range;
    return decode(name, column, cut(name, bytes, sent));
  }

  async #get(subject: string, path: string, range?: ByteRange): Promise<Response> {
    const headers: HeadersInit = range ? { Range: `bytes=${range.start}-${range.end - 1}` } : {};
    const response = await this.#request(subject, path, { headers });
    await this.#check(subject, path, response);
    return response;
  }

  async #request(subject: string, path: string, init: RequestInit): Promise<Response> {
    try {
      const response = await this.#transport.fetch(this.#base + path, init);
      this.#hear(response);
      return response;
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      const { reason, wayOut } = this.#transport.stopped;
      throw new DataError(subject, reason, wayOut);
    }
  }

  /** Take from an answer what became of the bundle. */
  #hear(response: Response): void {
    const revision = response.headers.get(REVISION);
    if (this.#revision === null || revision === null) return;
    if (revision !== NONE) this.#tell(revision === this.#revision ? null : ANEW);
    // A file that is still there says that the rest is gone, but not why.
    else if (response.ok) void this.look();
  }

  #tell(news: News | null): void {
    for (const tell of this.#watchers) tell(news);
  }

  async #check(subject: string, path: string, response: Response): Promise<void> {
    if (response.ok) return;
    if (response.status === GONE) {
      const words = await body(subject, response.text());
      if (response.headers.get(REVISION) === NONE) this.#tell({ kind: "gone", message: `${words.charAt(0).toUpperCase()}${words.slice(1)}.` });
      const [reason = words, ...wayOut] = words.split("; ");
      throw new DataError(subject, reason, wayOut.join("; ") || REOPEN, GONE);
    }
    if (response.status === 401) throw new DataError(subject, "the server does not know this browser any more", TOKEN, 401);
    throw new DataError(subject, `the server answered ${response.status} to ${path}`, REOPEN, response.status);
  }
}

function stopped(subject: string): DataError {
  return new DataError(subject, web.stopped.reason, web.stopped.wayOut);
}

/** What a response holds; a connection may break half-way. */
async function body<T>(subject: string, content: Promise<T>): Promise<T> {
  try {
    return await content;
  } catch (error) {
    if (error instanceof SyntaxError) throw new DataError(subject, "is not JSON", REOPEN);
    throw stopped(subject);
  }
}

/** The bytes of the rows, least significant first, as `npy.ts` also takes for granted. */
const littleEndian = (rows: Int32Array): Uint8Array<ArrayBuffer> => Uint8Array.from(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));

async function bytesOf(subject: string, response: Response): Promise<Uint8Array> {
  return new Uint8Array(await body(subject, response.arrayBuffer()));
}

function cut(subject: string, bytes: Uint8Array, range: ByteRange): Uint8Array {
  if (range.end <= bytes.length) return bytes.subarray(range.start, range.end);
  throw new DataError(subject, `has ${bytes.length} bytes where ${range.end} were expected`, "the bundle is damaged: compare again");
}
