/* Comforts only: every page works without this file. */
(() => {
  "use strict";
  const typing = (target) =>
    target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null;

  // Lists with data-rows: J and K move, Enter opens, / searches.
  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr, [data-rows] > li")];
  const current = (all) => all.findIndex((row) => row.classList.contains("is-current"));

  function go(step) {
    const all = rows();
    if (!all.length) return;
    const here = current(all);
    const next = Math.max(0, Math.min(all.length - 1, here < 0 ? 0 : here + step));
    if (here >= 0) all[here].classList.remove("is-current");
    all[next].classList.add("is-current");
    const link = all[next].querySelector("a") ?? all[next].querySelector("button");
    if (link) link.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  }

  // Keys: an element with data-key="n" or data-key="g q" is pressed by them; those of lists are below.
  const listKeys = { j: () => go(1), k: () => go(-1), "?": showKeys };
  let begun = ""; // a "g" that waits for its second key

  const visible = (element) => element.getClientRects().length > 0;
  const keyed = (key) => [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((found) => visible(found) || found.matches("a"));

  function press(element) {
    if (element.matches("input:not([type=radio], [type=checkbox]), textarea, select")) element.focus();
    else {
      element.focus({ preventScroll: true }); // of a verdict, too: Tab goes on to what follows it
      element.click();
      document.getElementById(element.dataset.focus ?? "")?.focus();
      if (!element.matches("summary")) return;
      const opened = element.parentElement; // a question, whose button Enter confirms, or a field to type in
      (opened.querySelector("[data-first]") ?? opened.querySelector("button"))?.focus();
    }
  }

  function showKeys() {
    const dialog = document.getElementById("keys");
    if (!dialog || dialog.open) return;
    const shown = new Map();
    for (const element of document.querySelectorAll("[data-key]")) {
      const key = element.dataset.key;
      if (shown.has(key) || (!visible(element) && !element.matches("a"))) continue;
      const label = element.getAttribute("aria-label") ?? named(element);
      if (label) shown.set(key, label);
    }
    dialog.querySelector("[data-keys-list]").replaceChildren(...[...shown].map(line));
    dialog.showModal();
  }

  function named(element) {
    const copy = (element.labels?.[0] ?? element).cloneNode(true);
    for (const part of copy.querySelectorAll("kbd, .sidebar-count, .bell-count, .visually-hidden")) {
      if (copy.textContent.trim() !== part.textContent.trim()) part.remove();
    }
    return copy.textContent.trim().replace(/\s+/g, " ");
  }

  const SIGNS = { Enter: "↵", Shift: "⇧" };

  function line([key, label]) {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    term.append(...(key.length > 1 ? key.split(/[ +]/) : [key]).map((part) => Object.assign(document.createElement("kbd"), { textContent: SIGNS[part] ?? part.toUpperCase() })));
    row.append(term, Object.assign(document.createElement("dd"), { textContent: label }));
    return row;
  }

  // Sent from the field that is typed in: Ctrl-Enter stays here, with Shift it goes on to the next item.
  function sendFrom(field, goesOn) {
    const ways = goesOn ? '[data-key="Ctrl+Shift+Enter"], button[name=go_on]' : '[data-key="Ctrl+Enter"]';
    const button = field.form?.querySelector(ways);
    if (button) field.form.requestSubmit(button);
    return button;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.isComposing) {
      if (sendFrom(event.target, event.shiftKey)) event.preventDefault();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      return;
    }
    const inside = document.querySelector("dialog[open]") !== null;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || inside || typing(event.target)) return;
    const pair = `${begun} ${event.key}`.trim();
    const element = begun ? keyed(pair) : keyed(event.key);
    const act = begun ? null : listKeys[event.key];
    const starts = !begun && event.key === "g" && document.querySelector('[data-key^="g "]');
    begun = starts ? "g" : "";
    if (!element && !act) return;
    event.preventDefault();
    if (element) press(element);
    else act();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys-open]") || !document.getElementById("keys")) return;
    event.preventDefault();
    closeMenus(null);
    showKeys();
  });

  // Menus close when one looks elsewhere.
  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

  // A form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    form.dispatchEvent(new Event("htmx:abort")); // what was being calculated comes too late
    setTimeout(release, 8000); // an answer may be a file, then this page stays
  });
  function release() {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
  }
  window.addEventListener("pageshow", release);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
  });

  // Buttons that copy their data-copy, or the text of the element that data-copy-of names; hidden without a clipboard.
  function offerCopying(part) {
    if (!navigator.clipboard) return;
    for (const button of part.querySelectorAll("[data-copy], [data-copy-of]")) button.hidden = false;
  }
  offerCopying(document);
  document.addEventListener("htmx:load", (event) => offerCopying(event.target));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-of]");
    const text = button?.dataset.copy ?? document.getElementById(button?.dataset.copyOf)?.innerText.trim();
    if (!text) return;
    navigator.clipboard.writeText(text).then(
      () => {
        button.classList.add("is-done");
        if (button.dataset.done) button.querySelector("span").textContent = button.dataset.done;
      },
      () => {}, // the browser does not allow it: the text can be selected
    );
  });
  // The cells of a code: the next one is marked, and what is pasted loses all but its digits.
  function mark(row) {
    const input = row.querySelector("input");
    const digits = input.value.normalize("NFKC").replace(/\D/g, "").slice(0, row.querySelectorAll("span").length);
    if (input.value !== digits) input.value = digits;
    row.dataset.filled = digits.length;
  }
  for (const row of document.querySelectorAll("[data-cells]")) {
    mark(row);
    row.addEventListener("input", (event) => event.isComposing || mark(row));
    row.addEventListener("compositionend", () => mark(row));
  }

  // Places where files are chosen (components/file_drop.html). Chosen files are listed, can be removed and added to.
  // Drawn on a canvas: our policy allows no blob: addresses.
  const chosen = new WeakMap(); // the box → its files
  const mainInput = (box) => box.querySelector(".drop-input:not(.drop-camera-input)");

  function choose(box, files) {
    const input = mainInput(box);
    const before = input.multiple ? (chosen.get(box) ?? []) : [];
    const isNew = (file) => !before.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
    const more = [...files].filter(isNew);
    keep(box, [...before, ...(input.multiple ? more : more.slice(0, 1))]);
  }

  function keep(box, files) {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    mainInput(box).files = transfer.files;
    const camera = box.querySelector(".drop-camera-input");
    if (camera) camera.value = "";
    chosen.set(box, files);
    const list = box.querySelector(".drop-list");
    list.replaceChildren(...files.map((file) => preview(box, file)));
    list.hidden = files.length === 0;
  }

  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-files]");
    if (!box || !event.target.files || "atOnce" in box.dataset) return;
    choose(box, event.target.files);
  });
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      const box = event.target.closest?.("[data-files]");
      if (!box || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      if (kind !== "drop") return;
      choose(box, event.dataTransfer.files);
      if ("atOnce" in box.dataset) mainInput(box).dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  // Progress: counted where htmx sends the files, without a figure where the page does.
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.closest("[data-files]")?.querySelector(".drop-progress");
    if (!bar) return;
    bar.hidden = false;
    if (event.detail.lengthComputable) bar.value = (100 * event.detail.loaded) / event.detail.total;
  });
  document.addEventListener("submit", (event) => {
    for (const box of event.target.querySelectorAll("[data-files]")) {
      const bar = box.querySelector(".drop-progress");
      if (bar) bar.hidden = !mainInput(box).files.length;
    }
  });

  function preview(box, file) {
    const item = document.createElement("li");
    const shown = document.createElement("span");
    shown.textContent = file.name;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "drop-remove";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `${box.dataset.remove}: ${file.name}`);
    remove.addEventListener("click", () => {
      keep(box, (chosen.get(box) ?? []).filter((one) => one !== file));
      mainInput(box).focus();
    });
    item.append(shown, remove);
    if (file.type.startsWith("image/")) {
      createImageBitmap(file, { resizeWidth: 160 }).then(
        (bitmap) => shown.replaceChildren(thumbnail(bitmap, file.name)),
        () => {}, // a picture this browser cannot read keeps its name
      );
    }
    return item;
  }

  function thumbnail(bitmap, name) {
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", name);
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    return canvas;
  }
})();
