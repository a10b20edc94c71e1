import type { News } from "./source";
import type { Transport } from "./transport";

/** What passes between a page in a frame and the widget that holds it: small JSON, and bytes beside it. */
export interface Message {
  readonly content: Readonly<Record<string, unknown>>;
  readonly buffers: readonly ArrayBuffer[];
}

/** An answer comes in parts, none too large for a notebook. */
interface Part {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: number;
  readonly of: number;
}

interface Asked {
  readonly parts: (ArrayBuffer | undefined)[];
  readonly answer: (response: Response) => void;
}

/** Milliseconds after which who does not answer is said not to. */
const PATIENCE = 15_000;

const SILENT: News = {
  kind: "silent",
  message: "The notebook does not answer: its kernel is busy, or was started anew. After a new start, run the cell again.",
};

function bytesOf(body: RequestInit["body"]): ArrayBuffer[] {
  if (typeof body === "string") return [new TextEncoder().encode(body).buffer];
  return body instanceof Uint8Array ? [Uint8Array.from(body).buffer] : [];
}

/** Requests over a port to the widget, and through it to the kernel. */
export class PortTransport implements Transport {
  readonly stopped = { reason: "the notebook does not answer", wayOut: "when its kernel was started anew, run the cell again" };
  readonly #port: MessagePort;
  readonly #view: string;
  readonly #patience: number;
  readonly #asked = new Map<string, Asked>();
  readonly #watchers = new Set<(news: News | null) => void>();
  #n = 0;

  /** @param view a word that no other page of the widget has */
  constructor(port: MessagePort, view: string, patience = PATIENCE) {
    this.#port = port;
    this.#view = view;
    this.#patience = patience;
    port.addEventListener("message", ({ data }: MessageEvent<Message>) => this.#hear(data));
    port.start();
  }

  watch(tell: (news: News | null) => void): () => void {
    this.#watchers.add(tell);
    return () => void this.#watchers.delete(tell);
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const id = `${this.#view}-${++this.#n}`;
    const { pathname, search } = new URL(url, "http://widget/");
    const { signal, body } = init;
    signal?.throwIfAborted();
    const content = { id, method: init.method ?? "GET", path: pathname + search, headers: Object.fromEntries(new Headers(init.headers)) };
    const buffers = bytesOf(body);
    return new Promise((resolve, reject) => {
      const over = (): void => {
        clearTimeout(timer);
        this.#asked.delete(id);
        signal?.removeEventListener("abort", aborted);
      };
      const aborted = (): void => {
        over();
        reject(signal?.reason as Error);
      };
      // A question may take as long as it takes.
      const timer = buffers.length > 0 ? undefined : setTimeout(() => {
        over();
        this.#tell(SILENT);
        reject(new Error(this.stopped.reason));
      }, this.#patience);
      signal?.addEventListener("abort", aborted);
      const answer = (response: Response): void => {
        over();
        resolve(response);
      };
      this.#asked.set(id, { parts: [], answer });
      this.#port.postMessage({ content, buffers } satisfies Message);
    });
  }

  #hear({ content, buffers }: Message): void {
    const asked = this.#asked.get(String(content["id"]));
    if (!asked) return;
    const { at, of, status, headers } = content as unknown as Part;
    asked.parts[at] = buffers[0] ?? new ArrayBuffer(0);
    const parts = asked.parts.filter((part) => part !== undefined);
    if (parts.length < of) return;
    this.#tell(null);
    asked.answer(new Response(new Blob(parts), { status, headers }));
  }

  #tell(news: News | null): void {
    for (const tell of this.#watchers) tell(news);
  }
}
