"""What a document that we send may hold: parts, relationships, elements, fields. All else is left out.

Because this lists what is allowed, content that nobody thought of is left out as well. Active content has
tables of its own (active_kinds.py) for reporting; nothing here depends on them.
"""

from dataclasses import dataclass

from peer_challenge.system.file_beginnings import GIF, JPEG, PNG, TIFF
from peer_challenge.word.package import namespaces as n

_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPE = "application/vnd.openxmlformats-officedocument."
_WORD = f"{_TYPE}wordprocessingml."
_DIAGRAM = ("diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors")
_DRAWN = ("image", "hyperlink", "chart", "chartEx", *_DIAGRAM)


@dataclass(frozen=True, slots=True)
class PartKind:
    """A kind of part: by which relationship it is reached, its content type, root and place in the file.

    `related` are the types of the relationships that it may have itself.
    """

    relationship: str
    content_type: str
    root: str
    file: str
    related: tuple[str, ...] = ()
    is_single: bool = False
    type_of_relationship: str = ""

    @property
    def relationship_type(self) -> str:
        """The whole type of the relationship that leads to it."""
        return self.type_of_relationship or _RELATED + self.relationship


TEXTS = ("header", "footer", "footnotes", "endnotes", "comments")
"""The parts beside the main document in which people write."""

_LOOKS = ("styles", "numbering", "settings", "fontTable", "theme")
_KINDS = (
    PartKind(
        "officeDocument",
        f"{_WORD}document.main+xml",
        "document",
        "word/document.xml",
        (*_LOOKS, *TEXTS, "commentsExtended", "commentsIds", *_DRAWN),
        is_single=True,
    ),
    PartKind("styles", f"{_WORD}styles+xml", "styles", "word/styles.xml", is_single=True),
    PartKind(
        "numbering", f"{_WORD}numbering+xml", "numbering", "word/numbering.xml", ("image",), is_single=True
    ),
    PartKind("settings", f"{_WORD}settings+xml", "settings", "word/settings.xml", is_single=True),
    PartKind("fontTable", f"{_WORD}fontTable+xml", "fonts", "word/fontTable.xml", is_single=True),
    PartKind("theme", f"{_TYPE}theme+xml", "theme", "word/theme/theme1.xml", ("image",), is_single=True),
    PartKind("header", f"{_WORD}header+xml", "hdr", "word/header{}.xml", _DRAWN),
    PartKind("footer", f"{_WORD}footer+xml", "ftr", "word/footer{}.xml", _DRAWN),
    PartKind("footnotes", f"{_WORD}footnotes+xml", "footnotes", "word/footnotes.xml", _DRAWN, is_single=True),
    PartKind("endnotes", f"{_WORD}endnotes+xml", "endnotes", "word/endnotes.xml", _DRAWN, is_single=True),
    PartKind("comments", f"{_WORD}comments+xml", "comments", "word/comments.xml", _DRAWN, is_single=True),
    PartKind(
        "commentsExtended",
        f"{_WORD}commentsExtended+xml",
        "commentsEx",
        "word/commentsExtended.xml",
        is_single=True,
        type_of_relationship="http://schemas.microsoft.com/office/2011/relationships/commentsExtended",
    ),
    PartKind(
        "commentsIds",
        f"{_WORD}commentsIds+xml",
        "commentsIds",
        "word/commentsIds.xml",
        is_single=True,
        type_of_relationship="http://schemas.microsoft.com/office/2016/09/relationships/commentsIds",
    ),
    PartKind(
        "chart",
        f"{_TYPE}drawingml.chart+xml",
        "chartSpace",
        "word/charts/chart{}.xml",
        ("image", "chartUserShapes"),
    ),
    PartKind(
        "chartEx",
        "application/vnd.ms-office.chartex+xml",
        "chartSpace",
        "word/charts/chartEx{}.xml",
        ("image",),
        type_of_relationship="http://schemas.microsoft.com/office/2014/relationships/chartEx",
    ),
    PartKind(
        "chartUserShapes",
        f"{_TYPE}drawingml.chartshapes+xml",
        "userShapes",
        "word/drawings/drawing{}.xml",
        ("image",),
    ),
    PartKind(
        "diagramData",
        f"{_TYPE}drawingml.diagramData+xml",
        "dataModel",
        "word/diagrams/data{}.xml",
        ("image",),
    ),
    PartKind(
        "diagramLayout",
        f"{_TYPE}drawingml.diagramLayout+xml",
        "layoutDef",
        "word/diagrams/layout{}.xml",
        ("image",),
    ),
    PartKind(
        "diagramQuickStyle", f"{_TYPE}drawingml.diagramStyle+xml", "styleDef", "word/diagrams/style{}.xml"
    ),
    PartKind(
        "diagramColors", f"{_TYPE}drawingml.diagramColors+xml", "colorsDef", "word/diagrams/colors{}.xml"
    ),
)
PARTS = {kind.relationship: kind for kind in _KINDS}
"""The parts that are kept, by the last word of the type of the relationship that leads to them."""

