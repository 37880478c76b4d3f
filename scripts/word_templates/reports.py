"""Makes the shipped templates of the regional overview and the weekly brief."""

from typing import Any

from docx.shared import Mm

from peer_challenge.word.write.house_colours import BAND
from scripts.word_templates.contents import add_contents
from scripts.word_templates.letter_blocks import (
    chart,
    margins,
    new_document,
    paragraphs,
    rag_cell,
    shade,
    table,
    tag,
    upright,
    value,
)

HEAT = "Table Small"


def _heat_map(made: Any) -> None:
    """Areas by sub-headings: a coloured letter in each cell, area names upright along the top."""
    paragraphs(made, "{%p for block in blocks %}")
    grid = table(
        made,
        ["Sub-heading", "{%tc for area in block.areas %}", "{{ area }}", "{%tc endfor %}"],
        [
            ["{%tr for group in block.groups %}"],
            [[("Table Group", "{{ group.title }}")], "", "", ""],
            ["{%tr for row in group.rows %}"],
            [
                "{{ row.title }}",
                "{%tc for cell in row.cells %}",
                rag_cell("cell", suffix=" Letter", is_letter=True),
                "{%tc endfor %}",
            ],
            ["{%tr endfor %}"],
            ["{%tr endfor %}"],
        ],
        [64, 7.2, 7.2, 7.2],
        text_style=HEAT,
        description="Heat map: the rating of every sub-heading in every area. R is RED, A AMBER, G GREEN",
    )
    for cell in grid.rows[2].cells[1:]:
        grid.rows[2]._tr.remove(cell._tc)
    shade(grid.rows[2].cells[0], BAND)
    grid.rows[0].height = Mm(40)
    upright(grid.rows[0].cells[2])
    for cell in grid.rows[0].cells:
        cell.paragraphs[0].style = "Table Header Small"
    for row in grid.rows:
        for n, cell in enumerate(row.cells):
            margins(cell, 12 if n else 96, 24)
    paragraphs(made, ("Gap", ""), "{%p endfor %}")


def _counts(made: Any, heading: str, name: str, first: str) -> None:
    table(
        made,
        [first, "Area of focus", "Red", "Amber", "Green"],
        [
            [tag("tr", f"for row in {name}")],
            ["{{ row.title }}", "{{ row.area }}", "{{ row.red }}", "{{ row.amber }}", "{{ row.green }}"],
            ["{%tr endfor %}"],
        ],
        [56, 60, 16, 20, 18],
        description=heading,
    )


def _agreed_in_region(made: Any, heading: str, name: str, lead: str) -> None:
    """What was agreed, or recorded: what several areas share with its words, then the rest in a table."""
    shared, single = f'{name}|selectattr("is_shared")|list', f'{name}|rejectattr("is_shared")|list'
    paragraphs(made, tag("p", f"if {name}"), ("Heading 1", heading))
    made.add_paragraph(lead, style="Body Text").paragraph_format.keep_with_next = True
    paragraphs(
        made,
        tag("p", f"if {shared}"),
        ("Heading 2", "In more than one area"),
        tag("p", f"for row in {shared}"),
        ("Heading 3", "{{ row.title }} – {{ row.number }}"),
        "{%p for said in row.texts %}",
        ("List Bullet", "**{{ said.who }}.** {{ said.text }}"),
        "{%p endfor %}",
        "{%p endfor %}",
        "{%p endif %}",
        tag("p", f"if {single}"),
        ("Heading 2", "In one area only"),
    )
    table(
        made,
        ["Sub-heading", "Area", "In these words"],
        [
            [tag("tr", f"for row in {single}")],
            ["{%tr for said in row.texts %}"],
            ["{{ row.title }}", "{{ said.who }}", "{{ said.text }}"],
            ["{%tr endfor %}"],
            ["{%tr endfor %}"],
        ],
        [50, 36, 84],
        description=f"{heading}: in one area only",
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}", "{%p endif %}")


def _published_numbers(made: Any, heading: str, name: str, count: str) -> None:
    """Of how many areas something is so, by sub-heading, in the edition without names."""
    paragraphs(
        made,
        tag("p", f"if {name}"),
        ("Heading 1", heading),
    )
    table(
        made,
        ["Sub-heading", "Area of focus", count],
        [
            [tag("tr", f"for row in {name}")],
            ["{{ row.title }}", "{{ row.area }}", "{{ row.number }}"],
            ["{%tr endfor %}"],
        ],
        [66, 74, 30],
        description=heading,
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}")


