// Making elements. Texts become text nodes, always: nothing here ever parses HTML.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  clip: "M20 11.5l-8.2 8.2a5 5 0 01-7.1-7.1l8.5-8.5a3.4 3.4 0 014.8 4.8l-8.5 8.5a1.7 1.7 0 01-2.4-2.4l7.8-7.8",
  send: "M4 12l16-8-5 16-3.5-6.5z",
  reply: "M4 5h16v11H10l-4 4v-4H4z",
  plus: "M12 5v14M5 12h14",
  add: "M5 4h14v16H5zM12 8.5v7M8.5 12h7",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2",
  down: "M6 9l6 6 6-6",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  eye: "M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12zM12 9.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z",
  window: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  skip: "M5 5l8 7-8 7zM17 5v14",
  check: "M5 12.5l4.5 4.5L19 7",
  list: "M4 6h16M4 12h16M4 18h10",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

// `hue` is the person's place in the list of people, so that neighbours differ.
export function avatar(person, small = false) {
  const bot = person.id === "coplan";
  const words = person.name.split(/\s+/);
  const initials = words.length > 1 ? words[0][0] + words.at(-1)[0] : [...person.name].slice(0, 2).join("");
  const look = bot ? "bot" : `hue${(person.hue ?? 7) % 8}`;
  return h("span", { class: `avatar ${look}${small ? " small" : ""}`, "aria-hidden": "true" }, bot ? "C" : initials);
}

// Replaces the children by others, keeping those that are the same nodes where they are.
export function fill(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
}

export function byId(id) {
  return document.getElementById(id);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function asOne(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
