// The demonstration's telephones look again by themselves: what changed is put in its place, what is typed stays.
const EVERY_MS = 1500;
const again = document.querySelector("[data-phone-again]");
const screen = document.querySelector("[data-phone-live=screen]");

function toNewest() {
  screen.scrollTop = screen.scrollHeight;
}

async function look() {
  if (document.hidden) return;
  const answer = await fetch(again.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const place of document.querySelectorAll("[data-phone-live]")) {
    const now = found.querySelector(`[data-phone-live=${place.dataset.phoneLive}]`);
    if (now === null || now.innerHTML === place.dataset.was) continue;
    if (place.contains(document.activeElement) && place !== document.activeElement) continue;
    place.replaceChildren(...now.cloneNode(true).childNodes);
    place.dataset.was = now.innerHTML;
    if (place === screen) toNewest();
  }
}

if (again !== null && screen !== null) {
  toNewest();
  setInterval(() => look().catch(() => undefined), EVERY_MS);
  document.querySelector("#phone-body")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });
}
