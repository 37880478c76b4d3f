"""The states of a message are one table, complete and disjoint; the docs show that table."""

from pathlib import Path

from peer_challenge.model.messages import (
    ASKING_OFFICE,
    GONE,
    MESSAGE_STATES,
    WAITING,
    MessageState,
    can_follow,
    draw_state_table,
)

DOCS = Path(__file__).parents[3] / "docs" / "messages.md"


def test_every_state_has_its_row_and_no_two_are_called_alike() -> None:
    assert set(MESSAGE_STATES) == set(MessageState)
    assert len({row.name for row in MESSAGE_STATES.values()}) == len(MessageState)


def test_no_state_is_of_two_kinds() -> None:
    assert not set(WAITING) & set(GONE)
    for state in (MessageState.SENDING, MessageState.OVERTAKEN):
        assert state not in WAITING + GONE + ASKING_OFFICE


def test_every_state_can_be_reached_from_those_in_which_a_message_begins() -> None:
    begun = {MessageState.READY, MessageState.NO_ADDRESS, MessageState.SENT}
    reached = set(begun)
    while more := {after for state in reached for after in MESSAGE_STATES[state].follows} - reached:
        reached |= more
    assert reached == set(MessageState)


def test_what_the_office_is_asked_about_it_can_settle() -> None:
    for state in ASKING_OFFICE:
        assert can_follow(state, MessageState.SENT), state
        assert can_follow(state, MessageState.READY), state


def test_what_has_gone_is_never_ready_again_by_itself() -> None:
    for state in (*GONE, MessageState.OVERTAKEN):
        assert not can_follow(state, MessageState.READY), state
        assert not can_follow(state, MessageState.SENDING), state
    assert [state for state in MessageState if can_follow(state, MessageState.SENDING)] == [
        MessageState.READY
    ]


def test_the_docs_show_the_table() -> None:
    assert draw_state_table() in DOCS.read_text()
