"""Rendering Word documents from templates that the office can edit in Word."""

import contextlib
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.house_style import SHIPPED_STYLE, HouseStyle
from peer_challenge.model.sentences import make_possessive
from peer_challenge.system.bounded_work import TooMuchWork, interrupt_after
from peer_challenge.system.logging_without_content import describe_error
from peer_challenge.word.form.printed_text import DYNAMIC, SHIPPED
from peer_challenge.word.package.document_properties import (
    APP,
    CORE,
    CUSTOM,
    OFFICE,
    RELS,
    TYPES,
    build_core_properties,
    build_custom_properties,
    made_by_us,
    make_room,
)
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS
from peer_challenge.word.package.safe_xml import parse_made_xml
from peer_challenge.word.package.write_zip import write_zip
from peer_challenge.word.package.xml_text import as_attribute, escape_for_run, split_into_lines
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.write.house_logo import LOGO
from peer_challenge.word.write.house_style_in_parts import apply_house_style
from peer_challenge.word.write.keep_together import keep_together
from peer_challenge.word.write.template_dialect import (
    assign_unique_numbers,
    find_own_bookmarks,
    find_words_near_line,
    jinja_source,
)
from peer_challenge.word.write.template_faults import (
    find_loose_signs,
    find_tag_fault,
    list_names_in_single_braces,
)
from peer_challenge.word.write.unusable_templates import UnusableTemplate, inert_parts
from peer_challenge.word.write.web_links import split_by_links

_NOT_A_DOCUMENT = (Unreadable, OSError, KeyError, ValueError, zipfile.BadZipFile, UnicodeDecodeError)
_MOST_UNPACKED = 60_000_000
"""Bytes of a template's parts. Each is held in memory, and goes out with every document."""
_OWN_SECONDS = 5.0
"""Of a processor, for a document from a template of the office's own: many times what a shipped one takes."""
_MAIN = "word/document.xml"
_UNWORKABLE = "A tag here can't be worked out."
UNUSABLE = (
    "No document can be made from it, and we can't say where it is wrong. Start again from the shipped "
    "template, or from the last one of yours that could be used, and change a little at a time."
)
"""Of a template that fails in a way that nobody foresaw."""
Properties = Mapping[str, str] | Callable[[Mapping[str, str]], Mapping[str, str]]
log = logging.getLogger(__name__)


class TemplateRefused(PeerChallengeError):
    """A template that can't be used; `place` holds the words nearest to what is wrong."""

    exit_code = 65
    remedy = "Correct the template in Word, or take it out of the office's own folder to use the shipped one."

    def __init__(self, template: str, what: str, where: str = "") -> None:
        self.template, self.place, self.what = template, where, what
        super().__init__(f"{template}.docx: {what}" + (f" Look near: “{where}”" if where else ""))


class _Environment(SandboxedEnvironment):
    """A sandbox for templates over plain data, where a mapping's keys come before its methods."""

    def getattr(self, obj: object, attribute: str) -> object:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


FILTERS: Mapping[str, Callable[..., object]] = {
    "as_attribute": as_attribute,
    "lines": split_into_lines,
    "possessive": make_possessive,
    "split_by_links": split_by_links,
}
"""What a template may pass a value through, by name."""


def _make_environment() -> _Environment:
    made = _Environment(autoescape=True, undefined=StrictUndefined, finalize=escape_for_run)
    made.filters |= FILTERS
    return made


