/** Puts a chat on a force's own site: a button that opens a frame of ours. Nothing of the host's page is read or kept.
 *
 *   <script src="https://contact.example/widget.js" data-force="kent" data-lang="en"
 *           data-words="I want to tell you about a lost dog" async></script>
 *   <noscript><a href="https://contact.example/chat?force=kent">Chat with us</a></noscript>
 *
 * `data-words`, if any, stand in the box for the person to change. They go behind the address's "#", which no browser
 * sends to anybody, and nothing is sent before the person presses the button. Escape does nothing, on purpose: what somebody types must not vanish. Leaving goes through the frame, and takes the
 * whole tab along.
 */
(() => {
  const script = document.currentScript;
  const force = script?.dataset.force ?? "";
  if (!/^[a-z0-9-]+$/.test(force) || document.querySelector("[data-contact-chat]")) { return; }
  const welsh = (script.dataset.lang ?? document.documentElement.lang).startsWith("cy");
  const words = welsh
    ? { open: "Sgwrsio â ni", hide: "Cuddio’r sgwrs", frame: "Sgwrs â’r heddlu" }
    : { open: "Chat with us", hide: "Hide the chat", frame: "Chat with the police" };
  const first = (script.dataset.words ?? "").slice(0, 500);
  const hash = first ? `#words=${encodeURIComponent(first)}` : "";
  const address = new URL(`/widget/${force}?lang=${welsh ? "cy" : "en"}${hash}`, script.src).href;

  const host = document.createElement("div");
  host.dataset.contactChat = force;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    .box { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; display: flex; flex-direction: column; align-items: flex-end; gap: 10px; max-width: calc(100vw - 32px); font: 600 18px/1.3 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
    button { min-height: 48px; padding: 10px 22px; border: 2px solid #fff; border-radius: 26px; background: #0b1f3f; color: #fff; font: inherit; cursor: pointer; box-shadow: 0 2px 12px rgb(0 0 0 / 30%); }
    button:hover { background: #1c3763; }
    button:focus-visible { outline: 4px solid #ffc744; outline-offset: 2px; background: #0b1f3f; }
    .panel { width: min(420px, calc(100vw - 32px)); height: min(660px, calc(100dvh - 100px)); border: 1px solid #55708f; border-radius: 12px; overflow: hidden; background: #fff; box-shadow: 0 6px 32px rgb(0 0 0 / 35%); }
    .panel[hidden] { display: none; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    @media (forced-colors: active) { button, .panel { border: 2px solid ButtonText; } }
    @media print { .box { display: none; } }`);
  root.adoptedStyleSheets = [sheet];

  const box = document.createElement("div");
  box.className = "box";
  box.lang = welsh ? "cy" : "en";
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.id = "panel";
  panel.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.open;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "panel");
  box.append(panel, button);
  root.append(box);

  button.addEventListener("click", () => {
    const opening = panel.hidden;
    if (opening && !panel.firstChild) {
      const frame = document.createElement("iframe");
      frame.title = words.frame;
      frame.src = address;
      frame.referrerPolicy = "no-referrer";
      panel.append(frame);
    }
    panel.hidden = !opening;
    button.textContent = opening ? words.hide : words.open;
    button.setAttribute("aria-expanded", String(opening));
    if (opening) { panel.firstChild.focus(); }
  });
  const put = () => document.body.append(host);
  if (document.body) { put(); } else { document.addEventListener("DOMContentLoaded", put); }
})();