def _published_ratings(made: Any) -> None:
    """How many areas gave which ratings, in the edition without names."""
    paragraphs(
        made,
        "{%p if published %}",
        ("Heading 1", "How the areas rated themselves"),
        "The sub-headings are in the order of the framework.{% if has_no_rating %} “No rating” means not "
        "applicable, or not rated.{% endif %}",
    )
    table(
        made,
        ["Sub-heading", "How many areas"],
        [
            ["{%tr for group in published %}"],
            [[("Table Group", "{{ group.title }}")], ""],
            ["{%tr for row in group.rows %}"],
            ["{{ row.title }}", "{{ row.figures }}"],
            ["{%tr endfor %}"],
            ["{%tr endfor %}"],
        ],
        [90, 80],
        description="How many areas gave each sub-heading which rating",
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}")
    _published_numbers(made, "What peers asked about in some areas", "published_asked", "Asked in")
    _published_numbers(made, "Areas for development in common", "published_needs", "Agreed in")
    _published_numbers(made, "Strengths in common", "published_strengths", "Agreed in")


def _impact(made: Any) -> None:
    """How long each step took, and what areas say of the challenge."""
    paragraphs(
        made,
        "{%p if feedback %}",
        ("Heading 1", "What areas said about the challenge"),
        "From their last progress reports.",
        ("Heading 2", "What it helped to change"),
        "{%p for row in feedback if row.changed %}",
        ("List Bullet", "**{{ row.who }}:** {{ row.changed }}"),
        "{%p endfor %}",
        ("Heading 2", "What would have made it more useful"),
        "{%p for row in feedback if row.better %}",
        ("List Bullet", "**{{ row.who }}:** {{ row.better }}"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if steps %}",
        ("Heading 1", "How long each step took"),
        "In days, for the areas that have finished it.",
    )
    table(
        made,
        ["Step", "Areas", "Shortest", "Median", "Longest"],
        [
            ["{%tr for row in steps %}"],
            ["{{ row.step }}", "{{ row.areas }}", "{{ row.fewest }}", "{{ row.middle }}", "{{ row.most }}"],
            ["{%tr endfor %}"],
        ],
        [70, 25, 25, 25, 25],
        description="How many days each step took",
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}")


