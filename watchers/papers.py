"""A public court document: its first page as a picture and its words, from its bytes alone.

Runs in the sandbox: it is handed what strangers sent.
"""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw

from model import ParseError
from watchers.answer import Paper
from watchers.plain import scrub

WIDE, HIGH = 1000, 1400
"""Pixels that the picture of a page fits into."""
RATIO = 15
"""A page is at most so many times as long as it is wide: Telegram takes no narrower picture."""
LARGEST = 2_000_000
"""Bytes of a picture: a page of text has about 60,000."""
READ = 50
"""Pages that are read for their words."""
LONGEST = 200_000
"""Characters of a document that are kept."""
_READING = 1.0
"""Seconds of processor time after which no further page is read: the child has two in all."""


def paper(body: bytes) -> Paper:
    """Return what a PDF shows. ParseError when it is none, asks for a password or has no page."""
    began = time.process_time()
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise ParseError(_why(error)) from None
    pages = len(document)
    if not pages:
        raise ParseError("This PDF holds no page.")
    return Paper(pages, _picture(document), _words(document, began))


def _why(error: pypdfium2.PdfiumError) -> str:
    if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
        return "This PDF asks for a password."
    return "This document is no PDF that can be read."


def _picture(document: pypdfium2.PdfDocument) -> bytes:
    """Return the first page as a PNG in shades of grey; nothing where it can't be shown."""
    try:
        page = document[0]
        width, height = page.get_size()
        if min(width, height) < 1 or max(width, height) > RATIO * min(width, height):
            return b""
        scale = min(WIDE / width, HIGH / height)
        shown = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    except pypdfium2.PdfiumError:
        return b""
    drawn = png(shown.width, shown.height, bytes(shown.buffer), shown.stride)
    return drawn if len(drawn) <= LARGEST else b""


def png(width: int, height: int, grey: bytes, stride: int) -> bytes:
    """Return a PNG of 8-bit shades of grey; `stride`: bytes from one row of `grey` to the next."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + grey[at : at + width] for at in range(0, stride * height, stride))
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _words(document: pypdfium2.PdfDocument, began: float) -> str:
    """Return the document's words, a line for a line, of the pages there is time for."""
    return scrub("\n".join(_read(document, began)))[:LONGEST].strip()


def _read(document: pypdfium2.PdfDocument, began: float) -> Iterator[str]:
    length = 0
    for number in range(min(len(document), READ)):
        if length > LONGEST or time.process_time() - began > _READING:
            return
        try:
            text = document[number].get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            continue
        length += len(text)
        yield text.replace("\r\n", "\n")
