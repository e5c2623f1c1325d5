// The page: loads what the chosen person sees, follows what changes, and draws it.

import { drawClock, drawFreePeople, startClock } from "./clock.js";
import { drawDeliveries, startDeliveries } from "./deliveries.js";
import { byId } from "./dom.js";
import { drawRooms, startRooms } from "./room.js";
import { addChannel, addPerson, drawPeople, drawSide } from "./side.js";
import { changed, key, onChange, otherSide, person, setClock, state, takeMessages, takeWorld } from "./state.js";
import { hush, tell, toast } from "./toast.js";
import { follow, loadState } from "./wire.js";

const PERSON = "coplan.person";
let panes;
let restart;

// --- where we are: in the address's fragment, so that Back goes back

function address(channel, thread = "") {
  return `#${[channel, thread].filter(Boolean).map(encodeURIComponent).join("/")}`;
}

function open(channel, thread = "") {
  location.hash = address(channel, thread);
  arrive(); // at once: the event comes later, and somebody may type already
  draw();
  (thread ? panes.thread : panes.room).composer.focus();
}

function arrive() {
  const [channel = "", thread = ""] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const mine = channel.startsWith("dm.") ? channel.split(".").includes(state.me) : state.channels.some((each) => each.id === channel);
  state.pane = location.hash === "#/" ? "side" : thread ? "thread" : "room";
  if (state.pane !== "side") {
    state.channel = mine ? channel : state.channels[0]?.id ?? `dm.${state.me}`;
    state.thread = mine && state.messages.has(thread) ? thread : "";
  }
  if (state.pane === "thread" && !state.thread) state.pane = "room";
  if (state.pane !== "side") hush("call", state.channel);
  document.body.dataset.pane = state.pane;
  changed();
}

function closeThread() {
  location.hash = address(state.channel);
  arrive();
  draw();
  panes.room.composer.focus();
}

// --- being somebody

function remembered() {
  const asked = new URLSearchParams(location.search).get("as");
  if (asked) history.replaceState(null, "", location.pathname + location.hash);
  return asked ?? sessionStorage.getItem(PERSON) ?? "";
}

async function become(id) {
  const found = await loadState(id);
  sessionStorage.setItem(PERSON, found.me);
  Object.assign(state, { me: found.me, birth: found.birth, token: found.token, since: found.since });
  state.messages.clear();
  state.waiting.clear();
  hush("call"); // what was for somebody else
  takeWorld(found);
  takeMessages(found.messages);
  setClock(found.clock);
  state.deliveries = found.deliveries;
  document.body.dataset.person = found.me;
}

async function switchTo(id) {
  byId("persona-menu").hidePopover?.();
  if (id === state.me) return;
  try {
    panes.room.composer.forget();
    panes.thread.composer.forget();
    await become(id);
  } catch {
    toast("The playground cannot be reached.", { bad: true });
    return;
  }
  restart();
  arrive();
  toast(`You are ${person(state.me).name} now.`, { brief: true, kind: "you" });
}

// --- news

function summary(message) {
  if (message.kind === "card") return message.body.title || message.body.summary;
  return message.body.spans.map((span) => (typeof span === "string" ? span : span.name ?? span.label ?? span.text ?? "")).join("");
}

function take({ messages, since }) {
  const fresh = takeMessages(messages).filter((message) => message.author !== state.me);
  state.since = Math.max(state.since, since);
  const here = new Set([key(state.channel), key(state.channel, state.thread)]);
  const heard = fresh.filter((message) => here.has(key(message.channel, message.thread)));
  if (heard.length) tell(heard.map((message) => `${person(message.author).name}: ${summary(message)}`).join(". "));
  callFor(fresh.filter((message) => otherSide(message.channel) !== null && !heard.includes(message)).at(-1));
  changed();
}

// A direct message that arrives while one looks elsewhere, as reminders do when the clock moves.
function callFor(message) {
  if (!message) return;
  const text = summary(message);
  toast(`${person(message.author).name}: ${text.length > 90 ? `${text.slice(0, 89)}…` : text}`, { kind: "call", of: message.channel, label: "Open", act: () => open(message.channel) });
}

async function onLine(yes) {
  byId("offline").hidden = yes;
  if (!yes) return;
  const asked = state.me;
  const found = await loadState(asked).catch(() => null);
  if (!found || asked !== state.me) return;
  state.token = found.token;
  if (found.birth !== state.birth) location.reload(); // another playground (--fresh)
}

function draw() {
  drawRooms(); // first: what is seen now is no longer news in the sidebar
  drawSide(open);
  drawPeople(switchTo);
  drawClock();
  drawDeliveries();
}

async function start() {
  try {
    await become(remembered());
  } catch {
    byId("offline").hidden = false;
    setTimeout(start, 1500);
    return;
  }
  byId("offline").hidden = true;
  panes = startRooms(open, closeThread);
  startClock();
  startDeliveries();
  onChange(draw);
  window.addEventListener("hashchange", arrive);
  document.addEventListener("visibilitychange", changed);
  byId("room-back").addEventListener("click", () => { location.hash = "#/"; });
  byId("add-person").addEventListener("click", () => { byId("persona-menu").hidePopover?.(); addPerson(); });
  byId("add-channel").addEventListener("click", addChannel);
  document.addEventListener("keydown", (event) => {
    const busy = document.querySelector("dialog[open], [popover]:popover-open");
    if (event.key === "Escape" && state.thread && !busy && !event.defaultPrevented) closeThread();
  });
  arrive();
  draw(); // at once: somebody may type as soon as the page is ready
  restart = follow({
    world: (world) => { takeWorld(world); drawFreePeople(); changed(); },
    messages: take,
    deliveries: (deliveries) => { state.deliveries = deliveries; changed(); },
    clock: (clock) => { setClock(clock); changed(); },
  }, onLine);
  document.body.dataset.ready = "true";
  panes.room.composer.focus();
}

start();
