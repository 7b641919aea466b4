// Single keys, which can be turned off for this computer and never act while somebody types (WCAG 2.1.4).
const STORED = "contact-keys";

export const keysOn = () => localStorage.getItem(STORED) !== "off";

export function offerSwitch(box) {
  if (!box) return;
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
}

const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;

export function listenForKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (!keysOn() || !(event.target instanceof Element) || typing(event.target)) return;
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}
