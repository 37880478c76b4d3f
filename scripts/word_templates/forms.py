"""Makes the templates of response, Chair's record, plan and progress report; lists those of all forms."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.form.forms import ABOUT_THE_CHALLENGE
from peer_challenge.word.package.marks import field_bookmark
from peer_challenge.word.write import house_colours
from scripts.word_templates import form_blocks as parts
from scripts.word_templates.form_blocks import Cell, Row, answer, bookmark, label, paragraph
from scripts.word_templates.form_layout import (
    control_title,
    field_label,
    headers,
    new_form,
    opening,
    print_header,
    sign_off,
    tag,
)
from scripts.word_templates.letter_blocks import paragraphs, saved
from scripts.word_templates.schedule_forms import (
    analysis_pack,
    returned_analysis,
    self_assessment_template,
)

_ASKED = {
    "author_present": "Click to give job titles, not names",
    "challenger_present": "Click to give job titles, not names",
    "late_reason": "Click to give the reason, if there is one",
    "notes": "Click to write where the two areas differed, and anything else",
    "chair": "Click to give your role, not your name",
    "signed_off": "Click to give your role, not your name",
    "said_changed": "Click to write what is different because of it",
    "said_better": "Click to write what the office or your challenger could do differently",
}

_CHOSEN = {
    "consensus": ("Choose yes, in part or no", "agreement"),
    "said_again": ("Choose yes or no", "yes_no"),
}
"""Of a field that is chosen: what it asks while it is empty, and the choices of its list."""
_WRITTEN_IF_NEEDED = ("late_reason", "notes")
"""What a Chair writes of some events only: the draft of the summary has no empty row for it."""


def response_form() -> Any:
    """The author's answer to each challenge."""
    made = new_form("Response to the challenge")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**Please return this form by {{ due or response_first }}** as a Word "
            "document{% if office_email %} "
            "to {{ office_email }}{% endif %}.{% if not due %} If your event is later than we expect, our "
            "invitation will give you a later day.{% endif %} The form has a row for each "
            "sub-heading that {{ challenger }} asks about: {{ row_count }} in all.",
        ),
        ("Heading 1", "How to answer"),
        (
            "List Bullet",
            "**Choose the kind of answer:** further evidence, more work is needed, or action "
            "taken since the self-assessment.",
        ),
        (
            "List Bullet",
            "**Answer what is asked,** in up to about {{ word_limit }} words. There will be time to talk at "
            "the event.",
        ),
        (
            "List Bullet",
            "**If you send evidence,** attach it to the email with this form, or put in your answer a link "
            "that others can open. Name each file in your answer, such as “Appendix C”. {{ challenger }} and "
            "the Chair get your answers from us, but not the files. So say in the answer what each file "
            "shows, and have it with you at the event.",
        ),
        ("List Bullet", "**Agree it** between your three partners, and sign it off on the last page."),
        (
            "List Bullet",
            "**Protect children:** please leave out of answers and evidence anything that could identify a "
            "child.",
        ),
        ("Heading 1", "Your answers"),
    )
    columns = {"subheading": 56.0, "commentary": 86.0, "response_kind": 36.0, "response": 89.0}
    rows: list[Row] = [
        "{%tr for row in rows %}",
        [
            Cell(
                paragraph("RowTitle", "{{ row.title }}", inside=bookmark("pc_row_1"))
                + paragraph("RowPrompt", "{{ row.area }}")
                + paragraph("RowPrompt", "Your rating: {{ row.word }}"),
                fill=house_colours.BAND,
            ),
            Cell(answer("row.commentary")),
            Cell(
                parts.choice(
                    control_title("Kind of answer"), tag("response_kind"), "Choose the kind", "kinds"
                )
            ),
            Cell(
                parts.narrative(control_title("Your answer"), tag("response"), "Click to write your answer")
            ),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "The challenge and your answer, a row to each sub-heading",
            list(columns.values()),
            headers(Kind.RESPONSE, list(columns), 1),
            rows,
        ),
    )
    sign_off(made, "Each partner signs off the whole response. Please give job titles, not names.")
    return made


