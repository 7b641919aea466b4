// The licensing desk's keys: every one is also a link or a button, and none acts while somebody types.
import { listenForKeys, offerSwitch } from "./keys.js";

offerSwitch(document.querySelector("[data-keys-on]"));
for (const hidden of document.querySelectorAll("[data-keys]")) hidden.hidden = false;

const lines = [...document.querySelectorAll("[data-line]")];
const step = (by) => {
  const at = lines.indexOf(document.activeElement);
  lines[Math.min(Math.max(at + by, 0), lines.length - 1)]?.focus();
};
const acts = { j: () => step(1), k: () => step(-1) };
for (const node of document.querySelectorAll("[data-key]")) {
  acts[node.dataset.key] = () => (node.matches("textarea, input, select") ? node.focus() : node.click());
}
listenForKeys(acts);

// A form is sent once, however often its button is pressed; the server would take it once anyway.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
