// The sidebar: who you are, channels, plan threads, direct messages.

import { avatar, byId, fill, h, icon } from "./dom.js";
import { openForm } from "./form.js";
import { direct, key, me, others, placeName, state, threads, unread } from "./state.js";
import { city } from "./time.js";
import { newId, post } from "./wire.js";

const known = new Map();

// Returns the element as it was drawn before, unless what it shows has changed: it keeps the focus.
function drawn(id, shows, make) {
  const stamp = shows.join("\n");
  if (known.get(id)?.stamp !== stamp) known.set(id, { stamp, element: make() });
  return known.get(id).element;
}

function entry(id, { channel, thread = "", mark, name, count, open }) {
  const here = state.channel === channel && state.thread === thread;
  const current = here || (state.thread && !thread && state.channel === channel);
  const label = count ? `${name}, ${count} new` : name;
  return drawn(id, [channel, name, count, here, current], () => h("li", {}, h("button", {
    type: "button", class: `entry${count ? " unread" : ""}${current && !thread ? " open" : ""}${here && thread ? " open" : ""}`,
    "aria-current": here ? "page" : null, "aria-label": label, title: name, onclick: () => open(channel, thread),
  }, mark, h("span", { class: "name" }, name), count ? h("span", { class: "count", "aria-hidden": "true" }, count > 99 ? "99+" : String(count)) : null)));
}

function patch(list, entries) {
  const focused = list.contains(document.activeElement) ? document.activeElement.title : null;
  fill(list, entries);
  if (focused !== null && !list.contains(document.activeElement)) {
    [...list.querySelectorAll("button")].find((button) => button.title === focused)?.focus();
  }
}

export function drawSide(open) {
  const counts = unread();
  patch(byId("channels"), state.channels.map((each) => entry(`c ${each.id}`, {
    channel: each.id, mark: h("span", { class: "hash", "aria-hidden": "true" }, "#"), name: each.name, count: counts.get(each.id) ?? 0, open,
  })));
  const plans = threads();
  const list = (name, roots) => {
    byId(`${name}-section`).hidden = roots.length === 0;
    patch(byId(name), roots.map((root) => entry(`t ${root.id}`, {
      channel: root.channel, thread: root.id, mark: icon("list"), name: root.title,
      count: counts.get(key(root.channel, root.id)) ?? 0, open,
    })));
  };
  list("threads", plans.filter((root) => !root.body.closed));
  list("archived", plans.filter((root) => root.body.closed));
  patch(byId("directs"), [state.bot, ...others()].map((each) => entry(`d ${each.id}`, {
    channel: direct(each.id), mark: avatar(each, true), name: each.name, count: counts.get(direct(each.id)) ?? 0, open,
  })));
  // Threads of talk have their badge in the channel only.
  const listed = ([place]) => !place.includes("/") || plans.some((root) => place === key(root.channel, root.id));
  const total = [...counts].filter(listed).reduce((sum, [, count]) => sum + count, 0);
  document.title = `${total ? `(${total}) ` : ""}${placeName(state.channel)} – ${me().name} – Coplan playground`;
  byId("elsewhere").hidden = total === 0;
  drawMe();
}

function drawMe() {
  for (const button of document.querySelectorAll("[data-who]")) {
    const stamp = `${state.me} ${me().name}`;
    if (button.dataset.stamp === stamp) continue;
    button.dataset.stamp = stamp;
    button.setAttribute("aria-label", `You are ${me().name}. Be somebody else`);
    const words = h("span", { class: "who-text" }, h("small", {}, "You are"), h("b", {}, me().name));
    button.replaceChildren(avatar(me()), ...(button.id === "who" ? [words, icon("down")] : []));
  }
}

// Drawn with every change, so that an open menu also shows who was added meanwhile.
export function drawPeople(become) {
  fill(byId("personas"), state.people.map((each) => persona(each, become)));
}

function persona(each, become) {
  const mine = each.id === state.me;
  return drawn(`p ${each.id}`, [each.name, each.zone, each.hue, mine], () => h("li", {},
    h("button", { type: "button", class: "persona", "aria-current": mine ? "true" : null, onclick: () => become(each.id) },
      avatar(each), h("span", {}, h("b", {}, each.name), h("small", {}, city(each.zone))), mine ? icon("check") : null),
    h("a", { class: "quiet", href: `/?as=${encodeURIComponent(each.id)}`, target: "_blank", rel: "noopener", "aria-label": `Open a window as ${each.name}`, title: `Open a window as ${each.name}` }, icon("window"))));
}

async function send(path, body) {
  try {
    await post(path, body);
    return null;
  } catch (error) {
    return { "": error.message };
  }
}

function line(name, label, more) {
  return { t: "text", key: name, label, hint: "", initial: "", required: true, multiline: false, max: 40, ...more };
}

export function addPerson() {
  const zones = Intl.supportedValuesOf?.("timeZone") ?? [];
  openForm({
    title: "Add somebody", submit: "Add", note: "", inputs: [
      line("name", "Name", { hint: "Invent one: this is a playground." }),
      line("zone", "Time zone", { initial: me().zone ?? "Europe/Berlin", suggestions: zones, max: 60 }),
    ],
  }, ({ values, id }) => send("/api/people", { id, name: values.name[0], zone: values.zone[0] }));
}

export function addChannel() {
  openForm({
    title: "Add a channel", submit: "Add", note: "", inputs: [line("name", "Name", { hint: "One per team, say: science, year-7", max: 30 })],
  }, ({ values, id }) => send("/api/channels", { id: id ?? newId(), name: values.name[0] }));
}
