// The viewer: closer, further, turned, moved. Without it the picture is shown whole, and the browser's own zoom works.
const stage = document.querySelector("[data-stage]");
const picture = stage?.querySelector("img");
const tools = document.querySelector("[data-tools]");

if (picture && tools) {
  const told = tools.querySelector("output");
  let zoom = 1;
  let turn = 0;
  let at = { x: 0, y: 0 };
  let held = null;

  const draw = () => {
    const { clientWidth: width, clientHeight: height } = picture;
    const fit = turn % 2 && width && height ? Math.min(stage.clientHeight / width, stage.clientWidth / height, 1) : 1;
    picture.style.transform = `translate(${at.x}px, ${at.y}px) rotate(${turn * 90}deg) scale(${zoom * fit})`;
    stage.classList.toggle("evidence-stage--moved", zoom > 1);
    told.textContent = `${Math.round(zoom * 100)}%${turn ? `, turned ${turn * 90}°` : ""}`;
    for (const button of tools.querySelectorAll("[data-act]")) {
      button.disabled = (button.dataset.act === "closer" && zoom >= 8) || (button.dataset.act === "further" && zoom <= 1);
    }
  };
  const acts = {
    closer: () => { zoom = Math.min(8, zoom * 1.5); },
    further: () => { zoom = Math.max(1, zoom / 1.5); if (zoom === 1) at = { x: 0, y: 0 }; },
    turn: () => { turn = (turn + 1) % 4; },
    whole: () => { zoom = 1; turn = 0; at = { x: 0, y: 0 }; },
  };
  const keys = { "+": "closer", "=": "closer", "-": "further", r: "turn", 0: "whole" };
  const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

  tools.hidden = false;
  stage.tabIndex = 0;
  for (const button of tools.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => { acts[button.dataset.act](); draw(); });
  }
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moves[event.key];
    if (move && zoom > 1) at = { x: at.x + move[0], y: at.y + move[1] };
    else if (keys[event.key]) acts[keys[event.key]]();
    else return;
    event.preventDefault();
    draw();
  });
  stage.addEventListener("pointerdown", (event) => {
    if (zoom === 1) return;
    held = { x: event.clientX - at.x, y: event.clientY - at.y };
    stage.setPointerCapture(event.pointerId);
    stage.classList.add("evidence-stage--held");
  });
  stage.addEventListener("pointermove", (event) => {
    if (!held) return;
    at = { x: event.clientX - held.x, y: event.clientY - held.y };
    draw();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    stage.addEventListener(name, () => { held = null; stage.classList.remove("evidence-stage--held"); });
  }
  picture.draggable = false;
  window.addEventListener("resize", draw);
  if (picture.complete) draw(); else picture.addEventListener("load", draw);
}
