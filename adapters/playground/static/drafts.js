// What was typed and not yet sent, by place: kept by the window, for each person apart, so that it
// is there again after a reload.

import { state } from "./state.js";

function name() {
  return `coplan.drafts.${state.birth}.${state.me}`;
}

function all() {
  try {
    return JSON.parse(sessionStorage.getItem(name())) ?? {};
  } catch {
    return {};
  }
}

export function draftOf(place) {
  return all()[place] ?? "";
}

export function keepDraft(place, text) {
  const { [place]: before = "", ...others } = all();
  if (before === text) return;
  try {
    sessionStorage.setItem(name(), JSON.stringify(text ? { ...others, [place]: text } : others));
  } catch {
    // A browser that keeps nothing, or no more, loses a draft at a reload only.
  }
}
