import { describe, expect, it } from "vitest";
import { formatLink, parseLink } from "../../src/model/link";

describe("a deep link", () => {
  it("comes back as it went out, whatever the names hold", () => {
    const link = { a: "old & new", b: "née #2", t: 0.35, gain: 2.5, ways: 250, mode: "trails", colour: "pair:overlap", focus: "1F600/é", group: 3, theme: "dark" } as const;
    expect(parseLink(formatLink(link))).toEqual(link);
    const stand = { mode: "side", tab: "labels", measure: "rsa", order: "alike", look: { x: -0.125, y: 3, zoom: 2.5 }, selected: "1k.AAE", named: "“né” & co" } as const;
    expect(parseLink(formatLink(stand))).toEqual(stand);
    const sets = { details: "off", pictures: "off", table: 280, rows: "all", charts: "on", sort: "-kept", filter: 'kept < 3 and `née #2` ~ "a&b"', isolated: "1k.AAE", aligned: "1k.AAE", anchor: "née #2" } as const;
    expect(parseLink(formatLink(sets))).toEqual(sets);
    expect(parseLink("#table=-5&rows=some&charts=yes&details=on")).toEqual({});
  });

  it("of an older page shows its trails", () => {
    expect(parseLink("#trails=true")).toEqual({ mode: "trails" });
  });

  it("leaves out what it cannot read", () => {
    expect(parseLink("#t=7&gain=9&theme=pink&group=0&x=1&mode=round&look=1,2&look=a")).toEqual({});
    expect(parseLink("")).toEqual({});
    expect(parseLink("#t=")).toEqual({ t: 0 });
  });

  it("writes t to three decimals", () => {
    expect(formatLink({ t: 1 / 3 })).toBe("#t=0.333");
  });
});
