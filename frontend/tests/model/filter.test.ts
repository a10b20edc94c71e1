import { describe, expect, it } from "vitest";
import { hintsOf } from "../../src/model/filterhint";
import { namesIn, parseFilter } from "../../src/model/filterparse";
import { runFilter, type Values } from "../../src/model/filterrun";
import { FilterError, quote, written } from "../../src/model/filtertoken";
import { editsBetween, type Known, nearby } from "../../src/model/nearby";
import { WordColumn } from "../../src/model/words";

const known: readonly Known[] = [
  { name: "id", kind: "text" },
  { name: "text", kind: "text" },
  { name: "group", kind: "category" },
  { name: "digit", kind: "category" },
  { name: "nom français", kind: "text" },
  { name: "date", kind: "text" },
  { name: "kept", kind: "number" },
  { name: "trust", kind: "number" },
];
const values: Readonly<Record<string, Values>> = {
  id: { kind: "text", words: WordColumn.of(["a", "b", "c", "d", "e"]) },
  text: { kind: "text", words: WordColumn.of(["Red ball", "football", "", "Bälle", "ball \"x\""]) },
  group: { kind: "category", codes: Int32Array.of(0, 1, -1, 0, 1), names: ["flags", "animals & nature"] },
  digit: { kind: "category", codes: Int32Array.of(0, 1, 2, 0, -1), names: ["3", "10", "x"] },
  "nom français": { kind: "text", words: WordColumn.of(["un", "deux", "trois", "", "cinq"]) },
  date: { kind: "text", words: WordColumn.of(["2020-01-02", "2019-12-31", "2021-05-05", "", "2020-01-01"]) },
  kept: { kind: "number", values: Float32Array.of(0, 3, NaN, 10, 2) },
  trust: { kind: "number", values: Float32Array.of(0.3, 0.5, 0.1, NaN, 2) },
};

const rows = (text: string): number[] =>
  Array.from(
    runFilter(parseFilter(text, known), 5, (name) => {
      const found = values[name];
      if (!found) throw new Error(name);
      return found;
    }),
  );

const error = (text: string): FilterError => {
  try {
    parseFilter(text, known);
  } catch (caught) {
    if (caught instanceof FilterError) return caught;
    throw caught;
  }
  throw new Error(`${text} was read`);
};

describe("a filter", () => {
  it.each([
    ['group == "flags" and kept < 3', [0]],
    ['group == "flags" and kept < 3 or text ~ "FOOT"', [0, 1]],
    ['group == "flags" and (kept < 3 or text ~ "äll")', [0, 3]],
    ["not kept < 3", [1, 2, 3]],
    ["NOT NOT kept<3", [0, 4]],
    ["kept != 3", [0, 3, 4]],
    ["3 > kept", [0, 4]],
    ["0.3 == trust", [0]],
    ["trust <= 3e-1", [0, 2]],
    ["kept >= -.5", [0, 1, 3, 4]],
    ["kept in [0, 2, 10,]", [0, 3, 4]],
    ["kept in []", []],
    ['group in ["flags"]', [0, 3]],
    ['group not in ["flags"]', [1, 2, 4]],
    ["group is missing", [2]],
    ["group is not missing", [0, 1, 3, 4]],
    ["kept is missing", [2]],
    ['text !~ "ball"', [3]],
    ['text ~ " ball"', [0]],
    ['text ~ ""', [0, 1, 3, 4]],
    ['text == "ball \\"x\\""', [4]],
    ["text ~ '\"x\"'", [4]],
    ['`nom français` == "deux"', [1]],
    ['date >= "2020-01-01" and date < "2021"', [0, 4]],
    ["digit == 3", [0, 3]],
    ["digit < 9", [0, 3]],
    ["digit in [3, 10]", [0, 1, 3]],
    ['digit < "9"', [0, 1, 3]],
    ["kept < trust", [0]],
    ["id == id", [0, 1, 2, 3, 4]],
    ['group ~ "nature"', [1, 4]],
  ])("%s", (text, expected) => {
    expect(rows(text)).toEqual(expected);
  });

  it("binds not before and, and before or, as parentheses would", () => {
    const loose = 'kept < 3 or not group == "flags" and trust > 0.4';
    expect(rows(loose)).toEqual(rows('kept < 3 or ((not group == "flags") and trust > 0.4)'));
    expect(rows(loose)).not.toEqual(rows('(kept < 3 or not group == "flags") and trust > 0.4'));
  });

  it("names the columns it looks at", () => {
    expect([...namesIn(parseFilter('not (kept < trust or group in ["x"]) and id is missing', known))].sort()).toEqual(["group", "id", "kept", "trust"]);
  });

  it("is read however long it is", () => {
    expect(rows(Array.from({ length: 3000 }, () => "kept < 3").join(" or "))).toEqual([0, 4]);
  });
});

