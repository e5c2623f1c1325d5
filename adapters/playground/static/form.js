// Forms: one dialog at a time; answers stay through errors, lost connections and a slip of Escape.

import { byId, h, icon } from "./dom.js";
import { keeper } from "./focus.js";
import { state } from "./state.js";
import { toast } from "./toast.js";
import { Failure, newId } from "./wire.js";

const LONG = 200; // characters from which on an answer's limit is worth a countdown

let number = 0;

function text(input, id) {
  const shared = { id, name: input.key, list: input.suggestions ? `${id}-list` : null };
  const field = input.multiline ? h("textarea", { ...shared, rows: "5" }) : h("input", { ...shared, type: "text", autocomplete: "off" });
  field.value = input.initial;
  const left = h("span", { class: "left", "aria-live": "polite" });
  const count = () => {
    const rest = input.max - field.value.length;
    const near = rest < 0 || (input.max >= LONG && rest <= input.max / 10);
    left.textContent = near ? (rest < 0 ? `${-rest} too many` : `${rest} left`) : "";
  };
  field.addEventListener("input", count);
  count();
  const list = input.suggestions ? h("datalist", { id: `${id}-list` }, input.suggestions.map((value) => h("option", { value }))) : null;
  return { parts: [field, list], left, focus: field, read: () => (field.value.trim() ? [field.value] : []) };
}

function select(input, id) {
  const field = h("select", { id, name: input.key },
    h("option", { value: "" }, input.required ? "Choose…" : "—"),
    input.options.map((option, index) => h("option", { value: String(index) }, option.label)));
  const initial = input.options.findIndex((option) => option.value === input.initial);
  field.value = input.initial && initial >= 0 ? String(initial) : "";
  return { parts: [field], focus: field, read: () => (field.value === "" ? [] : [input.options[Number(field.value)].value]) };
}

function checks(input, id) {
  const boxes = input.options.map((option, index) => h("input", {
    type: "checkbox", id: `${id}-${index}`, name: input.key, checked: input.initial.includes(option.value),
  }));
  const rows = boxes.map((box, index) => h("label", { class: "check" }, box, h("span", {}, input.options[index].label)));
  return {
    parts: [h("div", { class: "checks" }, rows)], focus: boxes[0], group: true,
    read: () => input.options.filter((_, index) => boxes[index].checked).map((option) => option.value),
  };
}

function members(input, id) {
  const options = state.people.map((each) => ({ value: each.id, label: each.id === state.me ? `${each.name} (you)` : each.name }));
  const made = input.many ? checks({ ...input, options }, id) : select({ ...input, options, initial: input.initial[0] ?? "" }, id);
  return { ...made, people: true };
}

function moment(input, id) {
  const field = h("input", { id, name: input.key, type: input.t });
  field.value = input.initial;
  return { parts: [field], focus: field, read: () => (field.value ? [field.value] : []), broken: () => field.validity.badInput };
}

function file(input, id) {
  const field = h("input", { id, name: input.key, type: "file" });
  return { parts: [field], focus: field, read: () => [...field.files].map((each) => each.name), files: () => [...field.files] };
}

const INPUTS = { text, select, checks, members, date: moment, time: moment, file };

function makeField(input) {
  number += 1;
  const id = `field-${number}`;
  const made = INPUTS[input.t](input, id);
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const hint = input.hint ? h("p", { class: "hint", id: `${id}-hint` }, input.hint) : null;
  const optional = input.required ? null : h("span", { class: "optional" }, "optional");
  const described = hint ? `${id}-hint ${id}-error` : `${id}-error`;
  if (!made.group) made.focus?.setAttribute("aria-describedby", described);
  if (input.required && !made.group) made.focus?.setAttribute("aria-required", "true");
  const name = [input.label, optional];
  const element = made.group
    ? h("fieldset", { class: "field", "aria-describedby": described }, h("legend", { class: "label" }, name), hint, made.parts, error)
    : h("div", { class: "field" }, h("div", { class: "label-line" }, h("label", { class: "label", for: id }, name), made.left), hint, made.parts.filter(Boolean), error);
  return { ...made, input, element, error };
}

