/* Lists with check boxes: the bar says how many rows are chosen and adds up their amounts. Every page works without this file. */
(() => {
  "use strict";
  const boxes = () => [...document.querySelectorAll('input[name="row"][form="bulk"]')];
  const bar = () => document.querySelector("[data-bulk]");
  const fill = (words, n) => words.replace("{n}", n);

  function amountsOf(chosen) {
    const sums = new Map();
    for (const box of chosen) {
      const { amount, currency } = box.dataset;
      if (!currency) continue;
      const sum = sums.get(currency) ?? { thousandths: 0, rows: 0 };
      sums.set(currency, { thousandths: sum.thousandths + Math.round(Number(amount) * 1000), rows: sum.rows + 1 });
    }
    return [...sums].sort(([one], [other]) => one.localeCompare(other));
  }

  function total(list, currency, { thousandths, rows }) {
    const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });
    const part = document.createElement("div");
    part.append(
      Object.assign(document.createElement("dt"), { textContent: format.format(thousandths / 1000) }),
      Object.assign(document.createElement("dd"), { textContent: fill(rows === 1 ? list.dataset.one : list.dataset.many, rows) }),
    );
    return part;
  }

  function update() {
    const form = bar();
    if (!form) return;
    const all = form.querySelector("[name=all]");
    const everything = all?.checked ?? false;
    const chosen = boxes().filter((box) => box.checked);
    const count = everything ? all.dataset.count : String(chosen.length);
    const some = everything || chosen.length > 0;
    const heading = form.querySelector("[data-bulk-count]");
    heading.dataset.without ??= heading.textContent;
    heading.textContent = some ? fill(heading.dataset.words, count) : heading.dataset.without;
    const sums = form.querySelector("[data-bulk-sums]");
    sums.replaceChildren(...(everything ? [] : amountsOf(chosen).map(([currency, sum]) => total(sums, currency, sum))));
    sums.hidden = !sums.children.length;
    form.querySelector("[data-bulk-clear]").hidden = !some;
    for (const button of form.querySelectorAll("button[name=action]")) {
      button.disabled = !some;
      button.querySelector("[data-bulk-n]").textContent = some ? ` ${count}` : "";
    }
    const page = document.querySelector("[data-pick-page]");
    if (!page) return;
    page.hidden = false;
    page.checked = chosen.length > 0 && chosen.length === boxes().length;
    page.indeterminate = chosen.length > 0 && !page.checked;
  }

  function clear() {
    for (const box of boxes()) box.checked = false;
    const all = bar()?.querySelector("[name=all]");
    if (all) all.checked = false;
    update();
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-page]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches('[data-pick-page], input[name="row"], [data-bulk] [name="all"]')) update();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-bulk-clear]")) clear();
  });
  document.addEventListener("keydown", (event) => {
    const busy = document.querySelector("dialog[open], details.menu[open], .tool-menu[open]") !== null;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select") !== null;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || busy || typing || !bar()) return;
    if (event.key === "Escape") clear();
    if (event.key !== "x") return;
    const box = document.querySelector('[data-rows] .is-current input[name="row"]');
    if (box) box.click();
  });
  window.addEventListener("pageshow", update);
  document.addEventListener("htmx:load", update);
  update();
})();
