// The page in a conversation: it greets its host, and, where it is a frame without data, asks for the comparison.
(() => {
  const host = window.parent;
  if (host === window) return;
  const waiting = new Map();
  let next = 1;
  const send = (message) => host.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const ask = (method, params) =>
    new Promise((resolve, reject) => {
      waiting.set(next, { resolve, reject });
      send({ id: next++, method, params });
    });
  const say = (words) => {
    const place = document.getElementById("emblink-shell");
    if (place) place.textContent = words;
  };
  const grow = () => send({ method: "ui/notifications/size-changed", params: { height: 640 } });

  async function fill(result) {
    const uri = result?.structuredContent?.page;
    if (!document.getElementById("emblink-shell")) return;
    if (!/^ui:\/\/emblink\/run-[0-9a-f]{10}\.html$/.test(uri ?? "")) return say("There is no comparison to show.");
    try {
      const { contents } = await ask("resources/read", { uri });
      window.emblinkGreeted = true;
      document.open();
      document.write(contents[0].text);
      document.close();
    } catch (error) {
      say(`The page could not be read: ${error.message}`);
    }
  }

  window.addEventListener("message", ({ source, data }) => {
    if (source !== host || data?.jsonrpc !== "2.0") return;
    if (data.method === undefined) {
      const one = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.error) one?.reject(new Error(String(data.error.message)));
      else one?.resolve(data.result);
    } else if (data.method === "ui/notifications/tool-result") void fill(data.params);
    else if (data.method === "ui/notifications/tool-cancelled") say("The comparison was stopped.");
    else if (data.id === undefined) return;
    else if (data.method === "ping" || data.method === "ui/resource-teardown") send({ id: data.id, result: {} });
    else send({ id: data.id, error: { code: -32601, message: `no method ${String(data.method)}` } });
  });

  if (window.emblinkGreeted) return grow();
  ask("ui/initialize", {
    protocolVersion: "2026-01-26",
    appInfo: { name: "emblink", version: "VERSION" },
    appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
  }).then(
    () => {
      send({ method: "ui/notifications/initialized", params: {} });
      grow();
    },
    () => {},
  );
})();
