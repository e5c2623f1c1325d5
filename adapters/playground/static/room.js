// The two panes of talk: the channel or conversation, and the thread beside it.

import { say } from "./acts.js";
import { Composer } from "./composer.js";
import { avatar, byId, fill, h } from "./dom.js";
import { MessageList } from "./messages.js";
import { key, markRead, messagesIn, otherSide, others, person, placeName, state, unread, withBot } from "./state.js";
import { city } from "./time.js";

const NEAR = 120;
const narrow = matchMedia("(max-width: 700px)");

class Pane {
  constructor(element, { place, open, label }) {
    this.element = element;
    this.place = place;
    this.scroll = element.querySelector(".scroll");
    this.empty = element.querySelector(".empty");
    this.thinking = element.querySelector(".thinking");
    this.newer = element.querySelector(".newer");
    this.list = new MessageList(element.querySelector(".messages"), { open });
    this.composer = new Composer(element.querySelector(".foot"), { place, label });
    this.shown = "";
    this.last = "";
    this.scroll.addEventListener("scroll", () => { if (this.#atEnd()) this.newer.hidden = true; });
    this.newer.addEventListener("click", () => this.toEnd());
    // Pictures that arrive late, or a growing composer, must not push the newest out of sight.
    new ResizeObserver(() => { if (this.stuck) this.toEnd(); }).observe(element.querySelector(".messages"));
    new ResizeObserver(() => { if (this.stuck) this.toEnd(); }).observe(this.scroll);
    this.scroll.addEventListener("scroll", () => { this.stuck = this.#atEnd(); });
    this.stuck = true;
  }

  #atEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
  }

  // Of a card taller than the pane, the beginning is shown.
  toEnd() {
    const last = this.list.element.lastElementChild;
    const tall = last && last.offsetHeight > this.scroll.clientHeight;
    this.scroll.scrollTop = this.scroll.scrollHeight - (tall ? last.offsetHeight + 16 : 0);
    this.newer.hidden = true;
  }

  draw(placeholder, emptiness, counts) {
    const { channel, thread } = this.place();
    const place = `${state.me} ${key(channel, thread)}`;
    const messages = messagesIn(channel, thread);
    const moved = place !== this.shown;
    const wasAtEnd = moved || this.#atEnd();
    const last = messages.at(-1);
    const news = !moved && last && last.id !== this.last;
    this.shown = place;
    this.last = last?.id ?? "";
    this.list.show(messages, thread, counts);
    fill(this.empty, emptiness(messages));
    this.thinking.hidden = !state.waiting.get(key(channel, thread));
    this.composer.turn(placeholder);
    if (wasAtEnd || (news && (last.author === state.me || last.private))) this.toEnd();
    else if (news) this.newer.hidden = false;
    this.stuck = this.#atEnd();
  }
}

let room;
let thread;

export function startRooms(open, close) {
  room = new Pane(byId("room"), { place: () => ({ channel: state.channel, thread: "" }), open: (id) => open(state.channel, id), label: "Message" });
  thread = new Pane(byId("thread"), { place: () => ({ channel: state.channel, thread: state.thread }), open: null, label: "Reply in the thread" });
  byId("thread-close").addEventListener("click", close);
  byId("thread-back").addEventListener("click", close);
  return { room, thread };
}

function example(channel) {
  const partner = others()[0];
  const text = `/coplan start "Watershed inquiry"${partner ? ` @${partner.name}` : ""}`;
  return h("button", { type: "button", class: "button primary", onclick: () => say(channel, "", text, []) },
    partner ? `Start “Watershed inquiry” with ${partner.name}` : "Start “Watershed inquiry”");
}

function welcome(channel) {
  const other = otherSide(channel);
  if (other === null) {
    return [h("h2", {}, "Plan together, each in your own free time"),
      h("p", {}, "Coplan lives in this chat: it walks partners through a plan step by step, reminds them around their timetables, and keeps a record of who did what."),
      h("p", {}, "The first thing to do: type this below, or press the button."),
      h("code", { class: "example" }, `/coplan start "Watershed inquiry" @${others()[0]?.name ?? "Ben"}`),
      example(channel),
      h("p", { class: "aside" }, "Then be the other person: choose them at “You are”, or open a second window. Move the clock at the top, and the reminders come.")];
  }
  if (other === state.bot.id) {
    const words = ["next", "timetable", "when", "help"];
    return [h("h2", {}, "Coplan, in private"),
      h("p", {}, "Here you need no slash: just say the word. Reminders and digests come here too."),
      h("div", { class: "buttons" }, words.map((word) => h("button", { type: "button", class: "button plain", onclick: () => say(channel, "", word, []) }, word)))];
  }
  return [h("h2", {}, person(other).name),
    h("p", {}, `Only you and ${person(other).name} see this. Coplan does not read along.`)];
}

let drawnWelcome = { key: "", nodes: [] };

function emptyRoom(messages) {
  if (messages.length) return [];
  const stamp = `${state.channel} ${state.me} ${state.people.length}`;
  if (drawnWelcome.key !== stamp) drawnWelcome = { key: stamp, nodes: [h("div", { class: "welcome" }, welcome(state.channel))] };
  return drawnWelcome.nodes;
}

function drawHead() {
  const other = otherSide(state.channel);
  const stamp = `${state.channel} ${placeName(state.channel)} ${state.me}`;
  const head = byId("room-title");
  if (head.dataset.stamp === stamp) return;
  head.dataset.stamp = stamp;
  head.replaceChildren(other === null ? "" : avatar(person(other), true), h("span", {}, placeName(state.channel)));
  byId("room-about").textContent = other === null
    ? `${state.people.length} people and Coplan` : other === state.bot.id ? "the bot, only with you" : city(person(other).zone);
}

export function drawRooms() {
  drawHead();
  const other = otherSide(state.channel);
  const prompt = withBot(state.channel) ? "Say “next” …" : other === null && !narrow.matches
    ? `Message ${placeName(state.channel)}, or /coplan …` : `Message ${placeName(state.channel)}`;
  if (!document.hidden) { // first: what is seen now is not new
    markRead(state.channel);
    if (state.thread) markRead(state.channel, state.thread);
  }
  const counts = unread();
  room.draw(prompt, emptyRoom, counts);
  byId("thread").hidden = !state.thread;
  document.body.classList.toggle("with-thread", Boolean(state.thread));
  if (!state.thread) return;
  const root = state.messages.get(state.thread);
  byId("thread-title").textContent = root?.title || "Thread";
  byId("thread-about").textContent = placeName(state.channel);
  thread.draw(root?.title ? "Reply, or @Coplan next …" : "Reply …", () => [], counts);
}

