"""A real Prefect that takes in an email and a form with a marked word, and tasks that fail over it.

Run by test_nothing_quoted.py in a process of its own: `python -m tests.flows.marked_run HOME MARKER`.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from docx import Document

from cli.local_prefect import local_prefect
from cli.prefect_deployments import apply_deployments
from cli.prefect_home import prepare_prefect
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import load_settings
from tests.factories import a_cycle, a_filled
from tests.unit.intake.emails.wrapping import an_email
from tests.waiting import LONG

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)


def main(home: Path, marker: str) -> None:
    settings = load_settings(home)
    prepare_prefect(settings)
    with local_prefect() as server:
        cycle = a_cycle(4)
        migrate_installation(settings)
        register = open_register(settings)
        with register.writing() as connection:
            store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
        form = _marked(cycle.participants[0].id, marker)
        email = an_email(
            (f"{marker}.docx", form),
            (f"{marker}.pdf", b"%PDF-1.7"),
            sender=f"{marker}@example.org",
            sent=AT,
            subject=marker,
            text=marker,
        )
        (settings.inbox_folder / f"{marker}.eml").write_bytes(email.as_bytes())
        server.wait()
        apply_deployments()
        _run(str(home), marker)
        register.close()


def _marked(author: str, marker: str) -> bytes:
    form = Document(BytesIO(a_filled(Kind.SELF_ASSESSMENT, author, areas=4)))
    for node in form.element.body.xpath(".//w:tbl//w:tc//w:t"):
        if len(node.text or "") > 40:
            node.text = f"{node.text} {marker}"
    out = BytesIO()
    form.save(out)
    return out.getvalue()


def _run(home: str, marker: str) -> None:
    from prefect import flow, task
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    from flows.advance import advance
    from flows.intake import intake
    from tasks.hide_contents import quoting_nothing

    @task(retries=1)
    @quoting_nothing
    def fail_over_it() -> None:
        try:
            raise KeyError(marker)
        except KeyError as error:
            raise ValueError(f"could not read {marker}") from error

    @flow
    def failing() -> None:
        fail_over_it()

    at = AT.isoformat()
    assert intake(home, at) == 1
    advance(home, at)
    state = failing(return_state=True)
    assert state.is_failed()
    print(state.message)
    APILogWorker.drain_all(timeout=LONG)  # while the server is there
    EventsWorker.drain_all(timeout=LONG)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
