"""The names of months and weekdays, and the pattern by which a month is found in a text.

The one table of them: days that are typed, days in a document, ratings with a date and dates of birth.
"""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""In the order of `date.weekday()`."""
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTH_STARTS = tuple(name[:3] for name in MONTHS)
"""The beginnings of the names, by which they are known: people cut them after any letter."""
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
"""A month in small letters, in full or as people shorten it. What may follow it is for the caller to say."""


def find_month(word: str) -> int:
    """The number of a month by its name or the beginning of it, in small letters; 0 for another word."""
    return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(word)), 0)