IMAGE_TYPE, HYPERLINK_TYPE = f"{_RELATED}image", f"{_RELATED}hyperlink"

_W, _A, _V, _R = f"{{{n.W}}}", f"{{{n.A}}}", f"{{{n.V}}}", f"{{{n.R}}}"
_C, _CX, _D = f"{{{n.CHART}}}", f"{{{n.CHARTEX}}}", f"{{{n.DGM}}}"
REFERENCES = {
    (f"{_W}headerReference", f"{_R}id"): "header",
    (f"{_W}footerReference", f"{_R}id"): "footer",
    (f"{_W}hyperlink", f"{_R}id"): "hyperlink",
    (f"{_A}blip", f"{_R}embed"): "image",
    (f"{_V}imagedata", f"{_R}id"): "image",
    (f"{_V}fill", f"{_R}id"): "image",
    (f"{_V}stroke", f"{_R}id"): "image",
    (f"{_C}chart", f"{_R}id"): "chart",
    (f"{_CX}chart", f"{_R}id"): "chartEx",
    (f"{_C}userShapes", f"{_R}id"): "chartUserShapes",
    (f"{_D}relIds", f"{_R}dm"): "diagramData",
    (f"{_D}relIds", f"{_R}lo"): "diagramLayout",
    (f"{_D}relIds", f"{_R}qs"): "diagramQuickStyle",
    (f"{_D}relIds", f"{_R}cs"): "diagramColors",
}
"""Which element may refer to which relationship, and by which attribute. No other attribute may."""

SHOWS_PICTURE = {f"{_A}blip": f"{_R}embed", f"{_V}imagedata": f"{_R}id"}
"""Elements that are nothing without a picture, and where they name it."""

NAMESPACES = frozenset(
    (
        n.W, n.A, n.M, n.MC, n.V, n.O, n.DGM, n.CHART, n.CHARTEX, n.W14, n.XML,
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "http://schemas.openxmlformats.org/drawingml/2006/chartDrawing",
        "http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing",
        "http://schemas.microsoft.com/office/word/2012/wordml",
        "http://schemas.microsoft.com/office/word/2016/wordml/cid",
        "http://schemas.microsoft.com/office/word/2023/wordml/word16du",
        "http://schemas.microsoft.com/office/drawing/2007/8/2/chart",
        "http://schemas.microsoft.com/office/drawing/2012/chart",
        "http://schemas.microsoft.com/office/drawing/2014/chart",
        "http://schemas.microsoft.com/office/drawing/2010/main",
        "http://schemas.microsoft.com/office/thememl/2012/main",
        "urn:schemas-microsoft-com:office:word",
    )
)  # fmt: skip
"""Namespaces whose elements and attributes are kept; of other elements, what they hold is kept."""

