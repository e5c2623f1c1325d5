// Speaking with the server. An act that the network lost is sent again under the same id.

import { state } from "./state.js";

const PAUSES = [300, 800, 2000, 4000];
export const MOST = 12 * 1024 * 1024;

// `shown` is the message that shows the act, where it got that far; `done` whether it took effect.
export class Failure extends Error {
  constructor(text, { message = "", done = false } = {}) {
    super(text);
    this.shown = message;
    this.done = done;
  }
}

export function newId() {
  return crypto.randomUUID();
}

function token() {
  return state.token || document.querySelector('meta[name="coplan-token"]').content;
}

export async function loadState(person) {
  const response = await fetch(`/api/state?as=${encodeURIComponent(person)}`);
  if (!response.ok) throw new Failure("The playground does not answer as it should. Reload the page.");
  return response.json();
}

function request(body, files) {
  const headers = { "X-Coplan-Playground": token() };
  if (!files.length) {
    headers["Content-Type"] = "application/json";
    return { method: "POST", headers, body: JSON.stringify(body) };
  }
  const form = new FormData();
  form.append("act", JSON.stringify(body));
  for (const { key, file } of files) form.append(`file:${key}`, file, file.name);
  return { method: "POST", headers, body: form };
}

async function answer(response) {
  try {
    return await response.json();
  } catch {
    return { error: "The playground sent something that could not be understood." };
  }
}

function tooLarge(files) {
  return files.reduce((sum, { file }) => sum + file.size, 0) > MOST - 100_000;
}

// Returns the answer. Throws a Failure with a sentence to show; nothing typed is lost by it.
export async function post(path, body, files = []) {
  if (tooLarge(files)) throw new Failure("That is too much at once: 12 MB is the most. Choose a smaller file.");
  let renewed = false;
  for (let attempt = 0; ; attempt += 1) {
    let response;
    try {
      response = await fetch(path, request(body, files));
    } catch {
      if (attempt >= PAUSES.length) {
        throw new Failure("The playground cannot be reached. What you typed is still here: try again.");
      }
      await new Promise((done) => setTimeout(done, PAUSES[attempt]));
      continue;
    }
    if (response.status === 403 && !renewed) {
      renewed = true; // the server was started anew since this page was loaded
      state.token = (await loadState(state.me)).token;
      continue;
    }
    const found = await answer(response);
    if (!response.ok) throw new Failure(found.error ?? "That did not work.", found);
    return found;
  }
}

// Follows what changes. A hidden window looks in now and then instead: a browser opens only six
// streams to one server, and there may be more windows than that.
export function follow(handlers, onLine) {
  let source = null;
  let timer = 0;
  let pause = 500;

  function stop() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function again(delay) {
    stop();
    timer = setTimeout(start, delay);
  }

  function start() {
    stop();
    const once = document.hidden ? "&once" : "";
    source = new EventSource(`/api/events?as=${encodeURIComponent(state.me)}&since=${state.since}${once}`);
    source.addEventListener("open", () => {
      pause = 500;
      onLine(true);
    });
    for (const [event, handle] of Object.entries(handlers)) {
      source.addEventListener(event, (sent) => handle(JSON.parse(sent.data)));
    }
    source.addEventListener("enough", () => again(document.hidden ? 10_000 : 0));
    source.addEventListener("error", () => {
      onLine(false);
      again(pause);
      pause = Math.min(pause * 2, 8000);
    });
  }

  document.addEventListener("visibilitychange", start);
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => event.persisted && start());
  start();
  return start;
}
