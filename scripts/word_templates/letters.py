"""Makes the shipped templates of the letters. The office may restyle and reword what this makes."""

from typing import Any

from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.write.house_colours import RAG
from scripts.word_templates.letter_blocks import (
    WHO_READS,
    chart,
    new_document,
    paragraphs,
    shade,
    table,
    value,
)
from scripts.word_templates.word_styles import RAG_STYLES

DATES = [["{%tr for row in dates %}"], ["{{ row.what }}", "{{ row.when }}"], ["{%tr endfor %}"]]


def opening(document: Any, *, particulars: tuple[tuple[str, str], ...] = ()) -> None:
    """Title, subtitle and who the letter is to, from and when."""
    paragraphs(document, ("Title", "{{ title }}"), ("Subtitle", "{{ subtitle }}"))
    for label, what in (("To", "{{ to }}"), ("From", "{{ sender }}"), ("Date", "{{ date }}"), *particulars):
        paragraphs(document, ("Particular", f"**{label}**\t{what}"))


def closing(document: Any) -> None:
    """Whom to ask, and who signs."""
    paragraphs(
        document,
        "{%p if office_phone %}",
        "If anything here is unclear or wrong, please ring {{ office }} on {{ office_phone }}"
        "{% if office_email %} or write to {{ office_email }}{% endif %}.",
        "{%p elif office_email %}",
        "If anything here is unclear or wrong, please write to {{ office }} at {{ office_email }}.",
        "{%p else %}",
        "If anything here is unclear or wrong, please ask {{ office }}.",
        "{%p endif %}",
    )


def dates(document: Any, heading: str = "What happens next") -> None:
    """The dates that follow, left out when there are none."""
    paragraphs(document, "{%p if dates %}", ("Heading 1", heading))
    table(document, ["What", "When"], DATES, [100, 70], description="The dates that follow, in order")
    paragraphs(document, ("Gap", ""))
    paragraphs(document, "{%p endif %}")


def launch_letter() -> Any:
    """The letter that goes out with the blank self-assessment."""
    made = new_document("Please return your self-assessment")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "**Please fill in the self-assessment that comes with this message"
            "{% if due %} and return it by {{ due }}{% endif %}.**",
        ),
        ("Heading 1", "What this is, and why"),
        "Each area looks at how well its safeguarding partners work together. Another area then asks "
        "questions, as a critical friend. Both meet with an independent Chair, and agree what is strong and "
        "what to develop. You then write your own action plan. You ask another area questions in the same "
        "way. The form follows {{ framework }}. In all, {{ area_count }} areas take part.",
        ("Heading 1", "What we ask of you"),
        (
            "List Bullet",
            "**Be honest with yourselves.** A candid RED helps you more than a generous GREEN.",
        ),
        (
            "List Bullet",
            "**Keep it brief:** {{ length }}.",
        ),
        (
            "List Bullet",
            "**Agree it together.** It speaks for the partnership: the local authority, the integrated care "
            "board and the police.",
        ),
        ("Heading 1", "Who reads it"),
        *WHO_READS,
        ("Heading 1", "Timetable"),
    )
    table(
        made,
        ["What", "When"],
        [["{%tr for step in steps %}"], ["{{ step.what }}", "{{ step.when }}"], ["{%tr endfor %}"]],
        [92, 78],
        description="What happens when, in order",
    )
    closing(made)
    return made


