// Folders over HTTP, whole files and ranges of bytes: the least that Emblink's page needs.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };

/** Serve folders under their prefixes; returns the address and how to stop. */
export async function serve(folders) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const prefix = Object.keys(folders).find((key) => path.startsWith(key));
    const file = prefix && join(folders[prefix], normalize(`/${path.slice(prefix.length) || "index.html"}`));
    const about = file && (await stat(file).catch(() => null));
    if (!about?.isFile()) return response.writeHead(404).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    const [start, end] = range ? [Number(range[1]), Number(range[2])] : [0, about.size - 1];
    const headers = { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-length": end - start + 1, "cache-control": "no-store" };
    response.writeHead(range ? 206 : 200, range ? { ...headers, "content-range": `bytes ${start}-${end}/${about.size}` } : headers);
    createReadStream(file, { start, end }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
