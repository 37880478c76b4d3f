"""Killing what sends messages, then running it again: what a test and the long run share.

The mail server is a process of its own, which nobody kills: it keeps each message that it took as a file.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from random import Random

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.messages import MessageState
from peer_challenge.outbox.do_what_is_due import advance_and_deliver, advance_challenges
from peer_challenge.outbox.who_is_reminded import intend_reminders
from peer_challenge.paths import ROOT
from peer_challenge.post.group_into_messages import find_everybody
from peer_challenge.register import messages
from peer_challenge.register.cycles import load_stored, store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle
from tests.mail.smtp_server import run_mail_server
from tests.migrated import make_installation

AREAS = 6
CYCLE = a_cycle(AREAS)
AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
DAY = AT + (CYCLE.dates.self_assessment_due - CYCLE.dates.opens) - timedelta(days=7)
_PORT_FILE = "port"


def settings_of(home: Path, port: int) -> Settings:
    """The settings of an installation that sends through the server at a port."""
    return load_settings(
        home,
        {
            "PEER_CHALLENGE_SMTP_HOST": "127.0.0.1",
            "PEER_CHALLENGE_HOLD_NEW_ADDRESSES": "false",
            "PEER_CHALLENGE_SMTP_PORT": str(port),
            "PEER_CHALLENGE_SMTP_TLS": "false",
        },
    )


def make(home: Path, port: int) -> None:
    """An installation whose cycle is open: a message for each area is ready."""
    settings = settings_of(home, port)
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=AT, actor="test")
    advance_challenges(register, settings, AT)
    register.close()


def run(home: Path, port: int) -> None:
    """Send what is ready, then remind every area, and send that."""
    settings = settings_of(home, port)
    register = open_register(settings)
    advance_and_deliver(register, settings, AT)
    intend_reminders(register, DAY)
    advance_and_deliver(register, settings, DAY)
    register.close()


def find_wrongs(home: Path, port: int, kept: Path, *, doubts: int) -> list[str]:
    """Everything that is wrong after kills and a run to the end; at most so many messages may be in doubt."""
    register = open_register(settings_of(home, port))
    with register.reading() as connection:
        found = messages.list_messages(connection, most=None)
        contents = messages.list_dispatches_of(connection, [one.id for one in found])
        cycle, _ = load_stored(connection, CYCLE.id)
        without = len(messages.list_without_message(connection))
    register.close()
    taken = [json.loads(path.read_text()) for path in kept.glob("*.json")]
    count = Counter(one["id"] for one in taken)
    by_id = {f"<{one.key}@peer-challenge.invalid>": one for one in found}
    states = Counter(one.state for one in found)
    in_doubt = [one for one in found if one.state is MessageState.IN_DOUBT]
    # nobody is reminded of what may not have reached them
    doubted = {one.recipient_id for one in in_doubt if contents[one.id][0].kind.value != "reminder"}
    wrongs = [f"message {which} went {times} times" for which, times in count.items() if times != 1]
    wrongs += [f"message {which} is nobody's" for which in count if which not in by_id]
    wrongs += [f"{without} documents are in no message"] * bool(without)
    wrongs += [f"{states} instead of {2 * AREAS}"] * (len(found) != 2 * AREAS - len(doubted))
    wrongs += [f"{len(in_doubt)} in doubt"] * (len(in_doubt) > doubts)
    wrongs += [
        f"message {one.id} is {one.state}"
        for one in found
        if one.state not in (MessageState.SENT, MessageState.IN_DOUBT)
    ]
    for which, one in by_id.items():
        if one.state is MessageState.SENT and count[which] != 1:
            wrongs.append(f"message {one.id} is sent and went {count[which]} times")
    for one in taken:
        message = by_id.get(one["id"])
        own = find_everybody(cycle, message.addressee, message.recipient_id) if message else frozenset()
        if not set(one["to"]) <= own:
            wrongs.append(f"message {one['id']} went to another")
    return wrongs


def count_in_doubt(home: Path, port: int) -> int:
    """How many messages of an installation are in doubt."""
    register = open_register(settings_of(home, port))
    with register.reading() as connection:
        count = messages.count_states(connection)[MessageState.IN_DOUBT]
    register.close()
    return count


@contextmanager
def serve_in_another_process(kept: Path) -> Iterator[int]:
    """The port of a mail server in a process of its own, which keeps what it took in the folder `kept`."""
    kept.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.post_kills", str(kept)], cwd=ROOT, stdin=subprocess.PIPE
    )
    try:
        place = kept / _PORT_FILE
        while not place.exists():
            if server.poll() is not None:
                raise RuntimeError("the mail server did not start")
            time.sleep(0.02)
        yield int(place.read_text())
    finally:
        assert server.stdin is not None
        server.stdin.close()  # it ends when nobody can tell it anything any more
        server.wait()


def _serve(kept: Path) -> None:
    dice = Random(1)
    with run_mail_server() as server:

        def keep() -> str:
            time.sleep(dice.uniform(0, 0.02))  # a kill finds it in the middle of a message
            return "250 OK"

        def keep_taken() -> None:
            while server.taken:
                taken = server.taken.pop(0)
                email = message_from_bytes(taken.data, policy=policy.default)
                told = json.dumps({"id": str(email["Message-ID"]), "to": list(taken.to)})
                draft = kept / f".{time.monotonic_ns()}"
                draft.write_text(told)
                draft.rename(kept / f"{draft.name[1:]}.json")

        server.on_data = keep
        server.after_taking = keep_taken
        draft = kept / ".port"
        draft.write_text(str(server.port))
        draft.rename(kept / _PORT_FILE)
        os.read(0, 1)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
