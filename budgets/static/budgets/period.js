// Variances and totals of a month's grid, worked out with the figures in the boxes. The set-aside is summed apart.

import { money, partOf, pence } from "./pence.js";

const COLUMNS = ["budget", "budget_to_date", "actual", "forecast"];
const less = (one, other) => (typeof one === "bigint" && typeof other === "bigint" ? one - other : null);

// What the worksheet is told of each row. Totals are kept up by what each change adds and takes away, so typing costs
// the same in a long grid as in a short; a figure that is lacking makes its total unknown.
export function monthTotals(form, rows) {
  const none = () => Object.fromEntries(COLUMNS.map((column) => [column, { known: 0n, lacking: 0n }]));
  const sums = { all: none(), paid: none(), aside: none() };
  const budgets = new Map(rows.map((row) => [row, pence(row.budget ?? "")]));

  function saidBy(row) {
    return { budget: budgets.get(row), ...Object.fromEntries(row.cells.map((cell) => [cell.column, cell.value])) };
  }

  function count(row, sign) {
    if ("hostShare" in row) return; // the whole of a hosted service is no part of the totals
    const said = saidBy(row);
    for (const sum of [sums.all, "setAside" in row ? sums.aside : sums.paid]) {
      for (const column of COLUMNS) {
        if (typeof said[column] === "bigint") sum[column].known += sign * said[column];
        else sum[column].lacking += sign;
      }
    }
  }

  function show(row) {
    const said = saidBy(row);
    const put = (name, value) => { row.element.querySelector(`[data-${name}]`).textContent = money(value); };
    if ("hostShare" in row) {
      const outturn = row.cells[0].value ?? null;
      put("host-variance", less(pence(row.hostTotal), outturn));
      put("our-part", outturn === null ? null : partOf(outturn, pence(row.hostShare)));
    } else {
      put("variance-to-date", less(said.budget_to_date, said.actual));
      put("variance", less(said.budget, said.forecast));
    }
  }

  function showTotals() {
    for (const row of form.querySelectorAll("tfoot tr[data-sum]")) {
      const sum = sums[row.dataset.sum];
      const figures = Object.fromEntries(COLUMNS.map((name) => [name, sum[name].lacking ? null : sum[name].known]));
      figures["variance-to-date"] = less(figures.budget_to_date, figures.actual);
      figures.variance = less(figures.budget, figures.forecast);
      for (const cell of row.querySelectorAll("[data-total]")) cell.textContent = money(figures[cell.dataset.total]);
    }
  }

  for (const row of rows) count(row, 1n);
  return {
    showTotals,
    leave: (row) => count(row, -1n),
    enter: (row) => {
      count(row, 1n);
      show(row);
    },
  };
}
