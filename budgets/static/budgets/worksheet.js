// A form of figures that works like a spreadsheet: keys, pasted ranges, undo, words beside a box, what is not saved yet.
// Without it the form is a form like any other. What the figures add up to is the page's own.

import { Cells, isBeside, isChanged, isShown } from "./cells.js";
import { rowsOf } from "./clipboard.js";
import { History } from "./history.js";
import { pence, written } from "./pence.js";

// `own` is what the page brings: showTotals(); and where it needs them leave(row) and enter(row) around each change,
// wrong(cell) for words beside the box, spread(pasted) for a pasted sheet that names its lines, showAll().
export function worksheet(form, rows, own) {
  const { showTotals, leave = () => {}, enter = () => {}, wrong = () => "", spread = () => null, showAll = () => {} } = own;
  const state = document.getElementById("save-state");
  const tools = form.querySelector("[data-grid-tools]");
  const cells = new Cells(rows, { showAll, onChosen: (count) => sayState(`${count} figures chosen. `) });
  const history = new History(tools.querySelector("[data-steps]"), {
    apply,
    settle: () => settle(document.activeElement),
    onTravel: (words, step) => {
      for (const { cell } of step) cell.box.classList.remove("is-pasted");
      sayState(words);
      cells.focus(step[0].cell);
    },
  });
  tools.hidden = false;
  let unsaved = 0;

  function mark(cell) {
    unsaved += isChanged(cell) ? 1 : 0;
    cell.box.classList.toggle("is-changed", isChanged(cell));
  }

  function put(cell, text) {
    leave(cell.row);
    unsaved -= isChanged(cell) ? 1 : 0;
    cell.value = pence(text);
    if (cell.box.value !== text) cell.box.value = text;
    mark(cell);
    enter(cell.row);
  }

  function apply(step, side) {
    let unread = 0;
    for (const { cell, ...texts } of step) {
      put(cell, texts[side]);
      cell.text = texts[side];
      if (!check(cell)) unread += 1;
    }
    showTotals();
    return unread;
  }

  // What is being typed becomes a step when the person leaves the box or asks for something else.
  function settle(box) {
    const cell = cells.of(box);
    if (cell && box.value !== cell.text) history.act("What was typed", [[cell, box.value]]);
  }

  function sayState(extra = "") {
    state.textContent = `${extra}${unsaved ? `Not saved: ${unsaved} ${unsaved === 1 ? "figure" : "figures"} changed.` : ""}`;
  }

  // Says beside the box what the server would say. The server decides.
  function check(cell) {
    const { box, value } = cell;
    const said = value === undefined
      ? "Enter the amount in pounds and pence, for example 61,204,000 or 1,250.50"
      : wrong(cell);
    const id = `${box.id}_error`;
    const shown = document.getElementById(id);
    if (!said && !shown) return true;
    shown?.remove();
    box.classList.toggle("ds_input--error", Boolean(said));
    if (!said) {
      box.removeAttribute("aria-invalid");
      box.removeAttribute("aria-describedby");
      return true;
    }
    const words = document.createElement("p");
    words.id = id;
    words.className = "ds_question__error-message";
    words.textContent = said;
    box.before(words);
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", id);
    return false;
  }

  function onKey(event) {
    if (event.isComposing || event.altKey) return;
    const asked = history.asked(event);
    if (asked && (cells.of(event.target) || event.target.closest("[data-grid-tools]"))) {
      event.preventDefault();
      asked();
      return;
    }
    const cell = cells.of(event.target);
    if (!cell) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") {
      event.preventDefault();
      fillDown(cell);
    } else if (event.key === "Escape") {
      settle(cell.box);
      if (isChanged(cell)) history.act("The figure as it was opened", [[cell, written(cell.opened)]]);
      sayState();
    } else if (event.key === "Delete" && cells.chosen.length) {
      event.preventDefault();
      history.act("The emptied boxes", cells.chosen.map((each) => [each, ""]));
      sayState();
    } else {
      const next = cells.goal(event, cell);
      if (!next) return;
      event.preventDefault();
      settle(cell.box);
      cells.go(event, cell, next);
    }
  }

  // The first of the chosen boxes goes down into the others; with none chosen, the box above comes down into this one.
  function fillDown(cell) {
    settle(cell.box);
    const { chosen } = cells;
    const targets = chosen.length ? chosen : [cell];
    const top = Math.min(...targets.map((each) => each.row.index));
    const changes = targets.map((each) => {
      const source = chosen.length ? rows[top].cells[each.place] : cells.beside(each, -1, 0) ?? each;
      return [each, source.box.value];
    });
    history.act("The fill", changes);
    sayState(chosen.length ? "Filled down. " : "Filled from above. ");
  }

  // Rows of the clipboard go down from the box, its columns to the right. Text is kept as it came.
  function onPaste(event) {
    const cell = cells.of(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\n\r\t]/.test(text.trim())) return;
    event.preventDefault();
    settle(cell.box);
    const pasted = rowsOf(text);
    const { changes, problems } = spread(pasted) ?? toRange(pasted, cell);
    for (const [each] of changes) each.box.classList.add("is-pasted");
    const unread = history.act("The paste", changes);
    const parts = [`Pasted ${changes.length} ${changes.length === 1 ? "figure" : "figures"}. `, ...problems];
    if (unread) parts.push(`${unread} cannot be saved as ${unread === 1 ? "it is" : "they are"}: see the words beside the boxes. `);
    sayState(parts.join(""));
  }

  function toRange(pasted, cell) {
    const changes = [];
    let leftOver = 0;
    const under = rows.slice(cell.row.index).filter((row) => isShown(row) && isBeside(row, cell.row));
    pasted.forEach((values, down) => values.forEach((value, right) => {
      const target = under[down]?.cells[cell.place + right];
      if (target) changes.push([target, value]);
      else leftOver += 1;
    }));
    const problems = leftOver ? [`${leftOver} did not fit and ${leftOver === 1 ? "was" : "were"} left out. `] : [];
    return { changes, problems };
  }

  form.addEventListener("keydown", onKey);
  form.addEventListener("paste", onPaste);
  form.addEventListener("input", (event) => {
    const cell = cells.of(event.target);
    if (!cell) return;
    cell.box.classList.remove("is-pasted");
    put(cell, cell.box.value);
    showTotals();
    sayState();
  });
  form.addEventListener("change", (event) => {
    if (cells.of(event.target)) afterThePress(() => settle(event.target));
  });
  form.addEventListener("pointerdown", (event) => {
    if (cells.of(event.target)) cells.chooseNone();
  });

  for (const row of rows) row.cells.forEach(mark);
  showTotals();
  if (unsaved) sayState();

  // Words that come or go while a button is pressed would move it away from under the pointer, and the press be lost.
  let pressed = false;
  addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const end of ["click", "pointercancel"]) addEventListener(end, () => { pressed = false; }, true);
  function afterThePress(then) {
    if (pressed) addEventListener("pointerup", () => setTimeout(then), { once: true });
    else then();
  }

  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved) event.preventDefault();
  });
}
