// Short notes at the edge, and what a screen reader is told of new messages.

import { byId, h, icon } from "./dom.js";

export function toast(text, { act, label, bad = false, kind = "", of = "", brief = false } = {}) {
  if (kind) hush(kind); // only the newest of its kind
  // Said again it is one note: many that say the same would only cover what is below them.
  for (const same of document.querySelectorAll(".toast")) if (same.dataset.text === text) same.remove();
  const close = () => note.remove();
  const note = h("div", { class: `toast ${kind}${bad ? " bad" : ""}${brief ? " brief" : ""}`, "data-text": text, "data-of": of, role: bad ? "alert" : "status" },
    h("span", {}, text),
    act ? h("button", { type: "button", class: "link", onclick: () => { close(); act(); } }, label) : null,
    h("button", { type: "button", class: "quiet", "aria-label": "Close this note", onclick: close }, icon("close")));
  byId("toasts").append(note);
  setTimeout(close, bad || act ? 12_000 : brief ? 2000 : 5000);
}

// Takes back the notes of that kind: all, or those about one place, once somebody has gone there.
export function hush(kind, of = "") {
  for (const note of document.querySelectorAll(`.toast.${kind}`)) if (!of || note.dataset.of === of) note.remove();
}

export function tell(text) {
  const news = byId("news");
  news.replaceChildren(h("p", {}, text));
}
