"""Faults to plant in submissions that have none: each with the code and the place it must be found at."""

# ruff: noqa: E501 - a fault reads better on one line

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from peer_challenge.model.vocabulary import Kind
from tests.unit.submissions.submissions_made import AREAS, Made, copied, made

Place = tuple[str | None, str | None]
Plant = Callable[[Made, Random], Place]
SA, AN, RE, CR, AP = Kind.SELF_ASSESSMENT, Kind.ANALYSIS, Kind.RESPONSE, Kind.CHAIR_RECORD, Kind.ACTION_PLAN
PR = Kind.PROGRESS_REPORT
CO, CC = Kind.CORRECTIONS, Kind.CHALLENGER_CORRECTIONS
DETAILS = {
    "name_and_age": "We looked again at the plan for Oliver (aged 7) and learnt from it.",
    "child_name": "A child called Oliver told the audit what had helped.",
    "date_of_birth": "The audit took up a case (DOB 14/03/2015) in which thresholds differed.",
    "nhs_number": "The audit took up the record with NHS number 943 476 5919.",
    "reference_number": "The audit took up case number CH204417 as an example.",
    "postcode": "The family had moved to LS7 4QP, and the information moved with them.",
    "phone_number": "The grandmother can be reached on 07700 900123, as the audit noted.",
    "address": "The family lives at 14 Larch Grove, where visits were made each week.",
    "family_name": "The Oliverson family lost a second baby.",
    "initial_and_age": "We learnt from J, 14, from Larchfield.",
    "email_address": "Father is at oliver.larch@example.net now.",
    "in_doubt": "What Oliver needed was a bed.",
}


@dataclass(frozen=True)
class Fault:
    """A fault: its code, the kind it is planted in, and how; planting gives its place."""

    code: str
    kind: Kind
    plant: Plant


def _row(one: Made, dice: Random, **wanted: str | tuple[str, ...]) -> dict[str, str | None]:
    fitting = [
        row
        for row in one.rows
        if all(row.get(c) in ((v,) if isinstance(v, str) else v) for c, v in wanted.items())
    ]
    return dice.choice(fitting)


def _place(row: dict[str, str | None], column: str | None) -> Place:
    return row.get("address") or row["subheading"], column


def _write(column: str, text: str | None, place: str | None = None, **wanted: str | tuple[str, ...]) -> Plant:
    """Put `text` into a column of a row that has the `wanted` values."""

    def plant(one: Made, dice: Random) -> Place:
        row = _row(one, dice, **wanted)
        row[column] = text
        return _place(row, place or column)

    return plant


def _add(column: str, text: str, **wanted: str | tuple[str, ...]) -> Plant:
    def plant(one: Made, dice: Random) -> Place:
        row = _row(one, dice, **wanted)
        row[column] = f"{row[column] or ''}\n{text}".strip()
        return _place(row, column)

    return plant


def _rate(written: str) -> Plant:
    def plant(one: Made, dice: Random) -> Place:
        row = _row(one, dice, rating="GREEN")
        row |= {"rating": None, "rating_as_written": written}
        return _place(row, "rating")

    return plant


def _both(plant: Plant, column: str, value: str | None) -> Plant:
    """Plant, and put `value` in a further column of the same row."""

    def planted(one: Made, dice: Random) -> Place:
        address, place = plant(one, dice)
        for row in one.rows:
            if (row.get("address") or row["subheading"]) == address:
                row[column] = value
        return address, place

    return planted


def _field(name: str, value: object) -> Plant:
    def plant(one: Made, dice: Random) -> Place:
        one.particulars[name] = value
        return None, name

    return plant


def _of_document(plant: Plant) -> Plant:
    def planted(one: Made, dice: Random) -> Place:
        plant(one, dice)
        return None, None

    return planted


def _part(one: Made, dice: Random) -> Place:
    """Only the first twelve rows filled in, as somebody who means to go on later would send them."""
    for row in one.rows[12:]:
        row.update({"strengths": "", "development": "", "rating": None, "rating_as_written": ""})
    return None, None


