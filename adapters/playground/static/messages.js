// A list of messages: grouped by author, divided by days, patched in place.

import { addToPlan, dismiss } from "./acts.js";
import { busy, card, files, spans } from "./card.js";
import { avatar, fill, h, icon } from "./dom.js";
import { keeper } from "./focus.js";
import { key, otherSide, person, replies, state, zone } from "./state.js";
import { city, dayOf, longDay, words } from "./time.js";

const TOGETHER = 5 * 60 * 1000;

function time(message) {
  return h("time", {
    class: "at", datetime: new Date(message.at).toISOString(),
    title: `${words(message.at, zone())}, ${city(zone())} time`,
  }, words(message.at, zone(), "time"));
}

function byline(message) {
  const author = person(message.author);
  return h("div", { class: "byline" },
    h("b", {}, author.name),
    author.id === state.bot.id ? h("span", { class: "badge" }, "bot") : null,
    time(message));
}

function privacy(message) {
  return h("div", { class: "private-line" }, icon("eye"), h("span", {}, "Only visible to you"),
    h("button", { type: "button", class: "link", onclick: () => dismiss(message) }, "Dismiss"));
}

function threadLine(message, { open, counts }) {
  const answers = replies(message.id);
  if (!answers.length && !message.title) return null;
  const count = answers.length === 0 ? "Open thread" : `${answers.length} ${answers.length === 1 ? "reply" : "replies"}`;
  const last = answers.length ? h("span", { class: "last" }, `last ${words(answers.at(-1).at, zone())}`) : null;
  const faces = [...new Set(answers.map((answer) => answer.author))].slice(0, 4).map((id) => avatar(person(id), true));
  const fresh = counts.get(key(message.channel, message.id)) ?? 0;
  const label = [message.title ? `${count}: ${message.title}` : count, fresh ? `${fresh} new` : ""].filter(Boolean).join(", ");
  return h("button", { type: "button", class: "thread-line", "aria-label": label, onclick: () => open(message.id) },
    faces, h("span", { class: "count" }, count), last, fresh ? h("span", { class: "new" }, `${fresh} new`) : null);
}

function failed(message) {
  return [...state.failed.values()].includes(message.id);
}

function notDone(message) {
  return failed(message) ? h("span", { class: "not-done" }, "Not done") : null;
}

function command(message) {
  return h("div", { class: "command" }, h("span", { class: "typed" }, spans(message.body.spans)),
    time(message), notDone(message), files(message.body.files));
}

function body(message, thread) {
  if (message.kind === "card") return card(message, thread);
  return h("div", { class: "talk" }, spans(message.body.spans), notDone(message), files(message.body.files));
}

function tool(label, name, act) {
  return h("button", { type: "button", "aria-label": label, title: label, onclick: (event) => busy(event.currentTarget, act) }, icon(name));
}

function tools(message, context, inChannel) {
  if (message.private) return null;
  const offered = [
    inChannel ? tool("Reply in a thread", "reply", () => context.open(message.id)) : null,
    message.kind === "talk" ? tool("Add to plan", "add", () => addToPlan(message, context.thread)) : null,
  ].filter(Boolean);
  return offered.length ? h("div", { class: "tools" }, offered) : null;
}

function item(message, grouped, context) {
  if (message.kind === "command") {
    return h("li", { class: "message of-command", "data-id": message.id }, h("span", { class: "gutter" }), command(message));
  }
  const inChannel = !context.thread && context.open && otherSide(message.channel) === null;
  const edited = message.edited && message.kind === "card" && !message.private
    ? h("span", { class: "edited" }, "(edited)") : null;
  return h("li", {
    class: `message${grouped ? " grouped" : ""}${message.private ? " private" : ""}`, "data-id": message.id,
  },
  grouped ? h("span", { class: "gutter" }, time(message)) : avatar(person(message.author)),
  h("div", { class: "content" },
    message.private ? privacy(message) : null,
    grouped ? null : byline(message),
    body(message, context.thread), edited,
    inChannel ? threadLine(message, context) : null),
  tools(message, context, inChannel));
}

function follows(before, message) {
  return before && before.author === message.author && before.kind !== "command" && message.kind === "talk"
    && before.kind === "talk" && !message.private && message.at - before.at < TOGETHER;
}

function divider(message) {
  return h("li", { class: "day" }, h("span", {}, longDay(message.at, zone())));
}

// Keeps the elements of messages that did not change, so that a half-chosen menu stays as it is.
export class MessageList {
  constructor(element, context) {
    this.element = element;
    this.context = context;
    this.known = new Map();
  }

  // `counts` says how much of every place is unread.
  show(messages, thread, counts) {
    const context = { ...this.context, thread, counts };
    const drawn = new Map();
    const focused = document.activeElement;
    const refocus = this.element.contains(focused) ? keeper(focused) : null;
    let before = null;
    for (const message of messages) {
      const newDay = !before || dayOf(before.at, zone()) !== dayOf(message.at, zone());
      if (newDay) this.#keep(drawn, `day ${dayOf(message.at, zone())} ${message.id}`, zone(), () => divider(message));
      const grouped = !newDay && follows(before, message);
      const answers = thread ? [] : replies(message.id);
      const stamp = [message.changed, grouped, thread, zone(), state.me, answers.length, answers.at(-1)?.id, counts.get(key(message.channel, message.id)), person(message.author).name, failed(message)].join(" ");
      this.#keep(drawn, message.id, stamp, () => item(message, grouped, context));
      before = message;
    }
    this.known = drawn;
    fill(this.element, [...drawn.values()].map((entry) => entry.element));
    if (!focused?.isConnected) refocus?.();
  }

  #keep(drawn, name, stamp, make) {
    const known = this.known.get(name);
    drawn.set(name, known?.stamp === stamp ? known : { stamp, element: make() });
  }
}
