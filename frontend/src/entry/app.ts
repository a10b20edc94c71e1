import { mount } from "svelte";
import "../app.css";
import { HttpSource } from "../data/http";
import App from "../ui/App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target, props: { source: new HttpSource() } });
