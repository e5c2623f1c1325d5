// The keyboard stays where it was, also when what had the focus is drawn anew.

const name = (element) => element.getAttribute("aria-label") ?? element.textContent;

// Returns what gives the focus back: to the element, or to what stands in its message's place now.
export function keeper(element) {
  const list = element?.closest(".messages");
  const id = element?.closest("[data-id]")?.dataset.id;
  const named = element && name(element);
  return () => {
    if (element?.isConnected) return element.focus({ preventScroll: true });
    if (!list) return;
    const message = [...list.children].find((each) => each.dataset.id === id);
    const controls = [...(message?.querySelectorAll("button, select, a") ?? [])];
    (controls.find((each) => name(each) === named) ?? controls[0] ?? list).focus({ preventScroll: true });
  };
}
