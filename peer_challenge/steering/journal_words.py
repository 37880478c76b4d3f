"""How each kind of journal entry reads: a sentence for the journal, and a few words for what happened lately.

A test finds every kind of entry that the program writes, and holds that each is here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from peer_challenge.model.sentences import capitalise_first_letter


@dataclass(frozen=True, slots=True)
class JournalWords:
    """How a kind of entry reads.

    `sentence` is for the journal, with the fields of `describe_journal`. `in_brief` follows the names of
    areas where alike things are told together; "" for what says nothing that another entry does not say, as
    when a document is made and then sent, or is of no matter to the office.
    """

    sentence: str
    in_brief: str = ""


_W = JournalWords

JOURNAL_WORDS: Mapping[str, JournalWords] = {
    # documents that come in
    "document uploaded": _W("A document was sent in on the page."),
    "document on paper recorded": _W(
        "A form that came on paper on {came_on} was recorded.", "A form that came on paper was recorded"
    ),
    "upload refused": _W(
        "A document that was sent in on the page was refused: it was not its sender’s form.",
        "An upload was refused: it was not its sender’s form",
    ),
    "email fetched": _W("An email was fetched from the mailbox."),
    "document taken in": _W("{Form} {became}.", "{kind} came in. {outcome}"),
    "document held": _W("{Form} is held, as it is not certain whose it is."),
    "document identified": _W(
        "It was said whose a held document is. {Form} {became}.",
        "{kind}: it was said whose it is. {outcome}",
    ),
    "document rejected as nobody's": _W(
        "A held document was rejected, as it is nobody’s.", "A document was rejected as nobody’s"
    ),
    "identification undone": _W(
        "It was taken back what was said of a held document. {Form} is held again.",
        "What was said of a held document was taken back",
    ),
    "document arrived again": _W("{Form} came again, the same as before. Nothing follows."),
    "document tried again": _W("{Form} was tried again.", "A document was tried again"),
    "later version passed on": _W(
        "{Form} goes on to those who had the version before.",
        "{kind}: a later version goes on to those who had the one before",
    ),
    "later version says the same": _W("{Form} says the same as the version before, and is not sent again."),
    "day of receipt corrected": _W(
        "{Form} counts as received on {after} instead of {before}.", "The day of receipt was corrected"
    ),
    "finding accepted": _W(
        "{Form} was accepted as it is in one point. It {became}.",
        "A document was accepted as it is, in one point",
    ),
    "acceptance undone": _W(
        "{Form} is no longer accepted as it is in one point. It {became}.", "An acceptance was taken back"
    ),
    "original downloaded": _W("{Form} was downloaded as it came."),
    "email downloaded": _W("The email with {form} was downloaded."),
    "attachment downloaded": _W("A file that lay beside {form} in an email was downloaded."),
    "documents downloaded": _W("The documents of {area} were downloaded: {files}."),
    "evidence checked": _W("{files} that came with {form} were checked."),
    "evidence passed on": _W(
        "A file that came with {form} is passed on.", "A file that came with a form was passed on"
    ),
    "evidence withheld": _W(
        "A file that came with {form} is kept back.", "A file that came with a form was kept back"
    ),
    "sender of a rejected document told": _W("The sender of {form} was told why it was rejected."),
    "evidence downloaded": _W("A file that came with the form of {area} was downloaded."),
    # challenges and dates
    "challenge moved": _W("The challenge of {area} went from “{before}” to “{after}”.", "Now {after}"),
    "challenge withdrawn": _W("{Area} was withdrawn. Its challenge was “{before}”.", "Withdrawn"),
    "challenge closed by decision": _W(
        "The challenge of {area} was closed by decision.", "Closed by decision"
    ),
    "challenge reopened": _W("The challenge of {area} was reopened. It is “{after}” now.", "Reopened"),
    "area brought back": _W("{Area} takes part again. Its challenge is “{after}” now.", "Brought back"),
    "clock restarted": _W(
        "The dates of {area} count again, from a new analysis pack.", "Dates count again from a new pack"
    ),
    "analysis taken back": _W(
        "The analysis of {area} has not begun, as its pack was not sent after all.",
        "The analysis has not begun: its pack was not sent after all",
    ),
    "dates adjusted": _W("Dates of {area} were changed.", "Dates were changed"),
    "change of dates taken back": _W(
        "A change of dates of {area} was taken back.", "A change of dates was taken back"
    ),
    "dates moved with the calendar": _W(
        "Dates of {area} moved, as the bank holidays changed.", "Dates moved with the calendar"
    ),
    "reminder asked for": _W("A reminder to {recipient} was asked for: {what}.", "A reminder was asked for"),
    "note written": _W("A note on {area} was written.", "A note was written"),
    "note ticked off": _W("A note on {area} was ticked off."),
    # partners
    "partners proposed": _W("Partners were proposed for {pairs}.", "Partners were proposed"),
    "no partners found": _W("No partners could be proposed.", "No partners could be proposed"),
    "partners approved": _W("The partners were approved.", "Partners were approved"),
    "change of partners undone": _W("A change of partners was undone.", "A change of partners was undone"),
    "approval of partners undone": _W(
        "The approval of the partners was undone.", "The approval of partners was undone"
    ),
    "partner taken back": _W(
        "{Area} has no challenger any more. It was {challenger}.", "A partner was taken back"
    ),
    # events
    "events proposed": _W("Days for events were proposed."),
    "events can't be set": _W("No day was found for some events."),
    "proposed event changed": _W("The proposed event of {area} was changed."),
    "event agreed ahead": _W(
        "The day of the event of {area} was agreed before its analysis was in.", "A day was agreed ahead"
    ),
    "event agreed": _W("The event of {area} was set for {starts_at}."),
    "event held on another day": _W(
        "The Chair’s record says that the event of {area} was on {held_on}. {agreed_on} had been agreed.",
        "The Chair’s record gives another day for the event",
    ),
    "event moved": _W("The event of {area} was moved to {starts_at}.", "The event was moved"),
    "event given to another Chair": _W(
        "The event of {area} was given to {after}. Before, {before} had it.",
        "The event was given to another Chair",
    ),
    "event reply recorded": _W("A reply to the invitation to the event of {area} was recorded."),
    "who came was noted": _W("It was noted who came to the event of {area}."),
    # after the event
    "correction settled": _W(
        "A correction to the draft summary about {area} was settled.",
        "A correction to a draft summary was settled",
    ),
    "draft summary finished": _W(
        "The draft summary about {area} was made final without waiting for its day.",
        "A draft summary was made final without waiting for its day",
    ),
    "progress commented on": _W(
        "The challenger of {area} commented on its progress.", "The challenger commented on progress"
    ),
    # documents and messages that go out
    "dispatch issued": _W("{Document} was made."),
    "dispatch held": _W("{Document} could not be made.", "{document} could not be made"),
    "dispatch released": _W("A document that could not be made is tried again."),
    "dispatch waits for a look": _W(
        "{Document} waits until somebody has looked at it.",
        "{document} waits until somebody has looked at it",
    ),
    "document opened to look at": _W("{Document} was opened to be looked at."),
    "dispatch looked at": _W("{Document} was looked at, and goes.", "{document} was looked at, and goes"),
    "dispatch downloaded": _W("{Document} was downloaded."),
    "message ready": _W("{Contents} {is} ready to go to {recipient}."),
    "message on hold": _W("{Contents} to {recipient} {is} on hold.", "A message is on hold"),
    "message no address": _W(
        "{Contents} can't go to {recipient}: there is no address.", "A message has no address"
    ),
    "message sending": _W("{Contents} to {recipient} {is} being given to the mail server."),
    "message sent": _W("{Contents} {was} sent to {recipient}.", "A message was sent"),
    "message opened": _W("{Contents} {was} opened by {recipient}.", "A message was opened"),
    "message failed": _W(
        "{Contents} could not be delivered to {recipient}.", "A message could not be delivered"
    ),
    "message in doubt": _W(
        "{Contents} to {recipient} may have gone or not.", "A message may have gone or not"
    ),
    "message overtaken": _W("{Contents} to {recipient} {is} not needed any more."),
    "message not sent after all": _W(
        "{Contents} {was} not sent to {recipient} after all: the mark was set by mistake.",
        "A message was not sent after all",
    ),
    "message reworded": _W(
        "The covering words of a message to {recipient} were changed.", "A message was reworded"
    ),
    "message sent by hand": _W(
        "{Contents} to {recipient} {was} given to the mail server at once.", "A message was sent by hand"
    ),
    "message downloaded": _W("{Contents} to {recipient} {was} downloaded, to be sent by hand."),
    # the cycle and its preparation
    "cycle opened": _W("{Cycle} was opened, with {areas}.", "A cycle was opened"),
    "opening undone": _W(
        "It was taken back that {cycle} was opened. It is in preparation again.",
        "The opening of a cycle was taken back",
    ),
    "cycle changed": _W("{Cycle} was changed.", "The cycle was changed"),
    "cycle closed": _W("{Cycle} was closed.", "A cycle was closed"),
    "cycle closed by decision": _W(
        "{Cycle} was closed by decision, with {challenges} that still ran.", "A cycle was closed by decision"
    ),
    "cycle reopened by decision": _W(
        "{Cycle} was reopened by decision, with {challenges} that were closed with it.",
        "A cycle was reopened by decision",
    ),
    "cycle reopened": _W("{Cycle} was reopened.", "A cycle was reopened"),
    "draft begun": _W("The preparation of a cycle was begun.", "A cycle in preparation was begun"),
    "draft changed": _W("A cycle in preparation was changed."),
    "draft discarded": _W("A cycle in preparation was discarded.", "A cycle in preparation was discarded"),
    "framework begun": _W("The preparation of a framework was begun.", "A framework was begun"),
    "framework changed": _W("A framework in preparation was changed."),
    "framework discarded": _W(
        "A framework in preparation was thrown away.", "A framework in preparation was thrown away"
    ),
    "framework saved": _W(
        "A framework was saved, and can be used for new cycles.", "A framework was saved for new cycles"
    ),
    "framework deleted": _W("A framework that nothing uses was deleted."),
    # the region
    "indicators given": _W("Figures of the region were given.", "Indicators were given"),
    "indicators removed": _W("Figures of the region were removed.", "Indicators were removed"),
    "overview given to areas": _W(
        "The overview without names is given to the areas.",
        "The overview without names was given to the areas",
    ),
    "overview sent to office": _W(
        "The overview is sent to the office.", "The overview was sent to the office"
    ),
    "regional report written": _W(
        "The overview of the region was downloaded.", "The overview was downloaded"
    ),
    "regional tables downloaded": _W(
        "Tables of the region were downloaded.", "Tables of the region were downloaded"
    ),
    # how documents look
    "template uploaded": _W("A Word template was uploaded."),
    "template taken into use": _W(
        "A Word template was taken into use.", "A Word template was taken into use"
    ),
    "template taken back": _W(
        "The shipped Word template is used again.", "The shipped Word template was taken into use again"
    ),
    "waiting template removed": _W(
        "A Word template that waited was removed.", "A Word template that waited was removed"
    ),
    "house style saved": _W("A house style was saved."),
    "house style taken into use": _W("A house style was taken into use.", "A house style was taken into use"),
    "public text changed": _W(
        "The accessibility statement or the privacy notice was changed.",
        "The accessibility statement or the privacy notice was changed",
    ),
    # people
    "signed in": _W("{Person} signed in."),
    "person added": _W("Somebody was given access.", "Somebody was given access"),
    "person changed": _W(
        "The name, address or role of {person} was changed.", "Somebody’s name, address or role was changed"
    ),
    "person ended": _W("The access of {person} was removed.", "Somebody’s access was removed"),
    "password changed": _W("The password of {person} was changed."),
    "one-time link made": _W("A link to choose a password was made for {person}."),
    "invitation sent": _W("A link to choose a password was sent to {person}."),
    "invitation in doubt": _W("A link to choose a password may have been sent to {person}, or not."),
    "personal data looked up": _W("It was looked up what we hold about a person."),
    # keeping
    "settings changed": _W("Settings were changed: {settings}.", "Settings were changed"),
    "backup made": _W("A backup was made, with {files}.", "A backup was made"),
    "backup checked": _W("A backup was checked. It is whole."),
    "backup downloaded": _W("A backup was downloaded.", "A backup was downloaded"),
    "backup uploaded": _W("A backup was sent to the page."),
    "backup key shown": _W("The key of the backups was shown.", "The backup key was shown"),
    "restored from a backup": _W("Everything was restored from a backup."),
    "installation exported": _W("Everything was exported: {files}.", "Everything was exported"),
    "months kept changed": _W(
        "It was changed for how many months {cycle} is kept.", "It was changed how long a cycle is kept"
    ),
    "retention held": _W("{Cycle} was put under legal hold.", "A cycle was put under legal hold"),
    "retention hold lifted": _W("The legal hold on {cycle} was lifted.", "A legal hold was lifted"),
    "retention asked for": _W(
        "It was asked to destroy what was kept too long.",
        "The office asked to destroy what was kept too long",
    ),
    "cycle purged": _W(
        "What {cycle} may not keep any longer was destroyed.",
        "What a closed cycle may not keep was destroyed",
    ),
    "stray documents purged": _W(
        "Documents of no cycle that were kept too long were destroyed.",
        "Documents of no cycle were destroyed",
    ),
    "rehearsal begun": _W("A rehearsal was begun."),
    "rehearsal stopped": _W("A rehearsal was stopped."),
    "rehearsal deleted": _W("A rehearsal was deleted."),
}
"""By the kind of the entry, how it reads."""

IN_BRIEF: Mapping[str, str] = {
    event: words.in_brief for event, words in JOURNAL_WORDS.items() if words.in_brief
}
"""The kinds of entry of which the office is told what happened lately, with their words there."""


def name_kind_of_entry(event: str) -> str:
    """What a kind of entry is called in a list to choose from; the office says "document" for a dispatch."""
    return capitalise_first_letter(event.replace("dispatch", "document going out"))
