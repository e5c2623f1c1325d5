// The clock bar: the playground's present, and the moves of its clock.

import { byId, h } from "./dom.js";
import { me, now, state, zone } from "./state.js";
import { city, wall, words } from "./time.js";
import { toast } from "./toast.js";
import { Failure, newId, post } from "./wire.js";

async function move(wish) {
  if (state.clock.target !== null) return;
  byId("clock-menu").hidePopover?.();
  try {
    await post("/api/clock", { id: newId(), person: state.me, ...wish });
  } catch (error) {
    toast(error instanceof Failure ? error.message : "The clock did not move.", { bad: true });
  }
}

export function drawClock() {
  const { target } = state.clock;
  byId("now").textContent = words(now(), zone());
  byId("now-zone").textContent = city(zone());
  byId("clock").classList.toggle("moving", target !== null);
  byId("moving").textContent = target === null ? "" : `moving to ${words(target, zone())} …`;
  // Not "disabled": that would take the focus from whoever goes on with the keyboard.
  for (const button of document.querySelectorAll("[data-move]")) button.setAttribute("aria-disabled", target !== null);
}

export function drawFreePeople() {
  const select = byId("free-of");
  const chosen = select.value || state.me;
  select.replaceChildren(...state.people.map((each) => h("option", { value: each.id }, each.id === state.me ? `${each.name} (you)` : each.name)));
  select.value = state.people.some((each) => each.id === chosen) ? chosen : state.me;
}

export function startClock() {
  for (const button of document.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => {
      const wish = { move: button.dataset.move };
      if (wish.move === "free") wish.of = byId("free-of").value;
      if (wish.move === "date") wish.at = byId("to-date").value;
      if (wish.move === "date" && !wish.at) return byId("to-date").focus();
      return move(wish);
    });
  }
  byId("clock-menu").addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return;
    drawFreePeople();
    byId("to-date").value = wall(now() + 3_600_000, zone());
    byId("to-date").min = wall(now(), zone());
    byId("clock-zone").textContent = `Times are ${me().name}'s: ${city(zone())}.`;
  });
  setInterval(drawClock, 1000);
}
