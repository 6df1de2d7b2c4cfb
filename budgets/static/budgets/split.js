// The part of the line that no locality has follows the typing. Without this file it is worked out when the form is sent.

import { money, pence } from "./pence.js";

const WHOLE = 10000n; // 100 per cent, in hundredths of a per cent

const form = document.querySelector("[data-split]");
if (form) {
  const left = form.querySelector("[data-left]");
  const boxes = form.querySelectorAll("input[name^='share-']");
  const whole = pence(form.dataset.whole);
  const follow = () => {
    let shared = 0n;
    for (const box of boxes) shared += pence(box.value) ?? 0n;
    const inPercent = form.querySelector("input[name='unit']:checked")?.value === "percent";
    const rest = inPercent ? (whole * (WHOLE - shared) + (shared > WHOLE ? 0n : WHOLE / 2n)) / WHOLE : whole - shared;
    left.textContent = (whole < 0n ? rest > 0n : rest < 0n) ? `${money(rest)}: the localities have more than the line` : money(rest);
  };
  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
}
