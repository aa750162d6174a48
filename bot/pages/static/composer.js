// What is typed, photographed or located. `say(turn)` is whether it was kept.

import { scaled } from "./photo.js";
import * as store from "./store.js";

const NO_PLACE = "现在取不到位置。请走到空旷处再试，或者把地名打字发来。";
const PLACE_REFUSED = "手机没有允许这个页面用位置。请在浏览器的网站设置里允许，或者把地名打字发来。";

export function composer(say, banner) {
  typing(say);
  document.getElementById("menu").addEventListener("click", () => say({ text: "/start" }));
  const file = document.getElementById("file");
  document.getElementById("photo").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    if (chosen) scaled(chosen).then((photo) => say({ photo }), () => banner("这个文件不是能看的照片，请换一张。"));
    file.value = "";
  });
  document.getElementById("place").addEventListener("click", () => place(say, banner));
}

function typing(say) {
  const text = document.getElementById("text");
  const fit = () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  };
  const submit = (event) => {
    event.preventDefault();
    const typed = text.value.trim();
    if (!typed || !say({ text: typed })) return;
    text.value = "";
    store.remove("typed");
    fit();
    text.focus();
  };
  document.getElementById("composer").addEventListener("submit", submit);
  text.addEventListener("input", () => {
    fit();
    store.set("typed", text.value); // a phone closes pages as it likes
  });
  text.addEventListener("keydown", (event) => {
    // 229: an input method is at work, Enter takes its word
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
  });
  window.addEventListener("resize", fit);
  text.value = store.get("typed") || "";
  fit();
}

function place(say, banner) {
  if (!navigator.geolocation) return banner(NO_PLACE);
  banner("正在取位置…");
  const options = { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 };
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    banner("");
    say({ place: { latitude: coords.latitude, longitude: coords.longitude } });
  }, (error) => banner(error.code === 1 ? PLACE_REFUSED : NO_PLACE), options);
}
