"""Court documents in the sandbox: their first page as a picture, their words, and no harm."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator

import pytest

from model import ParseError
from tests.pdfs import maze, pdf
from watchers.papers import HIGH, WIDE, png
from watchers.sandbox import Limits, Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(1) as one:
        yield one


def shown(picture: bytes) -> tuple[int, int, bytes]:
    """Return width, height and the shades of a PNG, read as a viewer reads it."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, colour = struct.unpack(">IIBB", picture[16:26])
    assert (depth, colour) == (8, 0)
    data, at = b"", 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        name, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", picture[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(name + body)
        data += body if name == b"IDAT" else b""
        at += 12 + length
    rows = zlib.decompress(data)
    assert len(rows) == (width + 1) * height
    return (
        width,
        height,
        b"".join(rows[y * (width + 1) + 1 : (y + 1) * (width + 1)] for y in range(height)),
    )


async def test_the_first_page_is_a_picture_and_all_pages_are_words(sandbox: Sandbox) -> None:
    paper = await sandbox.paper(pdf("ORDER dismissing the indictment", "Signed: Carol Bagley Amon"))
    assert paper.pages == 2
    assert paper.text == "ORDER dismissing the indictment\nSigned: Carol Bagley Amon"
    width, height, shades = shown(paper.picture)
    assert (width, height) == (WIDE, 1295)
    assert height <= HIGH
    ink = sum(shade < 128 for shade in shades)
    assert 1_000 < ink < len(shades) / 10
    top = shades[: width * (height // 4)]
    assert sum(shade < 128 for shade in top) == ink, "the text stands at the top"


async def test_a_page_of_any_size_fits_into_the_picture(sandbox: Sandbox) -> None:
    for wide, high in ((200, 2000), (14_400, 10_000), (9, 12)):
        paper = await sandbox.paper(pdf("x", width=wide, height=high))
        width, height, _ = shown(paper.picture)
        assert width <= WIDE
        assert height <= HIGH


async def test_a_page_that_no_picture_can_show_still_has_words(sandbox: Sandbox) -> None:
    paper = await sandbox.paper(pdf("A long strip", width=100, height=9_000))
    assert (paper.picture, paper.text) == (b"", "A long strip")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Please log in</html>", b"%PDF-1.7", pdf("x")[:200], pdf()],
    ids=["empty", "a page", "a head", "cut", "no page"],
)
async def test_what_is_no_document_is_said_in_a_sentence(sandbox: Sandbox, body: bytes) -> None:
    with pytest.raises(ParseError, match=r"PDF"):
        await sandbox.paper(body)


async def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    async with Sandbox(1, Limits(seconds=0.2)) as sandbox:
        with pytest.raises(ParseError, match="takes longer than"):
            await sandbox.paper(maze(40_000))
        assert (await sandbox.paper(pdf("next"))).text == "next"


def test_a_picture_is_what_was_drawn() -> None:
    drawn = png(3, 2, bytes([0, 128, 255, 9, 255, 128, 0, 9]), 4)
    assert shown(drawn) == (3, 2, bytes([0, 128, 255, 255, 128, 0]))
