"""Lists of feeds: OPML or one address a line in, OPML out."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from model.errors import ParseError, UsageError
from model.source import NewSource, Source

LARGEST = 20_000_000
"""Bytes of a list."""


@dataclass(frozen=True, slots=True)
class FeedList:
    """What a list holds, and what in it could not be used."""

    feeds: tuple[NewSource, ...]
    notes: tuple[str, ...] = field(default=())


def feeds_from(path: Path) -> FeedList:
    """Return the feeds of a list; UsageError when it can't be read or holds none."""
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path} is larger than {LARGEST // 1_000_000} MB.")
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}.") from None
    if b"<" in body[:1000].replace(b"\0", b""):
        return asyncio.run(_opml(path, body))
    return _plain(path, body)


async def _opml(path: Path, body: bytes) -> FeedList:
    """Read OPML in a child that can be killed: it comes from a stranger."""
    from watchers.sandbox import Sandbox

    async with Sandbox(1) as sandbox:
        try:
            return FeedList(await sandbox.opml(body))
        except ParseError as error:
            raise UsageError(f"{path}: {error}") from None


def _plain(path: Path, body: bytes) -> FeedList:
    found = plain_list(_text(body))
    if not found.feeds:
        raise UsageError(f"{path} lists no feeds: give OPML, or one address a line.")
    return FeedList(found.feeds, tuple(f"{path.name} {note}" for note in found.notes))


def _text(body: bytes) -> str:
    """Return what an editor wrote: UTF-8, or UTF-16 where its mark says so."""
    marked = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if marked else "utf-8-sig", "replace")


def is_web(url: str) -> bool:
    """Return whether it is a whole address of the web."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
        return whole and not any(sign.isspace() for sign in url)
    except ValueError:  # "http://[::1"
        return False


def plain_list(text: str) -> FeedList:
    """Return the feeds of a list with one address a line; what follows a # is a remark."""
    feeds: dict[str, NewSource] = {}
    notes = []
    for number, line in enumerate(text.splitlines(), start=1):
        url = line.partition("#")[0].strip()
        if not url:
            continue
        if is_web(url):
            feeds.setdefault(url, NewSource(url))
        else:
            notes.append(f"line {number}: {url[:80]} is no web address.")
    return FeedList(tuple(feeds.values()), tuple(notes))


def opml(sources: Sequence[Source]) -> str:
    """Return the feeds as OPML; the first tag of each is its folder."""
    folders: dict[str, list[Source]] = {}
    for source in sources:
        folders.setdefault(source.tags[0] if source.tags else "", []).append(source)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["<head><title>vigil</title></head>", "<body>"]
    for folder, listed in sorted(folders.items()):
        outlines = [_outline(source) for source in listed]
        if folder:
            name = quoteattr(folder)
            outlines = [f"<outline text={name} title={name}>", *outlines, "</outline>"]
        lines += outlines
    return "\n".join([*lines, "</body>", "</opml>"]) + "\n"


def _outline(source: Source) -> str:
    name = quoteattr(source.name or source.url)
    return f'<outline type="rss" text={name} title={name} xmlUrl={quoteattr(source.url)}/>'
