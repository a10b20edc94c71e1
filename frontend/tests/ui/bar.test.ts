import { afterEach, describe, expect, it, vi } from "vitest";

const place = { hash: "#a=x" };
const history = { pushState: vi.fn(), replaceState: vi.fn() };

async function bar() {
  vi.resetModules();
  vi.stubGlobal("location", place);
  vi.stubGlobal("history", history);
  return (await import("../../src/ui/bar")).browserBar;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

describe("the browser's address", () => {
  it("is read and written where it can be", async () => {
    const address = await bar();
    expect(address.read()).toBe("#a=x");
    address.push("#a=y");
    address.replace("#a=z");
    expect(history.pushState).toHaveBeenCalledWith(null, "", "#a=y");
    expect(history.replaceState).toHaveBeenCalledWith(null, "", "#a=z");
    expect(address.read()).toBe("#a=x");
  });

  it("is remembered in a frame that has none of its own to write", async () => {
    history.pushState.mockImplementation(() => {
      throw new DOMException("about:srcdoc", "SecurityError");
    });
    history.replaceState.mockImplementation(() => {
      throw new DOMException("about:srcdoc", "SecurityError");
    });
    const address = await bar();
    address.push("#a=y");
    expect(address.read()).toBe("#a=y");
    address.replace("#a=z");
    expect(address.read()).toBe("#a=z");
  });
});
