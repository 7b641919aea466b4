// One stream a browser, not a tab: the tab that holds the lock listens and tells the others (engineering 8 and 9).
// A tab that comes late, or that was asleep, compares cursors and fetches what it shows once.
const LOCK = "contact-live";
const SILENCE_MS = 45_000;

export const readCursor = (text) => {
  const cursor = new Map();
  for (const part of (text ?? "").split(",")) {
    const at = part.lastIndexOf(":");
    if (at > 0) cursor.set(part.slice(0, at), Number(part.slice(at + 1)));
  }
  return cursor;
};

export const writeCursor = (cursor) => [...cursor].map(([force, seq]) => `${force}:${seq}`).join(",");

export class Live {
  #cursor; #url; #channel; #leading = false; #state = "starting"; #tries = 0; #crowd = 1;

  // changed(event): something happened; null when it is not known what. state(name): live, away, signed-out.
  // reload(): too much was missed, or the agent's forces have changed.
  constructor({ url, cursor, changed, state, reload }) {
    Object.assign(this, { changed, state, reload });
    this.#url = url;
    this.#cursor = readCursor(cursor);
    this.#channel = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;
    if (this.#channel) this.#channel.onmessage = ({ data }) => this.#hear(data);
    this.#tell({ type: "hello" });
    if (navigator.locks) navigator.locks.request(LOCK, () => this.#listen());
    else this.#listen();
  }

  // The page has fetched what it shows anew: everything up to this cursor is on it.
  seen(cursor) {
    for (const [force, seq] of readCursor(cursor)) {
      if (seq > (this.#cursor.get(force) ?? 0)) this.#cursor.set(force, seq);
    }
  }

  // How long to wait before fetching, so that hundreds who hear the same event do not ask in the same moment.
  get spreadMs() {
    return Math.random() * Math.min(3000, this.#crowd * 8);
  }

  #tell(message) {
    this.#channel?.postMessage({ ...message, cursor: writeCursor(this.#cursor), state: this.#state, crowd: this.#crowd });
  }

  #hear(message) {
    this.#crowd = message.crowd ?? this.#crowd;
    if (message.type === "hello") {
      if (this.#leading) this.#tell({ type: "state" });
    } else if (message.type === "event") {
      this.#arrive(message.event);
    } else if (message.type === "state") {
      this.#become(message.state);
      const ahead = [...readCursor(message.cursor)].some(([force, seq]) => seq > (this.#cursor.get(force) ?? seq));
      if (ahead) {
        this.seen(message.cursor);
        this.changed(null);
      }
    } else if (message.type === "reload") {
      this.reload();
    }
  }

  #arrive(event) {
    if (event.seq <= (this.#cursor.get(event.force) ?? -1)) return;
    this.#cursor.set(event.force, event.seq);
    this.changed(event);
  }

  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.state(state);
  }

  async #listen() {
    this.#leading = true;
    while (true) {
      const ended = await this.#stream().catch(() => "away");
      if (ended === "signed-out") return this.#announce("signed-out");
      if (ended === "reload") {
        this.#tell({ type: "reload" });
        this.reload();
      }
      this.#announce("away");
      this.#tries += 1;
      const pause = Math.min(30_000, 1000 * 2 ** Math.min(this.#tries - 1, 5));
      await new Promise((done) => setTimeout(done, pause * (0.5 + Math.random())));
    }
  }

  #announce(state) {
    this.#become(state);
    this.#tell({ type: "state" });
  }

  async #stream() {
    const stop = new AbortController();
    let watchdog = setTimeout(() => stop.abort(), SILENCE_MS);
    try {
      const address = `${this.#url}?after=${encodeURIComponent(writeCursor(this.#cursor))}`;
      const headers = { Accept: "text/event-stream, application/json" };
      const answer = await fetch(address, { headers, signal: stop.signal, cache: "no-store", redirect: "manual" });
      if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") return "signed-out";
      if (!answer.ok) return "away";
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      while (true) {
        const { value, done } = await reader.read();
        if (done) return "away";
        clearTimeout(watchdog);
        watchdog = setTimeout(() => stop.abort(), SILENCE_MS);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) {
          const ending = this.#take(block);
          if (ending) return ending;
        }
      }
    } finally {
      clearTimeout(watchdog);
      stop.abort();
    }
  }

  // One block of the stream; answers what ends it, or nothing.
  #take(block) {
    const fields = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
    if (fields.event === "live") {
      this.#tries = 0;
      this.#announce("live");
      this.seen(fields.data);
    } else if (fields.event === "crowd") {
      this.#crowd = Number(fields.data);
    } else if (fields.event) {
      return fields.event;
    } else if (fields.data) {
      const event = JSON.parse(fields.data);
      this.#tell({ type: "event", event });
      this.#arrive(event);
    }
    return null;
  }
}
