"""Broken documents without end: mutations of a package's bytes and of the XML in it, the same for a seed."""
# ruff: noqa: E501 - raw XML reads better on one line

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence

Parts = list[tuple[str, bytes]]
_TAG = re.compile(rb"<(/?)(w:[a-zA-Z]+)([^<>]*?)(/?)>")
_ELEMENT = re.compile(rb"<(w:(?:tc|tr|p|r|tbl|sdt|t))(?: [^<>]*)?>.*?</\1>", re.DOTALL)
_NUMBER = re.compile(rb'"(-?\d+)"')
_TAGS = (
    b"w:p w:r w:t w:tc w:tr w:tbl w:sdt w:sdtContent w:ins w:del w:moveFrom w:moveTo w:smartTag w:customXml w:hyperlink "
    b"w:txbxContent w:ruby w:rt w:fldSimple w:gridSpan w:vMerge w:trPr w:tcPr w:pPr w:rPr w:vanish w:strike w:sym w:ffData"
).split()
_WRAPS = (
    (b"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>", b"</w:sdtContent></w:sdt>"),
    (b'<w:ins w:id="1" w:author="a">', b"</w:ins>"),
    (b'<w:del w:id="1" w:author="a">', b"</w:del>"),
    (b"<w:customXml>", b"</w:customXml>"),
    (
        b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>',
        b"</mc:Choice><mc:Fallback/></mc:AlternateContent>",
    ),
    (b"<w:r><w:pict><w:txbxContent>", b"</w:txbxContent></w:pict></w:r>"),
)
_VALUES = (b'"-1"', b'"0"', b'"99999999999999999999"', b'"x"', b'""', b'"1e9"', b'"\xc2\xb2"')


def mutants(documents: Sequence[bytes], seed: int, count: int) -> Iterator[bytes]:
    """So many mutants of the documents, each with one to four mutations."""
    dice = random.Random(seed)
    for _ in range(count):
        data = dice.choice(documents)
        for _ in range(dice.choice((1, 1, 1, 2, 4))):
            data = dice.choice((_mutate_bytes, _mutate_parts, _mutate_xml, _mutate_xml, _mutate_xml))(
                data, dice
            )
        yield data


def _mutate_bytes(data: bytes, dice: random.Random) -> bytes:
    if not data:
        return data
    at = dice.randrange(len(data))
    size = dice.choice((1, 2, 4, 64, 1024))
    return dice.choice(
        (
            lambda: data[:at],
            lambda: data[:at] + dice.randbytes(size) + data[at + size :],
            lambda: data[:at] + data[at + size :],
            lambda: data[:at] + data[at : at + size] * 2 + data[at + size :],
            lambda: (
                data[:-200]
                + bytes(b ^ (1 << dice.randrange(8)) if dice.random() < 0.01 else b for b in data[-200:])
            ),
            lambda: _flip_directory(data, dice),
            lambda: dice.randbytes(8) + data,
        )
    )()


def _flip_directory(data: bytes, dice: random.Random) -> bytes:
    """A changed byte in one of the headers of the archive."""
    places = [found.start() for found in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", data)]
    if not places:
        return data
    at = dice.choice(places) + dice.randrange(4, 46)
    return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]


def _unpacked(data: bytes) -> Parts | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return [(entry.filename, package.read(entry)) for entry in package.infolist()]
    except Exception:
        return None