_NEVER = """
altChunk control subDoc OLEObject movie ink signatureline contentPart externalData dataBinding
entryMacro exitMacro hlinkClick hlinkHover hlinkMouseOver snd audioFile videoFile quickTimeFile
wavAudioFile audioCd svgBlip webVideoPr imgProps imgLayer webExtensionLinked webExtensionCreated
embedRegular embedBold embedItalic embedBoldItalic printerSettings attachedTemplate attachedSchema
saveThroughXslt mailMerge script scriptAnchor applet ocx
"""
NEVER = frozenset(_NEVER.split())
"""Elements that are kept in no namespace, though their namespace is allowed."""

_TEXT = """
abstractNum abstractNumId adjustRightInd alias aliases annotationRef attr autoRedefine autoSpaceDE
autoSpaceDN b bCs background bar basedOn bdo bdr between bidi bidiVisual body bookmarkEnd bookmarkStart
bottom br calcOnExit calendar cantSplit caps category cellDel cellIns cellMerge charset checkBox checked
citation bibliography cnfStyle col color cols comboBox comment commentRangeEnd commentRangeStart
commentReference comments contextualSpacing continuationSeparator cr cs date dateFormat dayLong dayShort
ddList default del delInstrText delText dir divId docDefaults docGrid docPart docPartCategory
docPartGallery docPartList docPartObj docPartUnique document drawing dropDownList dstrike
eastAsianLayout effect em emboss enabled end endnote endnotePr endnoteRef endnoteReference endnotes
equation family ffData fitText fldChar fldSimple font fonts footerReference footnote footnotePr
footnoteRef footnoteReference footnotes formProt format framePr ftr gridAfter gridBefore gridCol
gridSpan group hMerge hdr headerReference helpText hidden hideMark highlight hps hpsBaseText hpsRaise
hyperlink i iCs id ilvl imprint ind ins insideH insideV instrText isLgl jc keepLines keepNext kern
kinsoku label lang lastRenderedPageBreak latentStyles left legacy lid link listEntry listItem lnNumType
lock locked lsdException lvl lvlJc lvlOverride lvlPicBulletId lvlRestart lvlText maxLength mirrorIndents
monthLong monthShort moveFrom moveFromRangeEnd moveFromRangeStart moveTo moveToRangeEnd moveToRangeStart
multiLevelType name next noBreakHyphen noEndnote noProof noWrap notTrueType nsid num numFmt numId
numIdMacAtCleanup numPicBullet numPr numRestart numStart numStyleLink numbering numberingChange oMath
object outline outlineLvl overflowPunct p pBdr pPr pPrChange pPrDefault pStyle pageBreakBefore panose1
paperSrc permEnd permStart personal personalCompose personalReply pgBorders pgMar pgNum pgNumType pgSz
pict picture pitch placeholder pos position proofErr ptab qFormat r rFonts rPr rPrChange rPrDefault
rStyle result richText right rsid rt rtl rtlGutter ruby rubyAlign rubyBase rubyPr sdt sdtContent
sdtEndPr sdtPr sectPr sectPrChange semiHidden separator shadow shd showingPlcHdr sig size sizeAuto
smallCaps snapToGrid softHyphen spacing specVanish start startOverride statusText storeMappedDataAs
strike style styleLink styles suff suppressAutoHyphens suppressLineNumbers suppressOverlap sym sz szCs t
tab tabIndex tabs tag tbl tblBorders tblCaption tblCellMar tblCellSpacing tblDescription tblGrid
tblGridChange tblHeader tblInd tblLayout tblLook tblOverlap tblPr tblPrChange tblPrEx tblPrExChange
tblStyle tblStyleColBandSize tblStylePr tblStyleRowBandSize tblW tblpPr tc tcBorders tcFitText tcMar
tcPr tcPrChange tcW temporary text textAlignment textDirection textInput textboxTightWrap titlePg tl2br
tmpl top topLinePunct tr tr2bl trHeight trPr trPrChange txbxContent type u uiPriority unhideWhenUsed
vAlign vMerge vanish vertAlign w wAfter wBefore webHidden widowControl wordWrap yearLong yearShort
"""
TEXT = frozenset(_TEXT.split())
"""The elements of WordprocessingML that are kept, settings apart; of others, what they hold is kept."""

