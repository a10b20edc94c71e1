import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const SRC = new URL("../src/", import.meta.url).pathname;

/** What a module is imported by: with or without its ending, or by its folder's door. */
const ENDINGS = ["", ".ts", ".svelte.ts", "/index.ts"];

function resolved(from: string, specifier: string): string {
  const path = join(SRC, dirname(from), specifier.replace(/\?.*$/, ""));
  const found = ENDINGS.map((ending) => path + ending).find((file) => existsSync(file) && /\.\w+$/.test(file));
  if (found === undefined) throw new Error(`${from} imports '${specifier}', which is not there`);
  return relative(SRC, found);
}

/** The relative imports of a file's scripts, of types too. */
function importsOf(file: string): string[] {
  const text = readFileSync(SRC + file, "utf8");
  const script = file.endsWith(".svelte") ? [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, code = ""]) => code).join("\n") : text;
  const { importedFiles } = ts.preProcessFile(script, true, true);
  return importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
}

/** Each file of `src/` with the files that it imports, by path. */
export function importGraph(): Map<string, string[]> {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => /\.(?:ts|svelte)$/.test(path)).sort();
  return new Map(files.map((file) => [file, importsOf(file).map((specifier) => resolved(file, specifier))]));
}

/** The circles of a graph, each by one way round. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) return void found.push([...way.slice(at), file].join(" → "));
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}