def _long_throughout(one: Made, dice: Random) -> Place:
    """No cell too long, and all of them together too long for a form."""
    for row in one.rows:
        if row["rating"] != "NOT_APPLICABLE":
            row.update({"strengths": _LONG_ENOUGH, "development": _LONG_ENOUGH})
    return None, None


def _part_of_one_partner(one: Made, dice: Random) -> Place:
    for partner in ("icb", "police"):
        for what in ("took_part", "signed_off", "signed_on"):
            one.particulars[f"{what}_{partner}"] = ""
    return _part(one, dice)


def _row_missing(one: Made, dice: Random) -> Place:
    row = _row(one, dice, rating=("GREEN", "AMBER"))
    one.rows.remove(row)
    return _place(row, None)


def _row_unknown(one: Made, dice: Random) -> Place:
    one.rows.append(dict(one.rows[0]) | {"subheading": "leadership/made-up"})
    return "leadership/made-up", None


def _blank(*columns: str) -> Plant:
    def plant(one: Made, dice: Random) -> Place:
        emptied = dict.fromkeys(columns, "") | ({"rating": None} if "rating_as_written" in columns else {})
        for row in one.rows:
            row.update(emptied)
        return None, None

    return plant


def _no_amber(one: Made, dice: Random) -> Place:
    for row in one.rows:
        if row["rating"] == "AMBER":
            row["commentary"] = ""
    return None, None


def _repeated(one: Made, dice: Random) -> Place:
    first, *others = [row for row in one.rows if row["commentary"]]
    row = dice.choice(others)
    row["commentary"] = first["commentary"]
    return _place(row, "commentary")


def _challenged(one: Made, dice: Random, *, is_red: bool) -> dict[str, str | None]:
    rated = dict(zip(one.context.authors_rows["subheading"], one.context.authors_rows["rating"], strict=True))
    return dice.choice([row for row in one.rows if (rated[row["subheading"]] == "RED") is is_red])


def _unanswered(is_red: bool) -> Plant:
    def plant(one: Made, dice: Random) -> Place:
        row = _challenged(one, dice, is_red=is_red)
        row |= {"response": "", "response_kind": None}
        return _place(row, "response")

    return plant


def _kind_alone(one: Made, dice: Random) -> Place:
    row = _challenged(one, dice, is_red=False)
    row["response"] = ""
    return _place(row, "response_kind")


def _too_many(one: Made, dice: Random) -> Place:
    having = [row for row in one.rows if row["kind"] == "development"]
    for number in range(len(having) + 1, 7):
        one.rows.append(
            having[0] | {"address": f"development/{number}", "text": f"A further point ({number})."}
        )
    return "development/6", "text"


def _without(kind: str) -> Plant:
    def plant(one: Made, dice: Random) -> Place:
        one.rows[:] = [row for row in one.rows if row["kind"] != kind]
        return None, None

    return plant


def _unplanned(one: Made, dice: Random) -> Place:
    number = dice.choice(sorted({row["address"].split("/")[1] for row in one.rows}))
    one.rows[:] = [row for row in one.rows if row["address"].split("/")[1] != number]
    return f"development/{number}", "action"


def _nothing_said(one: Made, dice: Random) -> Place:
    row = dice.choice(one.rows)
    one.rows.remove(row)
    return _place(row, "status")


def _unknown_action(one: Made, dice: Random) -> Place:
    one.rows.append(one.rows[0] | {"address": "development/9"})
    return "development/9", None


def _status(status: str, without: str = "status") -> Plant:
    """Say how far an action is, with all that is asked for then but the column `without`."""

    def plant(one: Made, dice: Random) -> Place:
        row = dice.choice(one.rows)
        row |= {"evidence": "The minutes show it.", "difference": "Children are seen sooner."}
        row |= {"status": status or None, "status_as_written": status.capitalize()}
        row |= {without: None if without == "status" else ""}
        return _place(row, without)

    return plant


def _due(written: str, iso: str | None = None) -> Plant:
    return _both(_write("due_on_as_written", written, "due_on"), "due_on", iso)


