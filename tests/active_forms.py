"""Forms with something active planted in them: each kind of thing, at each place where it can be."""
# ruff: noqa: E501 - raw XML reads better on one line

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MS = "http://schemas.microsoft.com/office/2006/relationships"
RELATED = f"{R}/"
CANARY = "pl4nted"
"""Stands in everything planted: nothing that leaves may hold it."""

URL = f"http://{CANARY}.example/x"
_HEAD = f'<w:hdr xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
_FOUND = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass
class Form:
    """The parts of a form, to be changed."""

    parts: dict[str, bytes]
    random: Random
    number: int = 0
    order: list[str] = field(default_factory=list)

    def new(self) -> str:
        self.number += 1
        return f"rIdPlanted{self.number}"

    def relate(self, owner: str, kind: str, target: str, mode: str = "") -> str:
        """Add a relationship to a part; gives its id."""
        folder, _, base = owner.rpartition("/")
        rels = f"{folder}/_rels/{base}.rels".lstrip("/")
        held = self.parts.get(rels) or (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        )
        ident = self.new()
        kind = kind if "/" in kind else RELATED + kind
        outside = f' TargetMode="{mode}"' if mode else ""
        one = f'<Relationship Id="{ident}" Type="{kind}" Target="{escape(target)}"{outside}/></Relationships>'
        self.parts[rels] = held.replace(b"</Relationships>", one.encode())
        return ident

    def declare(self, part: str, content_type: str) -> None:
        one = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
        self.parts["[Content_Types].xml"] = self.parts["[Content_Types].xml"].replace(
            b"</Types>", one.encode()
        )

    def put(self, xml: str) -> str:
        """Put XML into a paragraph of the body, an answer, a header, a footnote...; gives the part."""
        where = self.random.choice(
            ["body", "cell", "header", "footer", "glossary", "footnotes", "comments", "alone"]
        )
        if where in ("body", "cell"):
            self.into_document(xml, in_cell=where == "cell")
            return "word/document.xml"
        kinds = {"header": "hdr", "footer": "ftr", "glossary": "glossaryDocument"}
        number = self.number = self.number + 1
        name = f"word/{where}{90 + number}.xml"
        root = kinds.get(where, where if where != "alone" else "hdr")
        held = f"<w:p>{xml}</w:p>"
        if where in ("footnotes", "comments"):
            held = f'<w:{where[:-1]} w:id="{number}">{held}</w:{where[:-1]}>'
        if where == "glossary":
            name = f"word/glossary/document{number}.xml"
        part = _HEAD.replace("w:hdr", f"w:{root}") + held + f"</w:{root}>"
        self.parts[name] = part.encode()
        if where not in ("alone", "glossary"):
            self.relate("word/document.xml", where, name.rpartition("/")[2])
        return name

    def into_document(self, xml: str, *, in_cell: bool) -> None:
        root = etree.fromstring(self.parts["word/document.xml"])
        places = [
            p
            for p in root.iter(f"{{{W}}}p")
            if (next(p.iterancestors(f"{{{W}}}tc"), None) is not None) == in_cell
        ]
        place = self.random.choice(places)
        for element in etree.fromstring(_HEAD + xml + "</w:hdr>"):
            place.append(element)
        self.parts["word/document.xml"] = etree.tostring(
            root, xml_declaration=True, encoding="UTF-8", standalone=True
        )

    def settings(self, xml: str) -> None:
        self.parts["word/settings.xml"] = self.parts["word/settings.xml"].replace(
            b"</w:settings>", f"{xml}</w:settings>".encode()
        )

    def packed(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return out.getvalue()


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def run(xml: str) -> str:
    return f"<w:r>{xml}</w:r>"


def mark(kind: str) -> str:
    return run(f'<w:fldChar w:fldCharType="{kind}"/>')


def instruction(text: str) -> str:
    return run(f'<w:instrText xml:space="preserve">{escape(text)}</w:instrText>')


def a_field(instruct: str) -> Callable[[Form], None]:
    """A field, in one of the ways in which one can be written."""

    def plant(form: Form) -> None:
        text = spelled(instruct, form.random)
        way = form.random.choice(["complex", "simple", "split", "no result", "no end", "deleted"])
        if way == "simple":
            form.put(f'<w:fldSimple w:instr="{escape(text)}">{run("<w:t>1</w:t>")}</w:fldSimple>')
            return
        pieces = instruction(text)
        if way == "split":
            pieces = "".join(instruction(character) for character in text)
        if way == "deleted":
            held = pieces.replace("w:instrText", "w:delInstrText")
            pieces = f'<w:del w:id="7" w:author="x">{held}</w:del>'
        result = mark("separate") + run("<w:t>1</w:t>") if way != "no result" else ""
        form.put(mark("begin") + pieces + result + (mark("end") if way != "no end" else ""))

    return plant


def spelled(instruct: str, random: Random) -> str:
    """An instruction in other letters, with white space, quotes or control characters that Word skips."""
    name, _, rest = instruct.partition(" ")
    name = "".join(random.choice((c.lower(), c.upper())) for c in name)
    if random.random() < 0.3:
        name = f'"{name}"'
    if random.random() < 0.2:
        name = name[:1] + "\u200b" + name[1:]
    return random.choice(("", " ", "\t ", "\u00a0")) + name + random.choice((" ", "  ", "\t")) + rest


def built(form: Form) -> None:
    numbers = " ".join(str(ord(c)) for c in "DDEAUTO")
    inner = mark("begin") + instruction(f" QUOTE {numbers} ") + mark("end")
    form.put(mark("begin") + inner + instruction(f' cmd "{CANARY}" ') + mark("end"))


def built_by_reference(form: Form) -> None:
    inner = mark("begin") + instruction(" REF name ") + mark("separate") + run("<w:t>DDE</w:t>") + mark("end")
    form.put(mark("begin") + instruction("D") + inner + instruction(f' "{CANARY}" ') + mark("end"))


def external(
    kind: str,
    owners: tuple[str, ...] = (
        "word/document.xml",
        "word/styles.xml",
        "word/header1.xml",
        "word/numbering.xml",
        "word/theme/theme1.xml",
        "word/fontTable.xml",
        "",
    ),
) -> Callable[[Form], None]:
    """A relationship that leads out of the file, from one of several parts, to one of several kinds of place."""

    def plant(form: Form) -> None:
        target = form.random.choice(
            [URL, f"https://{CANARY}.example/", f"\\\\{CANARY}\\share\\x", f"file:///\\\\{CANARY}\\x", f"//{CANARY}/x",
             f"mhtml:http://{CANARY}/x!y", f"ftp://{CANARY}/x", f"HTTP://{CANARY.upper()}/{CANARY}"]
        )  # fmt: skip
        mode = form.random.choice(["External", "external", "EXTERNAL", ""])
        form.relate(form.random.choice(owners), kind, target, mode)

    return plant


def a_part(
    name: str, content_type: str, content: bytes, kind: str = "", owner: str = "word/document.xml"
) -> Callable[[Form], None]:
    """A part that is related or declared, or both, under its usual name or another."""

    def plant(form: Form) -> None:
        way = form.random.choice(["both", "related", "declared"]) if kind and content_type else "both"
        usual, _, ending = name.rpartition(".")
        called = form.random.choice([name, f"word/notes{form.number}.{ending}", f"{usual}.dat"])
        form.parts[called] = content
        if content_type and way != "related":
            form.declare(called, content_type)
        if kind and way != "declared":
            from posixpath import relpath

            form.relate(owner, kind, relpath(called, owner.rpartition("/")[0] or "."))

    return plant


def link(target: str) -> Callable[[Form], None]:
    """A hyperlink to something else than a page, as an element or as a field."""

    def plant(form: Form) -> None:
        if form.random.random() < 0.5:
            form.put(
                mark("begin")
                + instruction(f' HYPERLINK "{target}" ')
                + mark("separate")
                + run("<w:t>1</w:t>")
                + mark("end")
            )
            return
        ident = form.relate("word/document.xml", "hyperlink", target, "External")
        form.into_document(
            f'<w:hyperlink r:id="{ident}">{run("<w:t>1</w:t>")}</w:hyperlink>',
            in_cell=form.random.random() < 0.5,
        )

    return plant


def element(xml: str) -> Callable[[Form], None]:
    return lambda form: void(form.put(xml))


def in_settings(xml: str) -> Callable[[Form], None]:
    return lambda form: form.settings(xml)


def void(_: object) -> None:
    """Nothing is done with what was made."""


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
_C = CANARY.encode()
_MACRO = "application/vnd.ms-office.vbaProject"
KINDS: dict[str, Callable[[Form], None]] = {
    "dde": a_field(f'DDE cmd "/k {CANARY}"'),
    "ddeauto": a_field(f'DDEAUTO cmd "/k {CANARY}"'),
    "dde built of numbers": built,
    "field built by reference": built_by_reference,
    "includepicture": a_field(f'INCLUDEPICTURE "{URL}" \\d'),
    "includetext": a_field(f'INCLUDETEXT "{URL}"'),
    "import": a_field(f'IMPORT "{URL}"'),
    "link": a_field(f'LINK Excel.Sheet.8 "{URL}" \\a'),
    "embed": a_field(f"EMBED Package {CANARY}"),
    "database": a_field(f'DATABASE \\d "{URL}"'),
    "macrobutton": a_field(f"MACROBUTTON Run{CANARY} here"),
    "print": a_field(f'PRINT "{CANARY}"'),
    "referenced document": a_field(f'RD "{URL}"'),
    "html control": a_field(f"HTMLCONTROL {CANARY}"),
    "unknown field": a_field(f"ZZQ{CANARY} 1"),
    "hyperlink to script": link(f"javascript:{CANARY}()"),
    "hyperlink to script with tab": link(f"java\tscript:{CANARY}()"),
    "hyperlink to msdt": link(f"ms-msdt:/id {CANARY}"),
    "hyperlink to share": link(f"\\\\{CANARY}\\share"),
    "hyperlink to file": link(f"file:///c:/{CANARY}.exe"),
    "hyperlink to search": link(f"search-ms:query={CANARY}"),
    "hyperlink in code": link(f"%6aavascript:{CANARY}()"),
    "attached template": external("attachedTemplate", ("word/settings.xml",)),
    "external image": external("image"),
    "external object": external("oleObject"),
    "external workbook": external("package"),
    "external subdocument": external("subDocument"),
    "external frame": external("frame", ("word/webSettings.xml",)),
    "external mail merge": external("mailMergeSource", ("word/settings.xml",)),
    "external font": external("font", ("word/fontTable.xml",)),
    "external video": external("video"),
    "external transform": external("transform", ("word/settings.xml",)),
    "external of an unknown kind": external(f"http://{CANARY}.example/kind"),
    "macros": a_part("word/vbaProject.bin", _MACRO, OLE + _C, f"{MS}/vbaProject"),
    "macros told by their bytes": a_part("word/x.bin", "", OLE + "_VBA_PROJECT".encode("utf-16-le") + _C),
    "macro data": a_part("word/vbaData.xml", "application/vnd.ms-word.vbaData+xml",
                         b'<wne:vbaSuppData xmlns:wne="urn:x">' + _C + b"</wne:vbaSuppData>", f"{MS}/wordVbaData"),
    "activex": a_part("word/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml",
                      b'<ax:ocx xmlns:ax="urn:x" ax:classid="' + _C + b'"/>', "control"),
    "activex data": a_part("word/activeX/activeX1.bin", "application/vnd.ms-office.activeX", OLE + _C,
                           f"{MS}/activeXControlBinary"),
    "ole object": a_part("word/embeddings/oleObject1.bin", "application/vnd.openxmlformats-officedocument.oleObject",
                         OLE + _C, "oleObject"),
    "packaged program": a_part("word/embeddings/oleObject2.bin", "application/vnd.openxmlformats-officedocument.oleObject",
                               OLE + "\x01Ole10Native".encode("utf-16-le") + _C, "oleObject"),
    "embedded workbook": a_part("word/embeddings/sheet.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                b"PK\x03\x04" + _C, "package"),
    "embedded document with macros": a_part("word/embeddings/d.docm", "application/vnd.ms-word.document.macroEnabled.12",
                                            b"PK\x03\x04" + _C, "package"),
    "bare program": a_part("word/media/setup.exe", "", b"MZ\x90\x00" + _C),
    "program called a picture": a_part("word/media/image77.png", "", b"MZ\x90\x00" + _C, "image"),
    "web page in the file": a_part("word/chunk.html", "text/html", b"<html><script>" + _C + b"</script></html>", "aFChunk"),
    "chunk of rich text": a_part("word/chunk.rtf", "application/rtf", b"{\\rtf1 " + _C + b"}", "aFChunk"),
    "archived web page": a_part("word/chunk.mht", "message/rfc822", b"MIME-Version: 1.0\r\n" + _C, "aFChunk"),
    "menus": a_part("customUI/customUI.xml", "", b'<customUI xmlns="urn:x" onLoad="' + _C + b'"/>',
                    f"{MS}/ui/extensibility", ""),
    "keys": a_part("word/customizations.xml", "application/vnd.ms-word.keyMapCustomizations+xml",
                   b'<wne:tcg xmlns:wne="urn:x"><wne:x a="' + _C + b'"/></wne:tcg>', f"{MS}/keyMapCustomizations"),
    "toolbars": a_part("word/attachedToolbars.bin", "application/vnd.ms-word.attachedToolbars", b"\x00" + _C,
                       f"{MS}/attachedToolbars"),
    "task pane": a_part("word/webextensions/taskpanes.xml", "application/vnd.ms-office.webextensiontaskpanes+xml",
                        b'<wetp:taskpanes xmlns:wetp="urn:x" a="' + _C + b'"/>',
                        "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes", ""),
    "add-in": a_part("word/webextensions/webextension1.xml", "application/vnd.ms-office.webextension+xml",
                     b'<we:webextension xmlns:we="urn:x" id="' + _C + b'"/>',
                     "http://schemas.microsoft.com/office/2011/relationships/webextension"),
    "signature": a_part("_xmlsignatures/sig1.xml", "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",
                        b'<Signature xmlns="urn:x" a="' + _C + b'"/>',
                        "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/signature", ""),
    "printer settings": a_part("word/printerSettings1.bin",
                               "application/vnd.openxmlformats-officedocument.wordprocessingml.printerSettings",
                               b"\x00" + _C, "printerSettings"),
    "drawing with scripts": a_part("word/media/image78.svg", "image/svg+xml",
                                   b'<svg xmlns="http://www.w3.org/2000/svg"><script>' + _C + b"</script></svg>", "image"),
    "transform in the file": a_part("word/x.xsl", "application/xslt+xml",
                                    b'<xsl:stylesheet xmlns:xsl="urn:x" a="' + _C + b'"/>', "transform"),
    "control": element(run(f'<w:object><w:control w:name="{CANARY}"/></w:object>')),
    "object": element(run(f'<w:object><o:OLEObject Type="Embed" ProgID="{CANARY}"/></w:object>')),
    "linked object": element(run(f'<w:object><o:OLEObject Type="Link" ProgID="{CANARY}"/></w:object>')),
    "chunk without a part": element(f'<w:altChunk r:id="{CANARY}"/>'),
    "subdocument": element(f'<w:subDoc r:id="{CANARY}"/>'),
    "picture by address": element(run(f'<w:pict><v:shape><v:imagedata src="{URL}"/></v:shape></w:pict>')),
    "fill by address": element(run(f'<w:pict><v:rect><v:fill src="{URL}"/></v:rect></w:pict>')),
    "shape that starts a script": element(run(f'<w:pict><v:shape href="javascript:{CANARY}"/></w:pict>')),
    "shape that starts a script, spaced": element(
        run(f'<w:t>action</w:t><w:pict><v:shape\n href =\t"javascript:{CANARY}"/></w:pict>')
    ),
    "drawing that starts a macro": element(
        run(f'<w:drawing><a:hlinkClick action="ppaction://macro?name={CANARY}"/></w:drawing>')
    ),
    "macro of a form field": element(
        mark("begin").replace("/>", f'><w:ffData><w:entryMacro w:val="{CANARY}"/><w:textInput/></w:ffData></w:fldChar>', 1)
        + instruction("FORMTEXT") + mark("end")
    ),
    "mail merge": in_settings(f'<w:mailMerge><w:connectString w:val="{CANARY}"/></w:mailMerge>'),
    "transform of settings": in_settings(f'<w:saveThroughXslt w:solutionID="{CANARY}"/>'),
    "schema": in_settings(f'<w:attachedSchema w:val="{CANARY}"/>'),
}  # fmt: skip
"""Every kind of thing, and what plants it."""


def with_planted(data: bytes, kind: str, seed: int) -> bytes:
    """The form with a thing of this kind somewhere in it; the same seed plants it at the same place."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        form = Form({name: package.read(name) for name in package.namelist()}, Random(f"{kind}{seed}"))
    KINDS[kind](form)
    return form.packed()


def holds(data: bytes, words: str) -> Iterator[str]:
    """The parts of a package that hold the words, in any case, in their names, XML or bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if words.lower() in (name + package.read(name).decode("latin-1")).lower():
                yield name
