/** Run before the page's own script is read: asks for what the first picture is drawn from, so that it is there when that script is. */
import type { Early, Manifest, Progress } from "../data";

const BUNDLE = "./bundle/";
/** Of more items, only the first are drawn at once, and the page asks for these. */
const MOST = 200_000;

/** The columns of the picture that the page opens with. */
export function firstColumns({ spaces, pairs, report, roles, fields, n_items }: Manifest, link: URLSearchParams): string[] {
  if (n_items > MOST) return [];
  const told = report.findings?.[0] ?? pairs[0];
  const [first, second] = [told?.a ?? spaces[0]?.name, told?.b ?? spaces[1]?.name];
  const shown = [link.get("a") ?? first, link.get("b") ?? second].flatMap((name) => spaces.find((space) => space.name === name) ?? []);
  const method = link.get("projection") ?? shown[0]?.projections.find((one) => shown[1]?.projections.some((other) => other.method === one.method))?.method;
  const coords = shown.flatMap((space) => space.projections.find((one) => one.method === method)?.coords ?? []);
  const label = link.get("colour") === null ? fields.find((field) => field.name === roles.label) : undefined;
  return [...coords, ...(label?.kind === "category" ? [label.codes, label.words.offsets, label.words.utf8] : [])];
}

const home = globalThis as Early;
const late = home.emblinkAnswers !== undefined;
const answers = (home.emblinkAnswers ??= new Map<string, Promise<Response>>());

/** Ask for a file, and read it at once; who takes the answer is handed what was read. */
function ask(path: string, kind: "json" | "arrayBuffer"): Promise<Response> {
  const answer = fetch(path).then((response) => {
    if (!response.ok) return response;
    const read = response[kind]();
    read.catch(() => undefined);
    return Object.assign(response, { [kind]: () => read });
  });
  answer.catch(() => undefined);
  answers.set(path, answer);
  return answer;
}

async function begin(): Promise<void> {
  const [told, response] = await Promise.all([ask(`${BUNDLE}../progress`, "json"), ask(`${BUNDLE}manifest.json`, "json")]);
  // While it is compared, the page reads what there is by then.
  if (!response.ok || (told.ok && ((await told.json()) as Progress).state !== "done")) return;
  const manifest = (await response.json()) as Manifest;
  for (const name of firstColumns(manifest, new URLSearchParams(location.hash.slice(1)))) {
    const path = manifest.columns[name]?.path;
    if (path !== undefined) void ask(BUNDLE + path.split("/").map(encodeURIComponent).join("/"), "arrayBuffer");
  }
}

// Whatever goes wrong here goes wrong again where it is told.
if (!late) begin().catch(() => undefined);