_JINJA = _make_environment()


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A template's file, with the parts that change compiled for Jinja.

    `braced` has the names that stand between single braces in the text of one that is not ours, each with the
    words at its place.
    """

    name: str
    order: tuple[str, ...]
    fixed: Mapping[str, bytes]
    changing: Mapping[str, tuple[Template, str]]
    marks: frozenset[str]
    wants: frozenset[str]
    braced: Mapping[str, str]

    def render(
        self, context: Mapping[str, object], core_part: bytes, properties: Properties, *, is_checked: bool
    ) -> bytes:
        """The document's bytes; `is_checked` tests their size and XML first (for templates not ours)."""
        if unknown := sorted(self.wants - context.keys()):
            raise TemplateRefused(
                self.name,
                f"It uses {_list_quoted_names(unknown)}, which this document doesn't have.",
                self._first_use(unknown[0]),
            )
        if mistyped := sorted(self.braced.keys() & context.keys()):
            raise TemplateRefused(
                self.name,
                f"“{mistyped[0]}” has one brace at each side, so it would be printed as it is. Write "
                f"“{{{{ {mistyped[0]} }}}}”.",
                self.braced[mistyped[0]],
            )
        texts = {}
        for name, (template, source) in self.changing.items():
            texts[name] = self._render_part(template, source, context)
        made = {name: text.encode() for name, text in texts.items()}
        if is_checked:
            self._check_logo(texts, has_logo=bool(context.get("logo")))
            if sum(map(len, made.values())) > DEFAULT_LIMITS.xml_bytes:
                raise TemplateRefused(self.name, "The document would be too large to be read back.")
            for content in made.values():
                _check_whole(self.name, content)
        made[_MAIN] = keep_together(made[_MAIN])
        held = properties if isinstance(properties, Mapping) else properties(texts)
        made |= {CORE: core_part, CUSTOM: build_custom_properties(held), APP: made_by_us()}
        parts = {**self.fixed, **made}
        return write_zip((name, parts[name]) for name in self.order)

    def _check_logo(self, texts: Mapping[str, str], *, has_logo: bool) -> None:
        """Raise TemplateRefused where the picture of a logo is left that there is not."""
        if not has_logo and any(f'name="{LOGO}"' in text for text in texts.values()):
            raise TemplateRefused(
                self.name,
                "It shows the picture of the logo also where there is no logo. Keep the picture between "
                "“{% if logo %}” and “{% endif %}”, or delete it.",
            )

    def _render_part(self, template: Template, source: str, context: Mapping[str, object]) -> str:
        try:
            return assign_unique_numbers(template.render(context))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            # what an UndefinedError says names the template's variables; others may quote data
            what = str(error.message) if isinstance(error, UndefinedError) else _UNWORKABLE
            raise TemplateRefused(
                self.name, what, find_words_near_line(source, _find_template_line(error))
            ) from None

    def _first_use(self, name: str) -> str:
        for _, source in self.changing.values():
            for number, row in enumerate(source.split("\n"), 1):
                if re.search(rf"\{{[{{%][^}}]*\b{re.escape(name)}\b", row):
                    return find_words_near_line(source, number)
        return ""


def _list_quoted_names(names: Iterable[str]) -> str:
    return " and ".join(f"“{name}”" for name in names)


def _find_template_line(error: BaseException) -> int | None:
    """The line of the template's source that an error came from."""
    trace, found = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _check_whole(name: str, content: bytes) -> None:
    try:
        parse_made_xml(content)
    except etree.XMLSyntaxError:
        raise TemplateRefused(
            name,
            "A tag cuts through a table or paragraph, so that the document would be "
            "broken. Keep each “for” or “if” and its “end” in rows or paragraphs of their "
            "own.",
        ) from None


def _read_template_parts(name: str, data: bytes, *, is_shipped: bool) -> dict[str, bytes]:
    """The parts of a template by name.

    Of a template that is not ours, these are the parts that may go out. Raises TemplateRefused when it can't
    be used.
    """
    if is_shipped:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {item: package.read(item) for item in package.namelist() if not item.endswith("/")}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(part.file_size for part in package.infolist()) > _MOST_UNPACKED:
            most = _MOST_UNPACKED // 1_000_000
            raise TemplateRefused(name, f"It unpacks to more than {most} MB. Make its pictures smaller.")
    try:
        return inert_parts(data)
    except UnusableTemplate as why:
        raise TemplateRefused(name, why.what, why.where) from None


def _compile_template_file(name: str, data: bytes, style: HouseStyle, *, is_shipped: bool) -> _Compiled:
    try:
        parts = apply_house_style(_read_template_parts(name, data, is_shipped=is_shipped), style)
        xml = {item: content.decode("utf-8") for item, content in parts.items() if DYNAMIC.fullmatch(item)}
        if _MAIN not in xml:
            raise KeyError
    except _NOT_A_DOCUMENT:
        raise TemplateRefused(name, "It is not a Word document (.docx) that can be opened.") from None
    make_room(parts)
    sources = {item: jinja_source(text) for item, text in xml.items()}
    fixed = {
        item: content for item, content in parts.items() if item not in sources and item not in (CORE, CUSTOM)
    }
    parsed = {item: _parse_jinja_source(name, source) for item, source in sources.items()}
    compiled = {
        item: (_build_jinja_template(name, tree, sources[item]), sources[item])
        for item, tree in parsed.items()
    }
    braced = {} if is_shipped else _refuse_loose_signs(name, sources.values())
    wants = frozenset().union(*map(meta.find_undeclared_variables, parsed.values()))
    order = sorted(parts, key=lambda item: (item != TYPES, item != RELS, item))
    return _Compiled(
        name,
        tuple(order),
        fixed,
        compiled,
        frozenset().union(*map(find_own_bookmarks, xml.values())),
        frozenset(wants),
        braced,
    )


