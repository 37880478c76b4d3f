"""Which text outside a form's cells may be an answer: not a page number, nor the words of a covering letter."""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re

ENOUGH_WORDS = 3
"""More than a blank form has by chance: "Draft 2", a name."""
_SENTENCE, _PARAGRAPH = 8, 20
"""Words. Cells of a table of contacts are shorter, as are lines of a letterhead, which have no full stop."""
_STOPS = (".", ";", "!", "?")
_LONGEST_LABELLED = 15
"""Words. "Completed by: business manager, 3 February" says nothing of an answer; a longer line may."""
_LONGEST_GREETING = 8
"""Words. "With best wishes from all three partners" has seven; a longer line may say more."""
_LONGEST_COVERING = 40
"""Words. A sentence of a letter; a longer paragraph that says "attached" may well be an answer."""
_FORM = r"(?:form|self-assessment|response|record|analysis|action plan|progress report|document|return)"
_LABELLED = re.compile(
    r"(?:(?:date|dated|from|to|cc|sent|subject|re|ref|reference|author|owner|status|document|contact|tel|telephone|phone|e-?mail|address|name|role|"
    r"job title|area|partnership|(?:last )?(?:updated|saved))\s*:|(?:version|draft|final (?:version|draft)|v\d)\b|(?:completed|prepared|compiled|"
    r"submitted) (?:by|for)\b|(?:(?:it|this|the \w+)(?: (?:was|is|has been))? )?(?:agreed|approved|signed(?: off)?|updated|saved) (?:by|at|on)\b.*\d)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:dear|hi|hello|good (?:morning|afternoon)|(?:(?:kind|best|warm|many|with)\b.{0,20}\b)?(?:regards|wishes|thanks(?! to))|yours|cheers)\b",
    re.IGNORECASE,
)
_COVERING = re.compile(
    rf"\b(?:please find|herewith|here is (?:our|the|my)|with (?:kind|best|warm) regards|(?:attach|enclos)\w*\b.{{0,40}}\b{_FORM}|{_FORM}\b.{{0,40}}\b(?:is|are)\b"
    rf".{{0,20}}\b(?:attached|enclosed)|(?:re-?)?(?:sending|submitting|returning) (?:you )?(?:our|this|the|my)\b.{{0,40}}\b{_FORM}|"
    r"apolog(?:y|ies) for|sorry for the delay|(?:i|we) look forward to|please (?:let (?:me|us) know|get in touch|(?:contact|call|ring|email) (?:me|us))|"
    r"(?:have|with) any (?:questions|queries)|thank you for)\b",
    re.IGNORECASE | re.DOTALL,
)
_OF_CONTENTS = re.compile(r"\t\d{1,3}\s*$")
"""A line of a table of contents: a heading, then the number of its page."""
_OF_LETTERHEADS = re.compile(
    r"\b(?:official|confidential\w*|copyright|intended|registered|disclos\w*|circulat\w*|printed)\b|©|@|www\.",
    re.IGNORECASE,
)


def is_passage(text: str) -> bool:
    """Whether a text is more than what is printed on pages: "Page 1 of 3", a marking."""
    return _count_words(text) >= ENOUGH_WORDS


def is_answer_like(text: str, *, is_in_form: bool) -> bool:
    """Whether a text outside the tables may be an answer, and not a heading or words of a letter.

    Above the form's title a line without a full stop is a heading that somebody gave to the whole.
    """
    if not is_passage(text) or _is_covering(text) or _OF_CONTENTS.search(text):
        return False
    return is_in_form or text.rstrip().endswith(_STOPS) or "\n" in text.strip()


def is_sentence(text: str) -> bool:
    """Whether a text in a cell across a table says something, and is no heading."""
    return is_passage(text) and (text.rstrip().endswith(_STOPS) or _count_words(text) >= _PARAGRAPH)


def is_long_passage(text: str) -> bool:
    """Whether a text in a header, a footer or a table of particulars is so long that it may be an answer."""
    count = _count_words(text)
    is_sentence = count >= _PARAGRAPH or (count >= _SENTENCE and text.rstrip().endswith(_STOPS))
    return is_sentence and not _OF_LETTERHEADS.search(text) and not _is_covering(text)


def _is_covering(text: str) -> bool:
    """Whether a text is what people write to go with a form: a greeting, "please find attached", "Version 2"."""
    plain, count = text.strip(), _count_words(text)
    if count <= _LONGEST_LABELLED and _LABELLED.match(plain):
        return True
    if count <= _LONGEST_GREETING and _GREETING.match(plain):
        return True
    return count <= _LONGEST_COVERING and bool(_COVERING.search(plain))


def _count_words(text: str) -> int:
    return sum(any(map(str.isalpha, word)) for word in text.split())
