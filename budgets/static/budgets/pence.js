// Amounts as whole pence in BigInt, so that totals stay exact to the penny however long the column is.

const AMOUNT = /^-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?$/;

// The pence of what somebody typed: 1,250.50, £61,204,000; (500), 500- and 500 CR for minus 500, as ledgers write it,
// and - for nil. Empty is null, unreadable undefined.
export function pence(text) {
  let typed = text.replace(/\s/g, "").replace(/[−–—]/g, "-");
  if (!typed) return null;
  const bracketed = /^\((.*)\)$/.exec(typed);
  if (bracketed) typed = `-${bracketed[1]}`;
  typed = typed.replace("£", "");
  if (typed === "-") return 0n;
  typed = typed.replace(/^(.+?)(?:-|CR)$/i, "-$1");
  if (!AMOUNT.test(typed)) return undefined;
  const [pounds, part = ""] = typed.replace(/[-,]/g, "").split(".");
  const value = BigInt(pounds) * 100n + BigInt(part.padEnd(2, "0"));
  return typed.startsWith("-") ? -value : value;
}

// The part of the pence for this percentage, in hundredths of a per cent; a half penny goes away from zero.
export function partOf(value, hundredths) {
  const size = value < 0n ? -value : value;
  const part = (size * hundredths + 5_000n) / 10_000n;
  return value < 0n ? -part : part;
}

// What stands in a box: 61,204,000 or 1,250.50, nothing for null.
export function written(value) {
  return value === null ? "" : money(value).replace("£", "");
}

// £61,204,000 or £1,250.50, with a true minus sign.
export function money(value) {
  if (value === null || value === undefined) return "not recorded";
  const size = value < 0n ? -value : value;
  const pounds = (size / 100n).toLocaleString("en-GB");
  const part = size % 100n;
  return `${value < 0n ? "−" : ""}£${pounds}${part ? `.${String(part).padStart(2, "0")}` : ""}`;
}
