"""Every real and test-suite feed of ../shared, through the sandbox and by the index."""

from __future__ import annotations

import asyncio
import io
import tarfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import feedparser
import pytest

from model import Page, ParseError
from tests.watchers.feeds import ADDRESS, SOURCE, answer
from watchers.index import Known, UnindexableError, find_items, items_hash, without
from watchers.reading import read_feed
from watchers.sandbox import Sandbox
from watchers.syndication import parse

PARTS = 4
part = pytest.mark.parametrize("part", range(PARTS))


def feeds(shared: Path, part: int) -> list[Path]:
    """One part of all the files, so that several workers share them."""
    files = sorted(one for one in (shared / "data" / "feeds").rglob("*") if one.is_file())
    return [one for one in files if one.suffix not in (".md", ".xz")][part::PARTS]


def by_feedparser(body: bytes, **headers: str) -> list[Mapping[str, Any]]:
    """What feedparser finds by itself, as it comes; nothing where it fails."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(feedparser.parse(io.BytesIO(body), response_headers=sent)["entries"])
        except Exception:
            return []


def names(body: bytes) -> set[str]:
    """The guids of a document, its address being known."""
    entries = by_feedparser(body, content_location=ADDRESS)
    return {str(one["id"]) for one in entries if one.get("id")}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as one:
        yield one


class Stall:
    """The longest time the loop could do nothing else."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.002)
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now


@part
async def test_no_file_stops_the_loop_or_loses_an_entry(
    shared: Path, sandbox: Sandbox, part: int
) -> None:
    files = feeds(shared, part)
    assert len(files) > 800
    bodies = [file.read_bytes() for file in files]
    stall = Stall()
    watching = asyncio.create_task(stall.watch())
    started = time.monotonic()
    pages = await asyncio.gather(*(outcome(sandbox, body) for body in bodies))
    seconds = time.monotonic() - started
    watching.cancel()
    assert stall.longest < 2
    assert seconds < 2 * len(files)
    for file, body, page in zip(files, bodies, pages, strict=True):
        own = by_feedparser(body)
        if isinstance(page, str):
            assert page.endswith("."), file
            assert not own, file
        else:
            assert page.total >= len(own), file
            assert page.unread == 0, file
            assert len(own) < 2 or len(page.items) >= len(names(body)), file


async def outcome(sandbox: Sandbox, body: bytes) -> Page | str:
    """A Page or a sentence; whatever else comes out fails the test."""
    try:
        return await sandbox.parse("feed", SOURCE, answer(body))
    except ParseError as error:
        return str(error)


@part
def test_reading_by_the_index_equals_reading_whole_on_every_key(shared: Path, part: int) -> None:
    compared = 0
    for file in feeds(shared, part):
        body = file.read_bytes()
        try:
            ranges = find_items(body)
        except UnindexableError:
            continue
        whole = [dict(one) for one in parse(body, ADDRESS)["entries"]]
        if not ranges or len(whole) != len(ranges):
            assert len(whole) == 0, file  # then the whole is read
            continue
        for kept in halves(len(ranges)):
            left_out = (one for place, one in enumerate(ranges) if place not in kept)
            found = parse(without(body, left_out), ADDRESS)["entries"]
            assert [dict(one) for one in found] == [whole[place] for place in sorted(kept)], file
            compared += 1
    assert compared > 600


def halves(count: int) -> Iterator[set[int]]:
    """Every second item, the others, and the last alone."""
    for kept in (set(range(0, count, 2)), set(range(1, count, 2)), {count - 1}):
        if kept:
            yield kept


@part
def test_what_was_read_is_known_the_next_time(shared: Path, part: int) -> None:
    for file in feeds(shared, part)[::5]:
        try:
            page = read_feed(SOURCE, answer(file.read_bytes()))
        except ParseError:
            continue
        again = read_feed(SOURCE, answer(file.read_bytes()), page.known)
        assert (again.items, again.known, again.unread) == ((), page.known, 0), file
        assert len(Known.unpack(page.known).keys) <= page.total


def replay(shared: Path, count: int) -> list[bytes]:
    archive = shared / "data" / "feeds" / "replay_bbc" / "home_uk_2021-03-01_14.tar.xz"
    bodies: list[bytes] = []
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda one: one.name)[:count]:
            file = tar.extractfile(member)
            if file is not None:
                bodies.append(file.read())
    return bodies


def test_real_polls_tell_the_same_events_by_the_index_as_read_whole(shared: Path) -> None:
    by_index: dict[str, set[tuple[str, str]]] = {}
    whole: dict[str, set[tuple[str, str]]] = {}
    known = last = b""
    skipped = 0
    for body in replay(shared, 120):
        for item in read_feed(SOURCE, answer(body)).items:
            whole.setdefault(item.key, set()).add((item.title, item.summary))
        digest = items_hash(answer(body))
        if digest == last:
            skipped += 1
            continue
        page = read_feed(SOURCE, answer(body), known)
        known, last = page.known, digest
        for item in page.items:
            by_index.setdefault(item.key, set()).add((item.title, item.summary))
    assert by_index == whole
    assert len(whole) > 100
    assert skipped > 0
