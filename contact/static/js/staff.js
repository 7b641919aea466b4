// Starts the vendored components on staff pages: error summaries take the focus, buttons submit once.
import { initAll } from "../govuk-frontend-6.3.0/govuk-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
initAll();
