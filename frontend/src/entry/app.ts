import { mount } from "svelte";
import "../app.css";
import { HttpSource } from "../data";
import { App } from "../ui";

// The server has made a cookie of the token: it need not stay in the address, nor in the history.
if (new URLSearchParams(location.search).has("token"))
  history.replaceState(history.state, "", location.pathname + location.hash);

const target = document.getElementById("app");
if (target) mount(App, { target, props: { source: new HttpSource() } });