describe("a filter that cannot be read says where and why", () => {
  it.each([
    ["", 0, /^Expected a condition/],
    ["   ", 0, /^Expected a condition/],
    ["kept", 4, /Expected a comparison \(== != .*the filter ends/],
    ["kept <", 6, /Expected a value or a column; the filter ends/],
    ["kept < and", 7, /Expected a value or a column; found and/],
    ["kept = 3", 5, /Expected == in place of =/],
    ["kept < 3 && trust > 1", 9, /Expected and in place of &&/],
    ["!kept", 0, /Expected not in place of !/],
    ["kept < 3 trust", 9, /Expected “and”, “or” or the end; found trust/],
    ["kept < 3)", 8, /no \) without its \(/],
    ["(kept < 3", 9, /a \) for the \( at character 1/],
    ["1 < kept < 3", 9, /join two by “and”/],
    ["kpet < 3", 0, /No column is called kpet\. Near it: kept/],
    ["grp == 3", 0, /Near it: group/],
    ["zzzzzz == 3", 0, /There are id, text, group, digit, `nom français`, date and others/],
    ["group == flags", 9, /A text stands in quotes: "flags"/],
    ["group == fla`gs", 12, /has no end; expected another `/],
    ['text ~ "ba', 7, /has no end; expected another "/],
    ['kept < "3"', 7, /kept is a number; expected a number without quotes, found "3"/],
    ["kept ~ 3", 5, /kept is a number, and ~ looks within words/],
    ['"group" == "flags"', 0, /Names stand without quotes: group/],
    ['"ball"', 0, /begins with a column’s name: id ~ "ball"/],
    ['3 == "x"', 0, /begins with a column’s name/],
    ['"x" ~ text', 0, /The column stands before ~/],
    ["kept in 3", 8, /Expected \[ and a list/],
    ["kept in [1 2]", 11, /a comma or \]/],
    ['kept in ["a"]', 9, /expected a number without quotes/],
    ["kept in [1", 10, /a comma or \]; the filter ends/],
    ["kept is 3", 8, /“missing” or “not missing”/],
    ["kept is not 3", 12, /“missing” after “is not”/],
    ["kept not 3", 9, /“in” after “not”/],
    ["kept < group", 0, /not both numbers or both words/],
    ["kept < 3 ; drop", 9, /“;” says nothing here/],
    ["kept < 3 and", 12, /a column’s name; the filter ends/],
    ["()", 1, /a column’s name; found \)/],
    ["kept == __proto__", 8, /No column is called __proto__/],
  ])("%s", (text, at, words) => {
    const { at: where, message, reason } = error(text);
    expect(reason).toMatch(words);
    expect(where).toBe(at);
    expect(message).toBe(`Character ${at + 1}: ${reason}`);
  });

  it("and does not break on nesting without end", () => {
    expect(error(`${"(".repeat(50_000)}kept < 3`).reason).toMatch(/More than 60 conditions within each other/);
    expect(error(`${"not ".repeat(50_000)}kept < 3`).reason).toMatch(/write it flatter/);
  });
});

describe("completion", () => {
  const hints = (text: string, caret = text.length) => hintsOf(text, caret, known, (column) => Promise.resolve(column.name === "group" ? ["flags", "animals & nature", 'say "x"'] : []));

  it.each([
    ["", 0, "id"],
    ["ke", 0, "kept"],
    ["fran", 0, "`nom français`"],
    ["`nom", 0, "`nom français`"],
    ["kept ", 5, "<"],
    ["kept < 3 ", 9, "and"],
    ["kept < 3 a", 9, "and"],
    ["(kept < 3 o", 10, "or"],
    ["not gr", 4, "group"],
    ["group == ", 9, '"flags"'],
    ['group == "an', 9, '"animals & nature"'],
    ['group in ["flags", ', 19, '"flags"'],
    ['group == "sa', 9, '"say \\"x\\""'],
  ])("of %s", async (text, from, first) => {
    const found = await hints(text);
    expect([found.from, found.options[0]]).toEqual([from, first]);
  });

  it("offers nothing behind what is wrong, nor what is there", async () => {
    expect((await hints("kpet < 3 and ")).options).toEqual([]);
    expect((await hints("kept < ")).options).toEqual([]);
    expect((await hints("kept")).options).not.toContain("kept");
    expect((await hints("ke < 3", 2)).options[0]).toBe("kept");
  });

  it("offers comparisons that the column can take", async () => {
    expect((await hints("kept ")).options).not.toContain("~");
    expect((await hints("text ")).options).toContain("~");
  });
});

describe("names", () => {
  it("are told apart by the letters that differ, exchanged ones once", () => {
    expect([editsBetween("kept", "kpet"), editsBetween("", "abc"), editsBetween("flag", "flags"), editsBetween("a", "a")]).toEqual([1, 3, 1, 0]);
    expect(nearby("KEPT", ["kept", "lost"])).toEqual(["kept"]);
    expect(nearby("x", ["kept", "lost"])).toEqual([]);
  });

  it("and texts are written as they are read back", () => {
    for (const name of ["kept", "nom français", "and", "a`b\\c", "9lives", ""]) {
      expect(parseFilter(`${written(name)} == 1`, [{ name, kind: "number" }])).toMatchObject({ column: { name } });
    }
    for (const text of ['say "x"', "back\\slash", "", "`"]) expect(parseFilter(`id == ${quote(text)}`, known)).toMatchObject({ to: text });
  });
});
