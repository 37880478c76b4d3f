"""The advance flow: what is due is done, and what has to go out goes."""

from collections.abc import Sequence

from prefect import flow, get_run_logger

from flows.handfuls import split_into_handfuls
from flows.runners import runner_of_bulk
from peer_challenge.outbox.do_what_is_due import ROUNDS, AlreadyAdvancing
from tasks.advance_tasks import (
    advancing_alone,
    check_evidence,
    folder_for_files,
    group_messages,
    issue_documents,
    list_waiting,
    propose_events,
    propose_partners,
    render_documents,
    send_messages,
    set_dates,
    tidy_files_to_look_at,
)

_MOST_ALONE = 10
"""So many documents are made by a task each: the answers to one arrival, and the papers of one event."""


@flow(name="advance", persist_result=False, task_runner=runner_of_bulk())
def advance(home: str | None = None, at: str | None = None) -> int:
    """Do what is due in every open cycle; returns how many dispatches went out.

    Runs every quarter of an hour. The intake flow also does this for the documents it took in. By hand:
    run `advance` on Prefect's page, or `peer-challenge advance` without Prefect.
    """
    return do_what_is_due_and_send(home, at)


def do_what_is_due_and_send(home: str | None, at: str | None) -> int:
    """Do what is due and send the messages, then what is due as they have gone; returns how many dispatches.

    Dates that count from a document begin when its message has gone.
    """
    went_out = do_what_is_due(home, at)
    while send_messages(home, at):
        went_out += do_what_is_due(home, at)
    return went_out


def do_what_is_due(home: str | None, at: str | None) -> int:
    """Propose partners, set dates, propose events, render, issue, as long as one makes another due.

    Returns how many dispatches went out: none where another process is at it for longer than a minute.
    """
    try:
        with advancing_alone(home):
            return _go_round(home, at)
    except AlreadyAdvancing:  # a long one, which goes on until nothing is due
        get_run_logger().info("another run is doing what is due")
        return 0


def _go_round(home: str | None, at: str | None) -> int:
    """Round after round until nothing is due; returns how many dispatches went out.

    Only the first round and one that follows a move can find partners or events to propose: what goes out
    moves a challenge's dates at most.
    """
    tidy_files_to_look_at(home)
    went_out = moved = 0
    for number in range(ROUNDS):
        is_open = moved > 0 or number == 0
        if number == 0:
            check_evidence(home, at)  # before it is decided what goes, so that files go with their pack
        moved = propose_partners(home, at) if is_open else 0
        moved += set_dates(home, at)
        moved += propose_events(home, at) if is_open else 0
        waiting = list_waiting(home)
        checked = check_evidence(home, at)  # a form may have come since: its receipt says what became of all
        issued = _render_and_issue(home, at, waiting)
        grouped = group_messages(home, at)
        went_out += issued
        if not moved and not checked and not issued and not grouped:
            break
    return went_out


def _render_and_issue(home: str | None, at: str | None, waiting: Sequence[int]) -> int:
    """Make the files of the dispatches `waiting`, and put them into the outbox; returns how many went."""
    if not waiting:
        return 0
    with folder_for_files(home) as folder:
        count = len(waiting)
        some_together = split_into_handfuls(waiting, count, most_alone=_MOST_ALONE)
        making = [render_documents.submit(home, folder, some, count) for some in some_together]
        for one in making:
            one.result()
        return len(issue_documents(home, folder, at))
