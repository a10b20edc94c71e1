import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Model } from "../../src/entry/widget";

const ROOT = new URL("../../../", import.meta.url).pathname;
const VENV = `${ROOT}.venv-dev/bin/python`;

type Heard = (content: unknown, buffers: readonly DataView[]) => void;

/** A Python that is the kernel of any number of widgets. */
export class Peer {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: Interface;
  /** Resolved by its first line. */
  readonly ready: Promise<void>;

  constructor() {
    const python = process.env["EMBLINK_PYTHON"] ?? (existsSync(VENV) ? VENV : "python");
    const env = { ...process.env, PYTHONPATH: `${ROOT}src` };
    this.process = spawn(python, [`${ROOT}frontend/tests/contracts/peer.py`], { env, stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface(this.process.stdout);
    this.ready = new Promise((resolve, reject) => {
      this.lines.once("line", () => resolve());
      this.process.once("exit", () => reject(new Error(`${python} cannot be the kernel: set EMBLINK_PYTHON to one that has Emblink's dependencies`)));
      this.process.once("error", reject);
    });
    this.ready.catch(() => undefined);
  }
}

/** A model as a notebook gives it to a widget, whose kernel asks `base`. */
export class Kernel implements Model {
  readonly state = new Map<string, unknown>();
  readonly sent: unknown[] = [];
  /** Nothing that is sent arrives. */
  deaf = false;
  readonly #peer: Peer;
  readonly #base: string;
  readonly #heard = new Map<string, Set<Heard>>();

  constructor(peer: Peer, base: string) {
    this.#peer = peer;
    this.#base = base;
    peer.lines.on("line", this.#hear);
  }

  readonly #hear = (line: string): void => {
    const told = JSON.parse(line) as { base: string; content: unknown; buffers: string[] };
    if (told.base === this.#base) this.tell("msg:custom", told.content, told.buffers.map((text) => view(Buffer.from(text, "base64"))));
  };

  get(name: string): unknown {
    return this.state.get(name);
  }

  set(name: string, value: unknown): void {
    this.state.set(name, value);
  }

  save_changes(): void {
    this.sent.push(Object.fromEntries(this.state));
  }

  send(content: unknown, _callbacks?: undefined, buffers: readonly ArrayBuffer[] = []): void {
    if (this.deaf) return;
    const coded = buffers.map((one) => Buffer.from(one).toString("base64"));
    this.#peer.process.stdin.write(`${JSON.stringify({ base: this.#base, content, buffers: coded })}\n`);
  }

  on(event: string, heard: (...told: never[]) => void): void {
    const all = this.#heard.get(event) ?? new Set<Heard>();
    this.#heard.set(event, all.add(heard as Heard));
  }

  off(event: string, heard: (...told: never[]) => void): void {
    this.#heard.get(event)?.delete(heard as Heard);
  }

  tell(event: string, content?: unknown, buffers: readonly DataView[] = []): void {
    for (const heard of [...(this.#heard.get(event) ?? [])]) heard(content, buffers);
  }

  get listening(): number {
    return [...this.#heard.values()].reduce((n, all) => n + all.size, 0);
  }

  stop(): void {
    this.#peer.lines.off("line", this.#hear);
  }
}

/** As frontends hand on buffers: a part of something larger. */
function view(bytes: Buffer): DataView {
  const larger = new Uint8Array(bytes.length + 8);
  larger.set(bytes, 4);
  return new DataView(larger.buffer, 4, bytes.length);
}