def receipt() -> Any:
    """The receipt for a document that was taken in."""
    made = new_document("Receipt")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if is_correction %}**Thank you: version {{ version }} of your {{ document }} reached us** at "
            "{{ received }}.{% else %}**Thank you: we have accepted version {{ version }} of your "
            "{{ document }}**, received at {{ received }}.{% endif %}"
            "{% if is_last %} This was the last form of this challenge.{% endif %}"
            "{% if is_noticed_inside %} Please look at what we noticed, below. If it is as you "
            "want it, there is nothing to do. If you want to change something, please send us a new version "
            "{{ change_by }}.{% else %} You do not need to do "
            "anything else about {{ it_or_them }}{% if not is_last %} now{% endif %}.{% endif %}",
        ),
        ("Heading 1", "What we received"),
        "{{ taken_in }}",
        "{%p if has_ratings %}",
    )
    rating_counts(made)
    paragraphs(
        made,
        ("Gap", ""),
        "{%p if not is_paired %}",
        "When every self-assessment is in, we tell you who will challenge you and whom you will challenge.",
        "{%p endif %}",
        "{%p endif %}",
        "{%p if is_analysis %}",
        "{{ author }} gets your questions from us, and answers them. You lead the conversation at its "
        "challenge event.",
        "{%p endif %}",
    )
    dates(made)
    paragraphs(
        made,
        "{%p if warnings %}",
        ("Heading 1", "What we noticed"),
        "{%p for warning in warnings %}",
        ("Question", "**{{ warning.place }}**"),
        ("Question Body", "{{ warning.message }} {{ warning.remedy }}"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if files_going %}",
        ("Heading 1", "Files that go to your challenger"),
        "We send copies of these files with the analysis pack. We remove comments, links and macros, "
        "and the names of their authors, from the copies.",
        "{%p for file in files_going %}",
        ("List Bullet", "{{ file }}"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if files_staying %}",
        ("Heading 1", "Files that we do not pass on"),
        "Your form is accepted without them. If your challenger should see one, send your form again with "
        "a file that we can pass on.",
        "{%p for file in files_staying %}",
        ("Question", "**{{ file.what }}**"),
        ("Question Body", "{{ file.why }} {{ file.remedy }}"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if changes %}",
        ("Heading 1", "What changed since your last version"),
    )
    table(
        made,
        ["Place", "Before", "Now"],
        [
            ["{%tr for change in changes %}"],
            [
                "**{{ change.place }}**{% if change.column %} – {{ change.column }}{% endif %}",
                "{{ change.before }}",
                "{{ change.after }}",
            ],
            ["{%tr endfor %}"],
        ],
        [50, 60, 60],
        description="What changed since your last version",
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}")
    closing(made)
    return made


def data_sheet() -> Any:
    """An area's figures beside the region's range: a table, and a chart of what has a place in it."""
    made = new_document("Figures of the region")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if has_figures %}**These are {{ author|possessive }} figures beside the range of the "
            "region.**{% else %}**We have no figures for {{ author }}.**{% endif %} They are there to "
            "ask about, not to judge by.",
        ),
        "The middle is the figure of the area in the middle, when all are put in order. A range is shown "
        "where at least {{ least }} areas have a number. A figure written as c, * or “<5” is suppressed, "
        "because it counts so few children.",
    )
    table(
        made,
        ["Indicator", "{{ author }}", "Lowest", "Middle", "Highest", "Areas"],
        [
            ["{%tr for row in rows %}"],
            [
                [
                    ("Table Text", "**{{ row.name }}**"),
                    ("Table Small", "{% if row.unit %}{{ row.unit }}. {% endif %}{{ row.better }}."),
                ],
                "**{{ row.own }}**",
                "{{ row.lowest }}",
                "{{ row.middle }}",
                "{{ row.highest }}",
                "{{ row.areas }}",
            ],
            ["{%tr endfor %}"],
        ],
        [60, 28, 24, 20, 20, 18],
        description="Each indicator: the figure of the area, and the region's lowest, middle and highest",
    )
    paragraphs(made, ("Gap", ""), "{%p if has_chart %}", ("Heading 1", "Where the figures lie"))
    chart(made, "range")
    paragraphs(
        made,
        (
            "Note",
            "Each line goes from the lowest figure of the region to its highest. To the right is higher, "
            "which is not always better: the table says which.",
        ),
        "{%p endif %}",
    )
    closing(made)
    return made


def rating_counts(document: Any, name: str = "counts") -> None:
    """How many sub-headings have each rating: the word in its colour, the figure below it."""
    keys = {
        Rating.RED: "red",
        Rating.AMBER: "amber",
        Rating.GREEN: "green",
        Rating.NOT_APPLICABLE: "not_applicable",
        None: "none",
    }
    made = table(
        document,
        [RAG[rating].word for rating in keys],
        [[[("Figure", value(f"{name}.{key}"))] for key in keys.values()]],
        [34] * len(keys),
        description="How many sub-headings have each rating",
        has_row_headers=False,
    )
    for cell, rating in zip(made.rows[0].cells, keys, strict=True):
        shade(cell, RAG[rating].fill)
        cell.paragraphs[0].style = RAG_STYLES[rating]


