"""When two names mean the same: of areas, police forces, health boards, cycles and people.

People write one name in many ways. A rule that compares letters silently stops working as soon as one
file says "Marsh & Wolds Police" and another "Marsh and Wolds Constabulary". Every rule that asks
whether two names are one asks here.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

APOSTROPHES = "'`´‘’ʼ"
"""The signs that people and Word type for an apostrophe."""
_NO_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_SAID_ALIKE = (
    # what comes out is in lower case, without signs, each word once set apart by one space; most texts lack
    # the letters that come first here, and looking for those is quick
    ("st", re.compile(r"\bst\b"), "saint"),
    ("care board", re.compile(r"\bint\w{3,9}ted care boards?\b"), "icb"),  # also as many people spell it
    ("clinical", re.compile(r"\bclinical commissioning group\b"), "ccg"),
    ("constabulary", re.compile(r"\b(?:police )?constabulary\b"), "police"),
    ("police ", re.compile(r"\bpolice (?:force|service)\b"), "police"),
    ("police police", re.compile(r"\bpolice(?: police)+\b"), "police"),
    ("icb icb", re.compile(r"\bicb(?: icb)+\b"), "icb"),
)
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?")
"""Initials with full stops: "I.C.B.", "N.H.S"."""
_AND = re.compile(r"[&+]|＆|＋")
_SAID_OR_NOT = re.compile(r"^the\b|\bnhs\b")
"""What people say or leave out of the name of an organisation."""
_TELL_APART = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "mid",
        "upper",
        "lower",
        "greater",
        "inner",
        "outer",
        "new",
        "old",
        "city",
        "county",
        "borough",
        "district",
        "one",
        "two",
        "three",
    ]
)
"""Words that make two names two, however alike the rest is: "North Wolds" is not "South Wolds"."""
_ORGANISATIONS = frozenset(["police", "icb", "ics", "ccg"])
_KINDS = _ORGANISATIONS | {"of", "for", "and", "the"}
"""Words of organisations' names that say what they are, and not which one."""
_COUNTIES = {
    "beds": "bedfordshire",
    "berks": "berkshire",
    "bucks": "buckinghamshire",
    "cambs": "cambridgeshire",
    "glos": "gloucestershire",
    "hants": "hampshire",
    "herts": "hertfordshire",
    "lancs": "lancashire",
    "leics": "leicestershire",
    "lincs": "lincolnshire",
    "northants": "northamptonshire",
    "notts": "nottinghamshire",
    "oxon": "oxfordshire",
    "salop": "shropshire",
    "staffs": "staffordshire",
    "wilts": "wiltshire",
    "worcs": "worcestershire",
    "yorks": "yorkshire",
    "iow": "isle of wight",
    "met": "metropolitan",
    "ne": "north east",
    "nw": "north west",
    "se": "south east",
    "sw": "south west",
}
"""The short forms of counties and points of the compass that people write, with the words."""
_FOOTNOTE = re.compile(r"\s*(?:\[\w{1,2}\]|\(\d{1,2}\))\s*$")
"""The mark of a footnote, copied with a name from a web page: "[1]"."""
_KINDS_OF_AREA = frozenset(["borough", "city", "county", "district"])
_OF_AREAS = _KINDS_OF_AREA | {
    *("council", "metropolitan", "of", "the", "lscp", "scp", "safeguarding", "children", "childrens"),
    *("partnership", "board", "scb", "lscb", "masa", "services", "service", "trust", "combined", "local"),
    *("authority", "unitary", "london", "royal", "lb", "rb", "mbc", "bc", "cc", "dc", "ua", "la", "cyngor"),
    *("isle", "isles", "town", "corporation", "arrangements", "multi", "agency", "social", "care", "cyps"),
}
"""Words that say what an area is, or who works in it, and not which one."""
_JOINING = frozenset(["and", "at", "by", "for", "in", "le", "of", "on", "the", "under", "upon", "with"])
"""Words of place names that people leave out, or take one for another: "on Sea", "upon Sea"."""
_WITHIN_PLACE = re.compile(r" (?:and|at|by|in|le|on|under|upon|with) ")
_BY_WATER = (" on ", " upon ", " under ")
"""Names of places of which the last part may stand alone: "Hull" for "Kingston upon Hull"."""
_LONGEST_SHORT_FORM = 3
"""Letters of a word that is written short: "Mt", "Gt", "Nth". Longer ones are words of their own."""
_FEWEST_INITIALS = 3
"""So many letters are initials also where a word such as "West" is left out. Two letters fit many names."""
_ALIKE = 88
"""From this likeness (0 to 100) on two different names are asked about. One letter in ten is about 90."""


