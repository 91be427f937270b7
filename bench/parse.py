"""What the item index saves: processor time of reading a feed with it and without it.

    python -m bench.parse [archive.tar.xz]

Replays the real polls of one BBC feed (../shared/data/feeds/replay_bbc), in this process, without
the sandbox and its pipe. Both ways must tell the same events, or this fails.
"""

from __future__ import annotations

import io
import sys
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from model import Item, Source
from watchers.answer import Answer
from watchers.index import items_hash
from watchers.reading import read_feed

ARCHIVE = Path("../shared/data/feeds/replay_bbc/home_uk_2021-03-01_14.tar.xz")
ADDRESS = "http://feeds.bbci.co.uk/news/uk/rss.xml"
SOURCE = Source(1, ADDRESS, ADDRESS, name="BBC News")
NOW = datetime(2021, 3, 14, tzinfo=UTC)

Event = tuple[str, str, str]
Way = Callable[[list[Answer]], Iterator[Iterable[Item]]]


def polls(archive: Path) -> list[Answer]:
    """Return the answers of an archive, oldest first."""
    with tarfile.open(archive) as tar:
        members = sorted((m for m in tar.getmembers() if m.isfile()), key=lambda m: m.name)
        files = (tar.extractfile(member) for member in members)
        return [Answer(ADDRESS, body=file.read(), at=NOW) for file in files if file is not None]


def whole(answers: list[Answer]) -> Iterator[Iterable[Item]]:
    """Read every document whole, as if nothing were known."""
    for answer in answers:
        yield read_feed(SOURCE, answer).items


def hashed(answers: list[Answer]) -> Iterator[Iterable[Item]]:
    """Read a document whole unless it is the last one's from its first item on."""
    last = b""
    for answer in answers:
        digest = items_hash(answer)
        yield () if digest == last else read_feed(SOURCE, answer).items
        last = digest


def indexed(answers: list[Answer]) -> Iterator[Iterable[Item]]:
    """Read as vigil does: the hash first, then the index, then what is new."""
    last, known = b"", b""
    for answer in answers:
        digest = items_hash(answer)
        if digest == last:
            yield ()
            continue
        page = read_feed(SOURCE, answer, known)
        last, known = digest, page.known
        yield page.items


def events(read: Iterator[Iterable[Item]]) -> tuple[list[Event], float]:
    """Return what a store would make of the items, and the processor seconds of reading them."""
    told: dict[str, Item] = {}
    found: list[Event] = []
    spent = 0.0
    while True:
        started = time.process_time()
        items = next(read, None)
        spent += time.process_time() - started
        if items is None:
            return found, spent
        for item in items:
            before = told.get(item.key)
            if before is None or (before.title, before.summary) != (item.title, item.summary):
                found.append((item.key, item.title, item.summary))
            told[item.key] = item


def of_feedparser(answers: list[Answer]) -> float:
    """Return the processor seconds of feedparser alone, as it comes."""
    started = time.process_time()
    for answer in answers:
        feedparser.parse(io.BytesIO(answer.body))
    return time.process_time() - started


def one_new(answer: Answer, times: int = 50) -> tuple[float, float]:
    """Return the seconds of reading a document whole, and of reading it with one new item."""
    everything = read_feed(SOURCE, answer)
    start = answer.body.index(b"<item>")
    end = answer.body.index(b"</item>") + len(b"</item>")
    before = Answer(ADDRESS, body=answer.body[:start] + answer.body[end:], at=NOW)
    known = read_feed(SOURCE, before).known
    if len(read_feed(SOURCE, answer, known).items) != 1 or everything.total < 2:
        raise SystemExit("the index should have left one item to read")
    return _timed(lambda: read_feed(SOURCE, answer), times), _timed(
        lambda: read_feed(SOURCE, answer, known), times
    )


def _timed(work: Callable[[], object], times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times


def main() -> None:
    """Print the ratios."""
    archive = Path(sys.argv[1]) if len(sys.argv) > 1 else ARCHIVE
    answers = polls(archive)
    read_feed(SOURCE, answers[0])
    plain, plain_cost = events(whole(answers))
    _, hashed_cost = events(hashed(answers))
    found, cost = events(indexed(answers))
    alone = of_feedparser(answers)
    size = sum(len(answer.body) for answer in answers) / 1e6
    print(f"{len(answers)} polls, {size:.1f} MB, {len(found)} events, both ways the same")
    print(f"feedparser alone, as it comes       {alone:7.2f} s")
    print(f"every document read whole           {plain_cost:7.2f} s")
    print(f"whole, unless the items are the same {hashed_cost:6.2f} s")
    print(f"with the index                      {cost:7.2f} s   {plain_cost / cost:.1f}x less")
    full, single = one_new(answers[0])
    ratio = f"{full / single:.1f}x less"
    print(
        f"one new item: whole {full * 1e3:.1f} ms, with the index {single * 1e3:.1f} ms   {ratio}"
    )
    if found != plain:
        raise SystemExit("the index told other events than whole reading did")


if __name__ == "__main__":
    main()
