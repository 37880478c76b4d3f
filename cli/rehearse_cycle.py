"""The rehearsed cycle: opened, run through the real flows, shown while it runs and summed up at the end."""

import logging
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from datetime import time as time_of_day

from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.local_prefect import LocalPrefect
from cli.terminal import console
from peer_challenge.clock import LONDON
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake import take_in
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.journey import ORDER, is_final_stage
from peer_challenge.model.messages import Delivery
from peer_challenge.model.vocabulary import KIND_NAMES, DispatchKind, Kind, Outcome
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.outbox import render_in_children
from peer_challenge.register import challenges, journal, outbox, submission_counts
from peer_challenge.register.cycles import is_cycle_stored, store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import DispatchState
from peer_challenge.rehearsal import rehearsal_cycle
from peer_challenge.rehearsal.count_post import PostCount, count_post
from peer_challenge.rehearsal.fictional import make_next_cycle
from peer_challenge.settings import Settings


def run_cycle(settings: Settings, areas: int, seed: int, server: LocalPrefect, began: float) -> bool:
    """Run the fictional cycle from its present state to its end, then open the next; returns whether it did.

    The forms of the next cycle show each area what it said in the first.
    """
    cycle = _send_timetable_later(rehearsal_cycle(areas))
    migrate_installation(settings)
    register = open_register(settings)
    starts_at = datetime.combine(cycle.dates.opens, time_of_day(9), LONDON).astimezone(UTC)
    _open_new_cycle(register, cycle, starts_at)
    console.print(f"Rehearsing {cycle.name}: {len(cycle.authors)} areas, in {settings.home}", highlight=False)
    with _show_stages_live(register, cycle):
        render_in_children.begin_helping(settings)
        _run_rehearse_flow(settings, register, (areas, seed), starts_at, server)
        _open_cycle_after(settings, register, cycle)
    return _print_summary(settings, register, cycle, time.monotonic() - began)


def _send_timetable_later(cycle: Cycle) -> Cycle:
    """The cycle with its timetable sent once, some days after its events are set.

    The events are set as soon as an analysis is in, so that the papers of that day give the event's day too.
    """
    rules = cycle.rules.model_copy(update={"timetable_working_days": 5})
    return cycle.model_copy(update={"rules": rules})


def _open_new_cycle(register: Register, cycle: Cycle, at: datetime) -> None:
    with register.writing() as connection:
        if not is_cycle_stored(connection, cycle.id):
            framework = shipped_frameworks()[cycle.framework]
            store_cycle(connection, cycle, framework, at=at, actor="rehearsal")


def _open_cycle_after(settings: Settings, register: Register, cycle: Cycle) -> None:
    """Open the cycle of the year after, once every challenge of this one has ended, and send its forms."""
    with register.reading() as connection:
        if not all(map(is_final_stage, challenges.count_stages(connection, cycle.id))):
            return
    from flows.advance import advance
    from flows.rehearse import send_what_was_put_off

    following = make_next_cycle(cycle)
    at = datetime.combine(following.dates.opens, time_of_day(9), LONDON).astimezone(UTC)
    _open_new_cycle(register, following, at)
    with _run_without_heartbeats():
        advance(str(settings.home), at.isoformat())
        send_what_was_put_off(str(settings.home), at)


def _run_without_heartbeats() -> AbstractContextManager[object]:
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def _find_resume_time(register: Register, starts_at: datetime) -> datetime:
    """The simulated time at which the rehearsal had got to."""
    with register.reading() as connection:
        last = journal.find_newest_time(connection)
    return max(starts_at, last) if last else starts_at


def _run_rehearse_flow(
    settings: Settings, register: Register, what: tuple[int, int], starts_at: datetime, server: LocalPrefect
) -> None:
    for name in ("prefect", "great_expectations"):
        logging.getLogger(name).setLevel(logging.ERROR)
    from flows.rehearse import rehearse

    take_in.start_worker_processes(register, settings)  # while the server comes up
    render_in_children.prepare_helpers(settings)
    server.wait()
    with _run_without_heartbeats():
        rehearse(str(settings.home), _find_resume_time(register, starts_at).isoformat(), *what)


