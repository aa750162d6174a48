// Large type and dark colours, as this phone was told.

import * as store from "./store.js";

export function settings() {
  const root = document.documentElement;
  const large = document.getElementById("large");
  const dark = document.getElementById("dark");
  const menu = document.getElementById("settings");

  large.checked = store.get("size") === "large";
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches;
  dark.checked = store.get("theme") ? store.get("theme") === "dark" : system;

  const show = () => {
    root.dataset.size = large.checked ? "large" : "normal";
    root.dataset.theme = dark.checked ? "dark" : "light";
    window.dispatchEvent(new Event("resize")); // whatever depends on the size of the type
  };
  large.addEventListener("change", () => {
    store.set("size", large.checked ? "large" : "normal");
    show();
  });
  dark.addEventListener("change", () => {
    store.set("theme", dark.checked ? "dark" : "light");
    show();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  show();
}
