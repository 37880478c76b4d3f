"""An email says its letters' own words, what to do by when first, and carries what is needed as a file."""

from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from peer_challenge.dispatches.covering import Rank, Task
from peer_challenge.dispatches.facts import ReminderFacts, Replaced
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.cycle import Contact, Cycle, Receives
from peer_challenge.model.vocabulary import DispatchKind, Outcome
from peer_challenge.outbox.do_what_is_due import advance_and_deliver, advance_challenges
from peer_challenge.outbox.who_is_reminded import intend_reminders
from peer_challenge.post.compose import (
    Composed,
    compose_message,
    make_covering_blocks,
    make_email,
    make_subject,
)
from peer_challenge.post.letter_body import join_letters, write_html, write_plain_text
from peer_challenge.register.records import Message
from peer_challenge.word.text.letter_blocks import BlockKind, LetterBlock, read_letter_blocks
from peer_challenge.word.write.render_template import WordTemplates
from tests.mail.smtp_server import MailServer
from tests.unit.post.conftest import AT, CYCLE, DAY, Office, OpenOffice, name_server


def _compose(office: Office, message: Message) -> tuple[Composed, EmailMessage]:
    with office.register.reading() as connection:
        composed = compose_message(connection, office.settings, message, AT)
    return composed, make_email(composed, office.settings, AT, is_draft=False)


def _plain(email: EmailMessage) -> str:
    body = email.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def _with_contact(**about: object) -> Cycle:
    first, *others = CYCLE.participants
    contact = Contact(name="Partnership manager", email="manager@ashcombe.example").model_copy(update=about)
    return CYCLE.model_copy(
        update={"participants": (first.model_copy(update={"contacts": (contact,)}), *others)}
    )


def test_a_form_goes_with_what_whose_and_by_when(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    first = next(one for one in office.list_messages() if one.recipient_id == "ashcombe")
    composed, email = _compose(office, first)
    assert email["Subject"] == "OFFICIAL-SENSITIVE: Please return by 26 February: Ashcombe self-assessment"
    text = _plain(email)
    assert "return it by Friday 26 February 2027." in text
    assert text.startswith("OFFICIAL-SENSITIVE\n\nDear ")
    [attached] = list(email.iter_attachments())
    assert str(attached.get_filename()).endswith(".docx")
    assert f"- {attached.get_filename()}" in text
    for contact in composed.recipients.to:
        assert contact.email in str(email["To"])
    assert "This message goes to: " in text


def test_a_cycle_may_leave_the_marking_out_of_the_subject(open_office: OpenOffice) -> None:
    rules = CYCLE.rules.model_copy(update={"marking_in_subject": False})
    office = open_office(CYCLE.model_copy(update={"rules": rules}), delivery="drafts")
    first = next(one for one in office.list_messages() if one.recipient_id == "ashcombe")
    assert _compose(office, first)[0].subject == "Please return by 26 February: Ashcombe self-assessment"


def test_a_reminder_is_said_in_the_body_and_not_attached(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server))
    advance_and_deliver(office.register, office.settings, AT)
    intend_reminders(office.register, DAY)
    mail_server.taken.clear()
    advance_and_deliver(office.register, office.settings, DAY)
    for taken in mail_server.taken:
        email = taken.message
        assert list(email.iter_attachments()) == []
        assert str(email["Subject"]).startswith("OFFICIAL: ")  # nothing in it was written by an area
        text = _plain(email)
        assert "Dear partnership manager\n\nYour self-assessment is due in 7 days, on Friday" in text
        assert text.count("is due in 7 days, on Friday 26 February 2027.") == 1
        assert "Please fill in the form that we sent you" in text
        html = email.get_body(("html",))
        assert html is not None and "<h2>How to send it</h2>" in html.get_content()


