// The page in a conversation: node hosted.mjs FOLDER, which has shell.html and page.html; prints what was seen as JSON.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "../../scripts/browser.mjs";

const folder = process.argv[2];
const read = (name) => encodeURIComponent(readFileSync(join(folder, name), "utf8"));
// What hosts put round every page of a server.
const policy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'none'";
const host = `<!doctype html><body><iframe sandbox="allow-scripts" style="width:1200px;height:700px"></iframe><script>
window.heard = [];
const shell = decodeURIComponent("${read("shell.html")}");
const page = decodeURIComponent("${read("page.html")}");
const frame = document.querySelector("iframe");
const say = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
const uri = "ui://emblink/run-0123456789.html";
addEventListener("message", ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  heard.push(data);
  if (data.method === "ui/initialize")
    say({ id: data.id, result: { protocolVersion: "2026-01-26", hostInfo: { name: "test", version: "0" }, hostCapabilities: { serverResources: {} }, hostContext: {} } });
  if (data.method === "ui/notifications/initialized" && location.hash === "#shell")
    say({ method: "ui/notifications/tool-result", params: { content: [], structuredContent: { page: uri } } });
  if (data.method === "resources/read")
    say({ id: data.id, result: { contents: [{ uri: data.params.uri, text: page }] } });
});
const policied = (text) => text.replace("<head>", () => ${JSON.stringify(`<head><meta http-equiv="Content-Security-Policy" content="${policy}">`)});
frame.srcdoc = policied(location.hash === "#shell" ? shell : page);
</script>`;
writeFileSync(join(folder, "host.html"), host);

const browser = await launch();
const seen = {};
for (const way of ["shell", "page"]) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints = [];
  const fetched = [];
  page.on("console", (one) => one.type() === "error" && complaints.push(one.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (one) => /^(https?|wss?):/.test(one.url()) && fetched.push(one.url()));
  await page.goto(`${pathToFileURL(join(folder, "host.html")).href}#${way}`);
  await page.waitForFunction(() => window.frames.length === 1);
  const frame = page.frames()[1];
  await frame.waitForFunction(() => document.documentElement.dataset.panels === "read", null, { timeout: 60_000 });
  const before = await page.evaluate(() => window.heard.length);
  await page.evaluate(() => document.querySelector("iframe").contentWindow.postMessage({ jsonrpc: "2.0", id: "t", method: "ui/resource-teardown", params: {} }, "*"));
  await page.waitForFunction((n) => window.heard.length > n, before);
  const heard = await page.evaluate(() => window.heard.map(({ id, method, result }) => method ?? `answer to ${id}: ${JSON.stringify(result)}`));
  const words = await frame.evaluate(() => document.body.innerText);
  if (process.argv[3]) await page.screenshot({ path: join(process.argv[3], `hosted-${way}.png`) });
  seen[way] = { complaints, fetched, heard, words };
  await page.close();
}
await browser.close();
console.log(JSON.stringify(seen));