def _particulars(made: Any, fields: Sequence[str], caption: str, known: Collection[str] = ()) -> None:
    """A table of fields to fill in; those that are `known` hold what we know, to be corrected."""
    rows: list[Row] = []
    for field in fields:
        mark = bookmark(field_bookmark(field))
        if field in ("held_on", "signed_on"):
            make = partial(parts.day, field_label(field), f"field:{field}", "Choose a date", mark=mark)
            content = _make_content(make, field, known)
        elif field in _CHOSEN:
            content = parts.choice(
                field_label(field),
                f"field:{field}",
                *_CHOSEN[field],
                style_id="Answer",
                mark=mark,
            )
        else:
            make = partial(parts.narrative, field_label(field), f"field:{field}", _ASKED[field], mark=mark)
            content = _make_content(make, field, known)
        is_kept = field != fields[-1]  # or the last row is left alone on a page
        rows.append([label(field_label(field), is_kept=is_kept), Cell(content)])
    parts.add(made, parts.table(caption, [78, 189], [], rows, has_header=False))
    paragraphs(made, ("Gap", ""))


def _make_content(make: Callable[..., str], field: str, known: Collection[str]) -> str:
    if field not in known:
        return make()
    return parts.known_or_blank(f"known.{field}", lambda holds: make(holds=holds))


def _agreed(made: Any, kind: str, table: int) -> None:
    columns = {"item": 14.0, "text": 127.0, "subheading": 86.0, "consensus": 40.0}
    item = "strengths" if kind == "strength" else "developments"
    caption = "Key strengths" if kind == "strength" else "Areas for development"
    named = f"'{caption}, ' ~ row.label"
    rows: list[Row] = [
        "{%tr for row in " + item + " %}",
        [
            Cell(
                paragraph("Choice", "{{ row.label }}", inside=bookmark(f"pc_row_{table}")),
                fill=house_colours.BAND,
            ),
            Cell(
                parts.narrative(
                    control_title("The point", named), tag("text"), "Click to write it in one sentence"
                )
            ),
            Cell(
                parts.choice(
                    control_title(print_header(Kind.CHAIR_RECORD, "subheading"), named),
                    tag("subheading"),
                    "Choose a sub-heading",
                    "subheadings",
                    style_id="Answer",
                )
            ),
            Cell(
                parts.choice(control_title("Agreed by both?", named), tag("consensus"), *_CHOSEN["consensus"])
            ),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(caption, list(columns.values()), headers(Kind.CHAIR_RECORD, list(columns), table), rows),
    )
    paragraphs(made, ("Gap", ""))


def chair_record_form() -> Any:
    """What the independent Chair records at the event."""
    made = new_form("Chair's record")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return this record by {{ due }}**{% else %}**Please return this "
            "record**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif %}. "
            "Please record up to {{ agreed_items }} key strengths and up to {{ agreed_items }} areas for "
            "development, in words that both areas agree on. If they could not agree on a point that "
            "matters, record it, choose “No” under “Agreed by both?”, and say under “Anything else to "
            "record” how they differed. Leave empty any rows that you do not need. Please leave out "
            "anything that could identify a child.",
        ),
        ("Heading 1", "The event"),
        "{%p if known.held_on %}",
        "We have filled in the day and the Chair as they were agreed. If the event was on another day or "
        "somebody else chaired it, please correct them.",
        "{%p endif %}",
    )
    _particulars(
        made,
        ["held_on", "chair", "author_present", "challenger_present"],
        "The event",
        known=("held_on", "chair"),
    )
    made.add_paragraph("Key strengths", style="Heading 1").paragraph_format.keep_with_next = True
    _agreed(made, "strength", 1)
    made.add_paragraph("Areas for development", style="Heading 1").paragraph_format.keep_with_next = True
    _agreed(made, "development", 2)
    made.add_paragraph("How it went, and sign-off", style="Heading 1").paragraph_format.keep_with_next = True
    paragraphs(made, "{%p if event_by %}", "Last day for the event: **{{ event_by }}**.", "{%p endif %}")
    _particulars(
        made, ["consensus", "late_reason", "notes", "signed_off", "signed_on"], "How it went, and sign-off"
    )
    return made


def _drafted_items(made: Any, item: str, caption: str, table: int) -> None:
    """A table of what the Chair recorded of one kind, to be corrected in place."""
    columns = {"item": 14.0, "text": 127.0, "subheading": 86.0, "consensus": 40.0}
    paragraphs(made, ("Heading 1", caption), "{%p if " + item + " %}")
    rows: list[Row] = [
        "{%tr for row in " + item + " %}",
        [
            Cell(
                paragraph("Choice", "{{ row.label }}", inside=bookmark(f"pc_row_{table}")),
                fill=house_colours.BAND,
            ),
            *(Cell(answer(f"row.{column}")) for column in list(columns)[1:]),
        ],
        "{%tr endfor %}",
    ]
    heads = headers(Kind.CORRECTIONS, list(columns), table)
    parts.add(made, parts.table(caption, list(columns.values()), heads, rows))
    paragraphs(made, ("Gap", ""), "{%p else %}", "None was recorded.", "{%p endif %}")


