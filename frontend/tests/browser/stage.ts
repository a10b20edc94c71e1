import { chromium, type Browser, type Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";

const ROOT = new URL("../../", import.meta.url).pathname;
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** A page of the harness in Chromium, served from the sources. */
export interface Stage {
  readonly page: Page;
  /** What the page complained of. */
  readonly complaints: string[];
  close(): Promise<void>;
}

async function serveSources(): Promise<{ server: ViteDevServer; url: string }> {
  const server = await createServer({
    root: ROOT,
    configFile: false,
    logLevel: "error",
    optimizeDeps: { noDiscovery: true },
    server: { port: 0, host: "127.0.0.1", watch: null },
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error("vite gave no address for the harness");
  return { server, url: `${url}tests/browser/harness.html` };
}

/** Chromium of the `CHROMIUM` variable, else Debian's. Without one the tests fail: they are never skipped. */
async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", ...QUIET],
  });
}

export async function openStage(options: { readonly scale?: number } = {}): Promise<Stage> {
  const browser = await launch();
  const { server, url } = await serveSources();
  const page = await browser.newPage({ viewport: { width: 1000, height: 760 }, deviceScaleFactor: options.scale ?? 1 });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const complains = message.type() === "error" || message.type() === "warning";
    // Reading pixels back is slow, and is what the tests are for.
    const readsBack = ["GPU stall due to ReadPixels", "willReadFrequently"].some((words) => message.text().includes(words));
    if (complains && !readsBack) complaints.push(message.text());
  });
  await page.goto(url);
  await page.waitForFunction(() => "harness" in window);
  const close = async (): Promise<void> => {
    await browser.close();
    await server.close();
  };
  return { page, complaints, close };
}