_SETTINGS = """
zoom mirrorMargins alignBordersAndEdges bordersDoNotSurroundHeader bordersDoNotSurroundFooter
gutterAtTop trackRevisions doNotTrackMoves doNotTrackFormatting documentProtection defaultTabStop
autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps evenAndOddHeaders
drawingGridHorizontalSpacing drawingGridVerticalSpacing displayHorizontalDrawingGridEvery
displayVerticalDrawingGridEvery characterSpacingControl noLineBreaksAfter noLineBreaksBefore
displayBackgroundShape footnotePr endnotePr compat mathPr themeFontLang clrSchemeMapping shapeDefaults
decimalSymbol listSeparator
"""
SETTINGS = frozenset(_SETTINGS.split())
"""The settings of a document that are kept, each with all that it holds."""

_VML = """
arc background curve f fill formulas group h handles image imagedata line oval path polyline rect
roundrect shadow shape shapetype stroke textbox textpath bottom callout column extrusion idmap left lock
right shapedefaults shapelayout skew top anchorlock borderbottom borderleft borderright bordertop wrap
"""
VML = frozenset(_VML.split())
"""The elements of the old language of drawings that are kept."""

_VML_ATTRIBUTES = """
adj aspectratio anchorx anchory angle arcsize bilevel blacklevel bordertopcolor borderbottomcolor
borderleftcolor borderrightcolor alt chromakey class color color2 colors connectangles connectlocs
connecttype coordorigin coordsize cropbottom cropleft cropright croptop data dashstyle detectmouseclick
edit endarrow endarrowlength endarrowwidth endangle endcap eqn ext extrusionok fillcolor filled fillok
fitpath fitshape focus focusposition focussize from gain gamma gradientshapeok grayscale hralign
hrnoshade hrpct hrstd id insetmode insetpen insetpenok joinstyle limo linestyle matrix method miterlimit
mso-width-percent mso-height-percent obscured offset offset2 on opacity opacity2 origin path points
position preferrelative print radiusrange recolor recolortarget rotate rotation rotationcenter shadowok
shapetype side size spidmax spt startangle startarrow startarrowlength startarrowwidth string stroked
strokecolor strokeok strokeweight style switch textborder textboxrect textpathok title to trim type v
verticies weight wrapcoords xscale xrange yrange inset mapx invx invy hr allowincell allowoverlap
userdrawn borderspacing wrapedited embosscolor borderbottomstyle
"""
VML_ATTRIBUTES = frozenset(_VML_ATTRIBUTES.split())
"""Their attributes that are kept: none that names an address, a program or a file."""

HYPERLINK_ATTRIBUTES = frozenset((f"{_R}id", f"{_W}anchor", f"{_W}tooltip", f"{_W}history"))
"""What a link keeps."""

_FIELDS = """
PAGE NUMPAGES SECTION SECTIONPAGES PAGEREF REF NOTEREF SEQ STYLEREF TOC TC XE INDEX SYMBOL LISTNUM
AUTONUM AUTONUMLGL AUTONUMOUT FORMTEXT FORMCHECKBOX FORMDROPDOWN HYPERLINK
"""
FIELDS = frozenset(_FIELDS.split())
"""The fields that stay fields; of others, the text that they show stays."""

PICTURES = (
    (PNG, "png", "image/png"),
    (JPEG, "jpeg", "image/jpeg"),
    *((start, "gif", "image/gif") for start in GIF),
    (b"BM", "bmp", "image/bmp"),
    *((start, "tiff", "image/tiff") for start in TIFF),
)
"""How the pictures that are kept begin, their endings and content types: plain grids of dots. Metafiles
(EMF, WMF) and SVG are programs for drawing, and are not kept."""

LARGEST_PICTURE = 64_000_000
"""Bytes of one picture unpacked; an A4 page of a scanner at 300 dots an inch has 26 million."""