function mark(field, message) {
  field.error.textContent = message ?? "";
  field.error.hidden = !message;
  field.element.classList.toggle("wrong", Boolean(message));
  if (field.group) return;
  if (message) field.focus?.setAttribute("aria-invalid", "true");
  else field.focus?.removeAttribute("aria-invalid");
}

function missing(field) {
  if (field.broken?.()) return `This ${field.input.t} is not complete.`;
  return field.input.required && field.read().length === 0 ? "Please answer this one." : null;
}

// Shows errors by input key; those of no field stand above the form. Returns whether there are any.
function showErrors(fields, general, errors) {
  for (const field of fields) mark(field, errors[field.input.key]);
  const keys = new Set(fields.map((field) => field.input.key));
  const rest = Object.entries(errors).filter(([name]) => !keys.has(name)).map(([, message]) => message);
  general.textContent = rest.join(" ");
  general.hidden = rest.length === 0;
  fields.find((field) => errors[field.input.key])?.focus?.focus();
  return Object.keys(errors).length > 0;
}

function collect(fields) {
  const values = {};
  const people = {};
  const files = [];
  for (const field of fields) {
    values[field.input.key] = field.read();
    if (field.people) people[field.input.key] = field.read();
    for (const each of field.files?.() ?? []) files.push({ key: field.input.key, file: each });
  }
  return { values, people, files };
}

// `send` gets the answers and returns errors by key, or null when the form is done.
export function openForm(form, send) {
  const fields = form.inputs.map(makeField);
  const general = h("p", { class: "error general", role: "alert", hidden: true });
  const submit = h("button", { type: "submit", class: "button primary" }, form.submit);
  const dialog = h("dialog", { class: "form", "aria-labelledby": "form-title" },
    h("form", { novalidate: true },
      h("header", {}, h("h2", { id: "form-title" }, form.title),
        h("button", { type: "button", class: "quiet", "aria-label": "Close this form", "data-close": true }, icon("close"))),
      h("div", { class: "body" }, form.note ? h("p", { class: "form-note" }, icon("eye"), form.note) : null, general, fields.map((field) => field.element)),
      h("footer", {}, h("button", { type: "button", class: "button plain", "data-close": true }, "Cancel"), submit)));
  const refocus = keeper(document.activeElement);
  const asked = JSON.stringify(collect(fields).values);
  let id = newId();
  let done = false;
  let sent = "";

  async function send_(event) {
    event.preventDefault();
    if (submit.getAttribute("aria-busy") === "true") return;
    const wrong = Object.fromEntries(fields.map((field) => [field.input.key, missing(field)]).filter(([, message]) => message));
    if (showErrors(fields, general, wrong)) return;
    const answers = collect(fields);
    const now = JSON.stringify(answers.values);
    if (sent !== now) id = newId(); // the same answers after a failure are the same act
    sent = now;
    submit.setAttribute("aria-busy", "true");
    try {
      const errors = await send({ ...answers, id });
      if (errors) {
        sent = "";
        showErrors(fields, general, errors);
      } else {
        done = true;
        dialog.close();
      }
    } catch (error) {
      if (!(error instanceof Failure)) console.error(error);
      general.textContent = error instanceof Failure ? error.message : "Something went wrong in this page.";
      general.hidden = false;
    } finally {
      submit.removeAttribute("aria-busy");
    }
  }

  function open() {
    byId("dialogs").append(dialog);
    dialog.showModal();
    (fields.find((field) => !field.error.hidden) ?? fields[0])?.focus?.focus();
  }

  dialog.querySelector("form").addEventListener("submit", send_);
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form").requestSubmit();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    refocus();
    if (done || JSON.stringify(collect(fields).values) === asked) return;
    toast(`“${form.title}” was closed without saving.`, { label: "Open it again", act: open });
  });
  open();
  showErrors(fields, general, form.errors ?? {});
}