def _build_jinja_template(name: str, tree: nodes.Template, source: str) -> Template:
    with _refuse_wrong_tags(name, source):
        return Template.from_code(_JINJA, _JINJA.compile(tree), _JINJA.make_globals(None))


def _parse_jinja_source(name: str, source: str) -> nodes.Template:
    with _refuse_wrong_tags(name, source):
        tree = _JINJA.parse(source)
    if (fault := find_tag_fault(tree, _JINJA)) is not None:
        raise TemplateRefused(name, fault.what, find_words_near_line(source, fault.line))
    return tree


@contextlib.contextmanager
def _refuse_wrong_tags(name: str, source: str) -> Iterator[None]:
    """Tell as TemplateRefused, with its place, what Jinja says of a tag that is not right."""
    try:
        yield
    except TemplateSyntaxError as error:  # while it compiles too: a block with a name that another one has
        raise TemplateRefused(
            name, f"A tag is not right: {error.message}", find_words_near_line(source, error.lineno)
        ) from None


def _refuse_loose_signs(name: str, sources: Iterable[str]) -> dict[str, str]:
    """Raise TemplateRefused where a sign of a tag would be printed.

    Returns the names between single braces, each with the words at its place: whether one of them is a
    field, a document's words will tell.
    """
    braced: dict[str, str] = {}
    for source in sources:
        if (fault := find_loose_signs(source, _JINJA)) is not None:
            raise TemplateRefused(name, fault.what, find_words_near_line(source, fault.line))
        for field, line in list_names_in_single_braces(source, _JINJA).items():
            braced.setdefault(field, find_words_near_line(source, line))
    return braced


_Version: TypeAlias = tuple[int, int, HouseStyle]
"""Of a compiled template: when its file was changed, how large that is, and the style it was compiled in."""


