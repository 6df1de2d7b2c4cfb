// What stands in the clipboard, as rows of cells, and where it belongs in the grid.

// Excel and LibreOffice put cells there divided by tabs, and quote those that hold a line break, a tab or a quote.
export function rowsOf(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  for (let at = 0; at < plain.length; at += 1) {
    const letter = plain[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (plain[at + 1] === '"') { cell += '"'; at += 1; } else quoted = false;
    } else if (letter === '"' && cell === "" && closes(plain, at)) quoted = true;
    else if (letter === "\t") { rows.at(-1).push(cell); cell = ""; }
    else if (letter === "\n") { rows.at(-1).push(cell); cell = ""; rows.push([]); }
    else cell += letter;
  }
  rows.at(-1).push(cell);
  return rows.map((row) => row.map((value) => value.trim()));
}

// Whether the quote that opens here is closed before a tab or line break; a single one is a letter like any other.
function closes(text, at) {
  const end = /^"(?:[^"]|"")*"(?=[\t\n]|$)/.exec(text.slice(at, at + 10_000));
  return end !== null;
}

const NAMES = {
  code: ["code", "cost centre", "line code"],
  title: ["title", "line", "service", "description", "narrative"],
  body: ["delivered by", "body"],
  amount: ["budget", "amount", "annual budget", "budget for the year"],
  actual: ["spent", "actual", "outturn", "expenditure"],
};

export function small(text) {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

function plain(header) {
  return small(header.replace(/\(£[^)]*\)|£/g, " "));
}

// Which column of the sheet is what, if its first row has headers with a code or title and a figure; otherwise null.
export function headersIn(row) {
  const found = {};
  row.forEach((cell, at) => {
    for (const [key, names] of Object.entries(NAMES)) {
      if (names.includes(plain(cell)) && !(key in found)) found[key] = at;
    }
  });
  const says = "code" in found || "title" in found;
  return says && ("amount" in found || "actual" in found) ? found : null;
}

// Looks lines up by code, or by title and, where several have it, by body.
export class Lines {
  constructor(rows) {
    this.byCode = new Map();
    this.byTitle = new Map();
    for (const row of rows) {
      if (row.code) this.byCode.set(small(row.code), row);
      const same = this.byTitle.get(small(row.title)) ?? [];
      this.byTitle.set(small(row.title), [...same, row]);
    }
  }

  find(cells, headers) {
    const said = (key) => small(cells[headers[key]] ?? "");
    if (said("code") && this.byCode.has(said("code"))) return this.byCode.get(said("code"));
    const same = this.byTitle.get(said("title")) ?? [];
    const of = said("body") ? same.filter((row) => small(row.body) === said("body")) : same;
    return of.length === 1 ? of[0] : null;
  }
}
