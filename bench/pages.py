"""How long the server works on a page, as a multiple of a bare Django view with one query in the same run.

Both run in one process through Django's own request handling, warm, in turns; the median of each is compared.
The bare view has the middleware of a new Django project, the portal's pages have all of the portal's.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

ROUNDS = 60
WARM_UP = 8
WORDS_SAVED = 5_000
SAVINGS = 20
BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@dataclass(frozen=True)
class Page:
    label: str
    url: str
    email: str
    aim: float


@dataclass(frozen=True)
class Result:
    page: Page
    milliseconds: float
    multiple: float
    queries: int
    kilobytes: float


def pages() -> list[Page]:
    from strategic_plans.models import Section

    sections = Section.objects.filter(plan__partnership__slug="edinburgh").order_by("-word_count")
    section = sections.select_related("plan__partnership").first()
    assert section, "load the demonstration first"
    return [
        Page("List of 50 activities", "/edinburgh/engagement/", "officer@demo.example", 5),
        Page("Partnership home", "/edinburgh/", "officer@demo.example", 8),
        Page("Section editor, longest section", section.get_absolute_url(), "officer@demo.example", 6),
        Page("Plan overview", section.plan.get_absolute_url(), "officer@demo.example", 8),
    ]


@contextmanager
def fifty_activities() -> Iterator[None]:
    """The list page shows a full page of 50 rows while inside; nothing of it is kept."""
    from datetime import timedelta

    from django.utils import timezone

    from engagement.models import Activity
    from partnerships.models import Partnership

    with transaction.atomic():
        edinburgh = Partnership.objects.get(slug="edinburgh")
        Activity.objects.bulk_create(
            Activity(
                partnership=edinburgh,
                held_on=timezone.localdate() - timedelta(days=day),
                place=f"Hall {day}",
                heard="People asked for later buses home from the day centre. " * 4,
            )
            for day in range(60)
        )
        yield
        transaction.set_rollback(True)


def signed_in(email: str) -> Client:
    from partnerships.models import User

    client = Client()
    client.force_login(User.objects.get(email=email))
    return client


def time_of(client: Client, url: str) -> float:
    start = time.perf_counter()
    response = client.get(url)
    elapsed = time.perf_counter() - start
    assert response.status_code == 200, f"{url} answers {response.status_code}"
    return elapsed * 1000


def measure_saving() -> float:
    """The median of the server's milliseconds for saving a section of 5,000 words in which one paragraph changed."""
    from strategic_plans.models import Section

    sentence = (
        "People asked for later buses home from the day centre, and for one number that somebody answers. "
    )
    paragraphs = [f"<p>{sentence * 5}</p>" for _ in range(WORDS_SAVED // (5 * len(sentence.split())))]
    with override_settings(ALLOWED_HOSTS=["testserver"]), transaction.atomic():
        drafts = Section.objects.filter(plan__partnership__slug="edinburgh", plan__state="draft")
        section = drafts.order_by("-word_count").first()
        assert section, "load the demonstration first"
        client, url, times = signed_in("officer@demo.example"), section.get_absolute_url(), []
        for turn in range(SAVINGS + WARM_UP):
            section.refresh_from_db()
            changed = [*paragraphs[:-1], f"<p>Saved {turn} times. {sentence * 4}</p>"]
            sent = {"body": "".join(changed), "revision": section.revision, "reason": ""}
            start = time.perf_counter()
            response = client.post(url, sent)
            elapsed = time.perf_counter() - start
            assert response.status_code == 302, f"saving answers {response.status_code}"
            times += [elapsed * 1000] if turn >= WARM_UP else []
        transaction.set_rollback(True)
    return statistics.median(times)


def measure() -> tuple[float, list[Result]]:
    """The bare view's median in milliseconds, and a result for each page."""
    with override_settings(ROOT_URLCONF="bench.urls", ALLOWED_HOSTS=["testserver"]), fifty_activities():
        with override_settings(MIDDLEWARE=BARE_MIDDLEWARE):
            bare = signed_in("officer@demo.example")
            time_of(bare, "/bench/bare/")  # builds the middleware chain, which this client keeps
        results, all_bare = [], []
        for page in pages():
            client = signed_in(page.email)
            times, bare_times = [], []
            for turn in range(ROUNDS + WARM_UP):
                one, other = time_of(client, page.url), time_of(bare, "/bench/bare/")
                if turn >= WARM_UP:
                    times.append(one)
                    bare_times.append(other)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(page.url)
            median, bare_median = statistics.median(times), statistics.median(bare_times)
            all_bare += bare_times
            results.append(
                Result(page, median, median / bare_median, len(queries), len(response.content) / 1024)
            )
        return statistics.median(all_bare), results
