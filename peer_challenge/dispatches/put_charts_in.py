"""What is added to a rendered document after its words: charts, and the grids of tables that grew."""

import io
import struct
import zipfile
from collections.abc import Mapping

from lxml import etree

from peer_challenge.word.package.safe_xml import parse_made_xml
from peer_challenge.word.package.write_zip import write_zip
from peer_challenge.word.package.xml_element import XmlElement, require_child

CHART = "chart:"
"""A placeholder picture in a template is named "chart:" and the chart's name (Word: alt text pane, title)."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_MAIN, _RELS = "word/document.xml", "word/_rels/document.xml.rels"


def insert_charts_and_grids(package: bytes, charts: Mapping[str, bytes] | None = None) -> bytes:
    """The document `package` with `charts` (PNG by name) in place of its placeholders.

    Every table whose cells were repeated gets a grid that fits them.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    root, relations = parse_made_xml(parts[_MAIN]), parse_made_xml(parts[_RELS])
    targets = {rel.get("Id"): "word/" + rel.get("Target", "") for rel in relations}
    for inline in root.iter(f"{_WP}inline", f"{_WP}anchor"):
        name = require_child(inline, f"{_WP}docPr").get("name", "")
        picture = (charts or {}).get(name.removeprefix(CHART)) if name.startswith(CHART) else None
        if picture:
            parts[targets[next(inline.iter(f"{_A}blip")).get(_EMBED)]] = picture
            _fit_placeholder(inline, picture)
    for table in root.iter(f"{_W}tbl"):
        _rebuild_table_grid(table)
        _raise_header(table)
    parts[_MAIN] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return write_zip(parts.items())


def _fit_placeholder(inline: XmlElement, picture: bytes) -> None:
    """Keep the placeholder's width and give it the height of the picture's own proportions."""
    wide, high = struct.unpack(">II", picture[16:24])
    extent = require_child(inline, f"{_WP}extent")
    height = str(int(extent.attrib["cx"]) * high // wide)
    extent.set("cy", height)
    for ext in inline.iter(f"{_A}ext"):
        if ext.get("cy"):
            ext.set("cy", height)


def _rebuild_table_grid(table: XmlElement) -> None:
    """Give a table whose cells were repeated its grid; a row of one cell spans it all."""
    grid, rows = table.find(f"{_W}tblGrid"), table.findall(f"{_W}tr")
    widest = max(rows, key=lambda row: len(row.findall(f"{_W}tc")), default=None)
    if widest is None or grid is None or table.findall(f".//{_W}gridSpan"):
        return
    widths = [_read_cell_width(cell) for cell in widest.findall(f"{_W}tc")]
    if len(widths) == len(grid) and all(len(row.findall(f"{_W}tc")) == len(widths) for row in rows):
        return
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        etree.SubElement(grid, f"{_W}gridCol").set(f"{_W}w", str(width))
    total = table.find(f"{_W}tblPr/{_W}tblW")
    if total is not None:
        total.set(f"{_W}w", str(sum(widths)))
    for row in rows:
        if len(row.findall(f"{_W}tc")) == 1 < len(widths):
            _span_whole_row(require_child(row, f"{_W}tc"), len(widths), sum(widths))


def _raise_header(table: XmlElement) -> None:
    """Make a header with upright labels as tall as the longest of them (about 2 mm a letter at 10 points)."""
    row = table.find(f"{_W}tr")
    if row is None:
        return
    height = row.find(f"{_W}trPr/{_W}trHeight")
    if height is None or row.find(f".//{_W}textDirection") is None:
        return
    upright = [cell for cell in row.findall(f"{_W}tc") if cell.find(f".//{_W}textDirection") is not None]
    longest = max(len("".join(cell.itertext()).strip()) for cell in upright)
    height.set(f"{_W}val", str(min(3400, 240 + 118 * longest)))


def _read_cell_width(cell: XmlElement) -> int:
    width = cell.find(f"{_W}tcPr/{_W}tcW")
    return int(width.attrib[f"{_W}w"]) if width is not None else 600


def _span_whole_row(cell: XmlElement, columns: int, width: int) -> None:
    measure = require_child(cell, f"{_W}tcPr/{_W}tcW")
    measure.set(f"{_W}w", str(width))
    span = etree.Element(f"{_W}gridSpan")
    span.set(f"{_W}val", str(columns))
    measure.addnext(span)