def _conflict(one: Made, dice: Random) -> Place:
    chair = one.context.chair.model_copy(update={"not_for": (one.context.participant.id,)})
    one.particulars["chair"] = "The Chair"
    object.__setattr__(one, "context", replace(one.context, chair=chair))
    return None, "chair"


def _other_chair(one: Made, dice: Random) -> Place:
    one.particulars["chair"] = one.context.cycle.chairs[1].name
    return None, "chair"


def _details(kind: Kind, column: str) -> Iterator[Fault]:
    yield from (Fault(f"disclosure.{what}", kind, _add(column, text)) for what, text in DETAILS.items())
    yield Fault("disclosure.nhs_number", kind, _of_document(_field("unmapped", (DETAILS["nhs_number"],))))


def _details_in_short(kind: Kind) -> Iterator[Fault]:
    """What could identify a child in the short answers of a record, which both areas read in the draft."""
    told = DETAILS["name_and_age"]
    yield Fault("disclosure.name_and_age", kind, _add("consensus", told))
    yield Fault("disclosure.name_and_age", kind, _write("subheading_as_written", told, "subheading"))
    for field in ("consensus", "author_present", "challenger_present"):
        yield Fault("disclosure.name_and_age", kind, _field(field, told))


def _sign_offs(kind: Kind) -> Iterator[Fault]:
    for partner in ("local_authority", "icb", "police"):
        yield Fault("sign_off.missing", kind, _field(f"signed_off_{partner}", ""))
        yield Fault("sign_off.no_date", kind, _field(f"signed_on_{partner}", "TBC"))
        yield Fault("sign_off.took_part", kind, _field(f"took_part_{partner}", ""))
    yield Fault("marking.too_high", kind, _of_document(_field("marking", "SECRET")))


_LONG = " ".join(["The audit showed that this is understood by staff in every agency."] * 25)
_LINK = "The report is at https://partnership.sharepoint.com/sites/audit/report.docx"

