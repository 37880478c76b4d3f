"""What Prometheus reads: counts, ages and times of requests. No ids of areas, no names, no words."""

import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
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
from peer_challenge.intake.inbox import inbox_of
from peer_challenge.register import outbox, submissions
from peer_challenge.register import tables as t

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_UNHANDLED = 500


class Metrics:
    """The numbers of one dashboard: its requests as they come, the register and folders when asked."""

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
        """Everything, in Prometheus's text format."""
        return bytes(generate_latest(self._registry))

    def answered(self, method: str, status: int, seconds: float) -> None:
        """Count a request."""
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
        """Nothing: so that registering it asks nothing of the register."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every number."""
        with self._office.register.reading() as connection:
            yield from _of_register(connection, self._office.now())
        yield from self._of_folders()

    def _of_folders(self) -> Iterator[Metric]:
        settings = self._office.settings
        inbox = inbox_of(settings)
        contents = inbox.look()
        waiting = len(contents.waiting) + len(inbox.unsettled())
        yield _gauge("inbox_files", "Files waiting in the inbox", waiting)
        yield _gauge("inbox_left_files", "What lies in the inbox and can't be read", len(contents.left))
        yield _gauge("inbox_rejected_files", "Files and reasons among the rejected", inbox.rejected.count())
        yield _gauge("disk_free_bytes", "Free where the register is", shutil.disk_usage(settings.home).free)


def _of_register(connection: sa.Connection, now: datetime) -> Iterator[Metric]:
    yield _counted(connection, "cycles", "Cycles", t.cycles.c.state)
    yield _counted(connection, "challenges", "Challenges of open cycles", t.challenges.c.stage, _IS_OPEN)
    yield _counted(connection, "submissions", "Documents taken in", t.submissions.c.kind, None, "outcome")
    yield _counted(connection, "dispatches", "Dispatches", t.dispatches.c.state)
    yield _gauge(
        "held_documents",
        "Documents of which the office has to say whose they are",
        submissions.held_total(connection),
    )
    oldest = connection.scalar(
        sa.select(sa.func.min(t.dispatches.c.intended_at)).where(
            t.dispatches.c.state.in_([outbox.INTENDED, outbox.PLACING])
        )
    )
    yield _gauge(
        "oldest_waiting_dispatch_seconds",
        "How long the oldest dispatch waits to go out; 0 when none does",
        (now - oldest).total_seconds() if oldest else 0,
    )
    last = connection.execute(
        sa.select(t.journal.c.sequence, t.journal.c.at).order_by(t.journal.c.sequence.desc()).limit(1)
    ).first()
    yield _gauge("journal_entries", "Entries in the journal", last.sequence if last else 0)
    yield _gauge(
        "journal_last_timestamp_seconds", "The newest entry's time", last.at.timestamp() if last else 0
    )


_IS_OPEN = t.challenges.c.cycle_id.in_(sa.select(t.cycles.c.id).where(t.cycles.c.state == "open"))


def _counted(
    connection: sa.Connection,
    name: str,
    what: str,
    by: sa.Column[Any],
    where: sa.ColumnElement[bool] | None = None,
    also: str | None = None,
) -> Metric:
    columns = [by, *([by.table.c[also]] if also else [])]
    query = sa.select(*columns, sa.func.count()).group_by(*columns)
    found = GaugeMetricFamily(f"peer_challenge_{name}", what, labels=[column.name for column in columns])
    for row in connection.execute(query if where is None else query.where(where)):
        found.add_metric([str(value or "none") for value in row[:-1]], row[-1])
    return found


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"peer_challenge_{name}", what, value=value)
