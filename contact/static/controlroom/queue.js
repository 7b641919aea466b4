// The queue page, live: the same rows as the server wrote them, fetched and swapped in when something happened.
import { count, keepCounting } from "./countdown.js";
import { listenForKeys, offerSwitch } from "./keys.js";
import { Live } from "./live.js";
import { swap } from "./swap.js";

const root = document.getElementById("queue-rows");
const said = document.getElementById("queue-said");
const sign = document.getElementById("queue-live");
const QUIET = new Set(["note_added", "replied", "mail_sent", "message_read", "draft_saved", "text_written", "text_sent", "text_moved", "text_failed"]);
// What the assistant does in its conversations: of interest to their own list, and to a row that is shown.
const TALK = new Set(["bot_turn", "proposed", "conversation_begun", "bot_asked_back"]);
// These take a contact off the list: of no interest to a list that does not show it.
const LEAVING = new Set(["claimed", "closed", "snoozed", "kept", "looked", "answered", "claim_refused", "crime_recorded", "incident_logged"]);
const SETTLE_MS = 100;
const LEAST_PAUSE_MS = 800;
const POINTING_MS = 700;
const LONGEST_HOLD_MS = 2000;

for (const field of document.querySelectorAll("input[name=lease]")) field.value = "live";
count(root);
keepCounting(root);

const STATES = {
  live: "Live",
  away: "Connection lost, trying again",
  "signed-out": "You are signed out. Sign in again to go on",
};
function show(state) {
  sign.hidden = !(state in STATES);
  sign.textContent = STATES[state] ?? "";
  sign.classList.toggle("queue-live--away", state !== "live");
  if (state === "signed-out") said.textContent = STATES[state];
}

let waiting = null;
let since = 0;
let pointedAt = 0;
let fetching = false;
let again = false;
root.addEventListener("pointermove", () => { pointedAt = Date.now(); });
root.addEventListener("pointerdown", () => { pointedAt = Date.now() + 500; });

let rested = 0;
let stale = false;

function happened(event) {
  if (event && QUIET.has(event.name)) return;
  const row = event?.contact ? root.querySelector(`tr a[href$="${event.contact}"]`)?.closest("tr") : null;
  const mine = event?.agent === root.dataset.me;
  if (event && !row && (root.dataset.view === "mine" ? !mine : LEAVING.has(event.name))) return;
  if (event && !row && TALK.has(event.name) && root.dataset.view !== "with_bot") return;
  if (row && event.name === "claimed" && !mine && root.dataset.view !== "mine") take(row);
  soon();
}

// Shown at once as taken, before the list is fetched: nobody presses in vain.
function take(row) {
  row.classList.add("queue-row--gone");
  const button = row.querySelector(".queue-claim");
  if (button) button.setAttribute("aria-disabled", "true");
}
root.addEventListener("click", (event) => { if (event.target.closest("[aria-disabled=true]")) event.preventDefault(); });

// A list in sight is fetched soon, the slower the server answers the more seldom; one out of sight when it is seen again.
function soon() {
  if (document.hidden) stale = true;
  else if (!waiting) {
    since = Date.now();
    waiting = setTimeout(tryNow, Math.max(SETTLE_MS + live.spreadMs, rested - Date.now()));
  }
}
document.addEventListener("visibilitychange", () => {
  if (stale && !document.hidden) {
    stale = false;
    soon();
  }
});

// Rows must not move under a hand that is about to press: wait until it rests, two seconds at most.
function tryNow() {
  const now = Date.now();
  if (now - pointedAt < POINTING_MS && now - since < LONGEST_HOLD_MS) {
    waiting = setTimeout(tryNow, 100);
    return;
  }
  waiting = null;
  refresh();
}

const keysOfRows = () => new Set([...root.querySelectorAll("tr[data-key]")].map((row) => row.dataset.key));

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  const began = Date.now();
  try {
    const address = new URL(root.dataset.rows, location.href);
    address.searchParams.set("part", "rows");
    const answer = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store", redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 401) return show("signed-out");
    if (answer.ok) put(await answer.text());
  } catch {
    // The stream will say that the connection is gone, and the next event tries again.
  } finally {
    fetching = false;
    rested = Date.now() + Math.max(LEAST_PAUSE_MS, 8 * (Date.now() - began));
    if (again) {
      again = false;
      soon();
    }
  }
}

function put(html) {
  const before = keysOfRows();
  const had = emergencies();
  const row = document.activeElement?.closest?.("tr[data-key]");
  const place = row ? [...root.querySelectorAll("tr[data-key]")].indexOf(row) : -1;
  swap(root, html);
  count(root);
  live.seen(root.querySelector("[data-part=lists]")?.dataset.cursor);
  const after = keysOfRows();
  const fresh = [...after].filter((key) => !before.has(key)).length;
  const gone = [...before].filter((key) => !after.has(key)).length;
  if (row && !row.isConnected) {
    const moved = root.querySelector(`tr[data-key="${row.dataset.key}"] .queue-what__link`);
    if (moved) moved.focus();
    else stepTo(place);
  }
  say(fresh, gone, emergencies() > had);
}

function emergencies() { return Number(root.querySelector("[data-part=lists]")?.dataset.emergencies ?? 0); }

/** `graver`: also a contact that stood here already and has become an emergency. */
function say(fresh, gone, graver) {
  const parts = [];
  if (fresh) parts.push(`${fresh} new in the list`);
  if (gone) parts.push(`${gone} gone`);
  const waiting = emergencies();
  if ((fresh || graver) && waiting) parts.push(`${waiting} ${waiting === 1 ? "emergency" : "emergencies"} waiting`);
  if (parts.length) said.textContent = `${parts.join(", ")}.`;
}

function stepTo(place) {
  const links = [...root.querySelectorAll(".queue-what__link")];
  links[Math.max(0, Math.min(place, links.length - 1))]?.focus();
}

function step(by) {
  const rows = [...root.querySelectorAll("tr[data-key]")];
  const here = rows.indexOf(document.activeElement?.closest?.("tr[data-key]"));
  stepTo(here < 0 ? 0 : here + by);
}

const live = new Live({
  url: root.dataset.events,
  cursor: root.dataset.cursor,
  changed: happened,
  state: show,
  reload: () => location.reload(),
});

document.getElementById("queue-check").addEventListener("click", (event) => {
  event.preventDefault();
  refresh();
});
const keys = document.getElementById("queue-keys");
keys.hidden = false;
offerSwitch(document.getElementById("queue-keys-on"));
listenForKeys({
  n: () => document.querySelector("[data-shortcut=n]").click(),
  r: refresh,
  j: () => step(1),
  k: () => step(-1),
  c: () => document.activeElement?.closest?.("tr[data-key]")?.querySelector(".queue-claim")?.click(),
  "?": () => { keys.open = true; keys.querySelector("summary").focus(); },
});
