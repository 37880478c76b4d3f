"""Help with each page of the office, in its place: what it is for, and what to do there first."""

from collections.abc import Mapping

HELP: Mapping[str, tuple[str, ...]] = {
    "/": (
        "Begin with what waits for you: each line leads to the page where it is done.",
        "The figures and the strip below choose which areas are listed. Choose an area to see all about it.",
    ),
    "/messages": (
        "Each row is one email to one recipient, with all its documents.",
        "Open a message to read it, or tick several. What you mark as sent counts as sent from that moment.",
    ),
    "/inbox": (
        "Drop forms here, or whole emails with forms in them. Each is read within a minute or two.",
        "A document that is held waits until you say whose it is. Nothing goes out before that.",
    ),
    "/cycle": (
        "Change contacts, Chairs, dates and rules while the cycle runs.",
        "You see what follows before anything is changed, and every change can be undone.",
    ),
    "/partners": (
        "Propose who challenges whom, try changes, then approve. Packs go out only after you approve.",
        "Each pair says why it was chosen. A change shows what it costs before you make it.",
    ),
    "/calendar": (
        "Each line is a challenge with its dates and its event. A ring marks events that clash.",
        "The .ics link puts all of it into your own calendar.",
    ),
    "/picture": (
        "All ratings by area and sub-heading, as the self-assessments say now.",
        "To give it to others, go to Reports.",
    ),
    "/reports": (
        "Download the overview of the region as it is now, send it to the office, or give it to the areas.",
        "Nothing is sent when you download.",
    ),
    "/journal": (
        "Everything that happened, with who did it and why. Nobody can change an entry.",
        "For a summary in words, see what happened lately, from the board.",
    ),
    "/people": (
        "Who can sign in, and as what. Invite the contacts and Chairs of a cycle all at once.",
        "Remove the access of somebody who leaves. What they sent in stays.",
    ),
    "/system": (
        "Whether everything runs. Where something is wrong, it says what to do.",
        "Backups, retention and the settings of mail are reached from here.",
    ),
    "/drafts": (
        "Prepare a cycle part by part. Several of you can work on it, and stop at any time.",
        "Nothing is sent before you open it.",
    ),
}
"""By the address of a page, sentences about it. Pages below it have none: each says itself what it does."""