def _drafted_particulars(made: Any, fields: Sequence[str], caption: str) -> None:
    rows: list[Row] = []
    for field in fields:
        told = paragraph("Answer", "{{ told." + field + " }}", inside=bookmark(field_bookmark(field)))
        row: Row = [label(field_label(field), is_kept=field != fields[-1]), Cell(told)]
        is_optional = field in _WRITTEN_IF_NEEDED
        rows += ["{%tr if told." + field + " %}", row, "{%tr endif %}"] if is_optional else [row]
    parts.add(made, parts.table(caption, [78, 189], [], rows, has_header=False))
    paragraphs(made, ("Gap", ""))


def draft_summary() -> Any:
    """The draft of the Chair's summary, which either area corrects in place and sends back."""
    made = new_form("Draft summary")
    parts.track_changes(made)
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**This is a draft. Please check that its facts are right.** If something is wrong, correct it "
            "in this document and return it{% if due %} by **{{ due }}**{% endif %} as a Word document"
            "{% if office_email %} to {{ office_email }}{% endif %}. If everything is right, you do not "
            "need to reply{% if due %}. If we hear nothing by then, we treat the draft as right{% endif %}. "
            "We send the final summary{% if due %} after that day, or{% endif %} as soon as both areas have "
            "replied.",
        ),
        ("Heading 1", "How to correct it"),
        (
            "List Bullet",
            "**Write over what is wrong.** Word marks each change for us. You can also put a comment beside "
            "a line.",
        ),
        (
            "List Bullet",
            "**Correct facts only:** who was there, what was said, what was agreed. We decide on "
            "each correction, unless the Chair does, and the final summary shows the result.",
        ),
        (
            "List Bullet",
            "**The other area has the same draft.** Both of you get the final summary.",
        ),
        ("List Bullet", "**Protect children:** please leave out anything that could identify a child."),
        ("Heading 1", "The event"),
    )
    _drafted_particulars(made, ["held_on", "chair", "author_present", "challenger_present"], "The event")
    _drafted_items(made, "strengths", "Key strengths", 1)
    _drafted_items(made, "developments", "Areas for development", 2)
    paragraphs(made, ("Heading 1", "How it went"))
    _drafted_particulars(made, ["consensus", "late_reason", "notes"], "How it went")
    return made


def action_plan_template() -> Any:
    """The area's plan, with the agreed areas for development filled in."""
    made = new_form("Action plan")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if due %}**Please return this plan by {{ due }}**{% else %}**Please return this "
            "plan**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif "
            "%}. {% if plan %}Each "
            "area for development below was agreed at your challenge event. Give each at least one action; "
            "the row below it is for a second one and may stay empty. Please leave out anything that could "
            "identify a child.{% else %}No area for development was "
            "agreed at your challenge event, so there is nothing to plan. Please sign the form below."
            "{% endif %}{% if not_agreed %} The Chair also recorded {{ not_agreed }} that one side did not "
            "agree. The Chair's summary has the words. You do not need to plan for that.{% endif %}",
        ),
        ("Heading 1", "What you will do"),
    )
    columns = {
        "item": 44.0,
        "development": 56.0,
        "action": 62.0,
        "owner": 32.0,
        "due_on": 31.0,
        "measure": 42.0,
    }
    rows: list[Row] = [
        "{%tr for row in plan %}",
        [
            Cell(
                paragraph("RowTitle", "{{ row.label }}", inside=bookmark("pc_row_1")), fill=house_colours.BAND
            ),
            Cell(answer("row.development"), fill=house_colours.BAND),
            Cell(
                parts.narrative(
                    control_title("What will be done", "row.label"), tag("action"), "{{ row.prompt }}"
                )
            ),
            Cell(
                parts.entry(
                    control_title("Owner (role)", "row.label"), tag("owner"), "Click to give a job title"
                )
            ),
            Cell(parts.day(control_title("By when", "row.label"), tag("due_on"), "Choose a date")),
            Cell(
                parts.narrative(
                    control_title("How we will know", "row.label"),
                    tag("measure"),
                    "Click to write what will change for children, and how you will measure it",
                )
            ),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "Actions on each agreed area for development",
            list(columns.values()),
            headers(Kind.ACTION_PLAN, list(columns), 1),
            rows,
        ),
    )
    sign_off(made, "Each partner signs off the whole plan. Please give job titles, not names.")
    return made


