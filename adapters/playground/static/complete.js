// What may come next in the composer: the bot's verbs, and people's names after an @.

import { avatar, h } from "./dom.js";
import { otherSide, others, state, withBot } from "./state.js";

const MOST = 8;

function verbs(start, from, to, prefix) {
  return state.verbs.filter(({ verb }) => verb.startsWith(start.toLowerCase()) && verb !== start.toLowerCase()).map(({ verb, does }) => ({
    from, to, text: `${prefix}${verb} `, show: () => [h("b", {}, `${prefix}${verb}`), h("span", {}, does)],
  }));
}

function names(start, from, to, channel) {
  const people = otherSide(channel) === null || withBot(channel) ? others() : [];
  const found = [...people, state.bot].filter((each) => each.name.toLowerCase().startsWith(start.toLowerCase()));
  return found.map((each) => ({
    from, to, text: `@${each.name} `,
    show: () => [avatar(each, true), h("b", {}, each.name), h("span", {}, each.id === state.bot.id ? "ask the bot" : each.zone)],
  }));
}

function suggest(text, caret, channel) {
  const before = text.slice(0, caret);
  const command = /^\/(\w*)$/.exec(before);
  if (command && "coplan".startsWith(command[1].toLowerCase())) return verbs("", 0, caret, "/coplan ");
  const verb = /^(\/coplan\s+|@coplan\s+)(\w*)$/i.exec(before);
  if (verb) return verbs(verb[2], 0, caret, verb[1]);
  if (withBot(channel) && /^\w+$/.test(before)) return verbs(before, 0, caret, "");
  const mention = /(?:^|[\s(])@([^\s@]*(?: [^\s@]*)?)$/.exec(before);
  return mention ? names(mention[1], caret - mention[1].length - 1, caret, channel) : [];
}

export class Suggestions {
  constructor(field, list, place) {
    this.field = field;
    this.list = list;
    this.place = place;
    this.found = [];
    this.chosen = 0;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
  }

  update() {
    this.found = suggest(this.field.value, this.field.selectionStart, this.place().channel).slice(0, MOST);
    this.chosen = 0;
    this.#draw();
  }

  close() {
    this.found = [];
    this.#draw();
  }

  get open() {
    return this.found.length > 0;
  }

  // Returns whether the key was one of the list's.
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.chosen = (this.chosen + step + this.found.length) % this.found.length;
      this.#draw();
    } else if (event.key === "Tab" || event.key === "Enter") {
      this.take(this.chosen);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  take(index) {
    const { from, to, text } = this.found[index];
    this.field.setRangeText(text, from, to, "end");
    this.field.dispatchEvent(new Event("input"));
    this.field.focus();
  }

  #draw() {
    this.list.hidden = !this.open;
    this.field.setAttribute("aria-expanded", String(this.open));
    this.list.replaceChildren(...this.found.map((each, index) => {
      const row = h("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": String(index === this.chosen) }, each.show());
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.take(index);
      });
      return row;
    }));
    if (this.open) this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
    else this.field.removeAttribute("aria-activedescendant");
    this.list.children[this.chosen]?.scrollIntoView({ block: "nearest" });
  }
}
