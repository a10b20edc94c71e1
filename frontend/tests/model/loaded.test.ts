import { expect, it } from "vitest";
import { Loaded } from "../../src/model/loaded.svelte";

it("keeps the result of the last load, whichever comes last", async () => {
  const loaded = new Loaded<string>();
  let late: (value: string) => void = () => undefined;
  const first = loaded.load(() => new Promise((resolve) => (late = resolve)));
  await loaded.load(() => Promise.resolve("second"));
  late("first");
  await first;
  expect([loaded.value, loaded.busy]).toEqual(["second", false]);
});

it("turns a failure into a message, and lets the value of before go", async () => {
  const loaded = new Loaded<string>();
  await loaded.load(() => Promise.resolve("value"));
  await loaded.load(() => Promise.reject(new Error("the server stopped")));
  expect([loaded.value, loaded.error, loaded.busy]).toEqual([null, "the server stopped", false]);
});