def test_the_same_message_has_the_same_bytes_and_id(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    first = office.list_messages()[0]
    one, other = (_compose(office, first)[1] for _ in range(2))
    assert one.as_bytes() == other.as_bytes()
    assert one["Message-ID"] == f"<{first.key}@peer-challenge.invalid>"


HOSTILE = "Manager\r\nBcc: everybody@elsewhere.example\r\n\r\nHello"


@pytest.mark.threat("mail-astray")
def test_no_field_adds_a_header(open_office: OpenOffice) -> None:
    cycle = _with_contact(name=HOSTILE)
    cycle = cycle.model_copy(
        update={
            "name": f"Cycle {HOSTILE}",
            "office": cycle.office.model_copy(update={"name": f"Office {HOSTILE}"}),
            "participants": tuple(
                area.model_copy(update={"name": f"{area.name} {HOSTILE}"}) for area in cycle.participants
            ),
        }
    )
    office = open_office(cycle, delivery="drafts")
    for message in office.list_messages():
        _, email = _compose(office, message)
        whole = email.as_bytes().split(b"\r\n\r\n")[0]
        assert email["Bcc"] is None
        assert not any(line.lower().startswith(b"bcc:") for line in whole.splitlines())


@pytest.mark.parametrize("name", ["Zoë Ångström, Director", '"Quoted" <x@y.example>', "Ünïcode\tManager"])
def test_any_name_of_a_contact_is_a_name_and_nothing_else(open_office: OpenOffice, name: str) -> None:
    office = open_office(_with_contact(name=name), delivery="drafts")
    first = next(one for one in office.list_messages() if one.recipient_id == "ashcombe")
    _, email = _compose(office, first)
    [address] = email["To"].addresses
    assert (address.addr_spec, address.display_name) == ("manager@ashcombe.example", " ".join(name.split()))
    assert f"Dear {' '.join(name.split())}" in _plain(email)


def test_copies_and_answers_go_where_the_settings_say(open_office: OpenOffice) -> None:
    office = open_office(
        delivery="drafts", mail_cc="archive@example.org", mail_reply_to="answers@example.org"
    )
    _, email = _compose(office, office.list_messages()[0])
    assert (email["Cc"], email["Reply-To"]) == ("archive@example.org", "answers@example.org")


def test_who_receives_copies_is_shown_as_one_who_does(open_office: OpenOffice) -> None:
    first, *others = CYCLE.participants
    contacts = (
        Contact(name="Manager", email="manager@ashcombe.example"),
        Contact(name="Director", email="director@ashcombe.example", receives=(Receives.COPIES,)),
    )
    cycle = CYCLE.model_copy(
        update={"participants": (first.model_copy(update={"contacts": contacts}), *others)}
    )
    office = open_office(cycle, delivery="drafts")
    message = next(one for one in office.list_messages() if one.recipient_id == "ashcombe")
    _, email = _compose(office, message)
    assert "manager@ashcombe.example" in email["To"] and "director@ashcombe.example" in email["Cc"]
    assert "Manager at Ashcombe and Director at Ashcombe (copy)." in _plain(email)


@pytest.mark.parametrize("kind", list(DispatchKind))
def test_every_kind_says_what_to_do_in_a_subject_and_a_sentence(kind: DispatchKind) -> None:
    for role in KINDS[kind].readers:
        task = KINDS[kind].task(sample_facts(kind, role))
        assert 10 < len(task.subject) < 120 and "\n" not in task.subject
        assert task.sentence[0].isupper() and task.sentence.endswith(".") and ".." not in task.sentence


def test_every_kind_is_a_letter_or_a_file_and_letters_have_words() -> None:
    letters = {kind for kind, row in KINDS.items() if row.is_letter}
    assert letters == {
        DispatchKind.LAUNCH_LETTER,
        DispatchKind.RECEIPT,
        DispatchKind.QUERY_LETTER,
        DispatchKind.PARTNER_NOTICE,
        DispatchKind.EVENT_INVITATION,
        DispatchKind.WITHDRAWAL_NOTICE,
        DispatchKind.DATES_NOTICE,
        DispatchKind.DRAFT_NOTICE,
        DispatchKind.REMINDER,
        DispatchKind.PROGRESS_COMMENT,
        DispatchKind.ACTION_REMINDER,
        DispatchKind.FOLLOW_UP_ENDED,
    }
    assert all(KINDS[kind].ending == "docx" and KINDS[kind].marks is None for kind in letters)


def test_what_several_letters_say_alike_is_said_once() -> None:
    closing = LetterBlock(BlockKind.TEXT, "If anything is wrong, please write to us.")
    letters = [
        [LetterBlock(BlockKind.TITLE, name), LetterBlock(BlockKind.TEXT, f"{name} words."), closing]
        for name in ("First", "Second")
    ]
    assert [block.text for block in join_letters(letters, is_titled=True)] == [
        "First",
        "First words.",
        "Second",
        "Second words.",
        closing.text,
    ]
    assert [block.text for block in join_letters(letters[:1], is_titled=False)] == [
        "First words.",
        closing.text,
    ]


def test_a_heading_whose_words_come_with_a_later_letter_is_left_out_and_a_title_is_not():
    how = [LetterBlock(BlockKind.HEADING, "How to send it"), LetterBlock(BlockKind.TEXT, "In Word.")]
    one = [LetterBlock(BlockKind.TITLE, "One"), LetterBlock(BlockKind.TEXT, "First."), *how]
    two = [LetterBlock(BlockKind.TITLE, "Two"), LetterBlock(BlockKind.HEADING, "Friday"), *how]
    told = [block.text for block in join_letters([one, two], is_titled=True)]
    assert told == ["One", "First.", "Two", "Friday", "How to send it", "In Word."]


def test_tables_are_readable_in_plain_text_and_html_holds_nothing_of_theirs_as_code() -> None:
    rows = (("What", "When"), ("Due <b>", "Friday"))
    blocks = [LetterBlock(BlockKind.TABLE, rows=rows)]
    assert write_plain_text(blocks) == "What     When\nDue <b>  Friday\n"
    assert "<td" in write_html(blocks, title="T") and "Due &lt;b&gt;" in write_html(blocks, title="T")
    wide = (("Place", "Before"), ("x" * 60, "y" * 60))
    assert f"Place: {'x' * 60}\nBefore: {'y' * 60}\n" in write_plain_text(
        [LetterBlock(BlockKind.TABLE, rows=wide)]
    )


def test_a_calendar_entry_is_sent_as_one(open_office: OpenOffice, mail_server: MailServer) -> None:
    from peer_challenge.model.vocabulary import Role, Stage
    from peer_challenge.register import events
    from peer_challenge.register import outbox as box
    from peer_challenge.register import tables as t
    from peer_challenge.register.records import Event

    office = open_office(**name_server(mail_server))
    which, challenger = f"{CYCLE.id}/ashcombe", CYCLE.participants[1].id
    starts = AT + timedelta(days=90)
    with office.register.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.id == which)
            .values(
                stage=Stage.EVENT_SET.value,
                challenger_id=challenger,
                paired_at=AT,
                analysis_completed_at=AT,
                event_on=starts.date(),
            )
        )
        event = Event(which, CYCLE.chairs[0].id, starts, starts + timedelta(hours=3), "Online", 0)
        events.store_event(connection, event)
        for kind in (DispatchKind.EVENT_INVITATION, DispatchKind.EVENT_CALENDAR):
            box.intend_dispatch(
                connection,
                kind,
                Role.CHAIR,
                CYCLE.chairs[0].id,
                key=kind.value,
                at=AT,
                cycle_id=CYCLE.id,
                challenge_id=which,
            )
    advance_challenges(office.register, office.settings, AT)
    [message] = [one for one in office.list_messages() if one.recipient_id == CYCLE.chairs[0].id]
    composed, email = _compose(office, message)
    assert [contact.email for contact in composed.recipients.to] == [CYCLE.chairs[0].email]
    [entry] = list(email.iter_attachments())
    assert (entry.get_content_type(), entry.get_param("method")) == ("text/calendar", "PUBLISH")
    assert "BEGIN:VEVENT" in entry.get_content()
    assert "Challenge event on 11 April, 10:00: Ashcombe" in email["Subject"]
    with office.register.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.message_dispatches)) == 10


