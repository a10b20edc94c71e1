import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

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

/** Serves files as a web server does; `log` receives each request. */
export function serveFiles(
  files: ReadonlyMap<string, Uint8Array>,
  options: { readonly ranges?: boolean; readonly log?: Requested[] } = {},
): Promise<string> {
  return serve((request, response) => {
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
