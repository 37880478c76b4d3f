"""Active content in an Office file: one table for each way in which a file can hold it.

Each entry leads to the code of a finding (word/reader_findings.py). Names are compared in small letters.
Nothing here decides what may be sent: that is the list of what is allowed (allowed_parts.py), which does not
use these tables.
"""

from peer_challenge.system.file_beginnings import OLE, PROGRAMS, RTF, SHORTCUT, ZIP

MACROS = "open.macros"
EMBEDDED = "word.embedded_file"
PROGRAM = "active.program"
CONTROL = "active.control"
IMPORTED = "word.imported_part"
LINKED_OBJECT = "active.linked_object"
LINKED_PICTURE = "active.linked_picture"
LINKED_TEXT = "active.linked_text"
DATA_SOURCE = "active.data_source"
MENUS = "active.menus"
ADD_IN = "active.add_in"
MACRO_BUTTON = "active.macro_button"
TRANSFORM = "active.transform"
FRAME = "active.frame"
WEB_VIDEO = "active.web_video"
SIGNED = "word.signed"
ELSEWHERE = "word.external_content"

INSIDE = {
    "vbaproject": MACROS,
    "vbaprojectsignature": MACROS,
    "wordvbadata": MACROS,
    "control": CONTROL,
    "activexcontrolbinary": CONTROL,
    "oleobject": EMBEDDED,
    "package": EMBEDDED,
    "afchunk": IMPORTED,
    "subdocument": LINKED_TEXT,
    "mailmergesource": DATA_SOURCE,
    "mailmergeheadersource": DATA_SOURCE,
    "frame": FRAME,
    "extensibility": MENUS,
    "usercustomization": MENUS,
    "keymapcustomizations": MENUS,
    "attachedtoolbars": MENUS,
    "webextension": ADD_IN,
    "webextensiontaskpanes": ADD_IN,
    "transform": TRANSFORM,
    "origin": SIGNED,
    "signature": SIGNED,
    "printersettings": "active.printer_settings",
}
"""The last word of a relationship's type: what a part of that kind is, within the file."""

OUTSIDE = {
    "attachedtemplate": "active.attached_template",
    "image": LINKED_PICTURE,
    "oleobject": LINKED_OBJECT,
    "package": LINKED_OBJECT,
    "externallink": LINKED_OBJECT,
    "externallinkpath": LINKED_OBJECT,
    "afchunk": LINKED_TEXT,
    "subdocument": LINKED_TEXT,
    "frame": FRAME,
    "linkedframe": FRAME,
    "mailmergesource": DATA_SOURCE,
    "mailmergeheadersource": DATA_SOURCE,
    "recipientdata": DATA_SOURCE,
    "transform": TRANSFORM,
    "video": WEB_VIDEO,
    "audio": WEB_VIDEO,
    "media": WEB_VIDEO,
    "movie": WEB_VIDEO,
    "webvideo": WEB_VIDEO,
    "font": "active.linked_font",
    "control": CONTROL,
    "vbaproject": MACROS,
    "extensibility": MENUS,
    "webextension": ADD_IN,
    "webextensiontaskpanes": ADD_IN,
}
"""The kinds where the relationship leads out of the file. Any other but a hyperlink is ELSEWHERE."""

CONTENT_TYPES = (
    ("vbaproject", MACROS),
    ("vbadata", MACROS),
    ("macroenabled", EMBEDDED),  # the document itself apart: a .docm without a project holds no macros
    ("activex", CONTROL),
    ("oleobject", EMBEDDED),
    ("keymapcustomizations", MENUS),
    ("attachedtoolbars", MENUS),
    ("ms-word.customui", MENUS),
    ("webextension", ADD_IN),
    ("digital-signature", SIGNED),
    ("printersettings", "active.printer_settings"),
    ("text/html", IMPORTED),
    ("xhtml", IMPORTED),
    ("message/rfc822", IMPORTED),
    ("multipart/related", IMPORTED),
    ("application/rtf", IMPORTED),
    ("text/rtf", IMPORTED),
    ("xslt", TRANSFORM),
    ("x-msdownload", PROGRAM),
    ("x-msdos-program", PROGRAM),
    ("x-dosexec", PROGRAM),
    ("x-executable", PROGRAM),
    ("x-ms-shortcut", PROGRAM),
    ("javascript", PROGRAM),
    ("vbscript", PROGRAM),
    ("java-archive", PROGRAM),
    ("hta", PROGRAM),
)
"""What a part's content type holds."""

NAMES = (("vbaproject", MACROS), ("vbadata", MACROS), ("customui/", MENUS), ("activex/", CONTROL))
"""What the name of a part holds where Word gives such names; nobody has to."""

