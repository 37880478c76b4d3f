"""Nothing that leaves runs, fetches or starts anything: every kind of dispatch, whatever it was made from."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.outgoing_file_names import find_ending
from peer_challenge.dispatches.render_dispatch import ActiveDispatch, render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.word.active_content.outgoing import find_in_file
from peer_challenge.word.write.render_template import WordTemplates
from tests.active_forms import CANARY, holds, with_planted
from tests.factories import a_filled

TEMPLATES = WordTemplates()


@pytest.mark.parametrize("kind", list(DispatchKind))
def test_no_kind_of_dispatch_holds_anything_active(kind):
    facts = sample_facts(kind, None)
    assert find_in_file(render_dispatch_file(facts, TEMPLATES), find_ending(facts)) == []


@pytest.mark.parametrize("kind", ["dde", "external image", "attached template", "macros", "menus", "control"])
def test_a_finished_document_with_something_active_does_not_leave(kind, monkeypatch):
    active = with_planted(a_filled(Kind.CHAIR_RECORD), kind, 1)
    monkeypatch.setitem(
        KINDS, DispatchKind.RECEIPT, replace(KINDS[DispatchKind.RECEIPT], makes=lambda facts: active)
    )
    with pytest.raises(ActiveDispatch) as held:
        render_dispatch_file(sample_facts(DispatchKind.RECEIPT, None), TEMPLATES)
    assert held.value.remedy and CANARY not in str(held.value)


@pytest.mark.parametrize(
    "kind", ["ddeauto", "external image", "ole object", "web page in the file", "attached template"]
)
def test_a_fix_it_copy_of_an_active_form_passes_none_of_it_on(kind):
    facts = sample_facts(DispatchKind.FIX_IT_COPY, None)
    planted = with_planted(facts.submission.original, kind, 2)
    copy = render_dispatch_file(
        replace(facts, submission=replace(facts.submission, original=planted)), TEMPLATES
    )
    assert list(holds(copy, CANARY)) == []


@pytest.mark.parametrize(
    "line",
    [
        "ATTACH:http://x.example/a.exe",
        "ACTION:PROCEDURE",
        "ACTION;X=1:EMAIL",
        "URL:javascript:x",
        "X-ALT-DESC;F=text/html:<script>",
    ],
)
def test_a_calendar_that_would_start_something_is_found(line):
    data = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{line}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    assert find_in_file(data, "ics") == ["active.calendar"]
    assert find_in_file(data.replace(line.encode(), b"ACTION:DISPLAY\r\nURL:https://x.example"), "ics") == []


@pytest.mark.parametrize(
    ("html", "is_active"),
    [("<p>Hello</p>", False), ("<a href='https://x.example'>a</a>", False), ("<script>x</script>", True),
     ("<p onclick=x()>a</p>", True), ("<img src='http://x.example/a.png'>", True)],
)  # fmt: skip
def test_an_email_is_looked_at_with_all_that_is_attached(html, is_active):
    message = EmailMessage()
    message.set_content("Hello")
    message.add_alternative(html, subtype="html")
    assert bool(find_in_file(bytes(message), "eml")) is is_active
    for name in ("a.docm", "a.exe", "a.html"):
        with_file = EmailMessage()
        with_file.set_content("Hello")
        with_file.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename=name)
        assert find_in_file(bytes(with_file), "eml") == ["active.unknown_file"]