_LONG_ENOUGH = " ".join(["The audit showed that this is understood by staff in every agency."] * 6)
FAULTS: tuple[Fault, ...] = (
    Fault("form.blank", SA, _blank("strengths", "development", "rating_as_written")),
    Fault("form.partial", SA, _part),
    Fault("form.in_parts", SA, _part_of_one_partner),
    Fault("row.missing", SA, _row_missing),
    Fault("row.unknown", SA, _row_unknown),
    Fault("rating.missing", SA, _rate("")),
    Fault("rating.missing", SA, _rate("TBC")),
    Fault("rating.not_chosen", SA, _rate("Choose an item.")),
    Fault("rating.split", SA, _rate("Amber/Green")),
    Fault("rating.by_agency", SA, _rate("LA: G, Health: G, Police: A")),
    Fault("rating.not_present", SA, _rate("Green last year")),
    Fault("rating.qualified", SA, _rate("Nearly green")),
    Fault("rating.not_understood", SA, _rate("Quite good in parts")),
    Fault("rating.other_scale", SA, _rate("4")),
    Fault("rating.other_colour", SA, _rate("Blue")),
    Fault("not_applicable.no_reason", SA, _both(_both(_both(_rate("N/A"), "rating", "NOT_APPLICABLE"), "strengths", ""), "development", "-")),
    Fault("strengths.missing", SA, _write("strengths", "", rating="GREEN")),
    Fault("strengths.missing", SA, _write("strengths", "see above", rating="GREEN")),
    Fault("strengths.no_evidence", SA, _write("strengths", "We do this well and are proud of it.", rating=("GREEN", "AMBER"))),
    Fault("strengths.holds_development", SA, _add("strengths", "We need to do more to involve schools.", rating="AMBER")),
    Fault("development.missing", SA, _write("development", "", rating="AMBER")),
    Fault("development.missing", SA, _write("development", "None", rating="RED")),
    Fault("commentary.by_author", SA, _write("commentary", "Happy to talk this one through.")),
    Fault("text.over_limit", SA, _add("strengths", _LONG, rating="GREEN")),
    Fault("text.over_limit", SA, _add("development", _LONG, rating="AMBER")),
    Fault("form.over_limit", SA, _long_throughout),
    Fault("text.to_come", SA, _write("development", "To follow", rating="GREEN")),
    Fault("link.private", SA, _add("strengths", _LINK, rating="GREEN")),
    Fault("evidence.not_there", SA, _add("strengths", "See Evidence 4.2a.", rating="GREEN")),
    Fault("evidence.not_there", SA, _add("development", "The plan is in Appendix C.", rating="AMBER")),
    *_details(SA, "strengths"),
    *_details(SA, "development"),
    *_sign_offs(SA),
    Fault("form.blank", AN, _blank("commentary")),
    Fault("partner.wrong", AN, _of_document(_field("challenger", "somebody-else"))),
    Fault("row.missing", AN, _row_missing),
    Fault("commentary.missing", AN, _write("commentary", "", rating="RED")),
    Fault("commentary.missing", AN, _write("commentary", "n/a", rating="RED")),
    Fault("commentary.no_amber", AN, _no_amber),
    Fault("commentary.repeated", AN, _repeated),
    Fault("commentary.bare_assertion", AN, _write("commentary", "This needs to be a priority for the partnership.", rating="RED")),
    Fault("commentary.not_questioning", AN, _write("commentary", "Our own partnership went about this by way of a joint group of both boards.", rating="RED")),
    Fault("authors_text.strengths_changed", AN, _add("strengths", "This was confirmed.", rating="GREEN")),
    Fault("authors_text.development_changed", AN, _write("development", "", rating="AMBER")),
    Fault("authors_text.rating_changed", AN, _write("rating", "AMBER", rating="GREEN")),
    Fault("authors_text.rating_changed", AN, _both(_write("rating", None, rating="GREEN"), "rating_as_written", "RED")),
    Fault("authors_text.rating_changed", AN, _both(_write("rating", None, rating="AMBER"), "rating_as_written", "AMBER - we think RED")),
    Fault("text.over_limit", AN, _add("commentary", _LONG, rating="RED")),
    Fault("link.private", AN, _add("commentary", _LINK, rating="RED")),
    *_details(AN, "commentary"),
    *_sign_offs(AN),
    Fault("form.blank", RE, _blank("response", "response_kind")),
    Fault("response.missing", RE, _unanswered(True)),
    Fault("response.not_answered", RE, _unanswered(False)),
    Fault("response.only_kind", RE, _kind_alone),
    Fault("response.kind_missing", RE, _write("response_kind", None)),
    Fault("challenge.changed", RE, _write("commentary", "What would help?")),
    Fault("text.over_limit", RE, _add("response", _LONG)),
    Fault("evidence.not_there", RE, _add("response", "See Evidence 12b.")),
    Fault("link.private", RE, _add("response", _LINK)),
    *_details(RE, "response"),
    *_sign_offs(RE),
    Fault("form.blank", CR, _blank("text", "subheading_as_written", "subheading")),
    Fault("agreed.too_many", CR, _too_many),
    Fault("agreed.no_text", CR, _write("text", "")),
    Fault("agreed.no_subheading", CR, _both(_write("subheading", None), "subheading_as_written", "")),
    Fault("agreed.unknown_subheading", CR, _both(_write("subheading", None), "subheading_as_written", "The weather")),
    Fault("consensus.not_stated", CR, _write("consensus", "")),
    Fault("consensus.not_reached", CR, _write("consensus", "No")),
    Fault("consensus.unclear", CR, _write("consensus", "Yes, but the challenger did not agree")),
    Fault("consensus.record_unclear", CR, _field("consensus", "Yes on strengths, no on development")),
    Fault("consensus.none_reached", CR, _field("consensus", "No")),
    Fault("consensus.missing", CR, _field("consensus", "")),
    Fault("agreed.no_strengths", CR, _without("strength")),
    Fault("agreed.no_developments", CR, _without("development")),
    Fault("event.no_date", CR, _field("held_on", "")),
    Fault("event.date_unclear", CR, _field("held_on", "in June, in the morning")),
    Fault("event.outside_window", CR, lambda one, dice: (_field("held_on", "2 July 2027")(one, dice)[0], "late_reason")),
    Fault("event.other_day", CR, _field("held_on", "9 June 2027")),
    Fault("event.before_cycle", CR, _field("held_on", "16 June 2026")),
    Fault("chair.missing", CR, _field("chair", "")),
    Fault("chair.conflict", CR, _conflict),
    Fault("chair.other", CR, _other_chair),
    Fault("chair.unknown", CR, _field("chair", "Somebody Else, Independent Chair")),
    Fault("chair.no_sign_off", CR, _field("signed_off", "")),
    Fault("event.no_author_present", CR, _field("author_present", "")),
    Fault("event.no_challenger_present", CR, _field("challenger_present", "")),
    Fault("disclosure.date_of_birth", CR, _of_document(_field("notes", DETAILS["date_of_birth"]))),
    Fault("marking.too_high", CR, _of_document(_field("marking", "TOP SECRET"))),
    *(one for kind in (CR, CO, CC) for one in _details(kind, "text")),
    *(one for kind in (CR, CO, CC) for one in _details_in_short(kind)),
    *_details(CO, "comments"),
    Fault("marking.too_high", CO, _of_document(_field("marking", "TOP SECRET"))),
    Fault("marking.too_high", CC, _of_document(_field("marking", "TOP SECRET"))),
    Fault("form.blank", AP, _blank("action", "owner", "due_on", "due_on_as_written", "measure")),
    Fault("action.missing", AP, _unplanned),
    Fault("action.no_owner", AP, _write("owner", "")),
    Fault("action.owner_is_person", AP, _write("owner", "Alex Marlow")),
    Fault("action.no_date", AP, _due("")),
    Fault("action.date_unclear", AP, _due("Ongoing")),
    Fault("action.date_before_event", AP, _due("31 March 2027", "2027-03-31")),
    Fault("action.no_measure", AP, _write("measure", "TBC")),
    Fault("action.not_agreed", AP, lambda one, dice: (_unknown_action(one, dice)[0], "action")),
    Fault("action.agreed_changed", AP, _write("development", "Something else was agreed.")),
    Fault("text.over_limit", AP, _add("action", _LONG)),
    Fault("disclosure.name_and_age", AP, _write("development", DETAILS["name_and_age"])),
    *_details(AP, "measure"),
    *_sign_offs(AP),
    Fault("form.blank", PR, _blank("status", "status_as_written", "evidence", "difference")),
    Fault("progress.missing", PR, _nothing_said),
    Fault("progress.no_status", PR, _status("")),
    Fault("progress.no_evidence", PR, _status("done", "evidence")),
    Fault("progress.no_difference", PR, _status("done", "difference")),
    Fault("progress.no_reason", PR, _status("changed", "evidence")),
    Fault("progress.no_reason", PR, _status("dropped", "evidence")),
    Fault("progress.not_planned", PR, _unknown_action),
    Fault("progress.plan_changed", PR, _write("action", "Something else was planned.")),
    Fault("text.over_limit", PR, _add("evidence", _LONG)),
    Fault("evidence.not_there", PR, _add("evidence", "See Evidence 12b.")),
    Fault("link.private", PR, _add("evidence", _LINK)),
    *_details(PR, "evidence"),
    Fault("disclosure.name_and_age", PR, _write("status_as_written", DETAILS["name_and_age"], "status")),
    *_sign_offs(PR),
)  # fmt: skip


def clean(number: int) -> Iterator[Made]:
    """So many submissions without a fault, of all kinds and areas of as many seeds as it takes."""
    for n in range(number):
        seed, rest = divmod(n, len(Kind) * AREAS)
        area, kind = divmod(rest, len(Kind))
        yield made(list(Kind)[kind], seed + 1, area)


def faulty(number: int) -> Iterator[Made]:
    """So many submissions with one fault each, every kind of fault in turn."""
    for n in range(number):
        fault, dice = FAULTS[n % len(FAULTS)], Random(n)
        one = copied(made(fault.kind, 1 + n // len(FAULTS), dice.randrange(AREAS)))
        place = fault.plant(one, dice)
        yield replace(one, expected=frozenset({(fault.code, *place)}), fault=fault.code)
