"""What Prometheus reads: counts, ages and times of requests. No ids of areas, no names, no words."""

import shutil
import time
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.context import Office
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.register import counts, held_documents
from peer_challenge.register.counts import Counts
from peer_challenge.register.database import Transaction

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_UNHANDLED = 500
"""HTTP's internal server error, which the server sends when no answer was begun."""


class Metrics:
    """The numbers of one dashboard: requests are counted at once, the register and folders when asked."""

    def __init__(self, office: Office) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._registry.register(_Installation(office))
        self._requests = Counter(
            "peer_challenge_requests", "Requests answered", ["method", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "peer_challenge_request_seconds", "Until an answer began", ["method"], registry=self._registry
        )

    def text(self) -> bytes:
        """All numbers, in Prometheus's text format."""
        return bytes(generate_latest(self._registry))

    def answered(self, method: str, status: int, seconds: float) -> None:
        """Count an answered request and the seconds until its answer began."""
        known = method if method in ("GET", "POST", "HEAD") else "other"
        self._requests.labels(known, str(status)).inc()
        self._seconds.labels(known).observe(seconds)


class Measured:
    """Counts every request that passes."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, noting when and how it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._metrics.answered(scope["method"], status, time.perf_counter() - begun)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            if not status:
                self._metrics.answered(scope["method"], _UNHANDLED, time.perf_counter() - begun)


class _Installation(Collector):
    """The register and the folders, looked at when asked."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def describe(self) -> list[Metric]:
        """No metrics, so that registering this collector does not read the register."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every number about the register and the folders."""
        with self._office.register.reading() as connection:
            yield from _measure_register(connection, self._office.now())
        yield from self._measure_folders()

    def _measure_folders(self) -> Iterator[Metric]:
        settings = self._office.settings
        inbox = make_inbox_from_settings(settings)
        contents = inbox.look()
        waiting = len(contents.waiting) + len(inbox.unsettled())
        yield _make_single_gauge("inbox_files", "Files waiting in the inbox", waiting)
        yield _make_single_gauge(
            "inbox_left_files", "What lies in the inbox and can't be read", len(contents.left)
        )
        yield _make_single_gauge(
            "inbox_rejected_files", "Files and reasons among the rejected", inbox.rejected.count()
        )
        yield _make_single_gauge(
            "disk_free_bytes", "Free where the register is", shutil.disk_usage(settings.home).free
        )


def _measure_register(connection: Transaction, now: datetime) -> Iterator[Metric]:
    yield _make_labelled_gauge("cycles", "Cycles", ("state",), counts.count_cycles(connection))
    yield _make_labelled_gauge(
        "challenges", "Challenges of open cycles", ("stage",), counts.count_challenges(connection)
    )
    documents = counts.count_submissions(connection)
    yield _make_labelled_gauge("submissions", "Documents taken in", ("kind", "outcome"), documents)
    yield _make_labelled_gauge("dispatches", "Dispatches", ("state",), counts.count_dispatches(connection))
    yield _make_single_gauge(
        "held_documents",
        "Documents of which the office has to say whose they are",
        held_documents.held_total(connection),
    )
    oldest = counts.oldest_waiting_at(connection)
    yield _make_single_gauge(
        "oldest_waiting_dispatch_seconds",
        "How long the oldest dispatch waits to go out; 0 when none does",
        (now - oldest).total_seconds() if oldest else 0,
    )
    number, at = counts.newest_entry(connection)
    yield _make_single_gauge("journal_entries", "Entries in the journal", number)
    yield _make_single_gauge(
        "journal_last_timestamp_seconds", "The newest entry's time", at.timestamp() if at else 0
    )


def _make_labelled_gauge(name: str, what: str, labels: tuple[str, ...], found: Counts) -> Metric:
    metric = GaugeMetricFamily(f"peer_challenge_{name}", what, labels=labels)
    for values, number in found.items():
        metric.add_metric(values, number)
    return metric


def _make_single_gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"peer_challenge_{name}", what, value=value)
