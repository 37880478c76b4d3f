"""One thing that `doctor` looked at, what it is about, and how its state is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from peer_challenge.model.sentences import capitalise_first_letter


class Topic(StrEnum):
    """What a check is about, in the order in which the office needs to know."""

    BACKUPS = "Backups"
    MESSAGES = "Messages and mail"
    ARRIVALS = "Inbox and mailbox"
    SIGN_IN = "Signing in"
    FOLDERS = "Folders and keeping"
    TECHNICAL = "For the person who looks after this machine"


_TOPICS = {
    "last backup": Topic.BACKUPS,
    "backup key": Topic.BACKUPS,
    "settings of the backup": Topic.BACKUPS,
    "messages": Topic.MESSAGES,
    "dispatches go out": Topic.MESSAGES,
    "held dispatches": Topic.MESSAGES,
    "whose documents are": Topic.ARRIVALS,
    "inbox is read": Topic.ARRIVALS,
    "inbox holds documents only": Topic.ARRIVALS,
    "address": Topic.SIGN_IN,
    "inbox folder": Topic.FOLDERS,
    "outbox folder": Topic.FOLDERS,
    "var folder": Topic.FOLDERS,
    "disk space": Topic.FOLDERS,
    "folders are closed to others": Topic.FOLDERS,
    "retention": Topic.FOLDERS,
}
"""What each check is about, by its name; all others are technical."""


_TITLES = {
    "held dispatches": "Documents that could not be made",
    "dispatches go out": "Documents go out",
    "whose documents are": "Whose each document is",
    "var folder": "The program's own folder",
}
"""What a page calls a check whose name is for those who look after the machine."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `is_fatal` says whether an installation with it wrong is unhealthy."""

    name: str
    is_well: bool
    saw: str
    remedy: str = ""
    is_fatal: bool = True

    @property
    def status(self) -> str:
        """How its state is called."""
        return "Fine" if self.is_well else "Needs action now" if self.is_fatal else "Needs your attention"

    @property
    def title(self) -> str:
        """What it is called on a page."""
        return _TITLES.get(self.name, capitalise_first_letter(self.name))

    @property
    def topic(self) -> Topic:
        """What it is about."""
        return _TOPICS.get(self.name, Topic.TECHNICAL)


def list_what_needs_action(checks: Iterable[Check]) -> list[Check]:
    """The checks that found something wrong, those first that make the installation unhealthy."""
    return sorted((one for one in checks if not one.is_well), key=lambda one: not one.is_fatal)


def group_by_topic(checks: Iterable[Check]) -> Mapping[Topic, list[Check]]:
    """Every topic in order, with its checks in theirs."""
    found: dict[Topic, list[Check]] = {topic: [] for topic in Topic}
    for one in checks:
        found[one.topic].append(one)
    return found