def query_letter() -> Any:
    """The letter that asks an area one clear question a point."""
    made = new_document("Questions")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if rejected %}**We could not accept your {{ document }}**, received on {{ received }}. "
            "Please correct these points and send it again by {{ due }}. "
            "{% elif has_copy %}**Please correct the {% if one %}point{% else %}{{ point_count }}{% endif %} "
            "below in the marked copy that comes with this message, and return the copy"
            "{% if office_email %} to {{ office_email }}{% endif %} by {{ due }}.** The copy is called "
            "“{{ copy_name }}”. It has a comment at each place that we ask about. We received version "
            "{{ version }} of your {{ document }} on {{ received }}. We can accept it when the copy is back. "
            "Nothing that you sent is lost. "
            "{% else %}**Please answer the {% if one %}question{% else %}{{ question_count }}{% endif %} "
            "below by {{ due }}.** We received version {{ version }} of your {{ document }} on "
            "{{ received }}. We can accept it when you have answered. Nothing that you sent is lost. "
            "{% endif %}{% if is_plan %}The dates of your progress reports depend on the day on which we "
            "accept the plan.{% else %}Your other dates do not change.{% endif %}",
        ),
        "{%p for area in areas %}",
        ("Heading 1", "{{ area.title }}"),
        "{%p for question in area.questions %}",
        ("Question", "{{ question.number }}.\t**{{ question.place }}**"),
        ("Question Body", "{{ question.message }} **{{ question.remedy }}**"),
        "{%p endfor %}",
        "{%p endfor %}",
    )
    closing(made)
    return made


def partner_notice() -> Any:
    """The notice of partners: one template, other words for author and challenger."""
    made = new_document("Who challenges whom")
    opening(made)
    paragraphs(
        made,
        "{%p if is_author %}",
        (
            "Call-out",
            "**{{ other }} will challenge your self-assessment{% if former %}, in place of {{ former }}"
            "{% endif %}.** About your own self-assessment, you do not need to do anything until "
            "you get its questions. If you see a conflict of interest that we have missed, please tell us "
            "now.",
        ),
        "{%p else %}",
        (
            "Call-out",
            "**Please send us your questions on {{ other|possessive }} self-assessment{% if analysis_due %} "
            "by {{ analysis_due }}{% else %} within {{ analysis_days }} of getting the analysis pack{% endif "
            "%}.** {% if analysis_due %}Please write them in the analysis pack that comes with this message"
            "{% else %}If we send you the pack today, that is by {{ analysis_if_today }}. Please write them "
            "in the pack{% endif %}: it is {{ other|possessive }} self-assessment, with a column for your "
            "questions. If you see a conflict of interest that we have missed, please tell us now.",
        ),
        "{%p endif %}",
        "{%p if reasons %}",
        ("Heading 1", "How we chose this pair"),
        "{%p for reason in reasons %}",
        ("List Bullet", "{{ reason }}"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if is_author %}",
        ("Heading 1", "What happens next"),
        (
            "List Bullet",
            "{{ other }} reads what you wrote, and asks about each RED sub-heading and some of the others.",
        ),
        ("List Bullet", "We send you its questions, with a form for your response."),
        (
            "List Bullet",
            "You meet at a challenge event led by an independent Chair. We will write again with the day, "
            "the time and the Chair.",
        ),
        "{%p else %}",
        ("Heading 1", "What makes a good challenge"),
        (
            "List Bullet",
            "Ask open questions, such as “What gets in the way?”. A verdict ends the conversation.",
        ),
        (
            "List Bullet",
            "Ask about every RED sub-heading and about some rated AMBER. The rest is up to you.",
        ),
        (
            "List Bullet",
            "Ask about strengths too: how will the area keep each one, and who could learn from it?",
        ),
        ("List Bullet", "Agree your questions between council, health and police before you return them."),
        "{%p endif %}",
        "{%p if other_people %}",
        ("Heading 1", "Who to speak to"),
        "At {{ other_partnership }}:",
        "{%p for contact in other_people %}",
        ("List Bullet", "{{ contact.who }}{% if contact.email %} ({{ contact.email }}){% endif %}"),
        "{%p endfor %}",
        "{%p endif %}",
    )
    dates(made, "Dates")
    closing(made)
    return made


