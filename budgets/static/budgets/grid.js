// The allocation grid: keys that go from box to box, pasted ranges and sheets, undo, totals that follow the typing.
// Without this file the grid is a form like any other, and its second button works out the totals.

import { headersIn, Lines, rowsOf } from "./clipboard.js";
import { money, pence, written } from "./pence.js";

const form = document.querySelector("[data-grid]");
if (form) start(form);

function start(form) {
  const state = document.getElementById("save-state");
  const order = ["amount", "actual"];
  const openedFigures = JSON.parse(form.elements.opened.value);
  // The grid as it is worked on: a row a line, a cell a box. `value` is in pence: null is empty, undefined unreadable.
  const rows = [...form.querySelectorAll("tbody tr[data-fund]")].map((element, index) => {
    const { fund, code, title, body } = element.dataset;
    const row = { element, index, fund, code, title, body, cells: [], variance: element.querySelector("[data-variance]") };
    for (const box of element.querySelectorAll("input[data-column]")) {
      const [, line] = box.name.split("-");
      const place = order.indexOf(box.dataset.column);
      row.cells.push({ box, row, place, text: box.value, value: pence(box.value), opened: pence(openedFigures[line]?.[place] ?? "") });
    }
    return row;
  });
  const cells = new Map(rows.flatMap((row) => row.cells.map((cell) => [cell.box, cell])));
  const lines = new Lines(rows);
  const sums = { amount: 0n, actual: 0n, settled: 0n, spent: 0, pots: {} };
  let unsaved = 0;

  // Totals are kept up by what each change adds and takes away, so typing costs the same in a long grid as in a short.
  function count(row, sign) {
    const [amount, actual] = row.cells.map((cell) => cell.value);
    const budget = amount ?? 0n;
    sums.amount += sign * budget;
    sums.pots[row.fund] = (sums.pots[row.fund] ?? 0n) + sign * budget;
    if (typeof actual === "bigint") {
      sums.actual += sign * actual;
      sums.settled += sign * budget;
      sums.spent += Number(sign);
    }
  }

  function put(cell, text) {
    count(cell.row, -1n);
    unsaved -= isChanged(cell);
    cell.value = pence(text);
    if (cell.box.value !== text) cell.box.value = text;
    unsaved += isChanged(cell);
    count(cell.row, 1n);
    cell.box.classList.toggle("is-changed", isChanged(cell) === 1);
    const [amount, actual] = cell.row.cells.map((each) => each.value);
    const known = typeof amount === "bigint" && typeof actual === "bigint";
    cell.row.variance.textContent = money(known ? amount - actual : null);
  }

  function isChanged(cell) {
    return cell.value === cell.opened ? 0 : 1;
  }

  function showTotals() {
    const spent = sums.spent ? sums.actual : null;
    const variance = sums.spent ? sums.settled - sums.actual : null;
    for (const [name, value] of Object.entries({ amount: sums.amount, actual: spent, variance })) {
      form.querySelector(`[data-total=${name}]`).textContent = money(value);
    }
    for (const row of form.querySelectorAll("[data-pot]")) {
      const allocated = sums.pots[row.dataset.pot] ?? 0n;
      row.querySelector("[data-allocated]").textContent = money(allocated);
      row.querySelector("[data-left]").textContent = money(pence(row.dataset.available) - allocated);
    }
  }

  function sayState(extra = "") {
    state.textContent = `${extra}${unsaved ? `Not saved: ${unsaved} ${unsaved === 1 ? "figure" : "figures"} changed.` : ""}`;
  }

  // Says beside the box what the server would say. The server decides.
  function check(cell) {
    const { box, value } = cell;
    const wrong = value === undefined
      ? "Enter the amount in pounds and pence, for example 61,204,000 or 1,250.50"
      : box.dataset.column === "amount" && value !== null && value < 0n
        ? "An allocation cannot be negative. Enter the amount without a minus sign or brackets"
        : "";
    const id = `${box.id}_error`;
    const shown = document.getElementById(id);
    if (!wrong && !shown) return true;
    shown?.remove();
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

  // Undo and redo. One step is everything that one act of the person changed.
  const done = [];
  const undone = [];

  function act(words, changes) {
    const step = changes.map(([cell, text]) => ({ cell, before: cell.text, after: text }))
      .filter(({ before, after }) => before !== after);
    if (!step.length) return 0;
    done.push({ words, step });
    undone.length = 0;
    return apply(step, "after");
  }

  function apply(step, side) {
    let unread = 0;
    for (const { cell, ...texts } of step) {
      put(cell, texts[side]);
      cell.text = texts[side];
      if (!check(cell)) unread += 1;
    }
    showTotals();
    showSteps();
    return unread;
  }

  // What is being typed becomes a step when the person leaves the box or asks for something else.
  function settle(box) {
    const cell = cells.get(box);
    if (cell && box.value !== cell.text) act("What was typed", [[cell, box.value]]);
  }

  function back() {
    settle(document.activeElement);
    travel(done, undone, "before", "undone");
  }

  function forth() {
    travel(undone, done, "after", "done again");
  }

  function travel(from, to, side, told) {
    const last = from.pop();
    if (!last) return;
    to.push(last);
    apply(last.step, side);
    showSteps();
    for (const { cell } of last.step) cell.box.classList.remove("is-pasted");
    sayState(`${last.words}: ${told}. `);
    focusOn(last.step[0].cell);
  }

  const undo = button("Undo", back);
  const redo = button("Redo", forth);
  const tools = form.querySelector("[data-grid-tools]");
  tools.hidden = false;
  tools.querySelector("[data-steps]").append(undo, redo);

  function button(words, onPress) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ds_button ds_button--secondary ds_button--small";
    made.textContent = words;
    made.addEventListener("click", onPress);
    return made;
  }

  // Not switched off while it has nothing to do: whoever has just pressed it keeps the focus.
  function showSteps() {
    undo.setAttribute("aria-disabled", String(!done.length));
    redo.setAttribute("aria-disabled", String(!undone.length));
  }

  // Going about. Rows that the filter hides are passed over.
  let anchor = null;
  let chosen = [];

  function shown(row) {
    return !row.element.hidden;
  }

  function focusOn(cell) {
    if (!shown(cell.row)) showAll();
    cell.box.focus();
    cell.box.select();
  }

  function beside(cell, down, right) {
    const column = cell.place + right;
    if (!down) return cell.row.cells[column];
    let index = cell.row.index + down;
    while (rows[index] && !shown(rows[index])) index += down;
    return rows[index]?.cells[column];
  }

  function choose(cell) {
    for (const each of chosen) each.box.classList.remove("is-chosen");
    chosen = [];
    if (!cell || !anchor || cell === anchor) return;
    const [first, last] = [anchor.row.index, cell.row.index].sort((one, other) => one - other);
    const [left, right] = [anchor.place, cell.place].sort((one, other) => one - other);
    for (const row of rows.slice(first, last + 1).filter(shown)) chosen.push(...row.cells.slice(left, right + 1));
    for (const each of chosen) each.box.classList.add("is-chosen");
    sayState(`${chosen.length} figures chosen. `);
  }

  const ALL = (box) => box.selectionStart === 0 && box.selectionEnd === box.value.length;
  const AT_START = (box) => box.selectionEnd === 0 || ALL(box);
  const AT_END = (box) => box.selectionStart === box.value.length || ALL(box);
  const STEPS = {
    Enter: [1, 0, () => true],
    ArrowDown: [1, 0, () => true],
    ArrowUp: [-1, 0, () => true],
    ArrowLeft: [0, -1, AT_START],
    ArrowRight: [0, 1, AT_END],
  };

  function goal(event, cell) {
    if (event.key in STEPS) {
      const [down, right, may] = STEPS[event.key];
      if (!may(cell.box)) return null;
      return beside(cell, event.key === "Enter" && event.shiftKey ? -1 : down, right) ?? cell;
    }
    if (event.ctrlKey || event.metaKey) {
      const visible = rows.filter(shown);
      if (event.key === "Home") return visible[0]?.cells[0];
      if (event.key === "End") return visible.at(-1)?.cells.at(-1);
      return null;
    }
    if (!ALL(cell.box)) return null;
    return event.key === "Home" ? cell.row.cells[0] : event.key === "End" ? cell.row.cells.at(-1) : null;
  }

  function onKey(event) {
    if (event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      const asked = key === "z" ? (event.shiftKey ? forth : back) : key === "y" ? forth : null;
      if (asked && (cells.has(event.target) || event.target.closest("[data-grid-tools]"))) {
        event.preventDefault();
        asked();
        return;
      }
    }
    const cell = cells.get(event.target);
    if (!cell) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") {
      event.preventDefault();
      fillDown(cell);
    } else if (event.key === "Escape") {
      settle(cell.box);
      if (cell.value !== cell.opened) act("The figure as it was opened", [[cell, written(cell.opened)]]);
      sayState();
    } else if (event.key === "Delete" && chosen.length) {
      event.preventDefault();
      act("The emptied boxes", chosen.map((each) => [each, ""]));
      sayState();
    } else {
      const next = goal(event, cell);
      if (!next) return;
      event.preventDefault();
      settle(cell.box);
      const extends_ = event.shiftKey && event.key !== "Enter";
      anchor = extends_ ? anchor ?? cell : null;
      if (next !== cell || event.key !== "Enter") focusOn(next);
      choose(extends_ ? next : null);
    }
  }

  // The first of the chosen boxes goes down into the others; with none chosen, the box above comes down into this one.
  function fillDown(cell) {
    settle(cell.box);
    const targets = chosen.length ? chosen : [cell];
    const top = Math.min(...targets.map((each) => each.row.index));
    const changes = targets.map((each) => {
      const source = chosen.length ? rows[top].cells[each.place] : beside(each, -1, 0) ?? each;
      return [each, source.box.value];
    });
    act("The fill", changes);
    sayState(chosen.length ? "Filled down. " : "Filled from above. ");
  }

  // Rows of the clipboard go down from the box, its columns to the right; a sheet with headers goes to its own lines.
  function onPaste(event) {
    const cell = cells.get(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !/[\n\r\t]/.test(text.trim())) return;
    event.preventDefault();
    settle(cell.box);
    const pasted = rowsOf(text);
    const headers = headersIn(pasted[0]);
    const { changes, problems } = headers ? toLines(pasted, headers) : toRange(pasted, cell);
    for (const [each] of changes) each.box.classList.add("is-pasted");
    const unread = act("The paste", changes);
    const parts = [`Pasted ${changes.length} ${changes.length === 1 ? "figure" : "figures"}. `, ...problems];
    if (unread) parts.push(`${unread} cannot be saved as ${unread === 1 ? "it is" : "they are"}: see the words beside the boxes. `);
    sayState(parts.join(""));
  }

  function toRange(pasted, cell) {
    const changes = [];
    let leftOver = 0;
    const under = rows.slice(cell.row.index).filter(shown);
    pasted.forEach((values, down) => values.forEach((value, right) => {
      const target = under[down]?.cells[cell.place + right];
      if (target) changes.push([target, value]);
      else leftOver += 1;
    }));
    const problems = leftOver ? [`${leftOver} did not fit and ${leftOver === 1 ? "was" : "were"} left out. `] : [];
    return { changes, problems };
  }

  function toLines(pasted, headers) {
    const changes = new Map();
    const unknown = [];
    const twice = [];
    for (const values of pasted.slice(1)) {
      if (!values.some(Boolean)) continue;
      const row = lines.find(values, headers);
      const name = values[headers.title ?? headers.code] || values[headers.code] || "a row without a title";
      if (!row) unknown.push(name);
      for (const cell of row?.cells ?? []) {
        const at = headers[order[cell.place]];
        if (at === undefined) continue;
        if (changes.has(cell)) twice.push(name);
        else changes.set(cell, values[at] ?? "");
      }
    }
    const problems = [
      unknown.length ? `No single line is meant by ${listed(unknown)}: left out. ` : "",
      twice.length ? `Twice in the sheet, first one taken: ${listed([...new Set(twice)])}. ` : "",
    ];
    return { changes: [...changes], problems };
  }

  function listed(names) {
    const told = names.slice(0, 5).map((name) => `“${name}”`).join(", ");
    return names.length > 5 ? `${told} and ${names.length - 5} more` : told;
  }

  // The filter hides rows; what was typed in them stays and is saved with the rest.
  const filter = form.querySelector("[data-filter]");
  const matches = form.querySelector("[data-matches]");

  function showMatching() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = `${row.code} ${row.title} ${row.body}`.toLowerCase();
      row.element.hidden = !words.every((word) => text.includes(word));
      count += row.element.hidden ? 0 : 1;
    }
    matches.textContent = words.length ? `${count} of ${rows.length} lines shown; all are saved and in the totals.` : "";
  }

  function showAll() {
    filter.value = "";
    showMatching();
  }

  filter.addEventListener("input", showMatching);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // would send the form
  });

  form.addEventListener("keydown", onKey);
  form.addEventListener("paste", onPaste);
  form.addEventListener("input", (event) => {
    const cell = cells.get(event.target);
    if (!cell) return;
    cell.box.classList.remove("is-pasted");
    put(cell, cell.box.value);
    showTotals();
    sayState();
  });
  form.addEventListener("change", (event) => {
    if (cells.has(event.target)) afterThePress(() => settle(event.target));
  });
  form.addEventListener("pointerdown", (event) => {
    if (!cells.has(event.target)) return;
    anchor = null;
    choose(null);
  });

  for (const row of rows) {
    count(row, 1n);
    for (const cell of row.cells) {
      unsaved += isChanged(cell);
      cell.box.classList.toggle("is-changed", isChanged(cell) === 1);
    }
  }
  showTotals();
  showSteps();
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
