"""PDFs for tests: one page that says "Hello", and everything that a hostile one does."""

from collections.abc import Callable
from io import BytesIO

from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

ACTS = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA", b"/AcroForm", b"/XFA", b"/URI",
        b"/Annots", b"/RichMedia", b"/Filespec", b"calc.exe", b"alert", b"evil.example")  # fmt: skip


def written(*changes: Callable[[PdfWriter], object], pages: int = 1) -> bytes:
    """A document whose first page says "Hello", changed by ``changes``."""
    writer = PdfWriter()
    for _number in range(pages):
        page = writer.add_blank_page(200, 100)
    page = writer.pages[0]
    contents = DecodedStreamObject()
    contents.set_data(b"BT /F 12 Tf 20 50 Td (Hello) Tj ET")
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Contents")] = writer._add_object(contents)
    fonts = DictionaryObject({NameObject("/F"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    for change in changes:
        change(writer)
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def action(kind: str, **values: str) -> DictionaryObject:
    found = DictionaryObject({NameObject("/S"): NameObject(f"/{kind}")})
    found.update({NameObject(f"/{key}"): TextStringObject(value) for key, value in values.items()})
    return found


def put(where: Callable[[PdfWriter], DictionaryObject], key: str, value: object) -> Callable[[PdfWriter], object]:
    return lambda writer: where(writer).update({NameObject(key): value})


def root(writer: PdfWriter) -> DictionaryObject:
    return writer.root_object


def first(writer: PdfWriter) -> DictionaryObject:
    return writer.pages[0]


def external(writer: PdfWriter) -> None:
    """A picture whose bytes are in a file of the reader's computer."""
    stream = DecodedStreamObject()
    stream.set_data(b"")
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/F"): TextStringObject("alert"),
        }
    )
    first(writer)["/Resources"][NameObject("/XObject")] = DictionaryObject(
        {NameObject("/X"): writer._add_object(stream)}
    )


HOSTILE: dict[str, Callable[[PdfWriter], object]] = {
    "a script that runs on opening": put(root, "/OpenAction", action("JavaScript", JS="app.alert(1)")),
    "a program that is started": put(root, "/OpenAction", action("Launch", F="calc.exe")),
    "an action of a page": put(first, "/AA", DictionaryObject({NameObject("/O"): action("JavaScript", JS="alert(1)")})),
    "an attached file": lambda writer: writer.add_attachment("calc.exe", b"MZ calc.exe"),
    "a link": lambda writer: writer.add_annotation(0, Link(rect=(0, 0, 99, 99), url="https://evil.example/")),
    "a form": put(root, "/AcroForm", DictionaryObject({NameObject("/XFA"): TextStringObject("alert")})),
    "an associated file": put(first, "/AF", ArrayObject([action("JavaScript", JS="alert(1)")])),
    "a picture from elsewhere": external,
    "its author": lambda writer: writer.add_metadata({"/Author": "alert"}),
}
