// The boxes of a page of figures as rows and cells: reading them, going about in them, choosing several.

import { pence } from "./pence.js";

// A row a line, a cell a box. `value` is in pence: null is empty, undefined unreadable. `opened` is what the page was
// opened with: after an error the boxes hold what was typed instead. It stands at the box's place among the line's
// figures; data-opened names that place in a second table of the form. What the row says in data- is in the row.
export function rowsIn(form) {
  const openedFigures = JSON.parse(form.elements.opened.value);
  const elements = [...form.querySelectorAll("tbody tr")].filter((each) => each.querySelector("input[data-column]"));
  return elements.map((element, index) => {
    const row = { ...element.dataset, element, index, cells: [] };
    for (const box of element.querySelectorAll("input[data-column]")) {
      const { column } = box.dataset;
      const line = box.name.slice(column.length + 1);
      const place = row.cells.length;
      const opened = pence(openedFigures[line]?.[box.dataset.opened ?? place] ?? "");
      row.cells.push({ box, row, column, place, text: box.value, value: pence(box.value), opened });
    }
    return row;
  });
}

export function isChanged(cell) {
  return cell.value !== cell.opened;
}

// Rows of one table: what goes up, down or over several rows stays within it.
export function isBeside(row, other) {
  return row.element.parentElement === other.element.parentElement;
}

// Rows that a filter hides are passed over.
export function isShown(row) {
  return !row.element.hidden;
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

export class Cells {
  #byBox;
  #anchor = null;

  // `showAll` makes hidden rows visible; `onChosen` is told how many boxes are chosen.
  constructor(rows, { showAll, onChosen }) {
    this.rows = rows;
    this.chosen = [];
    this.showAll = showAll;
    this.onChosen = onChosen;
    this.#byBox = new Map(rows.flatMap((row) => row.cells.map((cell) => [cell.box, cell])));
  }

  // The cell of this box; undefined for anything else on the page.
  of(box) {
    return this.#byBox.get(box);
  }

  beside(cell, down, right) {
    const column = cell.place + right;
    if (!down) return cell.row.cells[column];
    let index = cell.row.index + down;
    while (this.rows[index] && !isShown(this.rows[index])) index += down;
    const next = this.rows[index];
    return next && isBeside(next, cell.row) ? next.cells[column] : undefined;
  }

  focus(cell) {
    if (!isShown(cell.row)) this.showAll();
    cell.box.focus();
    cell.box.select();
  }

  // Where the key leads from this cell; null or undefined if nowhere.
  goal(event, cell) {
    if (event.key in STEPS) {
      const [down, right, may] = STEPS[event.key];
      if (!may(cell.box)) return null;
      return this.beside(cell, event.key === "Enter" && event.shiftKey ? -1 : down, right) ?? cell;
    }
    if (event.ctrlKey || event.metaKey) {
      const visible = this.rows.filter(isShown);
      if (event.key === "Home") return visible[0]?.cells[0];
      if (event.key === "End") return visible.at(-1)?.cells.at(-1);
      return null;
    }
    if (!ALL(cell.box)) return null;
    return event.key === "Home" ? cell.row.cells[0] : event.key === "End" ? cell.row.cells.at(-1) : null;
  }

  // Goes there; with Shift held, what lies between is chosen.
  go(event, cell, next) {
    const extends_ = event.shiftKey && event.key !== "Enter";
    this.#anchor = extends_ ? this.#anchor ?? cell : null;
    if (next !== cell || event.key !== "Enter") this.focus(next);
    this.#choose(extends_ ? next : null);
  }

  chooseNone() {
    this.#anchor = null;
    this.#choose(null);
  }

  #choose(cell) {
    const anchor = this.#anchor;
    for (const each of this.chosen) each.box.classList.remove("is-chosen");
    this.chosen = [];
    if (!cell || !anchor || cell === anchor) return;
    const [first, last] = [anchor.row.index, cell.row.index].sort((one, other) => one - other);
    const [left, right] = [anchor.place, cell.place].sort((one, other) => one - other);
    for (const row of this.rows.slice(first, last + 1).filter(isShown)) this.chosen.push(...row.cells.slice(left, right + 1));
    for (const each of this.chosen) each.box.classList.add("is-chosen");
    this.onChosen(this.chosen.length);
  }
}
