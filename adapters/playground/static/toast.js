// Short notes at the edge, and what a screen reader is told of new messages.

import { byId, h, icon } from "./dom.js";

export function toast(text, { act, label, bad = false, kind = "", brief = false } = {}) {
  if (kind) document.querySelector(`.toast.${kind}`)?.remove(); // only the newest of its kind
  // Said again it is one note: many that say the same would only cover what is below them.
  for (const same of document.querySelectorAll(".toast")) if (same.dataset.text === text) same.remove();
  const close = () => note.remove();
  const note = h("div", { class: `toast ${kind}${bad ? " bad" : ""}${brief ? " brief" : ""}`, "data-text": text, role: bad ? "alert" : "status" },
    h("span", {}, text),
    act ? h("button", { type: "button", class: "link", onclick: () => { close(); act(); } }, label) : null,
    h("button", { type: "button", class: "quiet", "aria-label": "Close this note", onclick: close }, icon("close")));
  byId("toasts").append(note);
  setTimeout(close, bad || act ? 12_000 : brief ? 2000 : 5000);
}

export function tell(text) {
  const news = byId("news");
  news.replaceChildren(h("p", {}, text));
}
