// The month's figures: a worksheet whose variances and totals follow the typing.
// Without this file the grid is a form like any other.

import { rowsIn } from "./cells.js";
import { monthTotals } from "./period.js";
import { worksheet } from "./worksheet.js";

const form = document.querySelector("[data-month]");
if (form) {
  const rows = rowsIn(form);
  worksheet(form, rows, monthTotals(form, rows));
}