def packed(parts: Parts) -> bytes:
    """A package of these parts, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            entry = zipfile.ZipInfo(name or "x")
            package.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _mutate_parts(data: bytes, dice: random.Random) -> bytes:
    parts = _unpacked(data)
    if not parts:
        return data
    at, other = dice.randrange(len(parts)), dice.randrange(len(parts))
    name, content = parts[at]
    action = dice.randrange(7)
    if action == 0:
        del parts[at]
    elif action == 1:
        parts[at] = (
            dice.choice(("../x.xml", "/word/a.xml", "word\\b.xml", name.upper(), "", name + "2")),
            content,
        )
    elif action == 2:
        parts[at] = (name, parts[other][1])
    elif action == 3:
        parts[at] = (name, content[: dice.randrange(len(content) + 1)])
    elif action == 4:
        parts[at] = (name, content.decode("utf-8", "replace").encode("utf-16"))
    elif action == 5:
        parts[at] = (name, b"" if dice.random() < 0.5 else dice.randbytes(200))
    else:
        parts.append(("word/vbaProject.bin", b"x"))
    return packed(parts)


def _mutate_xml(data: bytes, dice: random.Random) -> bytes:
    parts = _unpacked(data)
    named = [n for n, (name, _) in enumerate(parts or []) if name.endswith((".xml", ".rels"))]
    if not parts or not named:
        return data
    mains = [n for n in named if "document" in parts[n][0]]
    at = dice.choice(mains if mains and dice.random() < 0.75 else named)
    name, content = parts[at]
    changes: tuple[Callable[[bytes, random.Random], bytes], ...] = (
        _drop_tag,
        _rename_tag,
        _change_number,
        _drop_element,
        _double_element,
        _wrap,
        _wrap,
        _move,
        _nest,
        _dtd,
        _unclose,
    )
    parts[at] = (name, dice.choice(changes)(content, dice))
    return packed(parts)


def _pick(pattern: re.Pattern[bytes], xml: bytes, dice: random.Random) -> re.Match[bytes] | None:
    return pattern.search(xml, dice.randrange(len(xml))) or pattern.search(xml) if xml else None


def _drop_tag(xml: bytes, dice: random.Random) -> bytes:
    found = _pick(_TAG, xml, dice)
    return xml[: found.start()] + xml[found.end() :] if found else xml


def _rename_tag(xml: bytes, dice: random.Random) -> bytes:
    """All elements of a name become those of another, so that the XML stays well formed."""
    found = _pick(_TAG, xml, dice)
    if not found:
        return xml
    return re.sub(rb"(</?)" + found[2] + rb"(?=[\s/>])", rb"\1" + dice.choice(_TAGS), xml)


def _change_number(xml: bytes, dice: random.Random) -> bytes:
    found = _pick(_NUMBER, xml, dice)
    return xml[: found.start()] + dice.choice(_VALUES) + xml[found.end() :] if found else xml


def _drop_element(xml: bytes, dice: random.Random) -> bytes:
    found = _pick(_ELEMENT, xml, dice)
    return xml[: found.start()] + xml[found.end() :] if found else xml


def _double_element(xml: bytes, dice: random.Random) -> bytes:
    found = _pick(_ELEMENT, xml, dice)
    return xml[: found.end()] + found[0] * dice.choice((1, 3)) + xml[found.end() :] if found else xml


def _wrap(xml: bytes, dice: random.Random) -> bytes:
    found = _pick(_ELEMENT, xml, dice)
    before, after = dice.choice(_WRAPS)
    return xml[: found.start()] + before + found[0] + after + xml[found.end() :] if found else xml


def _move(xml: bytes, dice: random.Random) -> bytes:
    found = _pick(_ELEMENT, xml, dice)
    if not found:
        return xml
    rest = xml[: found.start()] + xml[found.end() :]
    target = _pick(_TAG, rest, dice)
    return rest[: target.end()] + found[0] + rest[target.end() :] if target else rest


def _nest(xml: bytes, dice: random.Random) -> bytes:
    found = _pick(_ELEMENT, xml, dice)
    depth = dice.choice((3, 40, 300, 3000))
    if not found:
        return xml
    before, after = dice.choice((*_WRAPS[:4], (b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>")))
    return xml[: found.start()] + before * depth + found[0] + after * depth + xml[found.end() :]


def _dtd(xml: bytes, dice: random.Random) -> bytes:
    at = xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    return xml[:at] + b'<!DOCTYPE a [<!ENTITY e "' + b"lol" * dice.choice((1, 50)) + b'">]>' + xml[at:]


def _unclose(xml: bytes, dice: random.Random) -> bytes:
    return xml[: dice.randrange(len(xml) + 1)]