def test_what_takes_the_place_of_something_says_so() -> None:
    facts = replace(sample_facts(DispatchKind.ANALYSIS_PACK), replaces=Replaced(date(2027, 3, 5)))
    task = KINDS[DispatchKind.ANALYSIS_PACK].task(facts)
    assert task.subject.startswith("New version: Please return by ")
    assert task.sentence.endswith("It replaces the form that we sent you on Friday 5 March 2027.")
    facts = replace(sample_facts(DispatchKind.EVENT_INVITATION), replaces=Replaced(date(2027, 3, 5)))
    assert KINDS[DispatchKind.EVENT_INVITATION].task(facts).subject.startswith("Changed: Challenge event on ")


@pytest.mark.parametrize(
    ("left", "arrived", "subject", "sentence"),
    [
        (
            7,
            None,
            "Due on 6 May: Ashcombe response to the challenge",
            "Please return your response to the challenge by Thursday 6 May 2027.",
        ),
        (
            -4,
            None,
            "Overdue since 6 May: Ashcombe response to the challenge",
            "Please return your response to the challenge now. It was due on Thursday 6 May 2027.",
        ),
        (
            -4,
            Outcome.QUERIED,
            "Points still open: Ashcombe response to the challenge",
            "We have received your response to the challenge. "
            "Please do what our message about it asks by Tuesday 11 May 2027.",
        ),
        (
            2,
            Outcome.REJECTED,
            "Please correct and send again: Ashcombe response to the challenge",
            "We have received your response to the challenge, but we could not accept it. "
            "Please correct it and send it again by Tuesday 11 May 2027.",
        ),
    ],
)
def test_a_reminder_says_in_its_first_line_what_to_do(
    left: int, arrived: Outcome | None, subject: str, sentence: str
) -> None:
    due = ReminderFacts(
        *("response_due", date(2027, 5, 6), left, "rule"), arrived=arrived, answer_by=date(2027, 5, 11)
    )
    task = KINDS[DispatchKind.REMINDER].task(replace(sample_facts(DispatchKind.REMINDER), reminder=due))
    assert (task.subject, task.sentence) == (subject, sentence)


