"""What people write in place of an answer: "TBC", "see above". One list for ratings and texts."""

TO_COME = (
    r"tbc|tba|tbd|to (?:be )?(?:confirmed?|agreed?|decided?|added?|follow|completed?)|"
    r"see (?:(?:row )?above|below)|as above|(?:see )?previous(?: row)?|ditto|pending|awaited"
)
"""Words, as alternatives of a pattern, that only promise or point elsewhere."""
NOTHING = f"{TO_COME}|none|nil|unknown"
"""Words that say nothing, those included. "n/a" is none of them: under a rating it is an answer."""
