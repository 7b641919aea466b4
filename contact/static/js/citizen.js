/** Enhances the public's pages: the quick exit, the character count, error focus. Everything works without it. */
import {
  Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, NotificationBanner, SkipLink, createAll,
} from "../govuk-frontend-6.3.0/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button, { preventDoubleClick: true });
for (const component of [CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, NotificationBanner, SkipLink]) {
  createAll(component);
}
revealChosen();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
/* A copy saved as a file is named after the title: a name that betrays nothing (practice 13). */
const title = document.title;
window.addEventListener("beforeprint", () => { document.title = "copy"; });
window.addEventListener("afterprint", () => { document.title = title; });

/** Radios that reveal more. Ours, because the component puts aria-expanded on radios, where ARIA does not allow it. */
function revealChosen() {
  for (const group of document.querySelectorAll("[data-reveals]")) {
    const show = () => {
      for (const radio of group.querySelectorAll("input[data-reveal]")) {
        const more = document.getElementById(radio.dataset.reveal);
        more.classList.toggle("govuk-radios__conditional--hidden", !radio.checked);
      }
    };
    group.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  }
}

/** Asks again, for half an hour, what is true now; only the marked part of the page changes, and is read out when it does. */
function keepTrue(part) {
  const seconds = Number(part.dataset.ask);
  let left = 1800 / seconds;
  const ask = async () => {
    left -= 1;
    try {
      const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById(part.id);
      if (answer.ok && now && now.textContent.trim() !== part.textContent.trim()) {
        part.replaceChildren(...now.childNodes);
        part.className = now.className;
      }
    } catch {
      // Cut off: what stands there was true when it was last asked.
    }
    if (left > 0) { window.setTimeout(ask, seconds * 1000); }
  };
  window.setTimeout(ask, seconds * 1000);
}
document.querySelectorAll("[data-ask]").forEach(keepTrue);
