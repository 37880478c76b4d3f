"""`peer-challenge not-sent`: what follows is said first; the mark goes with a reason alone."""

from pathlib import Path

import pytest

from peer_challenge.model.messages import MessageState
from peer_challenge.register import messages
from peer_challenge.register.database import open_register
from peer_challenge.settings import load_settings
from peer_challenge.steering import send_messages
from tests.unit.cli.test_command_line import EXAMPLE, _ends


def read_state(home: Path, number: int) -> MessageState:
    register = open_register(load_settings(home))
    with register.reading() as connection:
        found = messages.load_message(connection, number)
    register.close()
    assert found is not None
    return found.state


def test_a_mark_set_by_mistake_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text('delivery = "drafts"\n')
    where = ("--home", str(tmp_path), "--today", "2027-01-20")
    assert _ends("open", str(EXAMPLE), *where, monkeypatch=monkeypatch) == 0
    register = open_register(load_settings(tmp_path))
    with register.writing() as connection:
        (first, *_) = messages.list_messages(connection)
        send_messages.mark_as_sent(connection, first.id, at=first.made_at, actor="office")
    register.close()
    capsys.readouterr()
    for more, problem in (((), "--yes and --reason"), (("--yes",), "no reason given")):
        assert _ends("not-sent", str(first.id), *more, *where, monkeypatch=monkeypatch) == 64
        said = capsys.readouterr()
        assert "It counts as not sent." in said.out and problem in said.err
        assert read_state(tmp_path, first.id) is MessageState.SENT
    sure = ("--yes", "--reason", "Ticked the wrong line")
    assert _ends("not-sent", str(first.id), *sure, *where, monkeypatch=monkeypatch) == 0
    assert read_state(tmp_path, first.id) is MessageState.READY
