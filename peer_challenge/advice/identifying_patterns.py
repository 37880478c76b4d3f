"""Compiled patterns of the shapes that identifying details take in a text. This module judges nothing.

The time for a search grows in proportion to the text and no faster. Wide gaps are narrowed first
(`narrow_wide_gaps`), a word of a name has a greatest length (_WORD), and every repeated part has a bound
(_LINKS).
"""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from peer_challenge.model.month_names import MONTH

_DAY = (
    r"(?:\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*(?:\d{4}|\d{2})"
    r"|\d{4}-\d{2}-\d{2}"
    rf"|(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s+(?:\d{{4}}|\d{{2}})"
    rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
)


_WIDEST_GAP = 8
"""Characters: no pattern tells wider gaps apart, and each tries every width (`narrow_wide_gaps`)."""
_WIDE_GAP = re.compile(rf"\s{{{_WIDEST_GAP + 1},}}")


class Squeezed(NamedTuple):
    """A text without wide gaps.

    `places` are the places in it that follow a narrowed gap; `taken_out` is how many characters are missing
    before each of them.
    """

    text: str
    places: Sequence[int]
    taken_out: Sequence[int]

    def original(self, place: int) -> int:
        """Where a place of this text is in the original text."""
        number = bisect_right(self.places, place) - 1
        return place + (self.taken_out[number] if number >= 0 else 0)


def narrow_wide_gaps(text: str) -> Squeezed:
    """A text with its wide gaps narrowed, and the places where characters were taken out.

    A pattern that tries every width of a gap would take far too long on the original.
    """
    parts, places, taken_out, end, length = [], [], [], 0, 0
    for gap in _WIDE_GAP.finditer(text):
        kept = text[gap.start() : gap.start() + _WIDEST_GAP - 1] + ("\n" if "\n" in gap.group() else " ")
        parts += [text[end : gap.start()], kept]
        length += gap.start() - end + len(kept)
        end = gap.end()
        places.append(length)
        taken_out.append(end - length)
    return Squeezed("".join([*parts, text[end:]]) if parts else text, places, taken_out)


class Seen(NamedTuple):
    """A text as anchors search it: with every digit as 0 (`text`), and also in lower case (`lower`)."""

    text: str
    lower: str


def prepare_for_anchors(text: str) -> Seen:
    """`text` in the form that anchors search: with every digit as 0, and also in lower case."""
    for digit in "123456789":
        text = text.replace(digit, "0")
    return Seen(text, text.lower())


class Anchor(NamedTuple):
    """A short pattern that occurs in every text in which a shape can be found.

    It is quick to search for, and occurs in few other texts.
    """

    pattern: re.Pattern[str]
    in_lower: bool = False

    def is_in(self, text: Seen) -> bool:
        """Whether the anchor occurs in a text."""
        return bool(self.pattern.search(text.lower if self.in_lower else text.text))


def compile_anchor(pattern: str) -> Anchor:
    """An anchor that is searched for with capitals as they are and every digit as 0."""
    return Anchor(re.compile(pattern))


def compile_lower_anchor(pattern: str) -> Anchor:
    """An anchor that is searched for in the text in lower case, with every digit as 0."""
    return Anchor(re.compile(pattern), in_lower=True)


def find_texts_with_anchors(anchors: Iterable[Anchor], texts: Sequence[str]) -> set[int]:
    """The numbers of those `texts` that contain any of the anchors. All texts are searched at once.

    The texts are joined by a character that no anchor contains, so no match reaches into the next text.
    """
    texts = [narrow_wide_gaps(text).text for text in texts]
    joined = prepare_for_anchors("\0".join(texts))
    starts, lower_starts = _find_text_starts(texts), _find_text_starts([text.lower() for text in texts])
    found = set()
    for one in anchors:
        where, begins = (joined.lower, lower_starts) if one.in_lower else (joined.text, starts)
        found |= {bisect_right(begins, hit.start()) - 1 for hit in one.pattern.finditer(where)}
    return found


def _find_text_starts(texts: Sequence[str]) -> list[int]:
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text) + 1)
    return starts


SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)\s+(?=[A-Z\"'‘“(])|\n")

TEN_DIGITS = re.compile(r"(?<![\d£+/.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d/%]|\.\d)")

TEN_DIGITS_ANCHOR = compile_anchor(r"000[ -]?000[ -]?0000")

BIRTH = re.compile(
    r"\b(?P<how>d\.?\s?o\.?\s?b\.?|date\s+of\s+birth(?:\s+of\s+(?:the\s+)?\w{1,12})?|\bb\.(?=\s*\d)|birth\s*date|birthday|born)"
    r"(?:\s*(?:[:=(-]|is|was|on|of|,|recorded as|given as)){0,8}\s*"
    rf"\(?(?P<day>{_DAY})\b",
    re.I,
)

BIRTH_ANCHOR = compile_lower_anchor(r"birth|born|d\.?\s?o\.?\s?b\b|\bb\.\s*0")

_LINKS = r"(?:\s*(?:[:=#(-]|is|was|of|under|,|quoted\s+as|recorded\s+as)){0,8}"
"""What may stand between a label and its number. More than eight would be a list of signs, and slow to try."""

_LABEL = (
    r"(?:case|client|child|family|record|file|person|customer|service\s+user|hospital|patient|crime|incident|"
    r"occurrence|investigation|referral|mosaic|liquid\s*logic|liquidlogic|lcs|ehm|eclipse|systmone|emis|rio|niche|"
    r"athena|carefirst|framework-?i|contact|court|custody|legal|strategy|police|marac|cms|log)"
)
_NUMBER_WORD = r"(?:reference\s+numbers?|ref(?:erence)?\.?\s*(?:no\.?|number)?|no\.?|nos\.?|num(?:ber)?\.?|id(?:entifier)?\.?|#)"
_VALUE = r"(?P<number>[A-Z]{0,5}[-/ ]?\d[\dA-Z]*(?:[-/ ]?[A-Z]{0,3}\d[\dA-Z]*)*)"
REFERENCE = re.compile(
    rf"(?i:\b(?:{_LABEL}(?:\s+file|\s+record)?\s+{_NUMBER_WORD}|unique\s+(?:pupil\s+|reference\s+|learner\s+)?"
    rf"(?:number|reference|identifier)|URN|UPN|ULN|our\s+ref|your\s+ref|ref(?:erence)?\s*(?:no\.?|number)|"
    rf"national\s+insurance\s+number|NI\s+number|passport\s+(?:no\.?|number)|CRN|PNC\s*(?:id|no\.?|number)?))"
    rf"(?i:{_LINKS})\s*{_VALUE}"
)
"""A labelled number. What comes before it may still show that it is no case's: NOT_A_CASE."""

REFERENCE_ANCHOR = compile_lower_anchor(
    r"(?:ref|reference|reference\s+numbers?|no|nos|num|numbers?|id|identifier|#|u[rpl]n|crn|pnc)\.?"
    rf"{_LINKS}\s*[a-z]{{0,5}}[-/ ]?\d"
)

NOT_A_CASE = re.compile(
    r"(?:ofsted|school|provider|nursery|setting|college|academy|charity|company|budget|invoice|purchase|order|"
    r"contract|grant|statutory instrument|SI|policy|document|version|minute|agenda|tender|risk)'?s?\s+$",
    re.I,
)

RANK = re.compile(
    r"(?:police|strategy|legal|court|marac)\s+(?:#|no\.?|number)\s*\d{1,2}(?:\s+(?:key|main|top|local|shared|joint|strategic))?\s+"
    r"(?:priorit(?:y|ies)|concern|issue|risk|challenge|pressure|theme|objective|target|on (?:the|our|their) list)\b",
    re.I,
)
"""A place in a row, as in "the police #1 priority". Words that may be verbs ("case 12 needs") are none of it."""

REFERENCE_SHAPES = (
    re.compile(r"\b[A-Z]{2}\d{2}[CPZFJ]\d{5}\b"),  # family court
    re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"),  # National Insurance
    re.compile(r"\b[A-HJ-NP-RT-Z]\d{12}\b"),  # unique pupil number
    re.compile(r"\b\d{2}[A-Z0-9]{2}/\d{4,6}/\d{2}\b"),  # crime
    re.compile(
        r"(?i:\b(?:case|record|occurrence|incident|referral|client|file|mosaic|liquid\s?logic|lcs|systmone|ehm))\s+\d{2,4}[-/]?\d{4,8}\b"
    ),
)

REFERENCE_SHAPES_ANCHOR = compile_anchor(r"00 ?00 ?[0/]|00[-/]?0000")

_WORD = r"[A-Z][\w'’-]{1,40}"
"""A word of a name or street. No name is longer, and of a long row of hyphens every place would be tried."""

_STREET = (
    r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Crescent|Court|Way|Place|Terrace|Gardens|Grove|Mews|"
    r"Square|Walk|Rise|Row|Hill|Green|View|Croft|Parade|Cottages?|Park|Maltings|Fields?|Bank|Wharf|Quay|Villas|Farm)"
)
ADDRESS = re.compile(
    rf"\b(?:(?:Flat|Apartment|Unit|Room)\s+\d{{1,6}}[A-Za-z]?,?\s+(?:\d{{1,6}}[A-Za-z]?\s+)?(?:{_WORD}\s+){{1,3}}{_STREET}"
    rf"|\d{{1,4}}[A-Za-z]?,?\s+(?:{_WORD}\s+){{1,3}}{_STREET}"
    rf"|(?:Flat|Apartment)\s+\d{{1,6}}[A-Za-z]?,\s+{_WORD}(?:\s+(?:House|Court|Heights|Point|Tower))?)\b"
)
ADDRESS_ANCHOR = compile_anchor(r"0[A-Za-z]?,?\s+[A-Z]")
COUNTED = re.compile(
    r"\b(?:year|priority|stage|phase|action|version|tier|level|theme|section|objective|standard|key|page|"
    r"chapter|grade|band|item|strand|recommendation|appendix|of|the)\s+$",
    re.I,
)

POSTCODE = re.compile(
    r"\b(?:[A-PR-UWYZ]\d[\dA-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Z]\d[\dABEHMNPRV-Y]?) ?\d[ABD-HJLNP-UW-Z]{2}\b"
)
POSTCODE_ANCHOR = compile_anchor(r"0[A-Z]{2}\b")

PHONE = re.compile(r"(?<![\w£/.-])(?:\+44\s?\(?0?\)?|0044\s?|\(?0)\d(?:[\s()-]{0,2}\d){8,9}(?![\d/%])")
FREEPHONE = re.compile(r"0(?:800|808|300|303|333|345|845|844|843|870|871|116|11)")
PHONE_ANCHOR = compile_anchor(r"0(?:[\s()-]{0,2}0){8}")

EMAIL = re.compile(r"\b[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,12}\b")
EMAIL_ANCHOR = compile_anchor(r"\w@\w")
PUBLIC_BODY = re.compile(r"\.(?:gov|nhs|police|sch|ac|mod)\.uk$|@nhs\.net$", re.I)
"""An address of a public body: its staff's, never a family's."""
CAPITAL_ANCHOR = compile_anchor(r"[A-Z]")

_NAME = rf"(?P<name>{_WORD}(?:[^\S\n]+{_WORD}){{0,2}})"
"""Up to three words of one line: the heading above a name is no part of it."""
_AGE = r"(?:\d|1\d)"
_YEARS = rf"(?:{_AGE}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)"
_YOUNG = r"(?:child|boy|girl|baby|infant|toddler|teenager|pupil|student|sibling|brother|sister|son|daughter|youngster|young\s+person|twin)"

_WHO = r"(?:(?:boy|girl|child|son|daughter|twin)s?,?\s+)?(?:called\s+|named\s+)?"

_AGED = compile_lower_anchor(rf"aged?:?\s+(?:of\s+)?{_YEARS}")
_OLD = compile_lower_anchor(r"(?:years?|yrs?|months?)[\s-]*old\b")
_YO = compile_lower_anchor(r"0\s*(?:y/?o|yrs?)\b")
_IN_BRACKETS = compile_anchor(r"\(\s*0?0\s*\)")
_BETWEEN_COMMAS = compile_anchor(r",\s+0?0(?:[,.;)]|\s+and\s)")
_CALLED = compile_lower_anchor(r"call|named|known\s+as|whose\s+name")
_KIN = compile_lower_anchor(
    r"(?:his|her|their)\s+(?:\w{1,40}\s+)?(?:son|daughter|brother|sister|baby|child|twin),?\s"
)
_OF_SOMEBODY = compile_anchor(
    r"[’']s?\s+(?i:mother|mum|father|dad|step|grand|foster|social|sibling|brother|sister|head|case|plan|placement)"
)
_NAME_IS = compile_lower_anchor(r"name\s+(?:is|was|of)\b")

NAMED: tuple[tuple[str, re.Pattern[str], bool, Anchor], ...] = tuple(
    (kind, re.compile(pattern), is_sure, found_by)
    for kind, pattern, is_sure, found_by in (
        # "Tilly (aged 7)", "Tilly, aged seven", "Tilly is now 7 years old", "Tilly, a 7-year-old"
        ("name_and_age", rf"\b{_NAME},?(?:\s+and\s+[A-Z]\w{{1,40}},?)?\s*\(?\s*(?:both\s+|now\s+|then\s+|who\s+(?:is|was)\s+|is\s+|was\s+)?"
                         rf"(?:only\s+|just\s+)?age[d]?:?\s+(?:of\s+)?{_YEARS}\b(?!\s*(?:-|–|to|and|or)\s*\d|\+)", True, _AGED),
        ("name_and_age", rf"\b{_NAME},?(?:\s+who)?\s*\(?\s*(?:is|was|at|turned|a|an|has\s+turned)?\s*(?:now\s+|only\s+|just\s+)?(?:a\s+)?"
                         rf"{_YEARS}[\s-]*(?:years?|yrs?|months?)[\s-]*old\b", True, _OLD),
        ("name_and_age", rf"\b{_NAME},?\s*\(?\s*(?:is\s+|was\s+)?\d{{1,2}}\s*(?:y/?o|yrs?)\b", True, _YO),
        # "7-year-old Tilly", "aged 7, Tilly"
        ("name_and_age", rf"(?i:\b{_YEARS}[\s-]*(?:years?|yrs?|months?)[\s-]*old)\s+{_WHO}{_NAME}", True, _OLD),
        ("name_and_age", rf"(?i:\b\d{{1,2}}\s?y/?o)\s+{_WHO}{_NAME}", True, _YO),
        ("name_and_age", rf"(?i:\baged\s+){_YEARS},\s+{_NAME}", False, _AGED),
        # "Tilly (7)", "Tilly, 7,"
        ("name_and_age", rf"\b{_NAME}\s*\(\s*{_AGE}\s*\)", False, _IN_BRACKETS),
        ("name_and_age", rf"\b{_NAME},\s+{_AGE}(?=,|\.|;|\)|\s+and\s+(?:his|her|their))", False, _BETWEEN_COMMAS),
        # "a boy called Joss", "her son Joss"
        ("child_name", rf"(?i:\b{_YOUNG})s?,?\s*(?i:who\s+(?:we|i)\s+(?:will\s+)?call\s+|called|named|known\s+as|whose\s+name\s+is)\s+{_NAME}", True, _CALLED),
        ("child_name", rf"(?i:\b(?:his|her|their)\s+(?:\w{{1,40}}\s+)?(?:son|daughter|brother|sister|baby|child|twin)),?\s+{_NAME}", False, _KIN),
        ("child_name", rf"\b{_NAME}[’']s?\s+(?i:mother|mum|father|dad|stepfather|grandmother|foster|social\s+worker|"
                       rf"siblings?|brother|sister|headteacher|case|plan|placement)\b", False, _OF_SOMEBODY),
        # "the name of the child is Joss"
        ("child_name", rf"(?i:\b(?:child|boy|girl|baby|pupil|mother|father)[’']s\s+(?:full\s+)?name\s+(?:is|was)|\bname\s+of\s+the\s+"
                       rf"(?:child|boy|girl|baby|pupil)\s+(?:is|was)):?\s+{_NAME}", True, _NAME_IS),
    )
)  # fmt: skip
"""(kind, shape, whether the shape alone is enough without a known given name, its anchor)."""

TOKEN = re.compile(r"[A-Z][\w’'-]+")


def compile_any_word(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of `words` as a whole word and ignores capitals.

    The longest first: of two that begin alike, the first in the pattern is the one that is found.
    """
    return re.compile(
        r"\b(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + r")\b", re.I
    )
