// Variances and totals of a month's grid, worked out with the figures in the boxes. The set-aside is summed apart.

import { money, partOf, pence } from "./pence.js";

const COLUMNS = ["budget_to_date", "actual", "forecast"];
const less = (one, other) => (typeof one === "bigint" && typeof other === "bigint" ? one - other : null);

export function periodTotals(form) {
  const sums = Object.fromEntries(["all", "paid", "aside"].map((kind) => [kind, { budget: 0n, budget_to_date: 0n, actual: 0n, forecast: 0n }]));
  for (const row of form.querySelectorAll("tbody tr[data-budget]")) {
    const said = { budget: pence(row.dataset.budget) };
    for (const column of COLUMNS) said[column] = pence(row.querySelector(`[data-column=${column}]`).value) ?? null;
    row.querySelector("[data-variance-to-date]").textContent = money(less(said.budget_to_date, said.actual));
    row.querySelector("[data-variance]").textContent = money(less(said.budget, said.forecast));
    for (const kind of ["all", "setAside" in row.dataset ? "aside" : "paid"]) {
      for (const column of ["budget", ...COLUMNS]) {
        const sum = sums[kind][column];
        sums[kind][column] = sum === null || said[column] === null ? null : sum + said[column];
      }
    }
  }
  for (const row of form.querySelectorAll("tbody tr[data-host-share]")) {
    const outturn = pence(row.querySelector("[data-column]").value) ?? null;
    const { hostTotal, hostShare } = row.dataset;
    row.querySelector("[data-host-variance]").textContent = money(less(pence(hostTotal), outturn));
    row.querySelector("[data-our-part]").textContent = money(outturn === null ? null : partOf(outturn, pence(hostShare)));
  }
  for (const row of form.querySelectorAll("tfoot tr[data-sum]")) {
    const sum = sums[row.dataset.sum];
    const figures = {
      ...sum,
      "variance-to-date": less(sum.budget_to_date, sum.actual),
      variance: less(sum.budget, sum.forecast),
    };
    for (const cell of row.querySelectorAll("[data-total]")) cell.textContent = money(figures[cell.dataset.total]);
  }
}
