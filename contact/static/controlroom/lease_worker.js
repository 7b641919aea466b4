// Sends the sign of life that holds a contact. In a worker, because a hidden page's own timers sleep (engineering 10).
let timer = null;
let order = null;

async function beat() {
  let pause = order.seconds;
  try {
    const answer = await fetch(order.url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": order.token },
      cache: "no-store",
      redirect: "manual",
    });
    if (answer.ok) {
      const told = await answer.json();
      pause = told.again_in_seconds;
      postMessage({ held: true, endsInSeconds: told.ends_in_seconds });
    } else if (answer.status === 409) {
      postMessage({ held: false, holder: (await answer.json()).holder });
      return;
    } else if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
      postMessage({ held: false, holder: null, signedOut: answer.status !== 404 });
      return;
    }
  } catch {
    postMessage({ away: true });
    pause = Math.min(pause, 3);
  }
  timer = setTimeout(beat, pause * 1000);
}

onmessage = ({ data }) => {
  order = data;
  clearTimeout(timer);
  beat();
};