def make_name_key(name: str) -> str:
    """The part of a name that is left when everything that people write differently is taken away.

    Case, accents however they are encoded, spaces, apostrophes, hyphens and other signs go; "&" and "+" are
    "and", "St" is "Saint", "Constabulary" is "Police", "Integrated Care Board" and "I.C.B." are "ICB".
    Two names with one key are one name; "" when the name has neither letter nor digit.
    """
    plain = html.unescape(name) if "&" in name else name
    if "." in plain:
        plain = _INITIALS.sub(lambda found: found[0].replace(".", ""), plain)
    letters = fold_letters(_AND.sub(" and ", plain))
    key = " ".join(re.findall(r"[^\W_]+", letters))
    for letters, pattern, word in _SAID_ALIKE:
        if letters in key:
            key = pattern.sub(word, key)
    return key


_LIKE_LATIN = str.maketrans("авекмнорстухіјѕαενορτυχικ", "abekmhopctyxijsaevoptuxik")
"""Cyrillic and Greek letters that look like Latin ones: a name with one of them looks as any other."""


def fold_letters(text: str) -> str:
    """A text in small letters without accents and apostrophes, to look for words in; other signs stay."""
    return _lower_without_accents(text).translate(_NO_APOSTROPHES)


def _lower_without_accents(text: str) -> str:
    """A text in small letters without accents. Plain letters have none, and most texts are of them."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LIKE_LATIN)
    return _combining_marks().sub("", plain)


@cache
def _combining_marks() -> re.Pattern[str]:
    """The accents that stand for themselves once a text is decomposed, those of living scripts."""
    marks = (chr(point) for point in range(0x300, 0xFE30) if unicodedata.combining(chr(point)))
    return re.compile(f"[{''.join(marks)}]")


def has_name(text: str, key: str) -> bool:
    """Whether a text has a name in it as whole words; no for an empty name.

    `key` is the name as `make_name_key` gives it.
    """
    return bool(key) and f" {key} " in f" {make_name_key(text)} "


def make_organisation_key(name: str) -> str:
    """The key by which two names of a police force or a health board are compared.

    It is the name in lower case without accents and signs, with "Constabulary" as "police" and "Integrated
    Care Board" as "icb", and without "The" and "NHS". "" when nothing is left.
    """
    return " ".join(_SAID_OR_NOT.sub(" ", make_name_key(name)).split())


def is_same_organisation(one: str, other: str) -> bool:
    """Whether two names mean one police force or health board; an empty name is the same as no other."""
    key = make_organisation_key(one)
    return bool(key) and key == make_organisation_key(other)


def shared_organisations(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """The organisations that both lists name, each once, in the words of `ours`, sorted."""
    keys = {make_organisation_key(name) for name in theirs} - {""}
    shared: dict[str, str] = {}
    for name in sorted(ours):
        if (key := make_organisation_key(name)) in keys:
            shared.setdefault(key, name)
    return sorted(shared.values())


def likely_same(names: Iterable[str], *, are_areas: bool = False) -> list[tuple[str, str]]:
    """Pairs of names that have different keys but look alike: the office is asked about them, never guessed.

    Each pair comes once, in the order in which the names came. Of names with one key the first is given.
    Where they `are_areas`, "Ashcombe Council" and "Borough of Ashcombe" look alike; with forces and boards
    such words may tell two apart.
    """
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(make_organisation_key(name), name)
    by_key.pop("", None)
    return [
        (one, other)
        for (key, one), (other_key, other) in combinations(_write_out_names(by_key), 2)
        if _looks_like(key, other_key) or (are_areas and _looks_like_area(key, other_key))
    ]


def _write_out_names(by_key: Mapping[str, str]) -> list[tuple[str, str]]:
    """The keys without marks of footnotes and with short forms written out, each with the name."""
    keys = ((make_organisation_key(_FOOTNOTE.sub("", name)) or key, name) for key, name in by_key.items())
    return [(" ".join(_COUNTIES.get(word, word) for word in key.split()), name) for key, name in keys]


def _looks_like_area(one: str, other: str) -> bool:
    """Whether the names of two areas are alike without "Council", "Borough of" or "SCP"."""
    first, second = one.split(), other.split()
    kinds, other_kinds = _KINDS_OF_AREA.intersection(first), _KINDS_OF_AREA.intersection(second)
    if kinds and other_kinds and kinds != other_kinds:
        return False  # "Ashcombe City" and "Ashcombe County" are two
    ours, theirs = (" ".join(word for word in key if word not in _OF_AREAS) for key in (first, second))
    return bool(ours and theirs) and (_looks_like(ours, theirs) or _is_place_in_short(ours, theirs))


def _is_place_in_short(one: str, other: str) -> bool:
    """Whether one name is the other without what stands behind "on", "and" or the like: "Southend"."""
    short, long = sorted((one, other), key=len)
    parts = _WITHIN_PLACE.split(long)
    is_last = any(word in long for word in _BY_WATER) and short == parts[-1]
    return len(parts) > 1 and (short == parts[0] or is_last)


def _looks_like(one: str, other: str) -> bool:
    ours, theirs = ([word for word in key.split() if word not in _JOINING] for key in (one, other))
    if ours and (sorted(ours) == sorted(theirs) or "".join(ours) == "".join(theirs)):
        return True  # "Kingsmouth on Sea" and "Kingsmouth upon Sea", "Northwolds" and "North Wolds"
    if _is_shortened(one.split(), other.split()) or _are_initials(one.split(), other.split()):
        return True  # "N Wolds" and "North Wolds", "WMP" and "West Marsh Police"
    first, second = set(one.split()), set(other.split())
    differing = first ^ second
    if (first | second) & _ORGANISATIONS and _is_within(first - _KINDS, second - _KINDS):
        return True
    if _is_mistyped(first - second, second - first):
        return True
    if differing & _TELL_APART or any(len(word) <= 2 or word.isdigit() for word in differing):
        return False  # "Area 1" and "Area 2", "North Wolds" and "South Wolds"
    if len(one) > 5 and OSA.distance(one, other) <= 1:  # a letter wrong, missing, or two changed round
        return True
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)) >= _ALIKE


def _is_mistyped(ours: set[str], theirs: set[str]) -> bool:
    """Whether all that differs is a word such as "Southern" with one letter wrong."""
    if len(ours) != 1 or len(theirs) != 1 or len((ours | theirs) & _TELL_APART) != 1:
        return False
    one, other = *ours, *theirs
    return min(len(one), len(other)) > 5 and OSA.distance(one, other) <= 1


def _is_within(first: set[str], second: set[str]) -> bool:
    """Whether one name of an organisation is the other with more said: "Wolds Police (Estuary)"."""
    more = first ^ second
    is_part = bool(first and second) and (first <= second or second <= first)
    return is_part and not more & _TELL_APART and not any(word.isdigit() for word in more)


def _is_shortened(first: list[str], second: list[str]) -> bool:
    """Whether two names are one but for words that are written short: "N", "Nth" or "North"."""
    pairs = [(one, other) for one, other in zip(first, second, strict=False) if one != other]
    return (
        len(first) == len(second) > 1
        and bool(pairs)
        and len(pairs) < len(first)
        and all(_is_short_form(*sorted(pair, key=len)) for pair in pairs)
        and not any(one.isdigit() or other.isdigit() for one, other in pairs)
    )


def _is_short_form(short: str, long: str) -> bool:
    """Whether one word is another with letters left out, its first letter alone at the least."""
    if len(short) > _LONGEST_SHORT_FORM or short[0] != long[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def _are_initials(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether one name is the other's initials, the word for what it is written out or not: "WM Police"."""
    plain = ([word for word in words if word not in _JOINING] for words in (first, second))
    (short, _), (long, whole) = sorted(
        zip(plain, (first, second), strict=True), key=lambda each: len(each[0])
    )
    if not short or len(long) < 2 or len(short[0]) > len(whole) + 1:
        return False
    letters = [word for word in short if word == short[0] or word not in long]  # "L", "SC" of "L&SC ICB"
    if len(letters) > 1 and any(len(word) > 2 for word in letters):
        return False
    said = "".join(letters)
    rest = [word for word in long if word not in _ORGANISATIONS]
    places = "".join(word[0] for word in rest if word not in _TELL_APART)
    is_part = len(places) >= _FEWEST_INITIALS and said == places  # "BOB ICB" says no "West"
    return is_part or (len(said) > 1 and said in _list_initials(whole))


def _list_initials(words: Sequence[str]) -> set[str]:
    """The initials of a name, with and without "and" and "of", and the word for what it is."""
    found = set()
    for left_out in (_JOINING, _JOINING - {"of"}, frozenset[str]()):
        said = [word for word in words if word not in left_out]
        initials = "".join(word[0] for word in said)
        found |= {initials, "".join(word[0] for word in said if word not in _ORGANISATIONS)}
        if "police" in said:
            found.add(f"{initials}s")  # "MPS", where the key has no "Service" any more
    return found
