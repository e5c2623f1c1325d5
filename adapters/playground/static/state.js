// What this window knows, and what can be asked of it. Whoever changes it calls `changed()`.

export const state = {
  me: "", birth: "", token: "", since: 0,
  people: [], channels: [], verbs: [], bot: { id: "coplan", name: "Coplan" },
  messages: new Map(),
  clock: { now: 0, at: 0, target: null },
  deliveries: { faults: [], lookable: true, last: [] },
  channel: "", thread: "", pane: "room",
  failed: new Map(), // act -> the message that shows it, though it was not carried out
  waiting: new Map(), // place -> how many commands the bot is working on
};

const listeners = [];
let planned = false;

export function onChange(listener) {
  listeners.push(listener);
}

export function changed() {
  if (planned) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    for (const listener of listeners) listener();
  });
}

export function setClock({ now, target }) {
  state.clock = { now, at: performance.now(), target };
}

export function now() {
  return state.clock.now + (performance.now() - state.clock.at);
}

export function takeWorld(world) {
  for (const key of ["channels", "verbs", "bot"]) state[key] = world[key];
  state.people = world.people.map((each, hue) => ({ ...each, hue }));
}

export function takeMessages(messages) {
  const fresh = [];
  for (const message of messages) {
    const known = state.messages.get(message.id);
    if (known && known.changed >= message.changed) continue;
    if (!known && message.kind !== "gone") fresh.push(message);
    state.messages.set(message.id, message);
  }
  return fresh;
}

export function person(id) {
  if (id === state.bot.id) return state.bot;
  return state.people.find((each) => each.id === id) ?? { id, name: "somebody", zone: "UTC" };
}

export function me() {
  return person(state.me);
}

export function zone() {
  return me().zone ?? "UTC";
}

export function others() {
  return state.people.filter((each) => each.id !== state.me);
}

export function direct(id) {
  const people = id === state.bot.id ? [state.me] : [state.me, id].sort();
  return ["dm", ...people].join(".");
}

// The other side of a direct conversation: a person's id, or the bot's; null for a channel.
export function otherSide(channel) {
  const [first, ...people] = channel.split(".");
  if (first !== "dm" || people.length === 0) return null;
  return people.length === 1 ? state.bot.id : people.find((id) => id !== state.me);
}

export function withBot(channel) {
  return otherSide(channel) === state.bot.id;
}

export function placeName(channel) {
  const other = otherSide(channel);
  return other === null ? `#${state.channels.find((each) => each.id === channel)?.name ?? channel}` : person(other).name;
}

export function key(channel, thread = "") {
  return thread ? `${channel}/${thread}` : channel;
}

export function messagesIn(channel, thread = "") {
  const found = [...state.messages.values()].filter((message) => message.channel === channel && message.kind !== "gone"
    && (thread ? message.thread === thread || message.id === thread : message.thread === ""));
  return found.sort((a, b) => a.number - b.number);
}

export function replies(root) {
  return [...state.messages.values()]
    .filter((message) => message.thread === root && message.kind !== "gone")
    .sort((a, b) => a.number - b.number);
}

export function threads() {
  const roots = [...state.messages.values()].filter((message) => message.title && message.kind !== "gone");
  const news = new Map(roots.map((root) => [root.id, root.number]));
  for (const message of state.messages.values()) {
    if (news.has(message.thread)) news.set(message.thread, Math.max(news.get(message.thread), message.number));
  }
  return roots.sort((a, b) => news.get(b.id) - news.get(a.id));
}

// --- what has been read: kept by the browser, for each person apart

function seenKey() {
  return `coplan.seen.${state.birth}.${state.me}`;
}

function seen() {
  try {
    return JSON.parse(localStorage.getItem(seenKey())) ?? {};
  } catch {
    return {};
  }
}

export function markRead(channel, thread = "") {
  const last = messagesIn(channel, thread).at(-1);
  const all = seen();
  const place = key(channel, thread);
  if (!last || (all[place] ?? 0) >= last.number) return;
  all[place] = last.number;
  try {
    localStorage.setItem(seenKey(), JSON.stringify(all));
  } catch {
    // A browser that keeps nothing only shows more badges than needed.
  }
}

export function unread() {
  const known = seen();
  const counts = new Map();
  for (const message of state.messages.values()) {
    if (message.author === state.me || message.kind === "gone") continue;
    const place = key(message.channel, message.thread);
    if (message.number > (known[place] ?? 0)) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}
