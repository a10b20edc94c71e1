import { expect, test } from "vitest";
import { DataError } from "../../src/data/errors";
import { HttpSource } from "../../src/data/http";
import { describeDataSource } from "../contracts/datasource";
import { makeFixture } from "../contracts/fixture";
import type { News, Notes } from "../../src/data/source";
import { type Fate, serve, serveFate, serveFiles, serveUntil } from "./serve";

describeDataSource("HttpSource", async ({ files }) => new HttpSource(await serveFiles(files)));

describeDataSource(
  "HttpSource, of a server that ignores ranges,",
  async ({ files }) => new HttpSource(await serveFiles(files, { ranges: false })),
);

const { files } = makeFixture();
const caught = (promise: Promise<unknown>) => promise.then(() => expect.fail("did not throw"), (error: unknown) => error as DataError);

test("rows cost one request for exactly their bytes", async () => {
  const log: { path: string; range: string | undefined }[] = [];
  const source = new HttpSource(await serveFiles(files, { log }));
  await source.column("a/neighbors", { start: 2, end: 4 });
  expect(log).toEqual([
    { path: "manifest.json", range: undefined },
    { path: "columns/a/neighbors.npy", range: "bytes=152-175" },
  ]);
});

test("a whole column is requested once however often it is asked for", async () => {
  const log: { path: string; range: string | undefined }[] = [];
  const source = new HttpSource(await serveFiles(files, { log }));
  await Promise.all([source.column("position"), source.column("position"), source.manifest()]);
  await source.column("position");
  expect(log.map(({ path }) => path)).toEqual(["manifest.json", "columns/position.npy"]);
});

test("a failed column is asked for again, not remembered", async () => {
  const missing = new Map(files);
  missing.delete("columns/position.npy");
  const source = new HttpSource(await serveFiles(missing));
  await expect(source.column("position")).rejects.toThrow("the server answered 404 to columns/position.npy");
  missing.set("columns/position.npy", files.get("columns/position.npy") as Uint8Array);
  expect(await source.column("position")).toEqual(Int32Array.of(5, 3, 0, 1, 4, 2));
});

test("a refused request names the column, the status and the way out", async () => {
  const source = new HttpSource(await serve((_, response) => void response.writeHead(403).end()));
  const error = await caught(source.manifest());
  expect(error).toBeInstanceOf(DataError);
  expect(error).toMatchObject({ subject: "manifest", status: 403 });
  expect(error.message).toMatch(/answered 403 .* start "emblink open"/);
});

test("a browser that the server does not know is told to open the address with its token", async () => {
  const error = await caught(new HttpSource(await serve((_, response) => void response.writeHead(401).end())).manifest());
  expect(error).toMatchObject({ status: 401 });
  expect(error.wayOut).toMatch(/address .* printed, with its token/);
});

test("a stopped server is said to have stopped", async () => {
  const { base, stop } = await serveUntil((_, response) => void response.end());
  await stop();
  const error = await caught(new HttpSource(base).manifest());
  expect(error).toMatchObject({ subject: "manifest", status: null, reason: "the server stopped" });
  expect(error.wayOut).toBe('start "emblink open" on the bundle again');
});

test("a connection that breaks half-way is said to have stopped", async () => {
  const base = await serve((_, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("{", () => response.destroy());
  });
  await expect(new HttpSource(base).manifest()).rejects.toThrow("the server stopped");
});

test.each([
  ['{"schema": "emblink.bundle/99"}', "manifest: has schema 'emblink.bundle/99', this page reads 'emblink.bundle/2'; update Emblink"],
  ["{}", "manifest: has no schema"],
  ["null", "manifest: has no schema"],
  ["<html>", "manifest: is not JSON"],
])("the manifest %s is refused with a reason", async (text, message) => {
  const source = new HttpSource(await serve((_, response) => void response.end(text)));
  await expect(source.manifest()).rejects.toThrow(message);
});

test("a truncated column is damaged, not short", async () => {
  const cut = new Map(files).set("columns/position.npy", (files.get("columns/position.npy") as Uint8Array).slice(0, -1));
  const source = new HttpSource(await serveFiles(cut));
  await expect(source.column("position")).rejects.toThrow("has 151 bytes where 152 were expected; the bundle is damaged");
  await expect(source.column("position", { start: 5, end: 6 })).rejects.toThrow("has 3 bytes where 4 were expected");
});

test("a server of files is said not to compute", async () => {
  const source = new HttpSource(await serve((_, response) => void response.writeHead(501).end()));
  const error = await caught(source.ask({ kind: "selection", a: "a", b: "b" }, Int32Array.of(1)));
  expect(error.message).toBe('the selection: this server hands out files and computes nothing; see the bundle with "emblink open"');
});

test("a server that stopped is said to have stopped when it is asked, too", async () => {
  const { base, stop } = await serveUntil((_, response) => void response.end());
  await stop();
  const error = await caught(new HttpSource(base).ask({ kind: "selection", a: "a", b: "b" }, Int32Array.of(1)));
  expect(error).toMatchObject({ status: null, reason: "the server stopped" });
});

const ANEW = "This comparison was made anew since the page was opened.";

/** A source whose manifest was read, what it tells, and what becomes of its bundle. */
async function opened(): Promise<{ source: HttpSource; told: (News | null)[]; fate: Fate }> {
  const fate: Fate = { revision: "1", asked: [] };
  const source = new HttpSource(await serveFate(files, fate));
  await source.manifest();
  const told: (News | null)[] = [];
  source.watch((news) => void told.push(news));
  fate.asked.length = 0;
  return { source, told, fate };
}

