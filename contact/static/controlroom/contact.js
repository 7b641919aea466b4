// The contact page, live: holds the contact while it is open, refreshes what was said, keeps what is being typed.
// Every form works without it.
import { listenForKeys, offerSwitch } from "./keys.js";
import { holdLease } from "./lease.js";
import { Live } from "./live.js";
import "./segments.js";
import { swap } from "./swap.js";

const page = document.body.dataset;
const root = document.getElementById("live");
const said = document.querySelector("[data-said]");
const token = () => document.querySelector("input[name=csrf_token]")?.value ?? "";
const FRESH = new Set([
  "message_received", "replied", "note_added", "decided", "screened", "incident_logged", "crime_recorded", "clocks_set",
  "crime_not_recorded", "transfer_asked", "transfer_accepted", "transfer_refused", "mail_sent", "mail_failed", "restricted",
  "evidence_attached", "evidence_examined", "evidence_marked", "evidence_stripped", "access_stopped", "reopened", "closed", "looked", "message_read", "claimed",
  "bot_turn", "bot_asked_back", "handed_over", "proposed", "conversation_begun", "text_written", "text_sent", "text_moved", "text_failed", "opted_in", "opted_out", "released", "lease_ended", "snoozed", "woken",
]);
const CHANGES_HANDS = new Set(["claimed", "released", "lease_ended", "closed", "reopened", "transfer_accepted", "snoozed", "woken"]);

for (const field of document.querySelectorAll("[data-lease-kind]")) field.value = "live";
// What stands chosen in the decision follows the machine until somebody has chosen.
function followProposal() {
  const stands = root.querySelector("[data-part=cursor]")?.dataset;
  for (const name of ["category", "grade"]) {
    const box = document.getElementById(`decision-${name}`);
    const standing = box && [...box.options].find((option) => option.defaultSelected);
    if (!standing || box.value !== standing.value || standing.value === stands[name]) continue;
    for (const option of box.options) option.defaultSelected = option.value === stands[name];
    box.value = stands[name];
  }
}
for (const hidden of document.querySelectorAll("[data-insert][type=button], [data-copy], [data-keys]")) hidden.hidden = false;

// A form is sent once, however often its button is pressed; the server would take it once anyway.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

// Holding it.
const lease = document.querySelector("[data-lease]");
const notice = document.querySelector("[data-notice]");
function tell(words, act) {
  notice.querySelector("[data-notice-words]").textContent = words;
  for (const button of notice.querySelectorAll("[data-notice-act]")) button.hidden = button.dataset.noticeAct !== act;
  notice.hidden = false;
}
if (page.held) {
  holdLease({
    contact: page.contact,
    seconds: page.grade === "emergency" ? 5 : 20,
    kept: () => {
      if (lease) lease.textContent = " while this page is open";
      if (notice.dataset.about === "away") notice.hidden = true;
    },
    away: () => {
      notice.dataset.about = "away";
      tell("No connection. The contact may go back to the queue. What you type is kept here.", "");
    },
    lost: (holder, signedOut) => {
      const hold = document.querySelector(".case-hold--mine");
      if (hold) hold.textContent = "You do not have it any more";
      notice.dataset.about = "lost";
      keepDraft();
      if (signedOut) tell("You are signed out. Your draft was kept.", "reload");
      else if (holder) tell(`${holder} has this contact now. Your draft is kept.`, "reload");
      else tell("You do not hold this contact any more. Nobody else has it.", "keep");
    },
  });
}