def event_invitation() -> Any:
    """The invitation to a challenge event."""
    made = new_document("Invitation to the challenge event")
    opening(made)
    paragraphs(
        made,
        (
            "Call-out",
            "{% if is_changed %}**This replaces our earlier invitation.** {% endif %}{% if event_changes "
            "%}{{ event_changes }} {% endif %}**{% if is_author %}Please come to your challenge event{% "
            "elif is_challenger %}Please come and lead the challenge to {{ author }}{% else %}Please chair "
            "the challenge event for {{ author }}{% endif %} on {{ event_day }}.** {% if is_author and "
            "response_due %}{% if form_holders %}Your written response is due by **{{ response_due }}**. We "
            "send the form for it to {{ form_holders }}.{% else %}Please send your written response by **{{ "
            "response_due }}**.{% endif %} {% endif %}{% if "
            "is_author or is_challenger %}Somebody from each of your three partners should come. If one of "
            "them cannot, please tell us now.{% else %}If you cannot come, please tell us now.{% endif %}",
        ),
        ("Heading 1", "{{ event_day }}, {{ event_time }}"),
    )
    for label, what in (
        ("Place", "{{ place }}"),
        ("Chair", "{{ chair }}"),
        ("Area", "{{ author }}"),
        ("Challenger", "{{ challenger }}"),
    ):
        paragraphs(made, ("Particular", f"**{label}**\t{what}"))
    paragraphs(
        made,
        ("Gap", ""),
        "{%p if is_author %}",
        "At the event you present your self-assessment and answer {{ challenger|possessive }} questions. "
        "Before the event, we will send {{ form_holders or 'you' }} a draft presentation.",
        "{%p elif is_challenger %}",
        "At the event you lead the conversation, starting from the sub-headings rated RED. Please agree "
        "beforehand which of your three partners will ask each question. Before the event, we will send you "
        "the paper “Lead your challenge”, with {{ author|possessive }} answers.",
        "{%p else %}",
        "At the event you lead the session, and record the strengths and areas for development that both "
        "areas agree on. Before the event, we will send you a briefing and a form for your record.",
        "{%p endif %}",
        "A calendar entry comes with this message. Open it to put the event in your diary.",
        ("Heading 1", "Agenda"),
    )
    session(made)
    paragraphs(made, ("Gap", ""))
    closing(made)
    return made


def withdrawal_notice() -> Any:
    """The letter that a challenge ends early, to each of those who know of it."""
    made = new_document("Withdrawal")
    opening(made)
    paragraphs(
        made,
        "{%p if is_author %}",
        (
            "Call-out",
            "**{% if is_closed %}We have ended your challenge in {{ cycle }} early{% else %}Your area no "
            "longer takes part in {{ cycle }}{% endif %}.** You do not need to send us anything else"
            "{% if is_closed %} for it{% endif %}.",
        ),
        "{%p if challenger %}",
        "We are also telling {{ challenger }}{% if chair %} and the Chair, {{ chair }}{% endif %}.",
        "{%p endif %}",
        "{%p if not is_closed %}",
        "If you have documents about an area that you no longer challenge, please delete them, unless your "
        "own rules say that you have to keep them.",
        "{%p endif %}",
        "{%p elif is_challenger %}",
        (
            "Call-out",
            "**{% if is_closed %}We have ended {{ author|possessive }} challenge early{% else %}{{ author }} "
            "no longer takes part in {{ cycle }}{% endif %}.** You do not need to challenge it any more.",
        ),
        "If you have begun to write your questions, you can stop.{% if not is_closed %} Please "
        "delete what we sent you about {{ author }}, unless your own rules say that you have to keep "
        "it.{% endif %}",
        "{%p else %}",
        (
            "Call-out",
            "**{% if is_closed %}We have ended {{ author|possessive }} challenge early{% else %}{{ author }} "
            "no longer takes part in {{ cycle }}{% endif %}.**",
        ),
        "{%p if not is_closed %}",
        "Please delete what we sent you about {{ author }}, unless your own rules say that you have to keep "
        "it.",
        "{%p endif %}",
        "{%p endif %}",
        "{%p if event_day %}",
        ("Heading 1", "The event on {{ event_day }} at {{ event_time }} will not take place"),
        "A calendar file comes with this message. Open it to take the event out of your diary. If the entry "
        "stays there, please delete it.",
        "{%p endif %}",
    )
    closing(made)
    return made


def dates_notice() -> Any:
    """The letter that dates have moved, to each of those who know of them."""
    made = new_document("Dates have changed")
    opening(made)
    paragraphs(made, ("Call-out", "**These dates have changed.** Please use the new ones."))
    table(
        made,
        ["What", "Before", "Now"],
        [
            ["{%tr for change in changes %}"],
            ["{{ change.what }}", "{{ change.before }}", "**{{ change.after }}**"],
            ["{%tr endfor %}"],
        ],
        [60, 55, 55],
        description="The dates that have changed, before and now",
    )
    paragraphs(
        made,
        ("Gap", ""),
        "{%p for message in messages %}",
        "{{ message }}",
        "{%p endfor %}",
    )
    dates(made, "Dates of this challenge")
    closing(made)
    return made