def progress_report_form() -> Any:
    """How far the actions of the plan are: a row for each."""
    made = new_form("Progress report")
    opening(made)
    mark = bookmark(field_bookmark("review"))
    parts.add(
        made,
        parts.table(
            "Which report this is",
            [78, 189],
            [],
            [[label(field_label("review")), Cell(paragraph("Answer", "{{ review }}", inside=mark))]],
            has_header=False,
        ),
    )
    paragraphs(
        made,
        ("Gap", ""),
        (
            "Call-out",
            "{% if due %}**Please return this report by {{ due }}**{% else %}**Please return this "
            "report**{% endif %} as a Word document{% if office_email %} to {{ office_email }}{% endif "
            "%}. It has a row for each action in your plan. {{ challenger }} gets your report{% if "
            "is_last_review %}, without “The "
            "challenge as a whole”,{% endif %} and may comment on it.",
        ),
        ("Heading 1", "How to fill it in"),
        (
            "List Bullet",
            "**Say how far each action has got:** done, under way, not started, changed or dropped. If an "
            "action has not started, say what it is waiting for.{% if was_reported %} If your last report "
            "said “done”, choose “done” again, and add what is new.{% endif %}",
        ),
        (
            "List Bullet",
            "**Say what shows it,** in a sentence or two. If an action was changed or dropped, say why.",
        ),
        (
            "List Bullet",
            "**Say what difference it made for children.** If it is too early to know, say when you will "
            "know.",
        ),
        ("List Bullet", "**Protect children:** please leave out anything that could identify a child."),
        ("Heading 1", "Your progress"),
    )
    columns = {
        "item": 38.0,
        "development": 44.0,
        "action": 58.0,
        "status": 27.0,
        "evidence": 52.0,
        "difference": 48.0,
    }
    rows: list[Row] = [
        "{%tr for row in plan %}",
        [
            Cell(
                paragraph("RowTitle", "{{ row.label }}", inside=bookmark("pc_row_1"))
                + paragraph("RowPrompt", "{%p if row.last %}")
                + paragraph("RowPrompt", "Last report: {{ row.last }}")
                + paragraph("RowPrompt", "{%p endif %}"),
                fill=house_colours.BAND,
            ),
            Cell(answer("row.development"), fill=house_colours.BAND),
            Cell(answer("row.planned"), fill=house_colours.BAND),
            Cell(
                parts.choice(
                    control_title("Progress", "row.label"), tag("status"), "Choose how far", "statuses"
                )
            ),
            Cell(
                parts.narrative(
                    control_title("What shows it", "row.label"),
                    tag("evidence"),
                    "Click to write what shows it",
                )
            ),
            Cell(
                parts.narrative(
                    control_title("What difference it made for children", "row.label"),
                    tag("difference"),
                    "Click to write what is different for children",
                )
            ),
        ],
        "{%tr endfor %}",
    ]
    parts.add(
        made,
        parts.table(
            "How far each action of your plan has got",
            list(columns.values()),
            headers(Kind.PROGRESS_REPORT, list(columns), 1),
            rows,
        ),
    )
    paragraphs(
        made,
        ("Gap", ""),
        "{%p if is_last_review %}",
        ("Heading 1", "The challenge as a whole"),
        "This is your last report. Please say what the challenge was worth to you, in a sentence or two for "
        "each question. Only our office reads these answers: your challenger does not get them. We quote "
        "them under your area's name in the regional overview for our office. The overview without names "
        "does not quote them.",
    )
    _particulars(made, [field.id for field in ABOUT_THE_CHALLENGE], "The challenge as a whole")
    paragraphs(made, "{%p endif %}")
    sign_off(made, "Each partner signs off the whole report. Please give job titles, not names.")
    return made


FORM_TEMPLATES: dict[str, Callable[[], Any]] = {
    make.__name__: make
    for make in (
        self_assessment_template,
        analysis_pack,
        returned_analysis,
        response_form,
        chair_record_form,
        draft_summary,
        action_plan_template,
        progress_report_form,
    )
}


def made_forms() -> dict[str, bytes]:
    """The file of every form's template by name."""
    return {name: saved(make()) for name, make in FORM_TEMPLATES.items()}