ASKS = Task(Rank.ANSWER, "Correct it", "Please correct your form.", date(2027, 4, 9))
RETURNS = Task(Rank.RETURN, "Return it", "Please return your form.", date(2027, 4, 13))
OVERDUE = Task(Rank.OVERDUE, "Overdue", "Please return your plan now.", date(2027, 4, 30))
READS = Task(Rank.READ, "Read it", "For your information: the timetable is attached.")
READS_BY = Task(Rank.READ, "Read before 16 April", "Please read the paper.", date(2027, 4, 16))
COMES = Task(
    Rank.EVENT,
    "Event on 20 April, response due on 13 April: Ashcombe",
    "Please come.",
    date(2027, 4, 20),
    also=(RETURNS,),
)
TOLD = Task(Rank.KNOW, "Draft sent: Ashcombe", "We sent the draft.")
KEPT = Task(Rank.KEEP, "Received: Chair's record for Ashcombe", "We have it.")


def test_what_is_due_first_comes_first_and_each_thing_is_asked_for_once() -> None:
    letter = render_dispatch_file(sample_facts(DispatchKind.QUERY_LETTER, None), WordTemplates())
    title = read_letter_blocks(letter)[0]

    def list_lead(*attached: Task) -> list[str]:
        blocks = [block.text for block in make_covering_blocks(attached, [(ASKS, letter)])]
        return blocks[: blocks.index(title.text)] if title.text in blocks else []

    assert list_lead(READS) == ["In this message:", ASKS.sentence, READS.sentence]
    assert list_lead(READS, RETURNS) == ["In this message:", ASKS.sentence, RETURNS.sentence, READS.sentence]
    assert list_lead(RETURNS, OVERDUE, ASKS)[1:] == [OVERDUE.sentence, ASKS.sentence, RETURNS.sentence]
    assert list_lead() == []  # the letter says it itself
    assert make_covering_blocks([], [(ASKS, letter)])[0].text.startswith("Please correct the ")
    assert [block.text for block in make_covering_blocks([RETURNS], [])] == [RETURNS.sentence]


@pytest.mark.parametrize(
    ("tasks", "subject"),
    [
        ([RETURNS], "Return it"),
        ([RETURNS, READS], "Return it"),
        ([RETURNS, ASKS], "Correct it (2 tasks)"),
        ([ASKS, ASKS, READS], "Correct it"),
        ([RETURNS, ASKS, OVERDUE], "Overdue (3 tasks)"),
        ([READS], "Read it"),
        ([TOLD, KEPT, replace(TOLD, subject="Draft sent: Eastholme")], "Draft sent: Ashcombe and Eastholme"),
        ([READS_BY, COMES], "Event on 20 April, response due on 13 April: Ashcombe (3 tasks)"),
    ],
)
def test_a_subject_gives_the_nearest_day_and_how_many_tasks_there_are(
    tasks: list[Task], subject: str
) -> None:
    assert make_subject(CYCLE, "", tasks) == subject