@contextmanager
def _show_stages_live(register: Register, cycle: Cycle) -> Iterator[None]:
    """A live picture of the stages while the rehearsal runs, on a terminal."""
    stop = threading.Event()
    if not console.is_terminal:
        yield
        return
    with Live(
        _build_stage_table(register, cycle), console=console, transient=True, refresh_per_second=4
    ) as live:

        def keep_up() -> None:
            while not stop.wait(0.5):
                live.update(_build_stage_table(register, cycle))

        thread = threading.Thread(target=keep_up, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def _build_stage_table(register: Register, cycle: Cycle) -> Table:
    with register.reading() as connection:
        counts = challenges.count_stages(connection, cycle.id)
        last = journal.find_newest_time(connection)
    table = Table.grid(padding=(0, 1))
    table.add_row("", Text(day_in_words(last) if last else "", "bold"))
    total = len(cycle.authors)
    passed = 0
    for stage in reversed(ORDER):
        passed += counts[stage]
        bar = Text.assemble(("█" * passed, "cyan"), ("░" * (total - passed), "dim"), f" {passed}/{total}")
        table.add_row(stage.value, bar)
    return table


def _print_summary(settings: Settings, register: Register, cycle: Cycle, seconds: float) -> bool:
    with register.reading() as connection:
        arrived = submission_counts.count_outcomes(connection)
        out = outbox.count_states(connection)
        stages = challenges.count_stages(connection, cycle.id)
        post = count_post(connection, cycle.id)
    console.print(_tabulate_arrivals(arrived))
    console.print(_tabulate_departures(out))
    if settings.way_to_deliver is Delivery.SEND:
        console.print(_tabulate_post(post))
    is_finished = all(map(is_final_stage, stages))
    console.print(
        ", ".join(f"{count} challenges {stage}" for stage, count in stages.items())
        + f", in {seconds:.1f} seconds.",
        highlight=False,
    )
    _where_to_look(settings, cycle)
    return is_finished


def _tabulate_arrivals(counts: Mapping[tuple[Kind | None, Outcome], int]) -> Table:
    table = Table("What came in", "Accepted", "With warnings", "Queried", "Rejected", title_justify="left")
    for kind in dict.fromkeys(kind for kind, _ in counts):
        table.add_row(
            KIND_NAMES[kind] if kind else "not ours",
            *(str(counts.get((kind, outcome), "")) for outcome in Outcome),
        )
    return table


def _tabulate_departures(counts: Mapping[tuple[DispatchKind, DispatchState], int]) -> Table:
    table = Table("What went out", "", title_justify="left")
    for (kind, state), count in counts.items():
        table.add_row(kind.in_words, str(count) + ("" if state is DispatchState.ISSUED else f" {state}"))
    return table


def _tabulate_post(post: PostCount) -> Table:
    table = Table("What was emailed", "", title_justify="left")
    for what, count in (
        ("documents", post.documents),
        ("messages", post.messages),
        ("documents without a message that has gone", post.without_message),
        ("messages without an address", post.without_address),
        ("addresses that are not the recipient's", post.to_others),
        ("most messages that an area got, up to its action plan", post.most_messages),
        ("most messages that an area got, with the reviews", post.most_with_reviews),
        ("most with an email for each document", post.most_documents),
    ):
        table.add_row(what, str(count))
    return table


def _where_to_look(settings: Settings, cycle: Cycle) -> None:
    """Say where everything is: a line each, never wrapped, so that it can be copied."""
    command = "peer-challenge" if shutil.which("peer-challenge") else sys.argv[0]
    console.print("Where to look")
    for what, where in (
        ("Word files, a folder per recipient", settings.outbox_folder / cycle.id),
        ("forms of the next cycle", settings.outbox_folder / make_next_cycle(cycle).id),
        ("what each challenge waits for", f"{command} status --home {settings.home}"),
        ("dashboard and Prefect page", f"{command} serve --home {settings.home}"),
        ("the register", settings.var / "register.db"),
    ):
        console.print(f"  {what}: {where}", highlight=False, soft_wrap=True)
