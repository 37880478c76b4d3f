"""What stops a form that may identify a child or a family: put aside where we are sure, asked about where not.

What is looked for is in peer_challenge/advice/identifying_details.py.
"""

# ruff: noqa: E501 - a message reads better on one line

from peer_challenge.advice.identifying_details import IN_DOUBT, KINDS
from peer_challenge.submissions.check_suite import QUERY, REJECT, Check
from peer_challenge.submissions.load_great_expectations import gxe


def disclosure_checks() -> tuple[Check, ...]:
    """A check for each kind of detail that could identify a child or a family, and one for what is in doubt."""
    return (*_sure_disclosure_checks(), _DISCLOSURE_IN_DOUBT)


_DISCLOSURE_IN_DOUBT = Check(
    f"disclosure.{IN_DOUBT}",
    QUERY,
    "details",
    gxe.ExpectColumnValuesToNotBeInSet(column="detail", value_set=[IN_DOUBT]),
    "In {place} there may be something that could identify a child or a family. We are not sure, so we ask. "
    "We have passed the form on to nobody.",
    "If it is about a child or a family, please take it out (write “a child”, “a family”, “a case”), save, and "
    "send the form again. If it is not, please tell us: we can read it and let the form through.",
    column="{column}",
)


def _sure_disclosure_checks() -> tuple[Check, ...]:
    return tuple(
        Check(
            f"disclosure.{kind}",
            REJECT,
            "details",
            gxe.ExpectColumnValuesToNotBeInSet(column="detail", value_set=[kind]),
            f"In {{place}} there is what looks like {called}. Nothing that could identify a child or a family "
            "may be in this form, so we put it aside and passed it on to nobody. "
            "Only our office can open it.",
            "Please take the detail out (write “a child”, “a family”, “a case”), save, and send the form again. "
            "If it is not about a child or family, say so to us: we can read it and let the form "
            "through.",
            column="{column}",
        )
        for kind, called in KINDS.items()
    )
