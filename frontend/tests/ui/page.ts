import { mount } from "svelte";
import "../../src/app.css";
import type { DataSource } from "../../src/data/source";
import App from "../../src/ui/App.svelte";
import { MemorySource } from "../model/memory";

const broken: DataSource = {
  manifest: () => Promise.reject(new Error("manifest: the server stopped; start it again")),
  column: () => Promise.reject(new Error("the server stopped")),
};

const target = document.querySelector("#app");
const source = location.search === "?broken" ? broken : new MemorySource();
if (target) mount(App, { target, props: { source } });
