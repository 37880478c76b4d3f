"""What makes a password good enough, and how it is kept: as its argon2 hash, never as it was typed.

The rules are those the National Cyber Security Centre advises: length, no common ones, and no rules about
capitals, digits or signs. zxcvbn brings the lists of common passwords and words, and sees through repeats,
sequences, keyboard rows and letters swapped for digits.
"""

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from peer_challenge.errors import WrongUse

LEAST_CHARACTERS, MOST_CHARACTERS = 12, 256
"""At least three or four short words. Nobody types more than the most, and a longer one is work to hash."""
_REMEDY = "Three or four unrelated words make a good one."
_LEAST_GUESSES = 200_000_000  # zxcvbn counts 100 million for any three words, however common
_LOOKED_AT = 72  # as many characters as zxcvbn looks at in reasonable time
_SHORTEST_WORD = 3
"""Initials and words of two letters are by chance in any password: a good one would seem easily guessed."""
_OUR_WORDS = (
    *("peer challenge", "peer", "challenge", "safeguarding", "children", "programme office", "partnership"),
    *("council", "police", "correct horse battery staple", "correcthorsebatterystaple"),
    *("spring", "summer", "autumn", "winter", "january", "february", "march", "april", "june", "july"),
    *("august", "september", "october", "november", "december"),
    *map(str, range(2015, 2045)),
)
_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(4)  # each takes 64 MB: strangers decide how many are asked for
_DECOY = "$argon2id$v=19$m=65536,t=3,p=4$ccizVx5It2xHArnxR/KatA$zGdNpOpTcWUWmcuzwmsZWLJHODkLNPOaI50eZ3nDtxQ"
"""A hash of the kind that `hash_password` makes, and of nobody's password."""


def hash_password(password: str) -> str:
    """The argon2 hash of a password."""
    with _at_once:
        return _hasher.hash(_encode_password(password))


def is_right_password(password_hash: str | None, password: str) -> bool:
    """Whether `password` is the one that belongs to `password_hash`.

    Without a hash the answer is False, and takes the same time.
    """
    try:
        with _at_once:
            is_right = _hasher.verify(password_hash or _DECOY, _encode_password(password))
    except (Argon2Error, InvalidHashError):
        return False
    return is_right and password_hash is not None


def check_new_password(password: str, own_words: Iterable[str]) -> None:
    """Raise WrongUse where a new password is too short, too long, or easily guessed.

    `own_words` are what others know of the person: name, email address, area.
    """
    count = len(_normalise_spelling(password))
    if count < LEAST_CHARACTERS:
        raise WrongUse(
            f"A password has at least {LEAST_CHARACTERS} characters.", remedy=_REMEDY, about="password"
        )
    if count > MOST_CHARACTERS:
        raise WrongUse(
            f"A password has at most {MOST_CHARACTERS} characters; this one has {count}.",
            remedy="Choose a shorter one.",
            about="password",
        )
    if _is_easily_guessed(password, [*_OUR_WORDS, *own_words]):
        raise WrongUse(
            "This password is one that many people use, or is easily guessed.",
            remedy=_REMEDY + " Do not use your name, your email address, or a repeated word.",
            about="password",
        )


def _is_easily_guessed(password: str, words: list[str]) -> bool:
    from zxcvbn import zxcvbn  # its lists take a tenth of a second: only where a password is chosen

    known = list({part for word in words for part in _list_word_parts(word)})
    folded = _fold_letters(password)
    letters = "".join(c for c in folded if c.isalnum()) or folded
    variants = {text[:_LOOKED_AT] for text in (folded, letters)}
    return not folded or any(
        zxcvbn(variant, user_inputs=known)["guesses"] < _LEAST_GUESSES for variant in variants
    )


def _list_word_parts(word: str) -> Iterator[str]:
    """A name or address whole, without spaces, each of its words, and each two: an area often has two."""
    folded = _fold_letters(word)
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    pairs = map("".join, pairwise(words))
    for part in (folded, "".join(folded.split()), "".join(words), *words, *pairs):
        if len(part) >= _SHORTEST_WORD:
            yield part


def _fold_letters(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _normalise_spelling(password: str) -> str:
    """A password in one spelling: é is one character, no matter on which keyboard it was typed."""
    return unicodedata.normalize("NFC", password)


def _encode_password(password: str) -> bytes:
    return _normalise_spelling(password).encode("utf-8", "surrogatepass")
