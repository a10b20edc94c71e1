import { afterEach, describe, expect, test, vi } from "vitest";
import { type Early, taken } from "../../src/data/early";
import type { Manifest } from "../../src/model/schema.gen";
import { HttpSource } from "../../src/data/http";
import { MemorySource } from "../model/memory";

const home = globalThis as Early & { location?: { hash: string } };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
  delete home.emblinkAnswers;
});

describe("an answer that was asked for early", () => {
  test("is taken once, and by a plain request alone", () => {
    const answer = Promise.resolve(new Response("x"));
    home.emblinkAnswers = new Map([["./a", answer]]);
    expect(taken("./a", { headers: { Range: "bytes=0-1" } })).toBeUndefined();
    expect(taken("./a", { method: "POST", body: "" })).toBeUndefined();
    expect(taken("./b", {})).toBeUndefined();
    expect(taken("./a", { headers: {} })).toBe(answer);
    expect(taken("./a", {})).toBeUndefined();
  });

  test("is none where nothing was asked for", () => {
    expect(taken("./a", {})).toBeUndefined();
  });
});

/** Run the script with a bundle behind it; what was asked for, in order. */
async function begun(manifest: Manifest, hash = "", progress = new Response("{}", { status: 404 })): Promise<{ asked: string[]; files: Record<string, () => Response> }> {
  const asked: string[] = [];
  const files: Record<string, () => Response> = { "./bundle/../progress": () => progress, "./bundle/manifest.json": () => Response.json(manifest) };
  vi.stubGlobal("location", { hash });
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(files[url]?.() ?? new Response(new Uint8Array(4)));
  });
  await import("../../src/entry/early");
  await new Promise((resolve) => setTimeout(resolve));
  return { asked, files };
}

const manifest = await new MemorySource().manifest();
const [first] = manifest.pairs;
const told = manifest.report.findings?.[0] ?? first;

const pathOf = (space: string | undefined, manifest_ = manifest): string => {
  const coords = manifest_.spaces.find(({ name }) => name === space)?.projections[0]?.coords ?? "";
  return `./bundle/${(manifest_.columns[coords]?.path ?? "").split("/").map(encodeURIComponent).join("/")}`;
};

describe("what is asked for early", () => {
  test("is the pictures that the page opens with, and what colours them", async () => {
    const { asked } = await begun(manifest);
    expect(asked.slice(0, 2)).toEqual(["./bundle/../progress", "./bundle/manifest.json"]);
    expect(asked).toContain(pathOf(told?.a));
    expect(asked).toContain(pathOf(told?.b));
    expect(new Set(asked).size).toBe(asked.length);
  });

  test("follows the link", async () => {
    const { a, b } = { a: told?.b, b: told?.a };
    const { asked } = await begun(manifest, `#a=${a}&b=${b}&colour=none`);
    expect(asked.slice(2)).toEqual([pathOf(a), pathOf(b)]);
  });

  test("of very many items is nothing but the manifest: of these the page asks for the first alone", async () => {
    const { firstColumns } = await import("../../src/entry/early");
    expect(firstColumns({ ...manifest, n_items: 200_001 }, new URLSearchParams())).toEqual([]);
  });

  test("while spaces are compared, is no column: what is there changes", async () => {
    expect((await begun(manifest, "", Response.json({ state: "running", revision: 1 }))).asked).toHaveLength(2);
  });

  test("of a finished comparison is what its file has", async () => {
    expect((await begun(manifest, "", Response.json({ state: "done", revision: 1 }))).asked).toContain(pathOf(told?.a));
  });

  test("is nothing once the page has asked for itself", async () => {
    void taken("./bundle/manifest.json", {});
    expect((await begun(manifest)).asked).toEqual([]);
  });

  test("is not asked for again by the page", async () => {
    const { asked } = await begun(manifest);
    const before = asked.length;
    expect(await new HttpSource().manifest()).toEqual(manifest);
    expect(asked.length).toBe(before);
    expect(await new HttpSource().manifest()).toEqual(manifest);
    expect(asked.length).toBe(before + 1);
  });
});