test("a newer edition is told by whatever is asked for, and once more as long as it is there", async () => {
  const { source, told, fate } = await opened();
  fate.revision = "2";
  expect(await source.column("position", { start: 0, end: 1 })).toEqual(Int32Array.of(5));
  fate.revision = "1";
  await source.column("a/neighbors", { start: 0, end: 1 });
  expect(told).toEqual([{ kind: "newer", message: ANEW }, null]);
});

test("to look costs one small request, and says why a bundle is gone", async () => {
  const { source, told, fate } = await opened();
  await source.look();
  Object.assign(fate, { revision: "gone", words: "the comparison run is no longer there; put it back, or compare again" });
  await source.look();
  expect(fate.asked).toEqual(["/progress", "/progress"]);
  expect(told).toEqual([null, { kind: "gone", message: "The comparison run is no longer there; put it back, or compare again." }]);
});

test("why a bundle is gone is asked for where a file of it is still handed out", async () => {
  const { source, told, fate } = await opened();
  fate.revision = "gone";
  await source.column("position");
  expect(fate.asked[0]).toBe("/bundle/columns/position.npy");
  await expect.poll(() => fate.asked).toContain("/progress");
  expect(told).toEqual([]);
});

test("what is gone is refused in the server's own words", async () => {
  const { source, told, fate } = await opened();
  fate.words = "columns/x.npy of this comparison is missing; compare again into run; then reload";
  const error = await caught(source.column("position"));
  expect(error.message).toBe(fate.words);
  expect(error).toMatchObject({ subject: "position", status: 410, wayOut: "compare again into run; then reload" });
  expect(told).toEqual([null]);
});

/** Notes as `emblink open` keeps them. */
async function serveNotes(): Promise<{ source: HttpSource; kept: { text: string; version: number; refusal: { status: number; words: string } | null } }> {
  const kept = { text: '{"schema":"emblink.notes/1","selections":[]}', version: 1, refusal: null as { status: number; words: string } | null };
  const base = await serve((request, response) => {
    void (async () => {
      if (kept.refusal) return response.writeHead(kept.refusal.status).end(kept.refusal.words);
      if (request.method === "PUT") {
        let text = "";
        for await (const chunk of request) text += String(chunk);
        if (request.headers["emblink-notes"] !== String(kept.version)) return response.writeHead(412).end("changed meanwhile");
        kept.text = text;
        kept.version += 1;
        return response.writeHead(204, { "emblink-notes": String(kept.version) }).end();
      }
      return response.writeHead(200, { "emblink-notes": String(kept.version) }).end(kept.text);
    })();
  });
  return { source: new HttpSource(base), kept };
}

test("notes are read with their version, and replace that version alone", async () => {
  const { source, kept } = await serveNotes();
  const notes: Notes = { schema: "emblink.notes/1", selections: [{ id: "s", name: "née", note: "", items: ["i1"] }] };
  expect(await source.readNotes()).toEqual({ notes: { schema: "emblink.notes/1", selections: [] }, version: "1" });
  expect(await source.writeNotes(notes, "1")).toBe("2");
  expect(await source.readNotes()).toEqual({ notes, version: "2" });
  expect(await source.writeNotes({ ...notes, selections: [] }, "1")).toBeNull();
  expect(JSON.parse(kept.text)).toEqual(notes);
});

test("notes that the server refuses are an error in its words", async () => {
  const { source, kept } = await serveNotes();
  kept.refusal = { status: 409, words: "notes.json is not as this Emblink writes notes; give it another name" };
  const reading = await caught(source.readNotes());
  expect([reading.reason, reading.wayOut]).toEqual(["notes.json is not as this Emblink writes notes", "give it another name"]);
  const writing = await caught(source.writeNotes({ schema: "emblink.notes/1", selections: [] }, "1"));
  expect(writing.status).toBe(409);
});

test("a server that hands out files keeps no notes", async () => {
  expect(await new HttpSource(await serveFiles(files)).readNotes()).toBeNull();
});

test("a question is about the edition that the page shows", async () => {
  const { source, told, fate } = await opened();
  const question = { kind: "selection", a: "a", b: "b" } as const;
  expect((await source.ask(question, Int32Array.of(1))).n).toBe(1);
  fate.revision = "2";
  const error = await caught(source.ask(question, Int32Array.of(1)));
  expect([error.status, error.message]).toEqual([410, "made anew; reload the page"]);
  expect(told).toEqual([null, { kind: "newer", message: ANEW }]);
});

test("a server that does not tell of editions is not asked about them, and nothing is told", async () => {
  const log: { path: string; range: string | undefined }[] = [];
  const source = new HttpSource(await serveFiles(files, { log }));
  const told: unknown[] = [];
  source.watch((news) => void told.push(news));
  await source.manifest();
  await source.look();
  expect([told, log.length]).toEqual([[], 1]);
});

test("who stopped watching is told nothing, and a server that stopped is no news of the bundle", async () => {
  const fate: Fate = { revision: "1", asked: [] };
  const source = new HttpSource(await serveFate(files, fate));
  await source.manifest();
  const told: unknown[] = [];
  source.watch((news) => void told.push(news))();
  fate.revision = "2";
  await source.look();
  expect(told).toEqual([]);
});
