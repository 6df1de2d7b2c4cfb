// The allocation grid: a worksheet with a filter, totals by where the money comes from, and sheets that name their lines.
// Without this file the grid is a form like any other, and its second button works out the totals.

import { rowsIn } from "./cells.js";
import { headersIn, Lines } from "./clipboard.js";
import { money, pence } from "./pence.js";
import { worksheet } from "./worksheet.js";

const INCOME_IS_BELOW_ZERO =
  "Income lowers what the year costs, so it stands below zero. Enter it with a minus sign or in brackets";

const form = document.querySelector("[data-grid]");
if (form) start(form);

function start(form) {
  const rows = rowsIn(form);
  const lines = new Lines(rows);
  const sums = { amount: 0n, actual: 0n, settled: 0n, spent: 0, pots: {} };

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

  function showVariance(row) {
    const [amount, actual] = row.cells.map((cell) => cell.value);
    const known = typeof amount === "bigint" && typeof actual === "bigint";
    row.element.querySelector("[data-variance]").textContent = money(known ? amount - actual : null);
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

  function wrong({ column, value, row }) {
    if (column !== "amount" || value === null) return "";
    if ("income" in row) return value > 0n ? INCOME_IS_BELOW_ZERO : "";
    return value < 0n ? "An allocation cannot be negative. Enter the amount without a minus sign or brackets" : "";
  }

  // A sheet with headers goes to its own lines; null for a range without.
  function toLines(pasted) {
    const headers = headersIn(pasted[0]);
    if (!headers) return null;
    const changes = new Map();
    const unknown = [];
    const twice = [];
    for (const values of pasted.slice(1)) {
      if (!values.some(Boolean)) continue;
      const row = lines.find(values, headers);
      const name = values[headers.title ?? headers.code] || values[headers.code] || "a row without a title";
      if (!row) unknown.push(name);
      for (const cell of row?.cells ?? []) {
        const at = headers[cell.column];
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

  for (const row of rows) count(row, 1n);
  worksheet(form, rows, {
    showTotals,
    leave: (row) => count(row, -1n),
    enter: (row) => {
      count(row, 1n);
      showVariance(row);
    },
    wrong,
    spread: toLines,
    showAll,
  });
}
