"""Goes through a table row by row and says what each would add or change."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from foundation.incoming.kinds import Progress
from foundation.sgds.formats import count_in_words, money

from ...enums import Arm, FundKind, ProviderSector, Setting, SpendCategory
from ...imports.amounts import NotAnAmount
from ...imports.matching import Matched
from ...imports.tables import Row, column_letter, ranges
from ...rules import ModelSpan, arm_of, is_institutional
from ...selectors.line_words import LineValues, LineWords
from ...shape import AREA_WIDE, LINE_COLUMNS, LOCALITY, METHOD, NOTE, locality_column
from .against import Objection, figures, law
from .cells import CellFault, CellReader, holds_money, is_empty
from .comparison import Change, Comparison, Fault, Proposal
from .rows import Rows, WrongTotal

NEEDED = ("title", "delivered_by_id", "category", "setting", "amount")
# What a line says when neither the file nor its layout does.
UNSAID: dict[str, Any] = {
    "code": "",
    "group": "",
    "function_id": None,
    "fund": FundKind.PAYMENT.value,
    "hosted_by_id": None,
    "hosted_share": None,
    "hosted_total": None,
    "subjective": "",
    "is_recurring": True,
    "actual": None,
    METHOD.key: "",
    NOTE.key: "",
    "provider": "",
    "provider_sector": ProviderSector.BODY.value,
}
# What the law judges a line by.
JUDGED = ("fund", "function_id", "delivered_by_id", "arm", "hosted_by_id", "hosted_share", "provider_sector")
LABELS = {column.key: column.header for column in (*LINE_COLUMNS, AREA_WIDE, METHOD, NOTE)}


def compare(
    matched: Matched,
    words: LineWords,
    lines: list[LineValues],
    spans: Sequence[ModelSpan],
    *,
    progress: Progress = lambda _step: None,
) -> Comparison:
    """What each row of the table means for the budget's lines. Every fault is told, none hides another row's."""
    comparer = _Comparer(matched, words, lines, spans)
    rows = [row for row in matched.table.rows if row.number > matched.header_row]
    for count, row in enumerate(rows, 1):
        comparer.take(row)
        if count % 1_000 == 0:
            progress(f"Comparing row {count:,} of {len(rows):,}")
    return comparer.result()


class _Comparer:
    def __init__(
        self, matched: Matched, words: LineWords, lines: list[LineValues], spans: Sequence[ModelSpan]
    ) -> None:
        self.matched, self.words, self.lines, self.spans = matched, words, lines, spans
        self.found = Comparison(notes=list(matched.notes))
        self.headers = {header.key: header for header in matched.used}
        self.columns = [(key, header.column, holds_money(key)) for key, header in self.headers.items()]
        self.judged: dict[tuple[Any, ...], tuple[Objection, ...]] = {}
        self.last_column = max(header.column for header in matched.headers)
        self.cells = CellReader(words, matched.layout.convention)
        self.rows = Rows(matched, self.cells)
        self.by_code = {line.own["code"]: line for line in lines if line.own["code"]}
        self.by_bare_code = {code.lstrip("0"): line for code, line in self.by_code.items()}
        self.by_name = {_name(line.own): line for line in lines}
        self.by_title: dict[str, list[LineValues]] = defaultdict(list)
        for line in lines:
            self.by_title[_small(line.own["title"])].append(line)
        self.taken: dict[Any, int] = {}  # a line's key, or a name or code: the row that has it
        self.taken_rows: set[int] = set()
        self.rounded: list[tuple[int, str]] = []
        self.fixed = self._fixed()

    def _fixed(self) -> dict[str, Any]:
        """What the layout says of new lines; a word that stands for nothing any more is a fault of the layout."""
        fixed = {}
        for key, word in self.matched.layout.fixed.items():
            if not word or key in self.headers:
                continue
            try:
                fixed[key] = self.cells.word(key, word)
            except CellFault as fault:
                words = f"The layout says “{word}” for new lines. {fault}. Change the layout."
                self.found.faults.append(Fault(self.matched.header_row, "", LABELS[key], words))
        return fixed

    def take(self, row: Row) -> None:
        try:
            why = self.rows.why_no_line(row)
        except WrongTotal as fault:
            self._fault(row, self.rows.money_column.key if self.rows.money_column else "", str(fault))
            return
        if why:
            self.found.left_out.append((row.number, why))
            return
        self.taken_rows.add(row.number)
        faults = len(self.found.faults)
        said = self._said(row)
        line = self._line_of(row, said) if len(self.found.faults) == faults else None
        if len(self.found.faults) > faults:
            return
        if line is None:
            self._add(row, said)
        else:
            self._change(row, said, line)

    def _said(self, row: Row) -> dict[str, Any]:
        """What the row says, by key; each cell that cannot be understood is a fault."""
        said: dict[str, Any] = {}
        for key, column, is_money in self.columns:
            cell = row[column]
            try:
                if is_money:
                    amount = self.cells.amount(cell)
                    said[key] = amount.pounds
                    if amount.cut:
                        self.rounded.append((row.number, amount.cut))
                else:
                    said[key] = self.cells.value(key, cell)
            except (CellFault, NotAnAmount) as fault:
                self._fault(row, key, str(fault))
        extra = [at for at in range(self.last_column + 1, len(row.cells)) if not is_empty(row.cells[at])]
        if extra:
            self.found.faults.append(Fault(row.number, column_letter(extra[0]), "", SLIPPED))
        self.rows.count(said.get("amount", said.get("actual")))
        return said

    def _line_of(self, row: Row, said: dict[str, Any]) -> LineValues | None:
        """The budget's line that the row is, or None for a new one; a fault where that is unclear."""
        code: str = said.get("code", "")
        line = self.by_code.get(code)
        if line is None and code and isinstance(row[self.headers["code"].column], Decimal):
            line = self.by_bare_code.get(code)  # a spreadsheet took the code for a number and its zeros away
            said["code"] = line.own["code"] if line else code
        if line is None and said.get("title"):
            line = self._by_title(row, said, code)
        if line is None:
            return None
        if before := self.taken.get(line.pk):
            self._fault(
                row,
                "code" if code else "title",
                f"This is the same line as row {before}. Keep one of the two rows, or give them codes of their own",
            )
        self.taken[line.pk] = row.number
        return line

    def _by_title(self, row: Row, said: dict[str, Any], code: str) -> LineValues | None:
        """The line with this title and body; where the file does not say the body, the only line with this title."""
        body = said.get("delivered_by_id") or self.fixed.get("delivered_by_id")
        same = [
            line
            for line in self.by_title[_small(said["title"])]
            if body in {None, line.own["delivered_by_id"]}
        ]
        if len(same) > 1:
            self._fault(
                row, "title", "Several lines have this title. Add the column “Delivered by”, or the code"
            )
            return None
        if same and code and same[0].own["code"]:
            self._fault(
                row,
                "code",
                f"The line “{said['title']}” has the code {same[0].own['code']}, not {code}. Correct the code, or give "
                "this line another title",
            )
        return same[0] if same else None

    def _add(self, row: Row, said: dict[str, Any]) -> None:
        told = {key: value for key, value in (self.fixed | _own(said)).items() if value is not None}
        own = UNSAID | told
        if lacking := [LABELS[key] for key in NEEDED if own.get(key) in {None, ""}]:
            self._fault(row, "code" if own["code"] else "title", self._lacks(own, lacking))
            return
        self._fill_in(own, told, None)
        values = _values(own, said, said.get("care_groups") or frozenset(), None)
        if self._stands(row, values, said):
            self.found.added.append(Proposal(row.number, values))

    def _lacks(self, own: dict[str, Any], lacking: list[str]) -> str:
        year = self.words.budget.year_label
        known = (
            f"No line of {year} has the code {own['code']}"
            if own["code"]
            else f"No line of {year} is like this"
        )
        return (
            f"{known}, so it would be a new one, and a new line needs: {', '.join(lacking)}. Correct the code or title "
            "if the line is there already; otherwise fill these in"
        )

    def _change(self, row: Row, said: dict[str, Any], line: LineValues) -> None:
        if said.get(AREA_WIDE.key) == line.area_wide:
            said = said | {AREA_WIDE.key: None}  # as it was exported: it follows from the other figures
        told = _own(said)
        own = line.own | told
        for key in ("fund", "is_recurring", "provider_sector"):  # an empty cell leaves these as they are
            own[key] = line.own[key] if own[key] is None else own[key]
        for key in ("subjective", METHOD.key):  # an empty cell takes these away
            own[key] = own[key] or ""
        for key in NEEDED:
            if own[key] in {None, ""}:
                self._fault(
                    row, key, f"The cell is empty. Enter the {LABELS[key].lower()}, or leave the column out"
                )
                return
        self._fill_in(own, told, line.own)
        values = _values(own, said, said.get("care_groups", line.care_groups), line)
        if values == line and said.get(AREA_WIDE.key) in {None, values.area_wide}:
            self.found.unchanged += 1
        elif self._stands(row, values, said):
            self.found.changed.append(Proposal(row.number, values, tuple(self._changes(line, values))))

    def _fill_in(self, own: dict[str, Any], told: dict[str, Any], before: dict[str, Any] | None) -> None:
        """What the file does not say follows from what it says, as on the form of a line."""

        def stays(*keys: str) -> bool:
            return before is not None and all(own[key] == before[key] for key in keys)

        if told.get("arm") is None:
            if before is not None and (stays("fund", "delivered_by_id") or before["arm"] == Arm.HOSTED):
                own["arm"] = before["arm"]
            else:
                own["arm"] = arm_of(FundKind(own["fund"]), self.words.bodies[own["delivered_by_id"]]).value
        if told.get("is_institutional") is None:
            if before is not None and stays("category", "setting"):
                own["is_institutional"] = before["is_institutional"]
            else:
                own["is_institutional"] = is_institutional(
                    SpendCategory(own["category"]), Setting(own["setting"])
                )

    def _stands(self, row: Row, values: LineValues, said: dict[str, Any]) -> bool:
        """Whether the line may say this; if not, why is told at the cell."""
        faults = len(self.found.faults)
        name, code = _name(values.own), values.own["code"]
        same = self.by_name.get(name)
        if same is not None and same.pk != values.pk:
            self._fault(
                row,
                "title",
                f"Another line is called “{same.own['title']}” and has the same body. Choose another title",
            )
        same = self.by_code.get(code)
        if same is not None and same.pk != values.pk:
            self._fault(
                row, "code", f"The line “{same.own['title']}” has the code {code}. Choose another code"
            )
        for kind, key, words in (("name", "title", "title and body"), ("code", "code", "code")):
            own = name if kind == "name" else code
            if own and (before := self.taken.get((kind, own))):
                self._fault(row, key, f"Row {before} has the same {words}. Change one of the two")
            self.taken[kind, own] = row.number
        for key, words in (
            *figures(values, said),
            *self._law(values.own),
        ):
            self._fault(row, key, words)
        return len(self.found.faults) == faults

    def _law(self, own: dict[str, Any]) -> tuple[Objection, ...]:
        """What the law says to lines of this kind: few kinds make up a file of thousands of lines."""
        kind = (*(own[key] for key in JUDGED), bool(own["provider"]))
        if kind not in self.judged:
            self.judged[kind] = tuple(law(own, self.words, self.spans))
        return self.judged[kind]

    def _changes(self, line: LineValues, values: LineValues) -> Iterator[Change]:
        for key, label in LABELS.items():
            if key in values.own and values.own[key] != line.own[key]:
                yield Change(label, self._shown(key, line.own[key]), self._shown(key, values.own[key]))
        if values.care_groups != line.care_groups:
            shown = [self._shown("care_groups", groups) for groups in (line.care_groups, values.care_groups)]
            yield Change(LABELS["care_groups"], *shown)
        for pk in sorted(values.shares.keys() | line.shares.keys()):
            before, after = line.shares.get(pk), values.shares.get(pk)
            if before != after:
                name = self.words.localities[pk].name if pk in self.words.localities else "a former locality"
                yield Change(locality_column(pk, name).header, money(before or 0), money(after or 0))

    def _shown(self, key: str, value: Any) -> str:
        written = self.words.written(key, value)
        if written is None:
            return "not recorded" if key == "actual" else "nothing"
        return money(written) if holds_money(key) else str(written)

    def _fault(self, row: Row, key: str, text: str) -> None:
        header = self.headers.get(key)
        label = header.text if header else LABELS.get(key, "")
        words = text if text.endswith(".") else f"{text}."
        self.found.faults.append(Fault(row.number, header.letter if header else "", label, words))

    # The whole

    def result(self) -> Comparison:
        found = self.found
        self._tell_hidden()
        self._tell_rounded()
        self._refuse_merged()
        if not self.taken_rows and not found.faults:
            found.faults.append(Fault(self.matched.header_row, "", "", "No row under the headers is a line."))
        found.not_in_file = sum(line.pk not in self.taken for line in self.lines)
        amounts = {line.pk: line.own["amount"] for line in self.lines}
        found.total_before = sum(amounts.values(), Decimal(0))
        amounts |= {each.values.pk: each.values.own["amount"] for each in found.changed}
        new = (each.values.own["amount"] for each in found.added)
        found.total_after = sum(amounts.values(), Decimal(0)) + sum(new, Decimal(0))
        found.faults.sort(key=lambda fault: (fault.row, len(fault.letter), fault.letter))
        return found

    def _tell_hidden(self) -> None:
        hidden = [number for number in self.matched.table.hidden_rows if number > self.matched.header_row]
        if hidden:
            self.found.notes.append(
                f"{count_in_words(len(hidden), 'row').capitalize()} hidden in Excel and left out: {ranges(hidden)}. "
                "If they belong to the budget, unhide them and upload the file again."
            )

    def _tell_rounded(self) -> None:
        if self.rounded:
            pence = ", ".join(f"row {row} ({said})" for row, said in self.rounded[:5])
            more = f" and {len(self.rounded) - 5} more" if len(self.rounded) > 5 else ""
            self.found.notes.append(
                f"Amounts with parts of a penny were rounded to the penny: {pence}{more}."
            )

    def _refuse_merged(self) -> None:
        """Cells of lines that are one cell in Excel: all but the first are empty, and nobody can know why."""
        columns = {header.column: header for header in self.matched.used}
        taken = sorted(self.taken_rows)
        for merged in self.matched.table.merged:
            at = bisect_left(taken, merged.first_row)
            row = taken[at] if at < len(taken) and taken[at] <= merged.last_row else None
            header = next((columns[at] for at in sorted(columns) if merged.has_column(at)), None)
            if row is not None and header is not None:
                words = (
                    f"The cells {merged.name} are merged, and only the first of them has a value. In Excel unmerge "
                    "them and fill in each cell."
                )
                self.found.faults.append(Fault(row, header.letter, header.text, words))


SLIPPED = (
    "This cell stands to the right of the last header, so the row may have slipped. In a CSV file, put text with "
    "commas between quotation marks; otherwise delete the cell."
)


def _own(said: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in said.items()
        if key not in {"care_groups", AREA_WIDE.key} and not key.startswith(LOCALITY)
    }


def _values(
    own: dict[str, Any], said: dict[str, Any], groups: frozenset[int], line: LineValues | None
) -> LineValues:
    told = {int(key.removeprefix(LOCALITY)): said[key] for key in said if key.startswith(LOCALITY)}
    before = line.shares if line else {}
    parts = {place: amount for place, amount in (before | told).items() if amount}
    if not parts:
        own[METHOD.key] = own[NOTE.key] = ""  # a method without a split says nothing
    return LineValues(own, groups, parts, line.pk if line else None)


def _small(text: str) -> str:
    return " ".join(text.casefold().split())


def _name(own: dict[str, Any]) -> tuple[str, int]:
    return _small(own["title"]), own["delivered_by_id"]
