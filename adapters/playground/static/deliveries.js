// The post office: what goes wrong with the bot's messages, and what became of the last ones.

import { byId, fill, h, icon } from "./dom.js";
import { person, state, zone } from "./state.js";
import { words } from "./time.js";
import { toast } from "./toast.js";
import { Failure, newId, post } from "./wire.js";

const KINDS = {
  closed: { label: "Direct messages closed", told: (to) => `direct messages closed${of(to)}`, people: true },
  gone: { label: "Channel gone", told: (to) => (to ? `${to} gone` : "every channel gone"), channels: true },
  busy: { label: "Refused for now", told: (to) => `refused for now${at(to)}` },
  limited: { label: "Too much: wait", told: (to, { seconds }) => `too much${at(to)}, wait ${seconds} s`, seconds: 30, most: 3600 },
  lost_before: { label: "No answer, not shown", told: (to) => `no answer, not shown${at(to)}` },
  lost_after: { label: "No answer, yet shown", told: (to) => `no answer, yet shown${at(to)}` },
  slow: { label: "Slow", told: (to, { seconds }) => `slow${at(to)}, ${seconds} s`, seconds: 5, most: 60 },
};
const LEFT = [["1", "for the next message"], ["3", "for the next 3"], ["10", "for the next 10"], ["", "until told otherwise"]];
const OUTCOMES = {
  under_way: ["wait", "on its way …"],
  shown: ["well", "shown"],
  edited: ["well", "card brought up to date"],
  found: ["well", "looked up: it stands there"],
  closed: ["bad", "refused: direct messages closed"],
  gone: ["bad", "refused: not there any more"],
  busy: ["bad", "refused for now"],
  limited: ["bad", "too much: wait"],
  early: ["bad", "came before its time"],
  lost_before: ["bad", "no answer, not shown"],
  lost_after: ["bad", "no answer, yet shown"],
  cut_off: ["bad", "too slow, not shown"],
};

function of(to) {
  return to ? ` for ${to}` : "";
}

function at(to) {
  return to ? ` (${to})` : "";
}

function placeName(where) {
  return where.startsWith("@") ? person(where.slice(1)).name : where;
}

function told(fault) {
  const how = KINDS[fault.kind].told(placeName(fault.where), fault);
  return fault.left === null ? how : `${how}: ${fault.left === 1 ? "next message" : `next ${fault.left}`}`;
}

async function change(what) {
  try {
    // What stands then comes with the events: an answer may be older than what they have brought.
    await post("/api/deliveries", { id: newId(), ...what });
    return true;
  } catch (error) {
    toast(error instanceof Failure ? error.message : "That did not work.", { bad: true });
    return false;
  }
}

// --- what stands on the page

export function drawDeliveries() {
  const { faults, lookable, last } = state.deliveries;
  const stamp = JSON.stringify([state.deliveries, state.people.map((each) => each.name), zone()]);
  const menu = byId("deliveries-menu");
  if (menu.dataset.stamp === stamp) return;
  menu.dataset.stamp = stamp;
  byId("disturbed").hidden = faults.length === 0;
  byId("disturbed-by").textContent = faults.map(told).join("; ");
  byId("deliveries").classList.toggle("disturbing", faults.length > 0);
  byId("deliveries").setAttribute("aria-label", faults.length ? `Deliveries: ${faults.length} going wrong` : "Deliveries");
  fill(byId("faults"), faults.map((fault) => h("li", { class: "fault" }, h("span", {}, told(fault)),
    h("button", { type: "button", class: "quiet", "aria-label": `End: ${told(fault)}`, onclick: () => end(fault.number) }, icon("close")))));
  byId("lookable").checked = lookable;
  byId("no-deliveries").hidden = last.length > 0;
  fill(byId("last-deliveries"), last.map(line));
}

async function end(number) {
  if (await change({ change: "end", fault: number })) byId("fault-kind").focus();
}

function line(delivery) {
  const [tone, says] = OUTCOMES[delivery.outcome];
  const wait = delivery.outcome === "limited" ? ` ${delivery.seconds} s` : "";
  const tries = delivery.attempts > 1 ? ` · ${delivery.attempts} tries` : "";
  const to = delivery.where.startsWith("@") ? `to ${placeName(delivery.where)} alone` : `in ${delivery.where}`;
  return h("li", { class: `delivery ${tone}` },
    h("b", {}, delivery.title || "A message"), h("span", { class: "outcome" }, `${says}${wait}`),
    h("small", {}, `${to} · ${words(delivery.at, zone())}${tries}`));
}

// --- telling it

function option(value, label) {
  return h("option", { value }, label);
}

function drawWhere() {
  const kind = KINDS[byId("fault-kind").value];
  const box = byId("fault-where");
  const before = box.value;
  const people = kind.channels ? [] : state.people.map((each) => option(`@${each.id}`, `Direct messages to ${each.name}`));
  const channels = kind.people ? [] : state.channels.map((each) => option(`#${each.id}`, `#${each.name}`));
  const everybody = kind.people ? "Everybody" : kind.channels ? "Every channel" : "Everywhere";
  box.replaceChildren(option("", everybody), ...people, ...channels);
  box.value = [...box.options].some((each) => each.value === before) ? before : "";
}

function drawSeconds() {
  const { seconds, most } = KINDS[byId("fault-kind").value];
  byId("fault-time").hidden = !seconds;
  byId("fault-seconds").disabled = !seconds; // else the browser waits for an answer nobody can give
  byId("fault-seconds").value = seconds ?? "";
  byId("fault-seconds").max = most ?? "";
}

async function add(event) {
  event.preventDefault();
  const kind = byId("fault-kind").value;
  const left = byId("fault-left").value;
  const seconds = KINDS[kind].seconds ? Math.round(Number(byId("fault-seconds").value)) : 0;
  await change({ change: "add", kind, where: byId("fault-where").value, seconds, left: left ? Number(left) : null });
}

export function startDeliveries() {
  byId("fault-kind").replaceChildren(...Object.entries(KINDS).map(([kind, { label }]) => option(kind, label)));
  byId("fault-left").replaceChildren(...LEFT.map(([value, label]) => option(value, label)));
  byId("fault-kind").addEventListener("change", () => { drawWhere(); drawSeconds(); });
  byId("fault-form").addEventListener("submit", add);
  byId("lookable").addEventListener("change", (event) => change({ change: "look", lookable: event.target.checked }));
  byId("all-well").addEventListener("click", () => change({ change: "end" }));
  byId("deliveries-menu").addEventListener("beforetoggle", (event) => { if (event.newState === "open") drawWhere(); });
  drawWhere();
  drawSeconds();
}
