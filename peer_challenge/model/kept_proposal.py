"""The form in which a proposal of partners is kept and printed: plain data that JSON can hold."""

from typing import NotRequired, TypedDict


class KeptPair(TypedDict):
    """One author and its challenger, with the reasons; `moderator` only in triads."""

    author: str
    challenger: str
    reasons: list[str]
    alternatives: list[str]
    moderator: NotRequired[str]


class HandMadeRules(TypedDict):
    """The pins (author to challenger) and bans (author to challengers) that the office made by hand."""

    pins: dict[str, str]
    bans: dict[str, list[str]]


class RuleNote(TypedDict):
    """Why, by whom and when (ISO) a pin or ban was made; "" where it is not known."""

    reason: str
    made_by: str
    made_at: str


class KeptProposal(TypedDict):
    """A proposal as `assign --json` prints it, and what the register keeps with it.

    `avoided` are the authors whose pair breaks a rule to be avoided, `rule_notes` the makers of pins and
    bans by "pin author challenger", `changed_from` the id of the assignment before it. A proposal that lets
    an area withdraw names it in `without`, and in `moves` the authors that get another challenger.
    """

    status: str
    pairs: list[KeptPair]
    objective: NotRequired[dict[str, object]]
    conflict: NotRequired[list[str]]
    seconds: NotRequired[float]
    relaxations: NotRequired[list[str]]
    avoided: NotRequired[list[str]]
    pins: NotRequired[dict[str, str]]
    bans: NotRequired[dict[str, list[str]]]
    rule_notes: NotRequired[dict[str, RuleNote]]
    changed_from: NotRequired[int | None]
    without: NotRequired[str]
    moves: NotRequired[list[str]]
