// The month's grid: keys that go up and down a column, pasted columns, totals that follow the typing.
// Without this file the grid is a form like any other.

import { pence, written } from "./pence.js";
import { periodTotals } from "./period.js";

const form = document.querySelector("[data-month]");
if (form) start(form);

function start(form) {
  const state = document.getElementById("save-state");
  const boxes = [...form.querySelectorAll("input[data-column]")];
  const columns = {};
  for (const box of boxes) (columns[box.dataset.column] ??= []).push(box);
  const order = Object.keys(columns);
  // The figures that the page was opened with, by box. After an error the boxes hold what was typed instead.
  const opened = new Map();
  for (const [line, figures] of Object.entries(JSON.parse(form.elements.opened.value))) {
    order.forEach((column, place) => opened.set(`${column}-${line}`, pence(figures[place] ?? "")));
  }
  let lastPaste = null;

  const changed = () => boxes.filter((box) => pence(box.value) !== opened.get(box.name));

  function sayState(extra = "") {
    const count = changed().length;
    state.textContent = `${extra}${count ? `Not saved: ${count} ${count === 1 ? "figure" : "figures"} changed.` : ""}`;
  }

  const totals = () => periodTotals(form);

  // Says beside the box what the server would say. The server decides.
  function check(box) {
    const value = pence(box.value);
    const wrong = value === undefined
      ? "Enter the amount in pounds and pence, for example 61,204,000 or 1,250.50"
      : "";
    const id = `${box.id}_error`;
    document.getElementById(id)?.remove();
    box.classList.toggle("ds_input--error", Boolean(wrong));
    if (!wrong) {
      box.removeAttribute("aria-invalid");
      box.removeAttribute("aria-describedby");
      return true;
    }
    const words = document.createElement("p");
    words.id = id;
    words.className = "ds_question__error-message";
    words.textContent = wrong;
    box.before(words);
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", id);
    return false;
  }

  function go(box, step) {
    const column = columns[box.dataset.column];
    const next = column[column.indexOf(box) + step];
    if (!next) return;
    next.focus();
    next.select();
  }

  function onKey(event) {
    const box = event.target.closest("input[data-column]");
    if (!box || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      event.preventDefault();
      go(box, steps[event.key]);
    } else if (event.key === "Escape" && pence(box.value) !== opened.get(box.name)) {
      box.value = written(opened.get(box.name));
      check(box);
      onTyped(box);
    }
  }

  function onTyped(box) {
    box.classList.remove("is-pasted");
    totals();
    sayState();
  }

  // Rows of the clipboard go down from the box, its columns to the right. Text is kept as it came.
  function onPaste(event) {
    const box = event.target.closest("input[data-column]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!box || !/[\n\r\t]/.test(text.trim())) return;
    event.preventDefault();
    const rows = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((row) => row.split("\t"));
    const top = columns[box.dataset.column].indexOf(box);
    const left = order.indexOf(box.dataset.column);
    let leftOver = 0;
    let unread = 0;
    lastPaste = [];
    rows.forEach((cells, down) => cells.forEach((cell, right) => {
      const target = columns[order[left + right]]?.[top + down];
      if (!target) {
        leftOver += 1;
        return;
      }
      lastPaste.push([target, target.value]);
      target.value = cell.trim();
      target.classList.add("is-pasted");
      if (!check(target)) unread += 1;
    }));
    totals();
    const parts = [`Pasted ${lastPaste.length} ${lastPaste.length === 1 ? "figure" : "figures"}. `];
    if (leftOver) parts.push(`${leftOver} did not fit and ${leftOver === 1 ? "was" : "were"} left out. `);
    if (unread) parts.push(`${unread} cannot be saved as ${unread === 1 ? "it is" : "they are"}: see the words beside the boxes. `);
    sayState(parts.join(""));
    undo.hidden = false;
  }

  const undo = document.createElement("button");
  undo.type = "button";
  undo.hidden = true;
  undo.className = "ds_button ds_button--secondary ds_button--small";
  undo.textContent = "Undo the paste";
  undo.addEventListener("click", () => {
    for (const [box, value] of lastPaste ?? []) {
      box.value = value;
      box.classList.remove("is-pasted");
      check(box);
    }
    const first = lastPaste?.[0]?.[0];
    lastPaste = null;
    undo.hidden = true;
    totals();
    sayState("The paste is undone. ");
    first?.focus();
  });
  state.after(undo);

  form.addEventListener("keydown", onKey);
  form.addEventListener("paste", onPaste);
  form.addEventListener("input", (event) => {
    if (event.target.dataset.column) onTyped(event.target);
  });
  form.addEventListener("change", (event) => {
    if (event.target.dataset.column) afterThePress(() => check(event.target));
  });
  totals();
  if (changed().length) sayState();

  // Words that come or go while a button is pressed would move it away from under the pointer, and the press be lost.
  let pressed = false;
  addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const end of ["click", "pointercancel"]) addEventListener(end, () => { pressed = false; }, true);
  function afterThePress(act) {
    if (pressed) addEventListener("pointerup", () => setTimeout(act), { once: true });
    else act();
  }

  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && changed().length) event.preventDefault();
  });
}
