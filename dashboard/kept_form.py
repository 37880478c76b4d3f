"""What somebody had typed when their session was over: it comes back to them once they have signed in again.

The browser carries it, in fields of the sign-in form. Nothing is kept here of somebody who is not signed in,
and nothing is done with it until they send it again themselves.
"""

import json
from collections.abc import Sequence

from fastapi import Request

_MOST_BYTES = 20_000
"""Twice the longest words that go with a message: the page to sign in on has to carry it all."""
_FORM = "application/x-www-form-urlencoded"
_NEVER_KEPT = frozenset({"csrf_token", "token"})


async def read_typed(request: Request) -> str:
    """The fields of a form that came without a session, as text to carry; "" where none is worth it."""
    is_form = request.method == "POST" and request.headers.get("content-type", "").startswith(_FORM)
    if not is_form or int(request.headers.get("content-length", "0") or 0) > _MOST_BYTES:
        return ""
    form = await request.form()
    return pack_fields([(name, value) for name, value in form.multi_items() if isinstance(value, str)])


def pack_fields(fields: Sequence[tuple[str, str]]) -> str:
    """Fields, each a name and a value, as one text, without what no page may carry.

    A name may come several times. "" for a form with a password in it.
    """
    if any(_holds_secret(name) for name, _ in fields):
        return ""
    kept: dict[str, list[str]] = {}
    for name, value in fields:
        if name not in _NEVER_KEPT:
            kept.setdefault(name, []).append(value)
    return json.dumps(kept) if any(value.strip() for values in kept.values() for value in values) else ""


def unpack_fields(text: str) -> dict[str, list[str]]:
    """The values by the name of the field that `pack_fields` made a text of; none of what is no such text."""
    if not text or len(text) > 2 * _MOST_BYTES:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    listed = {name: [values] if isinstance(values, str) else values for name, values in found.items()}
    return {
        name: values
        for name, values in listed.items()
        if isinstance(values, list)
        and all(isinstance(value, str) for value in values)
        and name not in _NEVER_KEPT
        and not _holds_secret(name)
    }


def _holds_secret(name: str) -> bool:
    """Whether somebody types a secret into the field of this name: a form with one is not carried at all."""
    return name == "present" or "password" in name or "secret" in name
