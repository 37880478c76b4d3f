"""Tables that are about the document itself: who wrote it, its versions, who signed it."""

from collections.abc import Iterator

from peer_challenge.frameworks.outline import SeenTable

_HEADINGS = frozenset((
    *("version", "version number", "issue", "revision", "draft", "status", "classification", "page", "pages"),
    *("date", "dated", "date of issue", "issue date", "date approved", "date signed", "when", "review date"),
    *("next review", "next review date", "author", "authors", "owner", "document owner", "prepared by"),
    *("approved by", "approver", "reviewed by", "reviewer", "changed by", "who", "by whom", "signed", "sign"),
    *("signed by", "signature", "sign off", "name", "full name", "print name", "role", "job title", "title"),
    *("post", "position", "organisation", "telephone", "phone", "email", "e mail", "contact", "distribution"),
    *("contact details", "change", "changes", "changes made", "summary of changes", "description of change"),
    *("reason for change", "document", "document title", "document name", "file name", "circulation"),
))  # fmt: skip
"""What tables for document control, changes and signatures have as headings, above or at the side."""
_ENOUGH = 2
"""One such heading may be the title of a sub-heading, "Changes" or "Contact"."""


def is_about_document(table: SeenTable) -> bool:
    """Whether two or more, and half, of the headings above a table or at its side are of such a table."""
    first = [cell.text for cell in table.rows[0].cells if cell.text] if table.rows else []
    return any(_are_of_document(texts) for texts in (first, list(_find_first_column(table))))


def _find_first_column(table: SeenTable) -> Iterator[str]:
    return (cell.text for row in table.rows for cell in row.cells if cell.column == 0 and cell.text)


def _are_of_document(texts: list[str]) -> bool:
    plain = (" ".join(text.casefold().replace("-", " ").strip(" :.").split()) for text in texts)
    count = sum(text in _HEADINGS for text in plain)
    return count >= _ENOUGH and 2 * count >= len(texts)
