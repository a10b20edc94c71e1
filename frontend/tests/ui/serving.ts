import { svelte } from "@sveltejs/vite-plugin-svelte";
import { chromium, type BrowserContext } from "playwright-core";
import { createServer } from "vite";

const ROOT = new URL("../../", import.meta.url).pathname;

/** A browser, and the page of the tests at an address. */
export interface Serving {
  readonly context: BrowserContext;
  readonly address: string;
  close: () => Promise<void>;
}

export async function serving(): Promise<Serving> {
  const server = await createServer({
    root: ROOT,
    configFile: false,
    logLevel: "error",
    plugins: [svelte({ configFile: `${ROOT}svelte.config.js` })],
    optimizeDeps: { noDiscovery: true },
    server: { port: 0, host: "127.0.0.1", watch: null },
  });
  const [, browser] = await Promise.all([
    server.listen(),
    chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] }),
  ]);
  return {
    context: await browser.newContext({ viewport: { width: 1280, height: 800 } }),
    address: `${server.resolvedUrls?.local[0] ?? ""}tests/ui/page.html`,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
