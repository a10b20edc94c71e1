/** In a document that has all within it, the components' markup stands as markup, and not as texts of the script. */
import type { Plugin } from "vite";

/** The file of it; `page.py` puts it into the element that is read here. */
const MARKUP = "markup.html";
const READ = 'const markup = document.getElementById("markup").textContent.split("\\n");';
/** How Svelte's own function for it begins. */
const TAKES = "export function from_html(content, flags) {";
const SEEN = "\u0001";

const mark: Plugin = {
  name: "mark-markup",
  enforce: "post",
  transform(code, id) {
    if (id.endsWith("/svelte/src/internal/client/dom/template.js")) {
      if (!code.includes(TAKES)) this.error("Svelte makes markup in another way now: see markup.ts");
      return { code: READ + code.replace(TAKES, `${TAKES} content = markup[content];`), map: null };
    }
    return id.endsWith(".svelte") ? { code: code.replaceAll("$.from_html(`", `$.from_html(\`${SEEN}`), map: null } : null;
  },
};

/** A script in which pieces of markup are numbers, and that markup, a piece a line. */
export function parted(code: string): { readonly code: string; readonly markup: string } {
  const pieces: string[] = [];
  const rest = code.replace(new RegExp(`\`${SEEN}((?:[^\`\\\\]|\\\\.)*)\``, "g"), (_, written: string) => {
    const piece = written.replace(/\\([`$\\])/g, "$1");
    if (/\\[a-z]|[\n\r]|<\/?script|<!--/i.test(piece)) throw new Error(`markup: this cannot stand in a document's script element: ${piece}`);
    if (!pieces.includes(piece)) pieces.push(piece);
    return String(pieces.indexOf(piece));
  });
  return { code: rest, markup: pieces.join("\n") };
}

const part: Plugin = {
  name: "part-markup",
  enforce: "post",
  generateBundle: {
    order: "post",
    handler(_, files) {
      for (const file of Object.values(files)) {
        if (file.type !== "chunk") continue;
        const { code, markup } = parted(file.code);
        file.code = code;
        this.emitFile({ type: "asset", fileName: MARKUP, source: markup });
      }
    },
  },
};

export const markup: readonly Plugin[] = [mark, part];
