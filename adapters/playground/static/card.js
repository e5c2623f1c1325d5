// Cards: every kind of block and span that the bot can say.

import { click } from "./acts.js";
import { h, icon, size } from "./dom.js";
import { me, state, zone } from "./state.js";
import { city, words } from "./time.js";

export function spans(nodes) {
  return nodes.map((node) => {
    if (typeof node === "string") return node;
    if (node.t === "strong") return h("strong", {}, node.text);
    if (node.t === "mention") {
      const look = node.name === me().name ? "mention me" : "mention";
      return h("span", { class: look }, node.ping ? `@${node.name}` : node.name); // only a call has its @
    }
    if (node.t === "link") {
      return h("a", { href: node.url, target: "_blank", rel: "noopener noreferrer" }, node.label);
    }
    return h("time", {
      datetime: new Date(node.at).toISOString(), title: `${words(node.at, zone())}, ${city(zone())} time`,
    }, words(node.at, zone(), node.style));
  });
}

export function fileUrl(path) {
  return `${path}?as=${encodeURIComponent(state.me)}`;
}

export function files(list) {
  if (!list?.length) return null;
  return h("ul", { class: "files" }, list.map((file) => h("li", {},
    h("a", { href: fileUrl(file.url), download: file.name }, icon("file"),
      h("span", { class: "file-name" }, file.name), h("span", { class: "file-size" }, size(file.size))))));
}

export async function busy(element, act) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  try {
    await act();
  } finally {
    element.removeAttribute("aria-busy");
  }
}

function buttons(block, context) {
  return h("div", { class: "buttons" }, block.buttons.map((button) => {
    const element = h("button", { type: "button", class: `button ${button.style}` }, button.label);
    element.addEventListener("click", () => busy(element, () => click(context.message, context.thread, button.action)));
    return element;
  }));
}

function select(block, context) {
  const element = h("select", { class: "choice", "aria-label": block.placeholder },
    h("option", { value: "" }, block.placeholder),
    block.options.map((option, index) => h("option", { value: String(index) }, option.label)));
  element.addEventListener("change", () => {
    if (element.value === "") return;
    const { value } = block.options[Number(element.value)];
    busy(element, () => click(context.message, context.thread, block.action, value)).finally(() => { element.value = ""; });
  });
  // An arrow key on a closed menu would choose, and so act, at once: it opens the menu instead.
  element.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || !element.showPicker) return;
    event.preventDefault();
    element.showPicker();
  });
  return element;
}

function table(block) {
  return h("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", {},
      h("thead", {}, h("tr", {}, block.head.map((cell) => h("th", { scope: "col" }, cell)))),
      h("tbody", {}, block.rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));
}

const BLOCKS = {
  text: (block) => h("p", { class: "text" }, spans(block.spans)),
  note: (block) => h("p", { class: "note" }, spans(block.spans)),
  quote: (block) => h("blockquote", {}, block.text),
  bullets: (block) => h("ul", { class: "bullets" }, block.items.map((item) => h("li", {}, spans(item)))),
  divider: () => h("hr"),
  table,
  picture: (block) => h("figure", {},
    h("a", { href: fileUrl(block.src), target: "_blank", rel: "noopener" },
      h("img", { src: fileUrl(block.src), alt: block.alt, loading: "lazy" })),
    h("figcaption", { "aria-hidden": "true" }, block.alt)),
  buttons,
  select,
};

export function card(message, thread) {
  const { body } = message;
  const context = { message, thread };
  return h("article", { class: "card", "aria-label": body.title || body.summary },
    body.title ? h("h3", {}, body.title) : null,
    body.blocks.length || body.title ? null : h("p", { class: "text" }, body.summary),
    body.blocks.map((block) => BLOCKS[block.t](block, context)),
    files(body.files));
}
