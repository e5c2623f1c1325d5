// The composer: text of several lines, files, suggestions; a draft for every place.

import { say } from "./acts.js";
import { Suggestions } from "./complete.js";
import { h, icon, size } from "./dom.js";
import { draftOf, keepDraft } from "./drafts.js";
import { key } from "./state.js";
import { newId } from "./wire.js";

const touch = matchMedia("(pointer: coarse)");
let number = 0;

export class Composer {
  // `place` returns {channel, thread} of the pane; `placeholder` its prompt.
  constructor(parent, { place, label }) {
    number += 1;
    this.place = place;
    this.files = [];
    this.unsent = new Map(); // place -> the files chosen there
    this.current = "";
    this.field = h("textarea", { rows: "1", "aria-label": label, enterkeyhint: "send", autocomplete: "off" });
    this.list = h("ul", { class: "suggestions", role: "listbox", id: `suggestions-${number}`, "aria-label": "Suggestions", hidden: true });
    this.chips = h("ul", { class: "chips", "aria-label": "Files to send" });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files to attach" });
    this.send = h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send" }, icon("send"));
    const attach = h("button", { type: "button", class: "quiet", "aria-label": "Attach a file", title: "Attach a file", onclick: () => this.picker.click() }, icon("clip"));
    this.form = h("form", { class: "composer", novalidate: true }, this.list, this.chips,
      h("div", { class: "line" }, attach, this.field, this.picker, this.send));
    parent.append(this.form);
    this.suggestions = new Suggestions(this.field, this.list, place);
    this.#listen(parent);
  }

  #listen(parent) {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.field.addEventListener("input", () => { keepDraft(this.current, this.field.value); this.#grow(); this.suggestions.update(); });
    this.field.addEventListener("blur", () => this.suggestions.close());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) this.attach(event.clipboardData.files);
    });
    this.picker.addEventListener("change", () => { this.attach(this.picker.files); this.picker.value = ""; });
    const pane = parent.closest(".pane");
    pane.addEventListener("dragover", (event) => { event.preventDefault(); pane.classList.add("dropping"); });
    pane.addEventListener("dragleave", (event) => { if (!pane.contains(event.relatedTarget)) pane.classList.remove("dropping"); });
    pane.addEventListener("drop", (event) => {
      event.preventDefault();
      pane.classList.remove("dropping");
      this.attach(event.dataTransfer.files);
    });
  }

  #key(event) {
    if (event.isComposing || this.suggestions.key(event)) return;
    // On a phone Enter makes a new line, as in every chat there.
    if (event.key === "Enter" && !event.shiftKey && !touch.matches) {
      event.preventDefault();
      this.submit();
    }
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, window.innerHeight * 0.4)}px`;
    this.form.classList.toggle("filled", this.field.value.trim() !== "" || this.files.length > 0);
  }

  // Shows the draft of the place that is open now.
  turn(placeholder) {
    const { channel, thread } = this.place();
    const place = key(channel, thread);
    this.field.placeholder = placeholder;
    if (place === this.current) return;
    if (this.current) this.unsent.set(this.current, this.files);
    this.current = place;
    this.field.value = draftOf(place);
    this.files = this.unsent.get(place) ?? [];
    this.#drawFiles();
    this.suggestions.close();
  }

  forget() {
    this.unsent.clear();
    this.current = "";
    this.field.value = "";
    this.files = [];
    this.#drawFiles();
  }

  attach(files) {
    this.files = [...this.files, ...files];
    this.#drawFiles();
    this.field.focus();
  }

  #drawFiles() {
    this.chips.replaceChildren(...this.files.map((file, index) => h("li", {}, icon("file"), h("span", {}, file.name),
      h("span", { class: "file-size" }, size(file.size)),
      h("button", {
        type: "button", class: "quiet", "aria-label": `Remove ${file.name}`,
        onclick: () => { this.files = this.files.filter((_, other) => other !== index); this.#drawFiles(); },
      }, icon("close")))));
    this.#grow();
  }

  async submit() {
    const text = this.field.value.trim();
    const files = this.files;
    if ((!text && !files.length) || this.send.getAttribute("aria-busy") === "true") return;
    const { channel, thread } = this.place();
    const again = this.failed?.text === text && this.failed.place === this.current;
    const id = again ? this.failed.id : newId();
    const place = this.current;
    this.send.setAttribute("aria-busy", "true");
    this.suggestions.close();
    this.#put(place, "", []);
    const sent = await say(channel, thread, text, files, id);
    this.send.removeAttribute("aria-busy");
    this.failed = sent ? null : { text, place, id };
    if (!sent) this.#giveBack(place, text, files);
  }

  // Before what was typed there meanwhile, which is kept as well.
  #giveBack(place, text, files) {
    const here = place === this.current;
    const since = here ? this.field.value : draftOf(place);
    const chosen = here ? this.files : this.unsent.get(place) ?? [];
    this.#put(place, [text, since].filter(Boolean).join("\n"), [...files, ...chosen]);
  }

  #put(place, text, files) {
    keepDraft(place, text);
    if (place !== this.current) {
      this.unsent.set(place, files);
      return;
    }
    this.field.value = text;
    this.files = files;
    this.#drawFiles();
  }

  focus() {
    if (!touch.matches) this.field.focus();
  }
}
