"""The words that stand beside a colour in a rating, and what each says of when, or how far, it holds.

One table, read by rating_that_holds_now.py. A word that is not in it makes a question of the rating.
"""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from dataclasses import dataclass
from enum import Enum

from peer_challenge.model.month_names import MONTH

_SURE_MONTH = MONTH.replace("|may|", "|may(?= \\d)|")  # "may" by itself is more often no month
_YEAR = r"(?:19|20)\d\d(?:\s*[/-]\s*(?:20)?\d\d)?"
_SEASON = r"(?:spring|summer|autumn|winter|easter|christmas|half[- ]term)"
_EDGE = r"(?:(?:the )?(?:end|start|beginning|middle) of )?(?:the )?"
_PERIOD = (
    r"(?:years?|cycles?|rounds?|times?(?: (?:a)?round)?|reviews?|assessments?|self-assessments?|quarters?|months?|terms?|"
    r"weeks?|audits?|inspections?|periods?|ones?|submissions?|returns?)"
)
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)? )"
DATE = (
    rf"(?:{_EDGE}(?:{_DAY}?{_SURE_MONTH}\.?(?: {_YEAR})?|q[1-4](?: {_YEAR})?|{_SEASON}(?: {_YEAR})?|{_YEAR}))"
)
_ANY_DATE = DATE.replace(_SURE_MONTH, MONTH)
_LAST, _NEXT = r"(?:last|previous|prior|earlier)", r"(?:next|coming|following)"
_COUNT = r"(?:\d{1,2}|an?|one|two|three|four|five|six|nine|ten|twelve|a few|a couple of)"
_SPAN = rf"{_COUNT} (?:years?|months?|weeks?|cycles?|rounds?|terms?)"

_POINTER = (
    r"\*?\s?see (?:also )?(?:the |our )?(?:(?:foot|end)?notes?|comments?|narrative|text|evidence|strengths|(?:(?:action|improvement|development) )?plan|"
    r"appendix|annex|left|opposite|above|below)(?: (?:\d{1,2}|[a-z])(?![^\W_]))?(?: (?:above|below|opposite))?"
)


class Says(Enum):
    """What a word says of the colour with which it stands."""

    PAST = "it held before"
    PRESENT = "it holds now"
    FUTURE = "it is to hold later"
    DATED = "it holds at a time, which may be now"
    NOT = "it does not hold"
    NEARLY = "it does not quite hold"
    DOUBT = "it may hold"
    TREND = "how it changes"
    NOTHING = "nothing"


