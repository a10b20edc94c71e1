// What must hold of the built site, from disk: every link and picture is there, every live page paints, and of some pages
// axe finds nothing in either theme and nothing is fetched.
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

const pages = readdirSync(SITE, { recursive: true }).filter((name) => name.endsWith(".html") && !name.startsWith("_"));
const LOOKED_AT = ["index", "docs/gate", "docs/files", "docs/measures/size", "examples/two_models", "reference/commands", "reference/emblink"];
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

/** What axe finds on a page in a theme, each as `rule: element`, and what it asks a network for. */
async function violations(browser, name, colorScheme) {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(120_000); // a machine that is busy with other work fails no site
  const fetched = [];
  page.on("request", (request) => /^(?:https?|wss?):/.test(request.url()) && fetched.push(`${name} fetches ${request.url()}`));
  await page.goto(pathToFileURL(join(SITE, name)).href, { waitUntil: "domcontentloaded" }); // live pages load below
  await page.evaluate(AXE);
  // Colours of highlighted code are the theme's, and the live page has its own tests.
  const options = { exclude: [[".highlight"], ["iframe"]] };
  const found = await page.evaluate((given) => globalThis.axe.run(given, { resultTypes: ["violations"] }), options);
  await page.close();
  const told = found.violations.flatMap((one) => one.nodes.map((node) => `${name} (${colorScheme}) ${one.id}: ${node.target.join(" ")}`));
  return [...told, ...fetched];
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
for (const name of LOOKED_AT) for (const theme of ["light", "dark"]) faults.push(...(await violations(browser, `${name}.html`, theme)));
for (const name of LIVE) await paintsLive(browser, name);
await browser.close();
console.log(faults.length ? faults.join("\n") : `${pages.length} pages, ${LIVE.length} live: links and pictures are there; axe and what is fetched, of ${LOOKED_AT.length}, as they should be`);
process.exitCode = faults.length ? 1 : 0;
