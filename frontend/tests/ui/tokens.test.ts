import { describe, expect, it } from "vitest";
import { literals, read, readIn, setIn, styled, TOKENS } from "./styles";

const files = styled();
const tokens = setIn(read(TOKENS));

/** What is wrong, by file. */
const each = (wrong: (path: string) => string[]): Record<string, string[]> =>
  Object.fromEntries(files.map((path) => [path, wrong(path)] as const).filter(([, found]) => found.length > 0));

describe("the tokens", () => {
  it("are where every component has its sizes and colours from", () => {
    expect(files.length).toBeGreaterThan(2);
    expect(each((path) => (path === TOKENS ? [] : literals(path, read(path))))).toEqual({});
  });

  it("stand once in a theme and are used", () => {
    const used = new Set(files.flatMap((path) => readIn(read(path))));
    expect([...new Set(tokens)].filter((name) => !used.has(name))).toEqual([]);
    const [light = "", dark = ""] = read(TOKENS).split(':root[data-theme="dark"]');
    for (const theme of [light, dark]) expect(setIn(theme)).toEqual([...new Set(setIn(theme))]);
  });

  it("give the dark theme no colour that the light one lacks", () => {
    const [light = "", rest = ""] = read(TOKENS).split(':root[data-theme="dark"]');
    const [dark = ""] = rest.split("}");
    expect(setIn(dark).filter((name) => !setIn(light).includes(name))).toEqual([]);
  });

  it("are what the components read, beside what they set themselves", () => {
    const known = new Set([...tokens, ...files.flatMap((path) => setIn(read(path)))]);
    expect(each((path) => readIn(read(path)).filter((name) => !known.has(name)))).toEqual({});
  });
});

describe("the search for literals", () => {
  const style = (css: string): string[] => literals("X.svelte", `<p style="width: {n}px"></p><style>${css}</style>`);

  it("finds lengths and colours wherever they are written", () => {
    expect(style("p { padding: 3px 0 -7px; }")).toEqual(["3px", "-7px"]);
    expect(style("p { width: calc(100% - 12px); font: 0.5rem/1.4 x; }")).toEqual(["12px", "0.5rem"]);
    expect(style("p { color: #fff; fill: rgb(1 2 3); stroke: white; }")).toEqual(["#fff", "rgb(", "white"]);
    expect(style("@media (width < 10px) { p { gap: 10px; } }")).toEqual(["10px"]);
    expect(literals("X.svelte", '<p style="top: 4px" style:left="5px"></p><path fill="#abc" />')).toEqual(["4px", "5px", "#abc"]);
  });

  it("lets tokens, hairlines, shares and what is computed be", () => {
    expect(style("p { border: 1px solid var(--line); margin: -1px 0 0.5%; width: 44ch; max-width: 10vw; }")).toEqual([]);
    expect(style("/* 12px */ .white-12px { color: color-mix(in srgb, var(--ink) 6%, transparent); white-space: pre; }")).toEqual([]);
  });
});