def session(document: Any) -> None:
    """The run of a session as a table, whole on a page."""
    made = table(
        document,
        ["Time", "What", "Led by"],
        [
            ["{%tr for row in session %}"],
            ["{{ row.time }}", "{{ row.what }}", "{{ row.who }}"],
            ["{%tr endfor %}"],
        ],
        [20, 100, 50],
        description="The run of the session",
    )
    paragraphs(
        document, ("Note", "Times within the session are a guide. The Chair may move them on the day.")
    )
    _keep_with_next(made)


def _keep_with_next(made: Any) -> None:
    """Keep a table on one page with what follows it, where they fit."""
    for row in made.rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def event_timetable() -> Any:
    """The timetable of every event of a cycle."""
    made = new_document("Timetable of challenge events", is_landscape=True)
    paragraphs(
        made,
        ("Title", "{{ title }}"),
        ("Subtitle", "{{ cycle }}: {{ summary }} We made this list on {{ date }}."),
        "You do not need to do anything with this list.{% if not is_for_office %} It has your events that "
        "are agreed so far. If there is another, we will send you an invitation.{% endif %}",
    )
    columns = ("day", "time", "author", "challenger", "chair", "place")
    table(
        made,
        ["Day", "Time", "Area", "Challenged by", "Chair", "Place"],
        [["{%tr for event in events %}"], [value(f"event.{name}") for name in columns], ["{%tr endfor %}"]],
        [30, 32, 48, 48, 54, 45],
        description="Every challenge event, in order of time",
        has_row_headers=False,
    )
    paragraphs(made, ("Gap", ""), "{%p if not is_for_office %}")
    closing(made)
    paragraphs(made, "{%p endif %}")
    return made


def reminder() -> Any:
    """A reminder, gentle before the day and plain after it."""
    made = new_document("Reminder")
    opening(made)
    paragraphs(
        made,
        ("Call-out", "**{{ thing }}** {{ standing }}."),
        "{%p if response_due %}",
        "{% if form_holders %}**Your written response is due by {{ response_due }}.** We sent the form for "
        "it to {{ form_holders }}. If it has been sent already, thank you.{% else %}**Please also send your "
        "written response by {{ response_due }}.** If you have sent it already, thank you.{% endif %}",
        "{%p endif %}",
        "{%p if is_event %}",
        "{% if is_chair %}You chair the event.{% elif is_challenger %}You ask {{ author }} your questions."
        "{% else %}You present your self-assessment and answer {{ challenger|possessive }} questions."
        "{% endif %} The agenda is in our invitation. {% if is_chair %}If you cannot come"
        "{% else %}If one of your three partners cannot come{% endif %}, please tell us at once."
        "{% if lacks_link %} You should have the joining link by now. If you do not, please ask us for it."
        "{% endif %}",
        "{%p elif has_questions %}",
        "If a marked copy came with that message, correct the copy and send it back. If you have done so "
        "already, thank you. You do not need to do anything.",
        "{%p elif is_escalation %}",
        "We are contacting you because this is overdue. Please help us to get {{ it_or_them }}, or tell "
        "us what the difficulty is.",
        "{%p elif is_late %}",
        "Please send {{ it_or_them }} as soon as you can. If there is a difficulty, tell us: we can often "
        "help, and others' dates depend on this one.",
        "{%p else %}",
        "If you have sent {{ own_thing }} already, thank you. You do not need to do anything else about "
        "{{ it_or_them }}. If you cannot meet the date, please tell us now.",
        "{%p endif %}",
        "{%p if is_draft and not has_questions %}",
        ("Heading 1", "How to correct it"),
        "If everything in the draft is right, you do not need to send anything. If a fact is wrong, correct "
        "it in the draft itself, in Word, or write a comment beside it. Then return the draft"
        "{% if office_email %} to {{ office_email }}{% endif %}.",
        "{%p elif not is_event and not has_questions %}",
        ("Heading 1", "{% if is_pack %}How to send them{% else %}How to send it{% endif %}"),
        "{% if is_pack %}Please write them in the analysis pack that we sent you, in Word. Then return "
        "the pack{% else %}Please fill in the form that we sent you, in Word, and return it{% endif %} "
        "as a Word file"
        "{% if office_email %} to {{ office_email }}{% endif %}. It is in time if it reaches us "
        "by the end of the day on which it is due. We send a receipt when we have accepted it.",
        "{%p endif %}",
    )
    dates(made)
    closing(made)
    return made


LETTERS = {
    make.__name__: make
    for make in (
        launch_letter,
        receipt,
        data_sheet,
        query_letter,
        partner_notice,
        event_invitation,
        event_timetable,
        withdrawal_notice,
        dates_notice,
        reminder,
    )
}
__all__ = ["LETTERS", "closing", "dates", "opening", "session"]
