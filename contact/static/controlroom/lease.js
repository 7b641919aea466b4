// Holds a contact while its page is open. When the lease is lost the page is told, and by whom the contact was taken.
// lost(holderName or null, signedOut), kept(endsInSeconds), away(): the last means that the network does not answer.
export function holdLease({ contact, seconds, lost, kept, away }) {
  const order = {
    url: new URL(`/control-room/contacts/${contact}/heartbeat`, location.href).href,
    seconds,
    token: document.querySelector("input[name=csrf_token]")?.value,
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
