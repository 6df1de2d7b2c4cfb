"""`bench/money`: pages of the money with one year and with ten years of every partnership; writes bench/README.md."""

from __future__ import annotations

import os
import platform
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django

from bench.demonstration import load_demonstration
from bench.pages import WARM_UP, signed_in, time_of

if TYPE_CHECKING:
    from budgets.models import Budget
    from partnerships.models import User

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- money: begin -->\n", "<!-- money: end -->\n"
ROUNDS = 30
MEASURED_YEAR = 2023
LOAD_LIMIT = 1.3


@dataclass(frozen=True)
class Measured:
    label: str
    milliseconds: float
    queries: int
    kilobytes: float


def pages() -> dict[str, str]:
    """The pages of the year with 400 lines, by what they are called."""
    year = f"/edinburgh/money/{MEASURED_YEAR}/"
    return {
        "Years": "/edinburgh/money/",
        "Overview of a year": year,
        "Lines": f"{year}lines/",
        "Contributions": f"{year}contributions/",
        "Agreement": f"{year}agreement/",
        "Pound trail": f"{year}trail/",
        "A month": f"{year}months/1/",
        "Spend by category": f"{year}categories/",
        "Balance of care": f"{year}balance-of-care/",
        "Finance report of 400 lines": f"{year}months/1/report/1/",
        "Partnership home": "/edinburgh/",
    }


def measured() -> list[Measured]:
    """The median of each page's server time, with its queries and size."""
    from django.db import connection
    from django.test import override_settings
    from django.test.utils import CaptureQueriesContext

    found = []
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = signed_in("finance@demo.example")
        for label, url in pages().items():
            times = [time_of(client, url) for _ in range(ROUNDS + WARM_UP)][WARM_UP:]
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url)
            found.append(
                Measured(label, statistics.median(times), len(queries), len(response.content) / 1024)
            )
    return found


def one_year() -> None:
    """Edinburgh has the measured year with 400 lines and a closed month; nobody has more than the demonstration."""
    from bench.money_years.ten_years import LINES_A_YEAR, lines_of_a_year
    from budgets.enums import FundKind
    from budgets.models import Budget, BudgetLine, Contribution
    from budgets.services import agree_budget
    from partnerships.models import Partnership, User

    edinburgh = Partnership.objects.get(slug="edinburgh")
    budget = Budget.objects.create(partnership=edinburgh, year=MEASURED_YEAR)
    Contribution.objects.create(
        budget=budget, body=edinburgh.health_board, kind=FundKind.PAYMENT, amount=500_000_000
    )
    chance = random.Random(2014)
    BudgetLine.objects.bulk_create(lines_of_a_year(budget, edinburgh, chance, LINES_A_YEAR))
    finance, chief = (User.objects.get(email=f"{who}@demo.example") for who in ("finance", "cfo"))
    _first_month(agree_budget(budget=budget, by=chief), finance, chief)


def _first_month(budget: Budget, finance: User, chief: User) -> None:
    """April is closed: every line spent what was planned and is forecast at its budget."""
    from budgets.refusals import Figures
    from budgets.selectors.monitoring import period_lines, rules_for
    from budgets.services import (
        Enterer,
        FigureChange,
        begin_period,
        close_period,
        enter_figures,
        prepare_close,
    )

    period = begin_period(budget=budget, number=1, by=finance)
    changes = [
        FigureChange(
            row.line.pk,
            Figures(row.budget_to_date, row.actual, row.forecast),
            Figures(row.budget_to_date, row.budget_to_date, row.budget),
        )
        for row in period_lines(period, rules_for(budget.partnership))
    ]
    enter_figures(period=period, changes=changes, by=Enterer(finance, is_finance=True))
    prepare_close(period=period, by=finance)
    close_period(period=period, by=chief)


def main() -> None:
    load_demonstration()
    from django.db import connection
    from django.utils import timezone

    from bench.money_years.ten_years import load_ten_years

    one_year()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    before = measured()
    start = time.perf_counter()
    loaded = load_ten_years()
    seconds = time.perf_counter() - start
    after = measured()
    lines = [
        (
            f"Measured {timezone.localdate():%-d %B %Y}: {os.cpu_count()} cores, Python {platform.python_version()}, "
            f"Django {django.__version__}. The load: {loaded.budgets} budgets, {loaded.lines:,} lines and "
            f"{loaded.shares:,} parts of localities, made in {seconds:.0f} s."
        ),
        "",
        f"| Page | One year | Ten years of 31 partnerships | Ratio (limit {LOAD_LIMIT}) | Queries | HTML |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {one.label} | {one.milliseconds:.1f} ms | {many.milliseconds:.1f} ms | "
            f"{many.milliseconds / one.milliseconds:.2f} | {many.queries} | {many.kilobytes:.0f} kB |"
            for one, many in zip(before, after, strict=True)
        ),
    ]
    table = "\n".join(lines) + "\n"
    print(table)
    text = README.read_text()
    README.write_text(text[: text.index(BEGIN)] + BEGIN + table + END + text.partition(END)[2])


if __name__ == "__main__":
    main()
