"""Killing the fetching of a mailbox, then fetching again: what a test and the long run share."""

import importlib
import os
import random
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Dates
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.post.fetch_mail import fetch_mail
from peer_challenge.register import mailbox_messages as mails
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings
from tests.factories import a_cycle
from tests.faults import kills
from tests.mail.dovecot import Account, Dovecot
from tests.mail.emails import a_delivery_report, an_email

AT = datetime(2025, 2, 26, 15, tzinfo=UTC)
FORMS = [an_email(("form.docx", b"PK\x03\x04 %d" % number), number=number) for number in range(6)]
TWICE = b"Received: from another by way\r\n" + FORMS[0]
KEPT = [an_email(number=20), a_delivery_report()]


class Office:
    """An installation with an open cycle, and a mailbox into which emails have come."""

    def __init__(self, home: Path, account: Account, database_url: str | None = None) -> None:
        self.account = account
        self.settings = Settings(
            home=home,
            database_url=database_url,  # type: ignore[arg-type]
            **account.settings(),  # type: ignore[arg-type]
        )
        self.went_on = Counter[bytes]()
        for module in ("imap_tools", "authres"):  # once here, not in every child
            importlib.import_module(module)
        migrate_installation(self.settings)
        dates = Dates(opens=date(2025, 1, 13), self_assessment_due=date(2025, 2, 28))
        cycle = a_cycle(4).model_copy(update={"dates": dates})
        register = open_register(self.settings)
        with register.writing() as connection:
            store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
        register.close()
        account.put(*FORMS, TWICE, *KEPT)

    def fetch(self, _home: Path | None = None) -> None:
        """Fetch once, as the flow does."""
        register = open_register(self.settings)
        fetch_mail(register, self.settings, AT)
        register.close()

    def take_out(self) -> None:
        """Take out of the inbox what is there, as an intake does: into the archive first."""
        archive = Archive(self.settings.archive_folder)
        for path in self.settings.inbox_folder.iterdir():
            if not path.name.startswith("."):
                data = path.read_bytes()
                archive.put(data)
                self.went_on[data] += 1
                path.unlink()

    def list_wrongs(self) -> list[str]:
        """What is lost, or there twice, or not where it belongs; after fetching has run to its end."""
        self.take_out()
        wrong = []
        forms = Counter(FORMS)
        forms_found = Counter({data: count for data, count in self.went_on.items() if data != TWICE})
        if self.went_on[TWICE]:  # one email that was delivered twice: either may be the one
            forms_found[FORMS[0]] += self.went_on[TWICE]
        if forms_found != forms:
            wrong.append(f"{forms_found.total()} files of {len(forms_found)} emails came into the inbox")
        if Counter(self.account.list_emails("Taken in")) != Counter([*FORMS, TWICE]):
            wrong.append("the folder for those taken in holds something else")
        if sorted(self.account.list_emails()) != sorted(KEPT):
            wrong.append("the mailbox holds something else")
        register = open_register(self.settings)
        with register.reading() as connection:
            if len(mails.list_left(connection)) != len(KEPT):
                wrong.append("other emails are listed")
        register.close()
        return wrong


def measure_fetching(server: Dovecot, folder: Path, database_url: str | None = None) -> tuple[int, float]:
    """How many steps fetching takes when nothing kills it, and how many seconds."""
    office = Office(folder, server.make_account(), database_url)
    begun = time.monotonic()
    _, steps = kills.run_in_child(folder, run=office.fetch)
    seconds = time.monotonic() - begun
    assert office.list_wrongs() == []
    return steps, seconds


def kill_and_go_on(
    server: Dovecot,
    folder: Path,
    dice: random.Random,
    *,
    steps: int,
    seconds: float,
    at_a_step: bool,
    database_url: str | None = None,
) -> tuple[bool, str, list[str]]:
    """Kill fetching once, go on, and look. Returns whether it was killed, when, and what is wrong."""
    office = Office(folder, server.make_account(), database_url)
    if at_a_step:
        kill_at = dice.randint(1, steps)
        was_killed, _ = kills.run_in_child(folder, kill_at, run=office.fetch)
        when = f"at step {kill_at} of {steps}"
    else:
        after = dice.uniform(0, seconds)
        was_killed, _ = kills.run_in_child(folder, after=after, run=office.fetch)
        when = f"after {after:.3f} s"
    if dice.random() < 0.5:
        office.take_out()
    kills.run_in_child(folder, run=office.fetch)
    kills.run_in_child(folder, run=office.fetch)
    return was_killed, when, office.list_wrongs()


def trust_server(server: Dovecot) -> None:
    """Trust the server's certificate from here on, in this process and its children."""
    os.environ["SSL_CERT_FILE"] = str(server.certificates.authority)
