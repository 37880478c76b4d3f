"""Web addresses in what a document prints: which of its words are a link, and where each leads."""

import re

from peer_challenge.word.active_content.links import is_allowed_link

_PAGE = re.compile(r"(https?://\S*[^\s.,;:!?)\]}’”'\"])")


def split_by_links(text: str) -> list[dict[str, str]]:
    """The pieces of `text` in order, each with `text` and `target`: "" for what leads nowhere.

    Joined, the pieces are the text. Only a web address that may stand in what we send has a target.
    """
    pieces = _PAGE.split(text)
    return [
        {"text": piece, "target": piece if number % 2 and is_allowed_link(piece) else ""}
        for number, piece in enumerate(pieces)
        if piece
    ]
