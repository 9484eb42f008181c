"""Write a PDF anew from its pages alone: what is drawn on them, nothing that acts. No Django here.

A new document gets, page by page, only what draws it: contents, fonts, pictures, colours. Scripts, actions, links,
forms, annotations, attached files, layers and metadata are not copied, because nothing asks for them. Streams are
copied as they are, so that a compressed bomb is never unpacked here.
"""

import logging
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from signoff.pictures.sandbox.limits import MAX_PAGES

MAX_OBJECTS = 20_000
MAX_DEPTH = 60

#: keys of a page that draw it; ``/Parent`` and ``/Type`` are set by the writer
OF_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources", "/Group")
OF_RESOURCES = ("/Font", "/XObject", "/ColorSpace", "/ExtGState", "/Pattern", "/Shading", "/ProcSet")
#: dictionaries whose keys are names that the document gives, so that all of them are copied
MAPS = frozenset(("/Font", "/XObject", "/ColorSpace", "/ExtGState", "/Pattern", "/Shading", "/CharProcs", "/Colorants"))
#: never copied, wherever they are: they act, carry a file, or point out of the document
DROPPED = frozenset((
    "/A", "/AA", "/AF", "/AcroForm", "/Alternates", "/Annots", "/Collection", "/DOS", "/Dests", "/EF",
    "/EmbeddedFiles", "/F", "/FDecodeParms", "/FFilter", "/JS", "/JavaScript", "/LastModified", "/Mac",
    "/Measure", "/Metadata", "/Names", "/OC", "/OCGs", "/OCProperties", "/OPI", "/OpenAction", "/Outlines",
    "/P", "/PS", "/PZ", "/Parent", "/Perms", "/PieceInfo", "/Properties", "/Ref", "/RichMedia", "/StructParent",
    "/StructParents", "/StructTreeRoot", "/Thumb", "/URI", "/Unix", "/Win", "/XFA",
))  # fmt: skip
RESOURCES, MAP, PLAIN = "resources", "map", "plain"  # which keys of a dictionary are copied
SIMPLE = (NameObject, NumberObject, FloatObject, BooleanObject, NullObject, TextStringObject, ByteStringObject)

#: all that pypdf is known to raise on bytes that are not what they say
BROKEN = (PyPdfError, RecursionError, UnicodeError, AssertionError, NotImplementedError)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class Unsafe(Exception):
    """A reason, one word: ``locked``, ``pages`` or ``complex``."""


def rewrite(content: bytes) -> tuple[bytes, int]:
    """The document written anew and its number of pages. Raises ``Unsafe`` or one of ``BROKEN``."""
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise Unsafe("locked")
    if not 0 < len(reader.pages) <= MAX_PAGES:
        raise Unsafe("pages")
    writer = PdfWriter()
    copier = _Copier(writer)
    for page in reader.pages:
        fresh = writer.add_blank_page(*_size(page))
        for key in OF_A_PAGE:
            value = _inherited(page, key)
            if value is not None:
                fresh[NameObject(key)] = copier.copy(value, _mode(key))
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue(), len(reader.pages)


def _size(page: Any) -> tuple[float, float]:
    box = page.mediabox
    return max(1.0, float(box.width)), max(1.0, float(box.height))


def _inherited(page: DictionaryObject, key: str) -> Any:
    """The value of a page, or of the nearest node of the page tree above it."""
    node: Any = page
    for _step in range(MAX_DEPTH):
        if key in node:
            return node.raw_get(key)
        above = node.get("/Parent")
        if above is None:
            return None
        node = above.get_object()
    raise Unsafe("complex")


def _mode(key: str) -> str:
    """Which keys of the dictionary under ``key`` are copied."""
    return RESOURCES if key == "/Resources" else MAP if key in MAPS else PLAIN


def _is_copied(key: str, mode: str) -> bool:
    return mode == MAP or (key in OF_RESOURCES if mode == RESOURCES else key not in DROPPED)


class _Copier:
    """Copies objects into the writer, each once, without what is ``DROPPED``."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.copies: dict[tuple[int, int], IndirectObject] = {}
        self.objects = 0

    def copy(self, value: Any, mode: str = PLAIN, *, depth: int = 0) -> Any:
        """The copy: a reference where the original is one, or is a stream."""
        self.objects += 1
        if self.objects > MAX_OBJECTS or depth > MAX_DEPTH:
            raise Unsafe("complex")
        if isinstance(value, IndirectObject):
            return self._indirect(value, mode, depth)
        if isinstance(value, StreamObject):
            return self._add(value, StreamObject(), mode, depth)
        if isinstance(value, DictionaryObject):
            return self._fill(DictionaryObject(), value, mode, depth)
        if isinstance(value, ArrayObject):
            return ArrayObject(self.copy(item, depth=depth + 1) for item in list(value))
        return value if isinstance(value, SIMPLE) else NullObject()

    def _indirect(self, reference: IndirectObject, mode: str, depth: int) -> Any:
        place = (reference.idnum, reference.generation)
        if place in self.copies:
            return self.copies[place]
        found = reference.get_object()
        if isinstance(found, StreamObject):
            return self._add(found, StreamObject(), mode, depth, place)
        if isinstance(found, DictionaryObject):
            return self._add(found, DictionaryObject(), mode, depth, place)
        return self.copy(found, mode, depth=depth + 1)

    def _add(self, found: Any, fresh: Any, mode: str, depth: int, place: tuple[int, int] | None = None) -> Any:
        """A new object of the writer; ``place`` is where the original was, so that it is copied once."""
        reference = self.writer._add_object(fresh)
        if place:
            self.copies[place] = reference
        if isinstance(found, StreamObject):
            fresh._data = found._data
        self._fill(fresh, found, mode, depth)
        return reference

    def _fill(self, fresh: Any, found: DictionaryObject, mode: str, depth: int) -> Any:
        if found.get("/Subtype") == "/PS" or found.get("/Type") in ("/Action", "/Annot", "/EmbeddedFile", "/Filespec"):
            return fresh
        for key in list(found):
            if _is_copied(key, mode):
                fresh[NameObject(key)] = self.copy(found.raw_get(key), _mode(key), depth=depth + 1)
        return fresh
