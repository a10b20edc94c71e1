import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds wrong with a part of the page. */
export async function wrong(page: Page, root: string): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const violations = await page.evaluate((within) => {
    const { axe } = window as unknown as { axe: { run: (root: string) => Promise<{ violations: Finding[] }> } };
    return axe.run(within).then((found) => found.violations);
  }, root);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