ROOTS = {
    "customUI": MENUS,
    "ocx": CONTROL,
    "tcg": MENUS,
    "vbaSuppData": MACROS,
    "webextension": ADD_IN,
    "taskpanes": ADD_IN,
    "html": IMPORTED,
    "HTML": IMPORTED,
    "package": IMPORTED,  # a whole document as one piece of XML
    "wordDocument": IMPORTED,
    "stylesheet": TRANSFORM,
    "transform": TRANSFORM,
    "scriptlet": PROGRAM,
    "job": PROGRAM,
    "svg": "active.drawing_with_scripts",
}
"""The root element of an XML part, without its namespace."""

ELEMENTS = {
    "altChunk": IMPORTED,
    "control": CONTROL,
    "subDoc": LINKED_TEXT,
    "OLEObject": EMBEDDED,
    "entryMacro": MACRO_BUTTON,
    "exitMacro": MACRO_BUTTON,
    "saveThroughXslt": TRANSFORM,
    "attachedSchema": "active.schema",
    "mailMerge": DATA_SOURCE,
    "frameset": FRAME,
    "sourceFileName": FRAME,
    "webVideoPr": WEB_VIDEO,
    "movie": WEB_VIDEO,
    "script": PROGRAM,
    "scriptAnchor": PROGRAM,
    "applet": CONTROL,
    "ocx": CONTROL,
}
"""Elements, wherever they are, without their namespaces."""

FIELDS = {
    "DDE": "word.dde",
    "DDEAUTO": "word.dde",
    "INCLUDEPICTURE": LINKED_PICTURE,
    "IMPORT": LINKED_PICTURE,
    "INCLUDETEXT": LINKED_TEXT,
    "INCLUDE": LINKED_TEXT,
    "RD": LINKED_TEXT,
    "LINK": LINKED_OBJECT,
    "EMBED": EMBEDDED,
    "DATABASE": DATA_SOURCE,
    "DATA": DATA_SOURCE,
    "MERGEINC": DATA_SOURCE,
    "MACROBUTTON": MACRO_BUTTON,
    "MACRO": MACRO_BUTTON,
    "PRINT": "active.printer_commands",
    "CONTROL": CONTROL,
    "HTMLCONTROL": CONTROL,
    "HTMLACTIVEX": CONTROL,
}
"""What the first word of a field's instruction makes Word do."""

_SHOWING = """
= ADDIN ADDRESSBLOCK ADVANCE ASK AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT AUTOTEXT AUTOTEXTLIST BARCODE
BIBLIOGRAPHY BIDIOUTLINE CITATION COMMENTS COMPARE CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY
DOCVARIABLE EDITTIME EQ FILENAME FILESIZE FILLIN FORMCHECKBOX FORMDROPDOWN FORMTEXT FORMULA FTNREF
GLOSSARY GOTOBUTTON GREETINGLINE HYPERLINK IF INDEX INFO KEYWORDS LASTSAVEDBY LISTNUM MERGEBARCODE
MERGEFIELD MERGEREC MERGESEQ NEXT NEXTIF NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE
PRIVATE QUOTE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SET SHAPE SKIPIF STYLEREF SUBJECT SYMBOL TA
TC TEMPLATE TIME TITLE TOA TOC USERADDRESS USERINITIALS USERNAME XE
"""
KNOWN_FIELDS = frozenset(_SHOWING.split())
"""Fields that show what the document itself knows, or ask the reader: nothing to tell of."""

BUILT_FIELD = "active.built_field"
UNKNOWN_FIELD = "active.unknown_field"
LINK_TO_PROGRAM = "active.link"
LINK_TO_FILE = "active.link_to_file"

BEGINNINGS = (
    *((start, PROGRAM) for start in (*PROGRAMS, SHORTCUT)),
    (OLE, EMBEDDED),
    (ZIP, EMBEDDED),
    (RTF, IMPORTED),
)
"""How the bytes of a part begin that is neither XML nor told of already."""

WORDS_AT_THE_BEGINNING = (
    (b"<script", IMPORTED),
    (b"<html", IMPORTED),
    (b"<!doctype html", IMPORTED),
    (b"mime-version:", IMPORTED),
    (b"<hta:", PROGRAM),
)
"""What stands in the first bytes of such a part, in small letters."""

_WIDE = "utf-16-le"
IN_OLE = (
    ("_VBA_PROJECT".encode(_WIDE), MACROS),
    ("Ole10Native".encode(_WIDE), PROGRAM),
    ("\x01Ole10ItemName".encode(_WIDE), LINKED_OBJECT),
)
"""Names in the directory of an OLE file that say what it is."""