def regional_overview() -> Any:
    """The regional overview, in both editions."""
    made = new_document("Regional overview")
    paragraphs(
        made,
        ("Title", "{{ title }}"),
        ("Subtitle", "{{ subtitle }}"),
        "{%p if is_anonymised %}",
        (
            "Call-out",
            "**For the areas that take part and the programme office. You do not need to do anything.** No "
            "area is named here, and nothing that an area wrote is repeated.",
        ),
        "{%p else %}",
        (
            "Call-out",
            "**For {{ office }} only: please pass it to nobody else. You do not need to do anything.** This "
            "edition names every area and quotes what areas wrote. To share the results, use the edition "
            "without names.",
        ),
        "{%p endif %}",
        ("Particular", "**Framework**\t{{ framework }}"),
        ("Particular", "**Figures as at**\t{{ date }}"),
        ("Gap", ""),
        ("Heading 1", "How to read this"),
        "Ratings are the areas' own. RED is not failure: it is where an area asks its peers to look. "
        "Counts in a small region change by chance. Please read them as questions to ask.",
        "{%p if is_anonymised %}",
        "We show a number only if it is {{ smallest }} or more.{% if added_example %} We add a smaller "
        "number "
        "to the next rating, as in “{{ added_example }}”.{% endif %} Where that is not enough, we write “Not "
        "shown”. So nobody who knows the ratings of their own area and of the area that they challenge can "
        "work out those of another.",
        "{% if listed %}We list what was {{ listed }} in {{ smallest }} to "
        "{{ areas_taking_part - smallest }} areas. We leave out what was {{ listed }} in more than "
        "{{ areas_taking_part - smallest }} areas or in fewer than {{ smallest }}, so that no area can be "
        "recognised. So the lists do not show what is most common.{% else %}We list nothing of what was "
        "asked or agreed, so that no area can be recognised.{% endif %}",
        "{%p endif %}",
        ("Heading 1", "In brief"),
        "{%p for line in in_brief %}",
        ("List Bullet", "{{ line }}"),
        "{%p endfor %}",
    )
    _published_ratings(made)
    paragraphs(
        made,
        "{%p if has_ratings %}",
        ("Heading 1", "Profile by area of focus"),
        (
            "Note",
            "How many ratings of each area of focus are RED (R), AMBER (A), GREEN (G) or not applicable "
            "(N/A).",
        ),
    )
    made.paragraphs[-1].paragraph_format.keep_with_next = True
    chart(made, "focus")
    paragraphs(
        made,
        ("Heading 1", "Profile by area"),
        (
            "Note",
            "How many sub-headings each area rated RED (R), AMBER (A), GREEN (G) or not applicable (N/A).",
        ),
    )
    made.paragraphs[-1].paragraph_format.keep_with_next = True
    chart(made, "areas")
    paragraphs(made, "{%p if hardest %}", ("Heading 1", "What the region finds hardest"))
    _counts(made, "What the region finds hardest", "hardest", "Sub-heading")
    paragraphs(
        made,
        (
            "Note",
            "In order of most RED, then most AMBER. {% if as_hard %}{{ as_hard }} {% endif %}The heat map "
            "has every sub-heading.",
        ),
        "{%p endif %}",
    )
    made.add_paragraph("Heat map", style="Heading 1").paragraph_format.page_break_before = True
    _heat_map(made)
    paragraphs(
        made,
        ("Note", "R: RED. A: AMBER. G: GREEN. N/A: not applicable. –: not rated."),
        "{%p if asked %}",
        ("Heading 1", "What peers asked about most"),
    )
    table(
        made,
        ["Sub-heading", "Area of focus", "Areas asked"],
        [
            ["{%tr for row in asked %}"],
            ["{{ row.title }}", "{{ row.area }}", "{{ row.number }}"],
            ["{%tr endfor %}"],
        ],
        [66, 74, 30],
        description="What peers asked about most",
    )
    paragraphs(
        made,
        "{%p if asked_as_often %}",
        ("Note", "{{ asked_as_often }}"),
        "{%p else %}",
        ("Gap", ""),
        "{%p endif %}",
        "{%p endif %}",
    )
    _agreed_in_region(
        made,
        "Areas for development agreed at events",
        "needs",
        "What both areas agreed at each event, by sub-heading, the most common first.",
    )
    _agreed_in_region(
        made,
        "Key strengths agreed at events",
        "strengths",
        "What both areas agreed to be a strength, by sub-heading, the most common first.",
    )
    _agreed_in_region(
        made,
        "Recorded by Chairs, not agreed by both",
        "not_agreed",
        "The two areas did not both agree to these, so no action follows from them.",
    )
    paragraphs(
        made,
        "{%p if progress %}",
        ("Heading 1", "Progress on action plans"),
        "How far the actions have got, from each area’s latest progress report.",
    )
    table(
        made,
        ["Area", "Report", "Done", "Under way", "Not started", "Changed", "Dropped"],
        [
            ["{%tr for row in progress %}"],
            [
                "{{ row.area }}",
                "{{ row.review }}",
                "{{ row.done }}",
                "{{ row.under_way }}",
                "{{ row.not_started }}",
                "{{ row.changed }}",
                "{{ row.dropped }}",
            ],
            ["{%tr endfor %}"],
        ],
        [44, 18, 18, 22, 22, 23, 23],
        description="How many actions are done, under way, not started, changed and dropped, by area",
    )
    paragraphs(made, ("Gap", ""), "{%p endif %}")
    _impact(made)
    paragraphs(made, "{%p if changes %}", ("Heading 1", "What changed since the last cycle"))
    chart(made, "change")
    table(
        made,
        ["Area of focus", "Better", "Same", "Worse"],
        [
            ["{%tr for row in changes %}"],
            ["{{ row.title }}", "{{ row.better }}", "{{ row.same }}", "{{ row.worse }}"],
            ["{%tr endfor %}"],
        ],
        [104, 22, 22, 22],
        description="How ratings changed since the last cycle, by area of focus",
    )
    paragraphs(
        made,
        ("Note", "Only sub-headings that the same area rated in both cycles are compared."),
        "{%p if slipped %}",
        ("Heading 2", "Now RED, and not before"),
        "{%p for row in slipped %}",
        ("List Bullet", "**{{ row.title }}:** {{ row.areas }}"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p endif %}",
        "{%p if trend %}",
        ("Heading 1", "The trend over the cycles"),
    )
    table(
        made,
        ["Cycle", "Areas", "Red", "Amber", "Green"],
        [
            ["{%tr for row in trend %}"],
            ["{{ row.cycle }}", "{{ row.areas }}", "{{ row.red }}", "{{ row.amber }}", "{{ row.green }}"],
            ["{%tr endfor %}"],
        ],
        [90, 20, 20, 20, 20],
        description="How many ratings there were of each in each cycle",
    )
    paragraphs(
        made,
        (
            "Note",
            "Only sub-headings that the same area rated in each of these cycles are counted. Where the "
            "framework has changed, the present sub-heading is compared with those that it carries on; of "
            "several, the lowest rating counts.",
        ),
        "{%p endif %}",
        "{%p if matches %}",
        ("Heading 1", "Good practice matched with need"),
        "Areas that rate a sub-heading GREEN, with evidence, beside those that rate it RED.",
    )
    table(
        made,
        ["Sub-heading", "Could share", "Could gain"],
        [
            ["{%tr for row in matches %}"],
            ["**{{ row.title }}**", "{{ row.offers }}", "{{ row.needs }}"],
            ["{%tr endfor %}"],
        ],
        [50, 60, 60],
        description="Good practice matched with need",
    )
    paragraphs(
        made,
        "{%p if more_matches %}",
        (
            "Note",
            "The workbook “Regional tables” lists {{ more_matches }} more "
            "sub-heading{{ '' if more_matches == 1 else 's' }}.",
        ),
        "{%p else %}",
        ("Gap", ""),
        "{%p endif %}",
        "{%p endif %}",
        "{%p endif %}",
    )
    add_contents(made, "How to read this")
    return made


