import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Answers } from "../../src/data/source";
import { answerTo, REFUSAL } from "../contracts/fixture";
import { frame } from "./frame";

/** A server on a free port until the test ends, or until `stop`. */
export async function serveUntil(listener: RequestListener): Promise<{ base: string; stop: () => Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  return { base: `http://127.0.0.1:${port}/bundle/`, stop };
}

export const serve = async (listener: RequestListener): Promise<string> => (await serveUntil(listener)).base;

interface Requested {
  readonly path: string;
  readonly range: string | undefined;
}

/** Answers as `emblink open` does: rows are little-endian int32. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
  if (pathname !== "/ask") return void response.writeHead(405).end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const bytes = Buffer.concat(chunks);
  const rows = Int32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i));
  if (rows.length === 0) return void response.writeHead(400).end(REFUSAL);
  const kind = searchParams.get("kind") as keyof Answers;
  const said = answerTo({ kind, a: searchParams.get("a") ?? "", b: searchParams.get("b") ?? "" }, rows);
  if ("codes" in said) return void response.writeHead(200, { "content-type": "application/octet-stream" }).end(frame(said));
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
}

/** What becomes of a bundle while a test looks at it: the edition on disk, and why nothing can be had. */
export interface Fate {
  revision: string;
  words?: string;
  readonly asked: string[];
}

/** Serves files as `emblink open` does, which tells of the edition on disk. */
export function serveFate(files: ReadonlyMap<string, Uint8Array>, fate: Fate): Promise<string> {
  return serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    fate.asked.push(pathname);
    response.setHeader("emblink-revision", fate.revision);
    const stale = pathname === "/ask" && searchParams.get("r") !== fate.revision;
    if (fate.words !== undefined || stale) return void response.writeHead(410).end(fate.words ?? "made anew; reload the page");
    if (pathname === "/progress") return void response.end("{}");
    if (pathname === "/ask") return void answer(request, response);
    const bytes = files.get(decodeURIComponent(pathname).replace("/bundle/", ""));
    if (bytes) response.end(bytes);
    else response.writeHead(410).end("columns/x.npy is missing; compare again");
  });
}

/** Serves files as a web server does; `log` receives each request. */
export function serveFiles(
  files: ReadonlyMap<string, Uint8Array>,
  options: { readonly ranges?: boolean; readonly log?: Requested[] } = {},
): Promise<string> {
  return serve((request, response) => {
    if (request.method === "POST") return void answer(request, response);
    const path = decodeURIComponent(request.url ?? "").replace("/bundle/", "");
    const range = request.headers.range;
    options.log?.push({ path, range });
    const bytes = files.get(path);
    const wanted = options.ranges === false ? null : /^bytes=(\d+)-(\d+)$/.exec(range ?? "");
    if (!bytes) response.writeHead(404).end();
    else if (wanted) response.writeHead(206).end(bytes.subarray(Number(wanted[1]), Number(wanted[2]) + 1));
    else response.writeHead(200).end(bytes);
  });
}