class WordTemplates:
    """The Word templates of `folders`; a file in a later folder replaces one of that name in an earlier one.

    A file is read again when it changes. One that can't be used is refused: the refusal names the place, is
    listed in `problems` and is logged once. The file of the earlier folder then stays in use.
    """

    def __init__(self, folders: Sequence[Path] = (SHIPPED,)) -> None:
        self._folders = tuple(folders)
        self._kept: dict[Path, tuple[_Version, _Compiled | TemplateRefused]] = {}
        self._problems: dict[Path, TemplateRefused] = {}

    @classmethod
    def of_installation(cls, own: Path | None = None) -> "WordTemplates":
        """The shipped templates, with those in the office's folder `own` (if it is there) in front."""
        return cls([SHIPPED, *([own] if own is not None else [])])

    @property
    def problems(self) -> tuple[TemplateRefused, ...]:
        """The refusals of the templates used so far, one for each file."""
        return tuple(self._problems.values())

    def names(self) -> list[str]:
        """The names of all templates, sorted; a name is a file's without `.docx`."""
        return sorted(
            {
                file.stem
                for folder in self._folders
                if folder.is_dir()
                for file in folder.glob("*.docx")
                if not file.name.startswith(("~", "."))
            }
        )

    def prepare(self, style: HouseStyle = SHIPPED_STYLE) -> None:
        """Compile every template in a style now, so that no document waits for it later."""
        for name in self.names():
            files = [file for folder in self._folders if (file := folder / f"{name}.docx").is_file()]
            for depth, file in enumerate(files):
                with contextlib.suppress(TemplateRefused):  # told when it is to be used
                    if depth:
                        with self._refuse_whatever_fails(file, style):
                            self._load_compiled_template(file, style)
                    else:
                        self._load_compiled_template(file, style)

    def render(
        self,
        template: str,
        context: Mapping[str, object],
        *,
        properties: Properties | None = None,
        title: str,
        language: str = "en-GB",
        stamp: datetime,
        author: str = OFFICE,
        style: HouseStyle = SHIPPED_STYLE,
    ) -> bytes:
        """The document that `template` gives on `context`: plain data (dict, list, str, number, bool).

        `properties` become custom document properties, or give them from the XML of the rendered parts
        by name; `stamp` is the time of the document's own properties, `author` who made it there; `style` is
        how it looks. The same arguments give the same bytes. Raises TemplateRefused when no usable template
        of that name is left.
        """
        core_part = build_core_properties(title, language, stamp, author)
        files = [file for folder in self._folders if (file := folder / f"{template}.docx").is_file()]
        for depth, file in reversed([*enumerate(files)]):
            try:
                if depth:
                    document = self._render_office_template(
                        file, files[0], style, (context, core_part, properties or {})
                    )
                else:
                    document = self._load_compiled_template(file, style).render(
                        context, core_part, properties or {}, is_checked=False
                    )
            except TemplateRefused as refused:
                self._record_refusal(file, refused)
                if depth == 0:
                    raise
            else:
                self._problems.pop(file, None)
                return document
        raise TemplateRefused(template, "There is no such template.")

    def _render_office_template(
        self,
        file: Path,
        shipped: Path,
        style: HouseStyle,
        given: tuple[Mapping[str, object], bytes, Properties],
    ) -> bytes:
        """The document from a template of the office's own, within a bound that it may exhaust only once."""
        with self._refuse_whatever_fails(file, style):
            ready = self._load_compiled_template(file, style)
            self._check_marks(ready, self._load_compiled_template(shipped, style))
            return ready.render(*given, is_checked=True)

    @contextlib.contextmanager
    def _refuse_whatever_fails(self, file: Path, style: HouseStyle) -> Iterator[None]:
        """Raise TemplateRefused for whatever fails with a template of the office's own.

        One file must never stop the shipped template from being used in its place. What may succeed at a
        later try is tried again each time.
        """
        try:
            with interrupt_after(_OWN_SECONDS):
                yield
        except TooMuchWork:
            refused = TemplateRefused(
                file.stem,
                "Writing a document from it takes far more work or memory than it should. Look for a loop "
                "in a loop, or a text that is repeated many times.",
            )
            self._kept[file] = (_read_version(file, style), refused)
            raise refused from None
        except TemplateRefused:
            raise
        except OSError as error:
            raise TemplateRefused(file.stem, f"The file can't be read ({error.strerror}).") from None
        except Exception as error:  # Jinja and Python raise many things on tags that nobody thought of
            log.warning("A document can't be made from %s: %s", file.name, describe_error(error))
            raise TemplateRefused(file.stem, UNUSABLE) from None

    def _load_compiled_template(self, file: Path, style: HouseStyle) -> _Compiled:
        version = _read_version(file, style)
        kept = self._kept.get(file)
        if kept is None or kept[0] != version:
            kept = self._kept[file] = (version, _compiled_or_refused(file, style))
        if isinstance(kept[1], TemplateRefused):
            raise kept[1]
        return kept[1]

    @staticmethod
    def _check_marks(ready: _Compiled, shipped: _Compiled) -> None:
        """Raise TemplateRefused where marks are missing by which we recognise a form that comes back."""
        missing = shipped.marks - ready.marks
        if missing:
            raise TemplateRefused(
                ready.name,
                "It has lost hidden marks by which a filled-in form is known again "
                f"({', '.join(sorted(missing))}). Start again from the shipped template, and change "
                "wording and looks without deleting rows or cells.",
            )

    def _record_refusal(self, file: Path, refused: TemplateRefused) -> None:
        known = self._problems.get(file)
        if known is None or str(known) != str(refused):
            log.warning("Template refused, the one shipped stays in use. %s", refused)
        self._problems[file] = refused


def _read_version(file: Path, style: HouseStyle) -> _Version:
    state = file.stat()
    return state.st_mtime_ns, state.st_size, style


def _compiled_or_refused(file: Path, style: HouseStyle) -> _Compiled | TemplateRefused:
    try:
        return _compile_template_file(file.stem, file.read_bytes(), style, is_shipped=file.parent == SHIPPED)
    except TemplateRefused as refused:
        return refused
