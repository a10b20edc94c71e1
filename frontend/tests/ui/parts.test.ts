import { describe, expect, it } from "vitest";
import { read, styled } from "./styles";

const components = styled().filter((path) => path.endsWith(".svelte"));
const holding = (pattern: RegExp): string[] => components.filter((path) => pattern.test(read(path)));

describe("what several panels need stands in one component", () => {
  it.each([
    // The whole page says it in its own way while there is no panel yet.
    ["a way to try again", />Try again</, ["ui/App.svelte", "ui/Pending.svelte"]],
    ["a way to cancel", />Cancel</, ["ui/Pending.svelte"]],
    ["the rest of a list", />Show all \{count/, ["ui/ShowAll.svelte"]],
    ["a definition behind a button", /name="info"/, ["ui/InfoButton.svelte"]],
    ["a ring and a dot on an axis", /class="a" cx/, ["ui/FromTo.svelte"]],
    ["a dot in a colour", /"swatch/, []],
  ])("%s", (_, pattern, where) => {
    expect(holding(pattern)).toEqual(where);
  });
});
