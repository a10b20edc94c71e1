import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import { aliased } from "../alias";
import { leanComponent, leanMarkup, leanShader } from "../lean";
import { parted } from "../markup";

test("a shader keeps what it says without what is for its readers", () => {
  const source = "// What it is.\n#ifdef VERTEX\n  float x = 1.0 - -0.5; // why\n  vec2 a = vec2(0.05, 10.0).yx;\n#endif\nvoid main() {\n  if (x < 0.0) return;\n  else\n    x += + 2.0;\n}";
  expect(leanShader(source)).toBe("#ifdef VERTEX\nfloat x=1. - -.5;vec2 a=vec2(.05,10.).yx;\n#endif\nvoid main(){if(x<0.)return;else x+=+2.;}");
});

test("two signs in a row are not one sign", () => {
  expect(leanShader("x = a - -b;\ny = a + +b;\ni = a - - b;")).not.toMatch(/--|\+\+/);
});

test("markup is left open at its end alone, and keeps its blanks", () => {
  expect(leanMarkup('<p class="a b"><b title="x > y">1  2</b> <i class="c"></i></p>')).toBe('<p class="a b"><b title="x > y">1  2</b> <i class=c>');
  expect(leanMarkup("<p>one\n    two</p> ")).toBe("<p>one two</p> ");
});

test("a button is of a form's kind where there is a form", () => {
  expect(leanMarkup('<button type="button">x</button>')).toBe("<button>x");
  expect(leanMarkup('<form><button type="button">x</button></form>')).toContain("type=button");
});

test("of what is derived, only what is read-only loses its setter", () => {
  const setter = (name: string): string => `set ${name}(value) {\n\t\t$.set(this.#${name}, value);\n\t}`;
  const lean = leanComponent(`${setter("a")}${setter("b")}`, "readonly a: number = $derived(1);\nb = $derived(2);");
  expect(lean).toBe(setter("b"));
});

/** What a function of this body returns. */
const called = (body: string): unknown => runInThisContext(`(() => {${body}})()`);

const LONG = "a text that stands here often enough";

test("what stands often is written once, and says the same", () => {
  const code = `const o={"${LONG}":1};export default [${`"${LONG}",\`${LONG}\`,Math.max(1,2),`.repeat(9)}o["${LONG}"]]`;
  const lean = aliased(code);
  expect(lean.length).toBeLessThan(code.length / 3);
  const run = (module: string): unknown => called(module.replace("export default", "return"));
  expect(run(lean)).toEqual(run(code));
});

test("names that are taken are not given again, and words stay apart", () => {
  const taken = Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => `${letter}a=0`).join();
  const code = `var ${taken};function f(x){switch(x){${Array.from({ length: 9 }, (_, i) => `case"${LONG}"+${i}:return"${LONG}";`).join("")}}return typeof"${LONG}"}return [${Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => `${letter}a`).join()},f("${LONG}3"),f()]`;
  expect(called(aliased(`export default function(){${code}}`).replace("export default function()", "return (function()").concat(")()"))).toEqual(called(code));
});

test("imports, and texts with something in them, stay as they are", () => {
  const code = `import x from"${LONG}";import("${LONG}");import("${LONG}");f(\`${LONG}\${x}\`,\`${LONG}\${x}\`)`;
  expect(aliased(code)).toBe(code);
});

test("pieces of markup are numbers in a document's script, the same ones once", () => {
  const { code, markup } = parted("H(`\u0001<p>a\\`b`,1);H(`\u0001<b>`);H(`\u0001<p>a\\`b`)");
  expect(code).toBe("H(0,1);H(1);H(0)");
  expect(markup.split("\n")).toEqual(["<p>a`b", "<b>"]);
});

test("markup that a document's script element cannot hold is refused", () => {
  expect(() => parted("H(`\u0001<p></script>`)")).toThrow(/cannot stand/);
});
