/* The evidence viewer: zoom, turn, drag and keys. Without it the page is a page with links. */
(() => {
  "use strict";
  const panes = [...document.querySelectorAll("[data-pane]")];
  const together = document.querySelector("[data-together]");
  const percent = document.querySelector("[data-percent]");
  const state = new Map(panes.map((pane) => [pane, { zoom: 1, turn: 0, x: 0, y: 0 }]));
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;

  const active = () => panes.find((pane) => "active" in pane.dataset) ?? panes[0];
  const moved = (pane) => (together?.getAttribute("aria-pressed") === "true" ? panes : [pane]);

  function draw(pane) {
    const { zoom, turn, x, y } = state.get(pane);
    const picture = pane.querySelector("[data-picture]");
    const stage = picture.parentElement;
    // a picture on its side must still fit
    const fit = turn % 180 ? Math.min(1, stage.clientHeight / picture.clientWidth, stage.clientWidth / picture.clientHeight) : 1;
    picture.style.transform = `translate(${x}px, ${y}px) scale(${zoom * fit}) rotate(${turn}deg)`;
    percent.textContent = `${Math.round(state.get(active()).zoom * 100)} %`;
  }
  function zoom(pane, step) {
    for (const one of moved(pane)) {
      const values = state.get(one);
      values.zoom = step === 0 ? 1 : Math.min(8, Math.max(0.5, values.zoom * (step > 0 ? 1.25 : 0.8)));
      if (step === 0) values.x = values.y = 0;
      draw(one);
    }
  }
  function turn(pane, degrees) {
    state.get(pane).turn += degrees;
    draw(pane);
  }
  function activate(pane) {
    for (const one of panes) delete one.dataset.active;
    pane.dataset.active = "";
    draw(pane);
  }

  for (const pane of panes) {
    const stage = pane.querySelector(".pane-stage");
    pane.addEventListener("pointerdown", () => activate(pane));
    pane.addEventListener("focusin", () => activate(pane));
    let from = null;
    let dragged = false;
    stage.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      from = [event.clientX, event.clientY];
      dragged = false;
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
      if (!dragged && Math.hypot(x, y) < 4) return;
      dragged = true;
      from = [event.clientX, event.clientY];
      for (const one of moved(pane)) {
        state.get(one).x += x;
        state.get(one).y += y;
        draw(one);
      }
    });
    for (const kind of ["pointerup", "pointercancel"]) stage.addEventListener(kind, () => (from = null));
    stage.addEventListener("click", (event) => event.detail && event.preventDefault()); // by keyboard it opens the file
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(pane, event.deltaY < 0 ? 1 : -1);
    }, { passive: false });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.zoom) zoom(active(), Number(button.dataset.zoom));
    if (button.dataset.turn) turn(button.closest("[data-pane]"), Number(button.dataset.turn));
    if (button === together) together.setAttribute("aria-pressed", String(together.getAttribute("aria-pressed") !== "true"));
  });
  // The other keys are on their buttons and links, which homeward.js presses.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "r") turn(active(), event.shiftKey ? -90 : 90);
    if (event.key === "=") zoom(active(), 1); // plus without Shift
  });
})();
