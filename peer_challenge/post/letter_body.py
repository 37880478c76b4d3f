"""The body of an email, from the words of its letters: the same words as plain text and as HTML."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import takewhile

from peer_challenge.model.house_style import SHIPPED_FONT, SHIPPED_STYLE, HouseStyle
from peer_challenge.word.text.letter_blocks import BlockKind, LetterBlock
from peer_challenge.word.write.house_logo import fit_into_box

_STYLE = "font-size: 12pt; line-height: 1.4; color: #0b0c0c"
_CELL = "border: 1px solid #b1b4b6; padding: 4px 8px; text-align: left; vertical-align: top"
_LOGO_ROOM = (220, 60)
"""Of a logo, in dots of a screen."""
_WIDEST = 40
"""Characters of a table's column in plain text; a longer cell gets lines of its own."""


def join_letters(letters: Sequence[Sequence[LetterBlock]], *, is_titled: bool) -> list[LetterBlock]:
    """The blocks of several letters one after the other; an ending that several have comes once, at the last.

    The title of a letter is a heading where it `is_titled`, and left out elsewhere: the subject says it.
    """
    joined: list[LetterBlock] = []
    for number, letter in enumerate(letters):
        alike = max((_count_alike_at_end(letter, later) for later in letters[number + 1 :]), default=0)
        joined += letter[: len(letter) - alike]
    return [
        LetterBlock(BlockKind.HEADING, block.text) if block.kind is BlockKind.TITLE else block
        for block in joined
        if is_titled or block.kind is not BlockKind.TITLE
    ]


def _count_alike_at_end(letter: Sequence[LetterBlock], other: Sequence[LetterBlock]) -> int:
    pairs = zip(reversed(letter), reversed(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def make_blocks_of_text(words: str) -> list[LetterBlock]:
    """The blocks of a text that somebody typed: its paragraphs; a line that begins with "- " is a bullet."""
    blocks = []
    for line in filter(None, map(str.strip, words.splitlines())):
        is_bullet = line.startswith(("- ", "• "))
        kind = BlockKind.BULLET if is_bullet else BlockKind.TEXT
        blocks.append(LetterBlock(kind, line[2:].strip() if is_bullet else line))
    return blocks


def write_plain_text(blocks: Iterable[LetterBlock]) -> str:
    """Blocks as plain text, paragraphs with an empty line between them."""
    parts: list[str] = []
    before = None
    for block in blocks:
        lines = "\n".join(_write_plain_lines(block))
        is_list = block.kind is BlockKind.BULLET and before is BlockKind.BULLET
        parts.append(f"{lines}\n" if not parts else f"\n{lines}\n" if not is_list else f"{lines}\n")
        before = block.kind
    return "".join(parts)


def _write_plain_lines(block: LetterBlock) -> Iterator[str]:
    if block.kind is BlockKind.BULLET:
        yield f"- {block.text}"
    elif block.kind is BlockKind.TABLE:
        yield from _write_plain_rows(block.rows)
    elif block.kind is BlockKind.HEADING:
        yield block.text
        yield "-" * min(len(block.text), 70)
    else:
        yield block.text


def _write_plain_rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A narrow table in columns; of a wide one each row as its headings with their values."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    if max(widths, default=0) <= _WIDEST:
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
            yield "  ".join(cells).rstrip()
        return
    headings, *others = rows
    for row in others:
        yield from (f"{name}: {cell}" for name, cell in zip(headings, row, strict=False) if cell)


def write_html(
    blocks: Iterable[LetterBlock],
    *,
    title: str,
    style: HouseStyle = SHIPPED_STYLE,
    logo_id: str = "",
    language: str = "en-GB",
) -> str:
    """Blocks as a page of HTML that mail programs show: no link, and nothing that is fetched.

    `logo_id` names the part of the email that holds the logo, where there is one.
    """
    inner = "\n".join(_write_html_parts(blocks, style))
    if logo_id:
        inner = f"{_write_logo(style, logo_id)}\n{inner}"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'</head><body style="font-family: {_list_fonts(style.body_font)}; {_STYLE}">\n'
        f"{inner}\n</body></html>\n"
    )


def _list_fonts(font: str) -> str:
    """The fonts that a mail program tries, in turn."""
    fonts = dict.fromkeys((font, SHIPPED_FONT))
    return ", ".join([*map(_quote_font, fonts), "sans-serif"])


def _quote_font(font: str) -> str:
    return f"'{font}'" if " " in font else font


def _write_logo(style: HouseStyle, logo_id: str) -> str:
    wide, high = fit_into_box(style.logo, *_LOGO_ROOM)
    alt = escape(style.logo_description)
    return f'<p><img src="cid:{logo_id}" width="{wide}" height="{high}" alt="{alt}"></p>'


def _write_html_parts(blocks: Iterable[LetterBlock], style: HouseStyle) -> Iterator[str]:
    bullets: list[str] = []
    for block in blocks:
        if block.kind is BlockKind.BULLET:
            bullets.append(f"<li>{escape(block.text)}</li>")
            continue
        if bullets:
            yield f"<ul>{''.join(bullets)}</ul>"
            bullets = []
        yield _write_html_block(block, style)
    if bullets:
        yield f"<ul>{''.join(bullets)}</ul>"


def _look_of_heading(style: HouseStyle) -> str:
    if style == SHIPPED_STYLE:
        return ""
    return f' style="font-family: {_list_fonts(style.heading_font)}; color: #{style.colour}"'


def _write_html_block(block: LetterBlock, style: HouseStyle) -> str:
    if block.kind is BlockKind.HEADING:
        return f"<h2{_look_of_heading(style)}>{escape(block.text)}</h2>"
    if block.kind is not BlockKind.TABLE:
        return f"<p>{escape(block.text)}</p>"
    headings, *others = block.rows
    head = "".join(f'<th scope="col" style="{_CELL}">{escape(cell)}</th>' for cell in headings)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) + "</tr>"
        for row in others
    )
    whole = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<table style="border-collapse: collapse">{whole}</table>'
