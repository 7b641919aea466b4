// Keeps "in 5 minutes" and "5 minutes late" true while a page stays open. Says nothing aloud.
const SOON_MS = 15 * 60_000;

export function words(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  if (minutes < 1) return "less than a minute";
  for (const [size, name] of [[1440, "day"], [60, "hour"], [1, "minute"]]) {
    const count = Math.floor(minutes / size);
    if (count) return `${count} ${name}${count === 1 ? "" : "s"}`;
  }
  return "";
}

export function count(root) {
  const now = Date.now();
  for (const time of root.querySelectorAll("time[data-due]")) {
    const left = Date.parse(time.dataset.due) - now;
    const text = left < 0 ? `${words(left)} late` : `in ${words(left)}`;
    if (time.textContent !== text) time.textContent = text;
    const row = time.closest(".queue-row");
    row?.classList.toggle("queue-row--late", left < 0);
    row?.classList.toggle("queue-row--soon", left >= 0 && left < SOON_MS);
  }
}

export function keepCounting(root) {
  setInterval(() => count(root), 10_000);
}
