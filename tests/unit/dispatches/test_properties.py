"""What a document says of itself: the office made it, with this program. No template's author, no machine."""

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest

from peer_challenge.dispatches.covering import Rank
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.outgoing_file_names import build_file_name, build_file_title
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Role
from peer_challenge.word.form.printed_text import SHIPPED
from peer_challenge.word.write.render_template import WordTemplates

OFFICE = sample_facts(D.RECEIPT, None).cycle.office.name
LIBRARIES = ("python-docx", "python-pptx", "openpyxl", "Macintosh", "Normal.dotm", "Steve Canny")
PEOPLE = ("Terry Template", "Northern Borough Council", r"\\server\templates", r"C:\Users\terry")


def made(kind: D, templates: WordTemplates) -> bytes:
    role = KINDS[kind].readers[0] if len(KINDS[kind].readers) > 1 else None
    return render_dispatch_file(sample_facts(kind, role), templates)


def unpacked(package: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        return {name: parts.read(name).decode("utf-8", "replace") for name in parts.namelist()}


def said_in(part: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*>([^<]*)</{tag}>", part)
    return found.group(1) if found else ""


@pytest.mark.parametrize("kind", list(D))
def test_every_document_that_leaves_names_the_office_and_no_library_or_template(kind, templates):
    data = made(kind, templates)
    if not data.startswith(b"PK"):
        assert not any(word.encode() in data for word in LIBRARIES)
        return
    parts = unpacked(data)
    core = parts["docProps/core.xml"]
    # a fix-it copy is its sender's own document: the office has no name of its own in it
    office = "Programme office" if kind is D.FIX_IT_COPY else OFFICE
    assert said_in(core, "dc:creator") == said_in(core, "cp:lastModifiedBy") == office
    assert not said_in(core, "dc:description") and not said_in(core, "cp:keywords")
    assert not any(name.startswith("docProps/thumbnail") for name in parts)
    told = "".join(text for name, text in parts.items() if name.startswith(("docProps", "_rels")))
    assert not any(word in told for word in LIBRARIES) and "thumbnail" not in told


def test_nothing_of_who_made_an_office_template_goes_out_with_it(tmp_path):
    document = docx.Document(str(SHIPPED / "receipt.docx"))
    core = document.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = core.category = PEOPLE[0]
    plain = io.BytesIO()
    document.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "receipt.docx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/app.xml":
                told = "".join(
                    f"<{tag}>{word}</{tag}>"
                    for tag, word in zip(
                        ("Manager", "Company", "Template", "HyperlinkBase"), PEOPLE, strict=True
                    )
                )
                content = content.replace(b"<TotalTime>", f"{told}<TotalTime>".encode())
            new.writestr(name, content)
    templates = WordTemplates((SHIPPED, tmp_path))
    data = made(D.RECEIPT, templates)
    assert templates.problems == () and data != made(D.RECEIPT, WordTemplates())
    whole = "".join(unpacked(data).values())
    assert not any(word in whole for word in PEOPLE)


CALLED = {
    D.LAUNCH_LETTER: "Launch letter",
    D.SELF_ASSESSMENT_TEMPLATE: "Self-assessment form",
    D.RECEIPT: "Receipt for the self-assessment, version 3",
    D.QUERY_LETTER: "Points to correct in the self-assessment, version 1",
    D.FIX_IT_COPY: "Marked copy of the self-assessment, version 1",
    D.PARTNER_NOTICE: "Who challenges whom",
    D.ANALYSIS_PACK: "Analysis pack",
    D.EVIDENCE: "Evidence",
    D.DATA_SHEET: "Figures",
    D.RETURNED_ANALYSIS: "Peer analysis",
    D.RESPONSE_FORM: "Response form",
    D.EVENT_INVITATION: "Invitation to the challenge event",
    D.EVENT_CALENDAR: "Event calendar",
    D.EVENT_TIMETABLE: "Timetable of challenge events",
    D.WITHDRAWAL_NOTICE: "Notice that a challenge has ended",
    D.EVENT_CANCELLATION: "Event cancellation",
    D.DATES_NOTICE: "Notice of new dates",
    D.CHALLENGER_BRIEFING: "Lead your challenge",
    D.CHAIR_BRIEFING: "Chair's briefing",
    D.CHAIR_RECORD_FORM: "Chair's record form",
    D.PRESENTATION: "Draft presentation",
    D.DRAFT_SUMMARY: "Draft summary",
    D.CHALLENGER_DRAFT_SUMMARY: "Draft summary",
    D.DRAFT_NOTICE: "Note about the draft summary",
    D.CHAIR_SUMMARY: "Chair's summary",
    D.ACTION_PLAN_TEMPLATE: "Action plan form",
    D.PROGRESS_REPORT_FORM: "Form for progress report 1",
    D.PROGRESS_REPORT_COPY: "Progress report 1",
    D.PROGRESS_COMMENT: "Comment on progress report 1",
    D.ACTION_REMINDER: "Reminder of actions",
    D.FOLLOW_UP_ENDED: "End of the follow-up",
    D.REMINDER: "Reminder about the response to the challenge",
    D.REGIONAL_OVERVIEW: "Regional overview",
    D.REGIONAL_OVERVIEW_ANONYMISED: "Regional overview without names",
    D.REGIONAL_TABLES: "Regional tables",
    D.MONDAY_BRIEF: "Weekly brief",
}
"""What each kind of the sample region is called in its file's properties."""

WITHOUT_TITLE = (D.EVENT_CALENDAR, D.EVENT_CANCELLATION, D.EVIDENCE)
"""What has no properties of ours: a calendar file has none, and evidence is the area's own."""


@pytest.mark.parametrize("kind", list(D))
def test_the_title_in_a_files_properties_says_what_it_is_whose_and_the_day_in_its_name(kind, templates):
    role = KINDS[kind].readers[0] if len(KINDS[kind].readers) > 1 else None
    facts = sample_facts(kind, role)
    about = facts.author.name if facts.author else facts.cycle.name
    if facts.author is None and facts.recipient.role is not Role.OFFICE:
        about = facts.recipient.name
    year, month, day = map(int, build_file_name(facts)[:10].split("-"))
    task = KINDS[kind].task(facts)
    due = "due " if task.due_on and task.rank in (Rank.RETURN, Rank.ANSWER, Rank.OVERDUE) else ""
    assert not (due and kind is D.RECEIPT)
    title = f"{CALLED[kind]}: {about}, {due}{day_in_words(date(year, month, day))}"
    assert build_file_title(facts) == title
    if kind not in WITHOUT_TITLE:
        core = unpacked(made(kind, templates))["docProps/core.xml"]
        assert html.unescape(said_in(core, "dc:title")) == title


def test_a_name_with_signs_that_xml_knows_is_in_the_title_as_it_is(templates):
    facts = sample_facts(D.RECEIPT, None)
    facts = replace(facts, author=facts.author.model_copy(update={"name": "Vale & <Downs>"}))
    core = unpacked(render_dispatch_file(facts, templates))["docProps/core.xml"]
    assert "Vale &amp; &lt;Downs&gt;, " in said_in(core, "dc:title")
