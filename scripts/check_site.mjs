// What must hold of the built site, from disk: every link and picture is there, axe finds nothing on any page in either theme
// (of listings of source on one), nothing is fetched, and every live page paints.
//
//     node scripts/check_site.mjs [build/site]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { launch } from "./browser.mjs";

const SITE = resolve(process.argv[2] ?? fileURLToPath(new URL("../build/site", import.meta.url)));
const require = createRequire(new URL("../frontend/package.json", import.meta.url));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const pages = readdirSync(SITE, { recursive: true }).filter((name) => name.endsWith(".html") && !name.startsWith("_static"));
// Listings of source differ in nothing that axe looks at.
const LOOKED_AT = pages.filter((name, at) => !name.startsWith("_modules") || at === pages.findIndex((one) => one.startsWith("_modules/emblink/")));
const LIVE = pages.filter((name) => readFileSync(join(SITE, name), "utf8").includes('class="live"'));

/** What a page points to within the site and is not there. */
function broken(name) {
  const page = join(SITE, name);
  const anchors = (path) => new Set([...readFileSync(path, "utf8").matchAll(/\bid="([^"]+)"/g)].map((found) => found[1]));
  const targets = [...readFileSync(page, "utf8").matchAll(/\b(?:href|src)="([^"]*)"/g)].map((found) => found[1]);
  return targets.filter((target) => {
    if (/^(?:[a-z]+:|\/\/)/.test(target) || target === "#") return false;
    const [path, anchor] = target.replace(/\?.*?(?=#|$)/, "").split("#");
    const file = path === "" ? page : join(dirname(page), decodeURIComponent(path));
    return !existsSync(file) || (anchor && file.endsWith(".html") && !anchors(file).has(decodeURIComponent(anchor)));
  });
}

/** What axe finds on a page in either theme, each as `rule: element`, and what it asks a network for. */
async function violations(page, name) {
  const fetched = [];
  const note = (request) => /^(?:https?|wss?):/.test(request.url()) && fetched.push(`${name} fetches ${request.url()}`);
  page.on("request", note);
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(pathToFileURL(join(SITE, name)).href, { waitUntil: "load" });
  await page.evaluate(AXE);
  const light = await axeOf(page, {});
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await axeOf(page, { runOnly: ["color-contrast", "link-in-text-block"] }); // all that a theme changes
  page.off("request", note);
  const told = [...light.map((one) => `${name} ${one}`), ...dark.map((one) => `${name} (dark) ${one}`)];
  return [...told, ...fetched];
}

async function axeOf(page, options) {
  const given = [{ exclude: [["iframe"]] }, { resultTypes: ["violations"], ...options }]; // the live page has its own tests
  const found = await page.evaluate(([context, chosen]) => globalThis.axe.run(context, chosen), given);
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}`));
}

async function paintsLive(browser, name) {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(pathToFileURL(join(SITE, name)).href);
  const handle = await page.waitForSelector("iframe.live");
  await handle.scrollIntoViewIfNeeded();
  const live = await handle.contentFrame();
  await live.waitForFunction(() => document.documentElement.dataset.ready === "painted", null, { timeout: 120_000 });
  await page.close();
}

const faults = pages.flatMap((name) => broken(name).map((target) => `${relative("", join(SITE, name))}: no ${target}`));
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(120_000); // a machine that is busy with other work fails no site
await page.route("**/_static/*.html", (route) => route.abort()); // live pages paint below
for (const name of LOOKED_AT) faults.push(...(await violations(page, name)));
await page.close();
for (const name of LIVE) await paintsLive(browser, name);
await browser.close();
console.log(faults.length ? faults.join("\n") : `${pages.length} pages, ${LIVE.length} live: links and pictures are there, axe finds nothing, nothing is fetched`);
process.exitCode = faults.length ? 1 : 0;