def monday_brief() -> Any:
    """The office's weekly brief: one page, and the drafted emails behind it."""
    made = new_document("Weekly brief")
    paragraphs(
        made,
        ("Title", "{{ title }}"),
        ("Subtitle", "{{ subtitle }}"),
        ("Call-out", "{{ in_brief }}"),
        ("Heading 1", "Who to chase"),
        "{%p if chase %}",
    )
    _brief_table(
        made,
        ["Who", "For what", "Area", "Days late"],
        "chase",
        ["who", "what", "area", "late"],
        [46, 50, 48, 26],
    )
    paragraphs(
        made,
        "{%p else %}",
        "Nobody.",
        "{%p endif %}",
        "{%p if notes %}",
        ("Heading 1", "Your notes for this week"),
        "{%p for note in notes %}",
        ("List Bullet", "**{{ note.day }}, {{ note.area }}.** {{ note.text }}"),
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if mixes %}",
        ("Heading 1", "Who took part"),
        "Other partners took part than before. You do not need to do anything about it.",
        "{%p for mix in mixes %}",
        ("List Bullet", "**{{ mix.area }}.** {{ mix.told }}"),
        "{%p endfor %}",
        "{%p endif %}",
        ("Heading 1", "At risk, and why"),
        "{%p if risks %}",
        "{%p for risk in risks %}",
        ("List Bullet", "**{{ risk.area }}:** {{ risk.why }}"),
        "{%p endfor %}",
        "{%p else %}",
        "Nothing{% if chase %} beyond the list above{% endif %}.",
        "{%p endif %}",
        ("Heading 1", "Due in the next fortnight"),
        "{%p if due %}",
    )
    _brief_table(made, ["When", "What", "Who"], "due", ["day", "what", "who"], [30, 52, 88])
    paragraphs(
        made,
        "{%p else %}",
        "Nothing.",
        "{%p endif %}",
        ("Heading 1", "What came last week"),
        "{%p if came %}",
    )
    _brief_table(
        made,
        ["When", "From", "What", "Outcome"],
        "came",
        ["day", "who", "what", "outcome"],
        [30, 52, 60, 28],
    )
    paragraphs(made, "{%p else %}", "Nothing.", "{%p endif %}", "{%p if emails %}")
    heading = made.add_paragraph("Draft emails", style="Heading 1")
    heading.paragraph_format.page_break_before = True
    paragraphs(
        made,
        "To send reminders from the website, open the page “Board”, tick the areas and choose “Remind” below "
        "the list. If you would rather write yourself, copy these words. Look at the board first: something "
        "may have come since this was made.",
        "{%p for email in emails %}",
        ("Particular", "**Subject**\t{{ email.subject }}"),
        "{%p if email.is_to_several %}",
        "Send a separate email to each:",
        "{%p endif %}",
        "{%p for to in email.to %}",
        ("Particular", "**To**\t{{ to }}"),
        "{%p endfor %}",
        ("Area Words", "Good morning,"),
        ("Area Words", "{{ email.body }}"),
        ("Area Words", "{{ sender }}"),
        ("Gap", ""),
        "{%p endfor %}",
        "{%p endif %}",
    )
    return made


def _brief_table(made: Any, headers: list[str], name: str, columns: list[str], widths: list[float]) -> None:
    table(
        made,
        headers,
        [
            [tag("tr", f"for row in {name}")],
            [value(f"row.{column}") for column in columns],
            ["{%tr endfor %}"],
        ],
        widths,
        description=headers[0] + ", " + headers[1],
        has_row_headers=headers[0] != "When",
    )


REPORTS = {make.__name__: make for make in (regional_overview, monday_brief)}
