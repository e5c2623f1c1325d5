// What a person does, and what the page does with the bot's answer.

import { openForm } from "./form.js";
import { changed, key, state } from "./state.js";
import { toast } from "./toast.js";
import { Failure, newId, post } from "./wire.js";

function wait(place, by) {
  state.waiting.set(place, Math.max(0, (state.waiting.get(place) ?? 0) + by));
  changed();
}

async function perform(act, files, place) {
  wait(place, 1);
  try {
    return await post("/api/act", { person: state.me, ...act }, files);
  } finally {
    wait(place, -1);
  }
}

function explain(error) {
  if (!(error instanceof Failure)) console.error(error);
  toast(error instanceof Failure ? error.message : "Something went wrong in this page. Reload it.", { bad: true });
}

function follow(answer, thread) {
  if (answer.reply === "form") showForm(answer.form, answer.message, thread);
  if (answer.reply === "errors") toast(Object.values(answer.errors).join(" "), { bad: true });
}

// Returns whether it was sent; the composer keeps its text otherwise. The same text sent again
// after a failure is the same act.
export async function say(channel, thread, text, files, id = newId()) {
  try {
    const act = { kind: "say", id, channel, thread, text };
    follow(await perform(act, files.map((file) => ({ key: "", file })), key(channel, thread)), thread);
    state.failed.delete(id);
    return true;
  } catch (error) {
    explain(error);
    if (error.done) state.failed.delete(id);
    else if (error.shown) state.failed.set(id, error.shown);
    return Boolean(error.done);
  } finally {
    changed();
  }
}

export async function click(message, thread, action, choice = "") {
  try {
    const act = { kind: "click", id: newId(), message: message.id, thread, action, choice };
    follow(await perform(act, [], key(message.channel, thread)), thread);
  } catch (error) {
    explain(error);
  }
}

// Picks a message, anybody's, to put it into a plan.
export async function addToPlan(message, thread) {
  try {
    const act = { kind: "share", id: newId(), message: message.id, thread, action: "message.form" };
    follow(await perform(act, [], key(message.channel, thread)), thread);
  } catch (error) {
    explain(error);
  }
}

export async function dismiss(message) {
  try {
    await post("/api/act", { kind: "dismiss", id: newId(), person: state.me, message: message.id });
  } catch (error) {
    explain(error);
  }
}

function showForm(form, message, thread) {
  const person = state.me;
  openForm(form, async ({ values, people, files, id }) => {
    const act = { kind: "submit", id, person, message, thread, action: form.action, values, people };
    const answer = await post("/api/act", act, files);
    if (answer.reply === "errors") return answer.errors;
    follow(answer, thread);
    return null;
  });
}