class Side(Enum):
    """Where the colour stands to which a word belongs."""

    NEXT = "after it"
    EITHER = "on either side"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of words, as a pattern, and what it says."""

    pattern: str
    says: Says
    side: Side = Side.EITHER


def _make_phrases(says: Says, *patterns: str, side: Side = Side.EITHER) -> tuple[Phrase, ...]:
    return tuple(Phrase(pattern, says, side) for pattern in patterns)


# fmt: off
PHRASES: tuple[Phrase, ...] = (
    # Longer phrases before those that are part of them
    *_make_phrases(Says.NOTHING, _POINTER),
    *_make_phrases(Says.PRESENT,
              rf"since(?: (?:then|(?:the )?{_LAST} {_PERIOD}|{_ANY_DATE}))?",
              rf"as (?:at|of)(?: (?:today|now|{_ANY_DATE}))?", r"as (?:things stand|it stands|we (?:write|speak))", rf"for (?:over |about |more than |the (?:last|past) )?{_SPAN}",
              r"at (?:the )?present", r"at (?:the )?moment", r"at this (?:point|time|stage)(?: in time)?", r"right now",
              r"at the time of writing", r"for (?:now|the moment|the time being)", r"to date", r"so far", r"as yet"),
    *_make_phrases(Says.NEARLY, r"not (?:quite|fully|entirely|wholly)", r"nearly", r"almost", r"close to", r"verging on",
              r"on the (?:cusp|verge|edge) of", r"just (?:about|below|short of|under)", r"only just", r"mostly", r"largely", r"mainly",
              r"just(?= (?:an? |in(?:to)? )?(?:red|amber|green|[rag]\b))", r"generally", r"partly", r"partially", r"somewhat", r"fairly", r"broadly", r"borderline", r"approaching", side=Side.NEXT),
    *_make_phrases(Says.NOT, r"not yet", r"no longer(?: at)?", r"not", r"isn'?t", r"rather than", r"instead of", side=Side.NEXT),
    *_make_phrases(Says.NEARLY, r"high(?:er)?", r"low(?:er)?", r"strong(?:er)?", r"weak(?:er)?", r"light", r"dark", r"pale",
              r"-?ish", r"plus", r"minus", r"just(?=\W*$)"),
    *_make_phrases(Says.PAST,
              rf"(?:in |at |during )?(?:the |our )?{_LAST} {_PERIOD}(?:'?s)?", rf"{_SPAN} ago", r"used to be",
              rf"until (?:the )?{_LAST} {_PERIOD}", r"yesterday", r"previous(?:ly)?", r"prior", r"former(?:ly)?", r"historic(?:al)?(?:ly)?",
              r"before(?: (?:now|that|then))?", r"earlier", r"originally", r"initially", r"prev", r"old", r"baseline", r"last(?=:)"),
    *_make_phrases(Says.PAST, r"(?:(?:has|have|had) )?(?:(?:up|down|improved|moved|risen|fallen|dropped|slipped|gone|raised|upgraded|downgraded|changed|increased|revised|amended|adjusted|re-?rated|"
              r"reduced|lowered) )?(?:up |down )?from",
              r"was", r"were", r"(?:has|have|had|having)(?: (?:previously|once))? been", side=Side.NEXT),
    *_make_phrases(Says.PRESENT,
              r"(?:(?:has|have|had) )?(?:recently )?(?:moved|improved|changed|gone|risen|fallen|dropped|slipped|raised|upgraded|downgraded|"
              r"revised|amended|adjusted|re-?rated|increased|reduced|lowered|reached|moved up|moved down) (?:to|at|into)", r"(?:up|down) to", r"reached", r"turned", r"is now", r"are now",
              side=Side.NEXT),
    *_make_phrases(Says.PRESENT,
              rf"(?:in |at |during )?(?:this|the present|the current|our current|our present) {_PERIOD}(?:'?s)?", r"now", r"nowadays",
              r"current(?:ly)?", r"present(?:ly)?", r"today", r"actual(?:ly)?", r"new", r"still", r"remains?", r"stays?", r"stayed", r"remaining"),
    *_make_phrases(Says.FUTURE,
              rf"(?:in |at |during |by )?(?:the |our )?{_NEXT} {_PERIOD}(?:'?s)?", rf"by(?: about| around)? (?:{_ANY_DATE}|then|tomorrow)",
              rf"by {_EDGE}(?:year|month|quarter|term|cycle)(?: end)?", r"year[- ]end", rf"(?:in|within)(?: the next)? {_SPAN}(?:'? time)?",
              r"in (?:the )?(?:near |not too distant )?future", r"in due course", r"tomorrow", r"soon", r"shortly", r"later", r"eventually",
              r"target(?:s|ed|ing)?", r"goal", r"ambition", r"aspiration(?:al)?", r"trajectory", r"projected", r"forecast", r"planned", r"plans?",
              r"expected", r"anticipated", r"hoped(?: for)?", r"hopefully", r"intended", r"predicted", r"proposed",
              r"in sight", r"within reach"),
    *_make_phrases(Says.FUTURE,
              r"(?:(?:is|are|now) )?(?:moving|heading|improving|progressing|going|working|rising|travelling|aiming|striving|looking|hoping|expecting|"
              r"planning|on (?:track|course|its way|the way)|en route|set)(?: (?:up|down|on))?(?: to be| to reach| to become| to move to| for| to| towards?| at)",
              r"towards?", r"(?:will|shall|would|should|could|might|to|going to)(?: (?:soon|then|shortly|hopefully|next))?(?: (?:be|become|reach|move to|"
              r"turn|achieve|get to|go))", r"we (?:expect|hope|aim|plan|intend|want)(?: (?:to|for|it))*(?: (?:be|become|reach|move to))?",
              r"with (?:a view|plans|an? (?:aim|ambition|plan)) (?:to|of|for)(?: (?:reach|be|become|move to|reaching|becoming))?", r"aim(?: is| for)?",
              r"trending(?: to| towards?)?", r"likely to (?:be|become|reach)", r"due to (?:be|become)", side=Side.NEXT),
    *_make_phrases(Says.FUTURE, r"once|when|if|after|as soon as"),
    *_make_phrases(Says.DOUBT,
              r"probabl[ey]", r"possibl[ey]", r"perhaps", r"maybe", r"likely", r"unlikely", r"may(?: be)?", r"might", r"provisional(?:ly)?",
              r"draft", r"tentative(?:ly)?", r"tbc", r"tba", r"tbd", r"(?:to be|awaiting) (?:confirmed|agreed|decided|confirmation)", r"pending",
              r"subject to", r"unless", r"until", r"depending on", r"first(?:ly)?", r"between", r"yet", r"\?+", r"\+", r"~"),
    *_make_phrases(Says.DOUBT, r"then", side=Side.NEXT),
    *_make_phrases(Says.DATED, rf"(?:in |on |from |during |at )?{DATE}", rf"(?:in|on|from|during|at) {_ANY_DATE}"),
    *_make_phrases(Says.TREND,
              r"(?:same|unchanged|no change|static)(?: (?:as|since|from))(?: (?:in|at))?(?: (?:the|our))? "
              rf"(?:{_LAST} {_PERIOD}|before|{_ANY_DATE})", rf"as (?:in |at )?(?:the )?(?:{_LAST} {_PERIOD}|before)", rf"as in {_ANY_DATE}",
              r"improv(?:ing|ed|ement)", r"unchanged", r"no change", r"stable", r"steady", r"static", r"declining", r"deteriorating", r"worsening",
              r"getting (?:better|worse)", r"progressing", r"maintained", r"sustained", r"the same",
              r"(?:moving|heading|going) (?:in the (?:right|wrong) direction|upwards?|downwards?|up|down)"),
    *_make_phrases(Says.NOTHING, r"on balance",
              r"(?:we|i|it|this|that|our|the|an?|is|are|am|be|has|have|its?|it'?s|itself|ourselves|us|all|both|as|at|of|in|on|rag|"
              r"rat(?:e|es|ed|ings?)|scor(?:e|es|ed)|grad(?:e|es|ed)|judg(?:e|ed|ements?|ments?)|assess(?:ed|ment)?|status|self|self-rat(?:ed|ing)|"
              r"overall|agreed|confirmed|by|partners?|partnership|(?:the )?three|multi-agency|jointly|together|consider(?:ed)?|deem(?:ed)?|"
              r"believe|feel|think|honest(?:ly)?|view|(?:we'?d |would )say|moderated|here|being|position|colou?r|answer|so|also|just|only|very|firmly|clearly|fully|solid(?:ly)?|"
              r"up|down|with|final|to us|for us|(?:to|in|for) our area)"),
)
# fmt: on


def _at_its_edges(pattern: str) -> str:
    """The pattern as a whole word, where it is one: of "greenish" the end counts too."""
    is_sign = not pattern[0].isalnum() and pattern[0] != "("
    return pattern if is_sign else rf"(?<![^\W_])(?:{pattern})(?![^\W_])"


SCANNER = re.compile(
    "|".join(f"(?P<p{number}>{_at_its_edges(phrase.pattern)})" for number, phrase in enumerate(PHRASES)),
    re.IGNORECASE,
)
"""Finds the phrase at a place; the name of its group is "p" and its number in PHRASES."""
YEAR = re.compile(r"(?:19|20)\d\d")