// What was said, refreshed by the one stream of this browser.
const filesShown = () => root.querySelectorAll("[data-list=files] > li").length;
// What came with it for other places of the page goes there; answers the rest. What was folded out stays so.
function placeBeside(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  for (const part of holder.content.querySelectorAll("template[data-beside]")) {
    const place = document.querySelector(`[data-place="${part.dataset.beside}"]`);
    part.remove();
    if (!place) continue;
    const open = [...place.querySelectorAll("details")].map((each) => each.open);
    for (const hidden of part.content.querySelectorAll("[data-copy]")) hidden.hidden = false;
    swap(place, part.innerHTML);
    place.querySelectorAll("details").forEach((each, number) => { each.open = open[number] ?? each.open; });
  }
  const count = document.getElementById("reply-count");
  if (count) count.hidden = document.querySelector("[data-by-text]")?.dataset.byText !== "yes";
  return holder.innerHTML;
}
let fetching = false;
let again = false;
async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    const answer = await fetch(page.thread, { headers: { Accept: "text/html" }, cache: "no-store", redirect: "manual" });
    if (answer.status === 200) {
      const open = root.querySelector(".case-more--log")?.open;
      const files = filesShown();
      swap(root, placeBeside(await answer.text()));
      const more = filesShown() - files;
      if (more > 0) said.textContent = more === 1 ? "1 file was added." : `${more} files were added.`;
      const log = root.querySelector(".case-more--log");
      if (log && open) log.open = true;
      followProposal();
      live.seen(root.querySelector("[data-cursor]")?.dataset.cursor);
    }
  } catch {
    // The stream says that the connection is gone; the next event tries again.
  } finally {
    fetching = false;
    if (again) { again = false; refresh(); }
  }
}
const live = new Live({
  url: page.events,
  cursor: root.querySelector("[data-cursor]")?.dataset.cursor,
  changed: (event) => {
    if (event && (event.contact !== page.contact || !FRESH.has(event.name))) return;
    refresh();
    if (event?.name === "message_received") said.textContent = "The person wrote.";
    if (event?.name === "handed_over") said.textContent = "The assistant is silent now.";
    if (event?.name === "screened") said.textContent = "Danger words were heard in a message.";
    if (event && CHANGES_HANDS.has(event.name) && event.agent !== page.me && notice.dataset.about !== "lost") {
      tell("Who has this contact has changed.", "reload");
    }
  },
  state: (name) => {
    const sign = document.querySelector("[data-live]");
    sign.textContent = { away: "Not live: trying again", "signed-out": "Signed out: sign in again to go on" }[name] ?? "";
    sign.hidden = !sign.textContent;
  },
  reload: () => tell("Much has happened. Load the page again.", "reload"),
});

// What is typed is kept on the server, never in the browser.
const box = document.getElementById("reply-body");
const draftState = document.querySelector("[data-draft-state]");
let typing = null;
async function keepDraft() {
  clearTimeout(typing);
  const address = box?.form.dataset.draft;
  if (!address || box.value === kept) return;
  const now = box.value;
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ body: now, csrf_token: token() }), keepalive: true });
    if (answer.ok) { kept = now; draftState.textContent = now ? "Draft kept." : ""; }
    else draftState.textContent = "Draft not kept yet.";
  } catch {
    draftState.textContent = "No connection: draft not kept yet.";
    typing = setTimeout(keepDraft, 3000);
  }
}
let kept = box?.defaultValue ?? "";
box?.addEventListener("input", () => { draftState.textContent = ""; clearTimeout(typing); typing = setTimeout(keepDraft, 1200); });
box?.form.addEventListener("submit", () => clearTimeout(typing));
// Somebody who types fast has begun before this script arrived.
if (box && box.value !== box.defaultValue) box.dispatchEvent(new Event("input"));
document.addEventListener("visibilitychange", () => { if (document.hidden) keepDraft(); });

// One key, one act.
async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  const told = document.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(text.textContent);
    told.textContent = "Copied.";
  } catch {
    const folded = text.closest("details");
    if (folded) folded.open = true;
    getSelection().selectAllChildren(text);
    told.textContent = "Selected: press Ctrl and C to copy.";
  }
}
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
for (const button of document.querySelectorAll("[data-insert]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const end = box.value.length;
    box.setRangeText((box.value.trim() ? "\n\n" : "") + button.dataset.insert, end, end, "end");
    box.dispatchEvent(new Event("input"));
    box.focus();
  });
}
function press(key) {
  const found = document.querySelector(`[data-key="${key}"]:not([hidden])`);
  if (!found) return;
  if (found.matches("textarea, summary, select")) found.focus();
  else if (key === "d") { found.scrollIntoView({ block: "center" }); document.getElementById("decision-category").focus(); }
  else found.click();
}
offerSwitch(document.querySelector("[data-keys-on]"));
listenForKeys(Object.fromEntries([..."krndmscb"].map((key) => [key, () => press(key)])));
