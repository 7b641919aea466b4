/** Sends chosen files by themselves, piece by piece, and goes on where it was after a lost connection.
 *
 * Without it the same place takes one file a time as a plain form. Nothing is kept in the browser. There is no
 * question on leaving the page, on purpose: it would stand in the way of somebody who has to leave quickly.
 */
const SMALLEST = 262_144;
const LARGEST = 8_388_608;
const A_PIECE_MS = 3_000;
const LANES = 2;

document.querySelectorAll("[data-files]").forEach((place) => new Files(place));

function Files(place) {
  const words = JSON.parse(place.dataset.words);
  const input = place.querySelector("input[type=file]");
  if (!input) { return; }
  const list = place.querySelector("[data-files-list]");
  const live = place.querySelector("[data-files-said]");
  const waiting = [];
  let busy = 0;
  let beginning = Promise.resolve();

  input.multiple = true;
  place.querySelector("[data-files-label]").textContent = words.choose;
  place.querySelector("[data-files-plain]").hidden = true;
  place.querySelectorAll("[data-files-live]").forEach((part) => { part.hidden = false; });
  const zone = place.querySelector("[data-files-zone]");
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("contact-files__zone--over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("contact-files__zone--over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("contact-files__zone--over");
    take(event.dataTransfer.files);
  });
  input.addEventListener("change", () => { take(input.files); input.value = ""; });
  list.querySelectorAll("[data-file]").forEach(enhance);
  count();
  if (input.files.length) { take(input.files); input.value = ""; } // chosen before this script arrived

  /** Say it to those who listen; the newest is what counts. */
  function say(text) { live.textContent = text; }

  function fill(text, values) {
    return Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), text);
  }

  function problem(text) {
    const error = place.querySelector("[data-files-error]");
    error.hidden = !text;
    error.querySelector("span:last-child").textContent = text;
    input.closest(".govuk-form-group").classList.toggle("govuk-form-group--error", Boolean(text));
  }

  function take(files) {
    const wrong = [];
    let left = Number(place.dataset.most) - list.querySelectorAll("[data-file]").length - waiting.length;
    for (const file of files) {
      const half = find(file);
      if (file.size > Number(place.dataset.largest)) { wrong.push(fill(words.tooBig, { name: file.name })); }
      else if (file.size === 0) { wrong.push(fill(words.empty, { name: file.name })); }
      else if (!half && left < 1) { wrong.push(words.tooMany); break; }
      else { waiting.push({ file, half }); left -= half ? 0 : 1; }
    }
    problem(wrong.join(" "));
    while (busy < LANES && waiting.length) { run(); }
  }

  /** A file that came only in part before, chosen again: it goes on where it was. */
  function find(file) {
    return [...list.querySelectorAll("[data-state=arriving]")].find(
      (row) => row.dataset.name === file.name && Number(row.dataset.size) === file.size && !row.sending,
    );
  }

  async function run() {
    busy += 1;
    while (waiting.length) {
      const { file, half } = waiting.shift();
      await send(file, half).catch(() => problem(fill(words.failed, { name: file.name })));
    }
    busy -= 1;
  }

  async function send(file, half) {
    let row = half;
    if (!row) {
      // One after the other, so that they stand in the order in which they were chosen.
      beginning = beginning.then(() => begin(file));
      const begun = await beginning;
      if (!begun) { return; }
      row = draw(begun.row);
    }
    row.sending = new Sending(file, row.dataset.url);
    say(fill(words.started, { name: file.name }));
    const bar = row.querySelector("progress");
    const state = row.querySelector("[data-file-state]");
    bar.hidden = false;
    let told = 0;
    const end = await row.sending.all((part, cut) => {
      const percent = Math.floor(part * 100);
      bar.value = percent;
      const now = cut ? words.cut : fill(words.sending, { percent });
      if (state.textContent !== now) { state.textContent = now; }
      if (cut && !row.cut) { say(fill(words.cutNamed, { name: file.name })); }
      row.cut = cut;
      if (percent >= told + 25) { told = percent; say(fill(words.sendingNamed, { name: file.name, percent })); }
    });
    row.sending = null;
    if (end.gone) { return; }
    if (end.row) { row = draw(end.row, row); }
    if (end.words) { problem(end.words); }
    say(end.ok ? fill(words.received, { name: file.name }) : fill(words.failed, { name: file.name }));
    count();
    if (end.ok) { follow(row); }
  }

  async function begin(file) {
    const body = JSON.stringify({ name: file.name, size: file.size });
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await fetch(place.dataset.begin, { method: "POST", body, headers: headers("application/json") });
        const told = await answer.json().catch(() => ({}));
        if (answer.ok) { return told; }
        if (answer.status < 500 && answer.status !== 429) { problem(told.words || fill(words.failed, { name: file.name })); return null; }
      } catch {
        say(fill(words.cutNamed, { name: file.name }));
      }
      await pause(tries);
    }
  }

  /** Put a row into the list, or in the place of another. */
  function draw(html, old) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const row = holder.content.querySelector("[data-file]");
    const focused = old?.contains(document.activeElement);
    if (old) { old.replaceWith(row); } else { list.append(row); }
    enhance(row);
    if (focused) { row.querySelector("button")?.focus(); }
    count();
    return row;
  }

  /** `Remove` takes the file away here, also while it is being sent; what is being checked is asked about again. */
  function enhance(row) {
    const button = row.querySelector("button");
    button?.addEventListener("click", async (event) => {
      event.preventDefault();
      row.sending?.cancel();
      const answer = await fetch(button.formAction, { method: "POST", headers: headers() }).catch(() => null);
      if (!answer?.ok) { problem(fill(words.notRemoved, { name: row.dataset.name })); return; }
      row.remove();
      say(fill(words.removed, { name: row.dataset.name }));
      count();
      input.focus();
    });
    if (row.dataset.state === "checking" && !row.followed) { row.followed = true; follow(row); }
  }

  /** Ask how the checks went, ever less often, for ten minutes. */
  async function follow(row) {
    row.followed = true;
    for (let wait = 2_000, until = Date.now() + 600_000; Date.now() < until; wait = Math.min(wait * 1.5, 30_000)) {
      if (!row.isConnected || row.dataset.state !== "checking") { return; }
      await new Promise((done) => { setTimeout(done, wait); });
      if (!row.isConnected) { return; }
      const answer = await fetch(row.dataset.url, { headers: headers() }).catch(() => null);
      const told = answer?.ok ? await answer.json() : null;
      if (!told?.row) { continue; }
      if (told.state === row.dataset.state) { continue; }
      const fresh = draw(told.row, row);
      say(`${fresh.dataset.name}: ${fresh.querySelector("[data-file-state]").textContent.trim()}`);
      return;
    }
  }

  function count() {
    const rows = list.querySelectorAll("[data-file]").length;
    list.hidden = rows === 0;
    const none = place.querySelector("[data-files-none]");
    if (none) { none.hidden = rows > 0; }
  }

  function headers(type) {
    const sent = { Accept: "application/json", "X-CSRFToken": place.dataset.token };
    return type ? { ...sent, "Content-Type": type } : sent;
  }

  /** One press of `Continue` while files are on their way tells so; the next goes on without them. */
  for (const form of document.querySelectorAll("form[data-files-wait]")) {
    form.addEventListener("submit", (event) => {
      const going = [...list.querySelectorAll("[data-file]")].some((row) => row.sending) || waiting.length > 0;
      if (!going || form.dataset.told) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      form.dataset.told = "yes";
      problem(words.stillSending);
      input.focus();
    }, true);
  }

  function Sending(file, url) {
    let request = null;
    let stopped = false;
    this.cancel = () => { stopped = true; request?.abort(); };

    /** Send the rest; answers {ok, row, words}, or {gone} when it was cancelled. `told(part, cut)` hears how far it is. */
    this.all = async (told) => {
      let offset = await ask();
      let size = 1_048_576;
      let tries = 0;
      while (!stopped) {
        if (offset === null) {
          told(bytesAt / file.size, true);
          await pause(tries);
          tries += 1;
          offset = await ask();
          continue;
        }
        if (typeof offset === "object") { return offset; }
        const began = performance.now();
        const end = await piece(offset, Math.min(size, file.size - offset), told);
        if (end.status === 200) {
          tries = 0;
          size = Math.max(SMALLEST, Math.min(LARGEST, performance.now() - began < A_PIECE_MS ? size * 2 : size / 2));
          if (end.body.done) { return { ok: true, row: end.body.row }; }
          offset = end.body.offset;
        } else if (end.status === 409 && Number.isInteger(end.body.offset)) {
          offset = end.body.offset;
        } else if (end.status >= 400 && end.status < 500 && end.status !== 408 && end.status !== 429) {
          return { ok: false, row: end.body.row, words: end.body.words };
        } else {
          size = SMALLEST;
          offset = null;
        }
      }
      return { gone: true };
    };

    let bytesAt = 0;
    /** How much is there: a number, null when nobody answers, or what was said instead. */
    async function ask() {
      try {
        const answer = await fetch(url, { method: "HEAD", headers: headers(), cache: "no-store" });
        const at = answer.headers.get("Upload-Offset");
        if (answer.ok && at !== null) { bytesAt = Number(at); return bytesAt; }
        return answer.status >= 500 || answer.status === 429 ? null : { ok: false };
      } catch {
        return null;
      }
    }

    function piece(offset, length, told) {
      return new Promise((done) => {
        request = new XMLHttpRequest();
        request.open("PATCH", url);
        for (const [name, value] of Object.entries(headers("application/offset+octet-stream"))) { request.setRequestHeader(name, value); }
        request.setRequestHeader("Upload-Offset", String(offset));
        request.timeout = 120_000;
        request.upload.onprogress = (event) => { bytesAt = offset + event.loaded; told(Math.min(bytesAt / file.size, 1), false); };
        request.onload = () => {
          let body = {};
          try { body = JSON.parse(request.responseText); } catch { /* an answer without words */ }
          done({ status: request.status, body });
        };
        request.onerror = request.ontimeout = request.onabort = () => done({ status: 0, body: {} });
        request.send(file.slice(offset, offset + length));
      });
    }
  }
}

/** Wait before the next try: longer each time, never all browsers at once, and not longer than the connection is away. */
function pause(tries) {
  const wait = Math.min(30_000, 1_000 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random());
  return new Promise((done) => {
    const timer = setTimeout(end, wait);
    window.addEventListener("online", end);
    function end() {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      done();
    }
  });
}
