"""The honest mistakes that people make in forms: how each is made, and which area makes which."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from lxml import etree

from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.rehearsal.handwriting import Sheet, make_text_run, qualify_name
from peer_challenge.rehearsal.phrases import load_common_phrases
from peer_challenge.word.package.xml_element import XmlElement, remove_from_parent

if TYPE_CHECKING:
    from peer_challenge.rehearsal.people import Draft

Spoil = Callable[[Sheet, "Draft", Random], None]
_FILLS = {"GREEN": "00B050", "AMBER": "FFC000", "RED": "FF0000"}
_WHEN = "2027-02-19T16:20:00Z"


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake that can be made in a form.

    Its name, the kind of submission, whether it leads to a query, and the function that makes it.
    """

    name: str
    kind: Kind
    is_queried: bool
    spoil: Spoil


def handed_out(seed: int, authors: Sequence[str]) -> dict[tuple[Kind, str], Slip]:
    """Who makes which mistake, by kind of submission and author.

    About a third of the self-assessments hold one that is queried and a quarter one that only
    warns; of the other kinds about one in eight holds one.
    """
    dice = Random(f"{seed}/slips")  # noqa: S311 - for variety, not secrecy
    given: dict[tuple[Kind, str], Slip] = {}
    for kind in Kind:
        order = dice.sample(list(authors), len(authors))
        is_first = kind is Kind.SELF_ASSESSMENT
        queried, warned = _shuffle_slips_of_kind(kind, True, dice), _shuffle_slips_of_kind(kind, False, dice)
        n_queried = round(len(order) / 3) if is_first else -(-len(order) // 8)
        n_warned = round(len(order) / 4) if is_first else len(order) // 10
        chosen = _repeat_slips(queried, n_queried) + _repeat_slips(warned, n_warned)
        given |= {(kind, author): slip for author, slip in zip(order, chosen, strict=False)}
    return given


def _shuffle_slips_of_kind(kind: Kind, is_queried: bool, dice: Random) -> list[Slip]:
    fitting = [slip for slip in SLIPS if slip.kind is kind and slip.is_queried is is_queried]
    return dice.sample(fitting, len(fitting))


def _repeat_slips(slips: list[Slip], number: int) -> list[Slip]:
    return [slips[n % len(slips)] for n in range(number)] if slips else []


def _pick_rated_row(draft: "Draft", dice: Random, *ratings: Rating, filled: str = "strengths") -> str:
    """A row that has one of `ratings` and something in the column `filled`."""
    letters = {rating.value[0] for rating in ratings}
    fitting = [a for a, row in draft.rows.items() if row["rating"][:1].upper() in letters and row.get(filled)]
    return dice.choice(fitting or list(draft.rows))


def _split_rating(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(
        _pick_rated_row(draft, dice, Rating.AMBER),
        "rating",
        dice.choice(("Amber/Green", "A/G", "Amber to Green")),
    )


def _rating_by_agency(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(_pick_rated_row(draft, dice, Rating.AMBER), "rating", "LA: G, Health: G, Police: A")


def _rating_to_come(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(_pick_rated_row(draft, dice, Rating.AMBER), "rating", dice.choice(("TBC", "tbc", "-")))


def _rating_missing(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    for _ in range(dice.randint(1, 2)):
        sheet.write(_pick_rated_row(draft, dice, Rating.AMBER, Rating.GREEN), "rating", "")


def _row_empty(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    address = _pick_rated_row(draft, dice, Rating.AMBER)
    for column in ("strengths", "development", "rating"):
        sheet.write(address, column, "")


def _no_development(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(_pick_rated_row(draft, dice, Rating.RED, filled="development"), "development", "")
    sheet.write(_pick_rated_row(draft, dice, Rating.AMBER, filled="development"), "development", "")


def _green_without_strengths(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(_pick_rated_row(draft, dice, Rating.GREEN), "strengths", "")


def _not_applicable_bare(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    address = _pick_rated_row(draft, dice, Rating.AMBER)
    sheet.write(address, "strengths", "")
    sheet.write(address, "development", "")
    sheet.write(address, "rating", "N/A")


def _row_deleted(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    row = sheet.row(_pick_rated_row(draft, dice, Rating.AMBER, Rating.RED))
    remove_from_parent(row)


def _not_signed_off(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    partner = dice.choice(("icb", "police"))
    for name in (f"signed_off_{partner}", f"signed_on_{partner}"):
        sheet.write_field(name, "")


def _colour_only(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    for address in dice.sample(sorted(draft.rows), 3):
        written = draft.rows[address]["rating"].upper()
        fill = next((fill for name, fill in _FILLS.items() if name[0] == written[0]), None)
        if fill:
            sheet.write(address, "rating", "")
            _set_cell_shading(sheet.cell(address, "rating"), fill)


def _tracked_changes(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    """An insertion and a deletion that nobody has accepted yet, in two narratives."""
    for address in _some_rows(draft, dice, 2):
        runs = [
            r
            for r in sheet.cell(address, "strengths").iter(qualify_name("r"))
            if r.find(qualify_name("t")) is not None
        ]
        last = runs[-1]
        inserted = _make_tracked_change(
            "ins", make_text_run(" This was confirmed by the police lead.", last), 901
        )
        deleted_run = make_text_run(" Wording to be checked.", last)
        for text in deleted_run.iter(qualify_name("t")):
            text.tag = qualify_name("delText")
        last.addnext(inserted)
        inserted.addnext(_make_tracked_change("del", deleted_run, 902))


def _over_the_limit(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    address = _pick_rated_row(draft, dice, Rating.AMBER, Rating.GREEN)
    words = {"area": "the area", "executive": "executive", "unit": "partnership team", "month": "October"}
    more = [_fill_placeholders(phrase, words) for phrase in load_common_phrases()["long_windedly"]]
    sheet.write(address, "strengths", "\n".join([draft.rows[address]["strengths"], *more]))


def _fill_placeholders(phrase: str, words: dict[str, str]) -> str:
    for term, word in words.items():
        phrase = phrase.replace(f"{{{term}}}", word)
    return phrase.replace("{9-14}", "eleven").replace("{30-60}", "forty")


def _private_link(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    address = _pick_rated_row(draft, dice, Rating.GREEN)
    link = "https://partnership.sharepoint.com/sites/safeguarding/Shared%20Documents/audit-report.docx"
    sheet.write(address, "strengths", f"{draft.rows[address]['strengths']} The audit report is at {link}")


def _trend_noted(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(_pick_rated_row(draft, dice, Rating.GREEN), "rating", "Was amber, now green")


def _struck_out(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    for address in _some_rows(draft, dice, 1):
        runs = [
            r
            for r in sheet.cell(address, "strengths").iter(qualify_name("r"))
            if r.find(qualify_name("t")) is not None
        ]
        struck = make_text_run(" Figures to follow.", runs[-1])
        properties = struck.find(qualify_name("rPr"))
        if properties is None:
            properties = etree.Element(qualify_name("rPr"))
            struck.insert(0, properties)
        etree.SubElement(properties, qualify_name("strike"))
        runs[-1].addnext(struck)


def _red_not_challenged(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    reds = [a for a in draft.rows if sheet.text(a, "rating").upper().startswith("R")]
    sheet.write(dice.choice(reds or list(draft.rows)), "commentary", "")


def _write_bare_assertion(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(
        dice.choice(sorted(draft.rows)), "commentary", "This needs to be a priority for the partnership."
    )


def _authors_words_changed(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    """The challenger tidies the author's own sentence."""
    address = dice.choice(sorted(draft.rows))
    said = sheet.text(address, "development") or sheet.text(address, "strengths")
    column = "development" if sheet.text(address, "development") else "strengths"
    sheet.write(
        address, column, said.replace("We ", "The partnership ").rstrip(".") + " as soon as possible."
    )


def _challenge_unanswered(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(dice.choice(sorted(draft.rows)), "response", "")


def _kind_of_answer_missing(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(dice.choice(sorted(draft.rows)), "response_kind", "")


def _sixth_item(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    """More agreed than the form has room for: rows added at the end of the table, as Word's tab key does."""
    number = max(int(a.partition("/")[2]) for a in draft.rows if a.startswith("development/"))
    while sheet.has(f"development/{number + 1}"):
        number += 1
        for column in ("text", "subheading", "consensus"):
            sheet.write(f"development/{number}", column, sheet.text("development/1", column))
        sheet.write(f"development/{number}", "text", _FURTHER[number % len(_FURTHER)])
    last = sheet.row(f"development/{number}")
    added = copy.deepcopy(last)
    for mark in list(added.iter(qualify_name("bookmarkStart"), qualify_name("bookmarkEnd"))):
        remove_from_parent(mark)
    _retype_copied_row(added, str(number), str(number + 1), _FURTHER[0])
    last.addnext(added)


def _retype_copied_row(row: XmlElement, old: str, new: str, said: str) -> None:
    texts = [node for node in row.iter(qualify_name("t")) if node.text]
    longest = max(texts, key=lambda node: len(node.text or ""))
    longest.text = said
    for node in texts:
        if (node.text or "").strip() == old:
            node.text = new


def _consensus_not_stated(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write_field("consensus", "")


def _leave_out_owner(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(dice.choice(sorted(draft.rows)), "owner", "")


def _date_before_event(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(dice.choice(sorted(draft.rows)), "due_on", "31 March 2027")


def _no_measure(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    sheet.write(dice.choice(sorted(draft.rows)), "measure", "")


def _leave_out_evidence(sheet: Sheet, draft: "Draft", dice: Random) -> None:
    """An action that is done, without a word on what shows it."""
    address = dice.choice(sorted(draft.rows))
    sheet.write(address, "status", "Done")
    sheet.write(address, "evidence", "")


def _some_rows(draft: "Draft", dice: Random, number: int) -> list[str]:
    return dice.sample([a for a, row in sorted(draft.rows.items()) if row["strengths"]], number)


def _make_tracked_change(name: str, content: XmlElement, ident: int) -> XmlElement:
    change = etree.Element(
        qualify_name(name),
        {
            qualify_name("id"): str(ident),
            qualify_name("author"): "Partnership manager",
            qualify_name("date"): _WHEN,
        },
    )
    change.append(content)
    return change


def _set_cell_shading(cell: XmlElement, fill: str) -> None:
    properties = cell.find(qualify_name("tcPr"))
    if properties is None:
        properties = etree.Element(qualify_name("tcPr"))
        cell.insert(0, properties)
    for old in properties.findall(qualify_name("shd")):
        properties.remove(old)
    shading = etree.Element(
        qualify_name("shd"),
        {qualify_name("val"): "clear", qualify_name("color"): "auto", qualify_name("fill"): fill},
    )
    later = [
        properties.find(qualify_name(name))
        for name in ("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark")
    ]
    after = next((node for node in later if node is not None), None)
    if after is None:
        properties.append(shading)
    else:
        after.addprevious(shading)


_FURTHER = (
    "Review how the partnership communicates with front-line staff.",
    "Agree how progress on the items above will be reported.",
    "Set out how smaller agencies will be supported to take part.",
)

_SA, _AN, _RE = Kind.SELF_ASSESSMENT, Kind.ANALYSIS, Kind.RESPONSE
SLIPS: tuple[Slip, ...] = (
    Slip("split rating", _SA, True, _split_rating),
    Slip("rating for each agency", _SA, True, _rating_by_agency),
    Slip("rating to come", _SA, True, _rating_to_come),
    Slip("rating missing", _SA, True, _rating_missing),
    Slip("row left empty", _SA, True, _row_empty),
    Slip("no area for development", _SA, True, _no_development),
    Slip("GREEN without strengths", _SA, True, _green_without_strengths),
    Slip("not applicable without a reason", _SA, True, _not_applicable_bare),
    Slip("row deleted", _SA, True, _row_deleted),
    Slip("not signed off by all", _SA, True, _not_signed_off),
    Slip("rating by colour alone", _SA, False, _colour_only),
    Slip("tracked changes", _SA, False, _tracked_changes),
    Slip("over the word limit", _SA, False, _over_the_limit),
    Slip("link that peers can't open", _SA, False, _private_link),
    Slip("trend noted with the rating", _SA, False, _trend_noted),
    Slip("struck-out text", _SA, False, _struck_out),
    Slip("RED without commentary", _AN, True, _red_not_challenged),
    Slip("bare assertion", _AN, False, _write_bare_assertion),
    Slip("author's words changed", _AN, False, _authors_words_changed),
    Slip("challenge not answered", _RE, True, _challenge_unanswered),
    Slip("kind of answer missing", _RE, True, _kind_of_answer_missing),
    Slip("sixth item", Kind.CHAIR_RECORD, True, _sixth_item),
    Slip("consensus not stated", Kind.CHAIR_RECORD, True, _consensus_not_stated),
    Slip("action without owner", Kind.ACTION_PLAN, True, _leave_out_owner),
    Slip("date before the event", Kind.ACTION_PLAN, True, _date_before_event),
    Slip("no measure", Kind.ACTION_PLAN, True, _no_measure),
    Slip("done without evidence", Kind.PROGRESS_REPORT, True, _leave_out_evidence),
)
"""Every mistake there is. Which of them leads to a query follows the practice notes."""
