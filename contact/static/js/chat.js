/** The conversation, live: each line once and in order, over any loss of the connection; what is typed is never lost.
 *
 * Without it the page is plain forms and a link. Nothing is kept in the browser. There is no question on leaving the
 * page, and Escape does nothing, on purpose: neither may stand in the way of somebody who has to leave quickly.
 * One tab of a browser listens and tells the others (browsers allow six connections a site).
 */
const SILENCE_MS = 45_000;
const SEND_MS = 15_000;

document.querySelectorAll("[data-chat]").forEach((root) => new Chat(root));

function Chat(root) {
  const find = (name) => root.querySelector(`[data-chat-${name}]`);
  const words = JSON.parse(root.dataset.words);
  const names = JSON.parse(root.dataset.names);
  const marks = JSON.parse(root.dataset.marks);
  const lines = find("lines");
  const form = find("form");
  const box = form.elements.body;
  const state = find("state");
  let position = Number(root.dataset.seen);
  let readTo = Number(root.dataset.readTo);
  let told = 0;
  let live = false;
  let over = false;
  let sending = false;
  let before = !("IntersectionObserver" in window); // whether it is before somebody's eyes: a site may have hidden its frame

  find("check").hidden = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); }
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { tellReached(); } });
  if (!before) {
    new IntersectionObserver((seen) => {
      before = seen.at(-1).isIntersecting;
      if (before) { tellReached(); }
    }).observe(root);
  }
  // A page that the browser brings back as it was asks the server first: after leaving it must show nothing.
  window.addEventListener("pageshow", (event) => { if (event.persisted) { window.location.reload(); } });

  /* What one tab hears, all hear. */
  const channel = openChannel();
  if (channel) {
    channel.onmessage = ({ data }) => {
      if (data.cursor > position + 1 && data.name === "line") { catchUp(); } else { take(data.name, data.text); }
    };
  }
  if (navigator.locks) {
    // A browser may refuse locks to a frame in another site: then each tab listens for itself.
    navigator.locks.request(`chat ${root.dataset.events}`, () => listen()).catch(() => listen());
  } else {
    listen();
  }
  catchUp();
  tellReached();
  if (window.location.hash === "#newest") { showNewest(); }

  function openChannel() {
    try {
      return new BroadcastChannel(`chat ${root.dataset.events}`);
    } catch {
      return null; // refused to a frame in another site, or not known here
    }
  }

  /* Hearing. */
  async function listen() {
    for (let tries = 0; !over; tries += 1) {
      const began = Date.now();
      const ended = await stream(`${root.dataset.events}${joint()}after=${position}`, true).catch(() => "away");
      if (ended === "gone") { end(); return; }
      if (Date.now() - began > SILENCE_MS) { tries = 0; }
      live = false;
      if (!over) { say(words.offline); }
      const pause = Math.min(15_000, 500 * 2 ** Math.min(tries, 5));
      await new Promise((done) => { window.setTimeout(done, pause * (0.5 + Math.random())); });
    }
  }

  /** What was missed, once: for a tab that does not listen itself, and after sending while the stream is away. */
  async function catchUp() {
    const ended = await stream(`${root.dataset.events}${joint()}after=${position}&once=1`, false).catch(() => "away");
    if (ended === "gone") { end(); }
  }

  function joint() { return root.dataset.events.includes("?") ? "&" : "?"; }

  async function stream(address, lasting) {
    const stop = new AbortController();
    let watchdog = window.setTimeout(() => stop.abort(), SILENCE_MS);
    try {
      const headers = { Accept: "text/event-stream, application/json" };
      const answer = await fetch(address, { headers, signal: stop.signal, cache: "no-store", redirect: "manual" });
      if ([401, 403, 410].includes(answer.status)) { return "gone"; }
      if (!answer.ok) { return "away"; }
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done || over) { return "away"; }
        window.clearTimeout(watchdog);
        watchdog = window.setTimeout(() => stop.abort(), SILENCE_MS);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) { hear(block, lasting); }
      }
    } finally {
      window.clearTimeout(watchdog);
      stop.abort();
    }
  }

  function hear(block, lasting) {
    const fields = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
    if (!fields.event) { return; }
    if (fields.event === "live") {
      if (!live && state.textContent === words.offline) { say(words.live); }
      live = true;
      return;
    }
    if (lasting) { channel?.postMessage({ name: fields.event, text: fields.data, cursor: position }); }
    take(fields.event, fields.data);
  }

  function take(name, text) {
    if (name === "line") { add(JSON.parse(text)); }
    if (name === "read") { markRead(Number(text)); }
    if (name === "talks") { showTalks(JSON.parse(text)); }
    if (name === "offer") { showOffer(JSON.parse(text)); }
    if (name === "danger" && find("danger").hidden) { showDanger(false); }
    if (name === "ended" && text === "stopped") { end(); }
  }

  /* Showing. */
  function newestInSight() { return !lines.lastElementChild || lines.lastElementChild.getBoundingClientRect().top < window.innerHeight; }

  function add(line) {
    if (line.position <= position) { return; }
    // Whoever reads back is left alone; whoever sees the last line, or has written this one, is led on.
    const near = line.who === "me" || newestInSight();
    const item = find("template").content.firstElementChild.cloneNode(true);
    item.classList.add(`chat-line--${line.who}`);
    item.dataset.position = line.position;
    item.dataset.who = line.who;
    item.dataset.day = line.day;
    item.querySelector("[data-chat-name]").textContent = names[line.who];
    item.querySelector("[data-chat-at]").textContent = lines.lastElementChild?.dataset.day === line.day ? line.time : line.at;
    item.querySelector("[data-chat-at]").dateTime = line.at_iso;
    item.querySelector("[data-chat-words]").textContent = line.body;
    position = line.position;
    form.elements.seen.value = position;
    document.getElementById("newest")?.removeAttribute("id");
    item.id = "newest";
    if (line.who === "me") { showMark(item, line.read || line.position <= readTo); }
    lines.append(item);
    if (near) { showNewest(); }
    tellReached();
  }

  function showMark(item, read) {
    const mark = item.querySelector("[data-chat-mark]");
    mark.textContent = read ? marks.read : marks.stored;
    mark.hidden = false;
  }

  function markRead(to) {
    if (to <= readTo) { return; }
    readTo = to;
    for (const item of lines.querySelectorAll("[data-who=me]")) {
      if (Number(item.dataset.position) <= to) { showMark(item, true); }
    }
  }

  function showTalks({ who, words: said }) {
    const part = find("talks");
    if (part.textContent !== said) { part.textContent = said; }
    part.className = `chat-talks chat-talks--${who}`;
  }

  function showOffer({ words: said, carries }) {
    const part = find("offer");
    part.hidden = !said;  // an urgent matter goes to a person, and the form is on offer no more
    if (!said) { return; }
    const near = newestInSight();
    part.querySelector("button").textContent = said;
    part.querySelector("[data-chat-carries]").hidden = !carries;
    if (near) { showNewest(); }
  }

  /** What to do in danger stays before the eyes of whoever was just shown it. */
  function showNewest() {
    const danger = find("danger");
    reveal(document.activeElement === danger ? danger : document.getElementById("newest"));
  }

  /** Brings a part into view, and out from under the box that stays at the foot of the screen. */
  function reveal(part) {
    if (!part) { return; }
    part.scrollIntoView({ block: "nearest" });
    const under = part.getBoundingClientRect().bottom + 12 - find("dock").getBoundingClientRect().top;
    if (under > 0) { window.scrollBy(0, under); }
  }

  function say(text) { if (state.textContent !== text) { state.textContent = text; } }

  function problem(text) {
    find("error").hidden = !text;
    find("error-words").textContent = text;
    find("group").classList.toggle("govuk-form-group--error", Boolean(text));
    box.classList.toggle("govuk-textarea--error", Boolean(text));
    if (text) { box.setAttribute("aria-describedby", "body-error"); } else { box.removeAttribute("aria-describedby"); }
  }

  function end() {
    if (over) { return; }
    over = true;
    problem(words.ended);
    say("");
    find("send").disabled = true;
    lines.replaceChildren(); // nothing of it stays on a screen that may not show it any more
    find("talks").textContent = "";
  }

  /* Saying. */
  async function send(again = true) {
    if (sending || over) { return; }
    const typed = box.value;
    if (!typed.trim()) { problem(words.empty); box.focus(); return; }
    sending = true;
    say(words.sending);
    const failed = await post(typed).catch(() => words.away);
    sending = false;
    if (failed === "stale" && again && await freshToken()) { send(false); return; }
    if (failed) {
      say("");
      problem(failed === "stale" ? words.away : failed);
      box.focus();
      return;
    }
    problem("");
    // What was typed on while it was under way stays.
    box.value = box.value.startsWith(typed) ? box.value.slice(typed.length).trimStart() : box.value;
    form.elements.key.value = fresh();
    say(words.sent);
    if (document.activeElement === find("send")) { box.focus({ preventScroll: true }); } // ready for the next words
    if (!live) { catchUp(); }
  }

  /** Answers nothing when it is stored, else what to say; a try that failed on the way goes again under the same key. */
  async function post(typed) {
    const stop = new AbortController();
    const clock = window.setTimeout(() => stop.abort(), SEND_MS);
    try {
      const body = new URLSearchParams(new FormData(form));
      body.set("body", typed);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal: stop.signal, redirect: "manual" });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok && told.go_on) {
        box.value = ""; // it is stored there, and must not be sent again here
        window.location.assign(told.go_on);
        return "";
      }
      if (answer.ok) {
        if (told.advise_999) { showDanger(true); }
        return "";
      }
      if (answer.status === 400 && told.error === "form_too_old") { return "stale"; }
      if (answer.status === 403 || answer.status === 410) { return words.ended; }
      return told.words ?? words.away;
    } finally {
      window.clearTimeout(clock);
    }
  }

  async function freshToken() {
    const answer = await fetch(window.location.pathname + window.location.search, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) { return false; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[data-chat-form] input[name=csrf_token]")?.value;
    if (token) { form.elements.csrf_token.value = token; }
    return Boolean(token);
  }

  /** `asked`: the person has just sent it. What is found later must not take the box away from whoever types. */
  function showDanger(asked) {
    const danger = find("danger");
    danger.hidden = false;
    find("offer").hidden = true; // a person, never a form
    if (asked) { danger.focus({ preventScroll: true }); }
    reveal(danger);
  }

  function fresh() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
  }

  /** Delivered as soon as it is here; read only while somebody has the page before them. */
  async function tellReached() {
    const read = before && !document.hidden;
    const mark = position * 2 + (read ? 1 : 0);
    if (over || mark <= told || ![...lines.children].some((item) => item.dataset.who === "person")) { return; }
    told = mark;
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, seen: position, read: read ? "yes" : "no" });
    await fetch(root.dataset.reached, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true }).catch(() => null);
  }
}
