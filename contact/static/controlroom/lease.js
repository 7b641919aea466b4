// Holds the contact of this page: `data-lease` names the heartbeat's address, `data-lease-seconds` how often.
// When the lease is lost the page says so, keeps what was typed, and one key takes the contact back.
export function holdLease(root, { lost, kept, away }) {
  const token = document.querySelector("input[name=csrf_token]")?.value;
  const order = {
    url: new URL(root.dataset.lease, location.href).href,
    seconds: Number(root.dataset.leaseSeconds ?? 20),
    token,
  };
  const worker = new Worker(new URL("lease_worker.js", import.meta.url));
  worker.onmessage = ({ data }) => {
    if (data.away) away();
    else if (data.held) kept(data.endsInSeconds);
    else lost(data.holder, data.signedOut ?? false);
  };
  worker.postMessage(order);
  // Waking from sleep, or coming back to the tab: ask at once instead of at the next beat.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) worker.postMessage(order); });
  window.addEventListener("online", () => worker.postMessage(order));
}
