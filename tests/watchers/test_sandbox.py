from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from model import Page, ParseError
from tests.watchers.feeds import SOURCE, answer, many_attributes, read, rss, stories, story
from watchers.answer import Link
from watchers.sandbox import Limits, Sandbox

BOMB = rss(story(1, extra=many_attributes(40_000)))
GENTLE = Limits(seconds=0.5)


async def parse(sandbox: Sandbox, body: bytes, known: bytes = b"") -> Page:
    return await sandbox.parse("feed", SOURCE, answer(body), known)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(children=1, limits=GENTLE) as one:
        yield one


def children() -> set[int]:
    """The processes started by this one."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found


@pytest.fixture
def started() -> set[int]:
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc, to look at processes from outside")
    return children()


async def test_a_page_comes_out_as_it_would_in_this_process(sandbox: Sandbox) -> None:
    body = rss(*stories(3), head="<title>T</title><language>es</language><ttl>5</ttl>")
    assert await parse(sandbox, body) == read(body)


async def test_what_is_known_is_left_out(sandbox: Sandbox) -> None:
    first = await parse(sandbox, rss(*stories(3)))
    second = await parse(sandbox, rss(*stories(4)), first.known)
    assert [one.title for one in second.items] == ["Story number 3"]


async def test_what_is_no_feed_is_said_in_its_sentence(sandbox: Sandbox) -> None:
    with pytest.raises(ParseError, match="a web page"):
        await parse(sandbox, b"<html></html>")


async def test_lists_and_pages_are_read_there_too(sandbox: Sandbox) -> None:
    [source] = await sandbox.opml(b'<opml><outline text="A" xmlUrl="http://a.example/"/></opml>')
    assert (source.url, source.name) == ("http://a.example/", "A")
    with pytest.raises(ParseError, match="lists no feeds"):
        await sandbox.opml(b"nothing")
    assert await sandbox.links(b'<a href="/rss">R</a>', "http://a.example/") == (
        Link("http://a.example/rss", "R", declared=False),
    )


async def test_a_bomb_is_left_out_and_the_next_document_is_read(sandbox: Sandbox) -> None:
    page = await parse(sandbox, BOMB)
    assert page.items == ()
    assert "can't be read: 1" in page.notes[0]
    assert len((await parse(sandbox, rss(*stories(3)))).items) == 3


async def test_one_bomb_among_thirty_costs_only_itself(sandbox: Sandbox) -> None:
    items = stories(30)
    items[17] = story(17, extra=many_attributes(40_000))
    page = await parse(sandbox, rss(*items))
    assert [one.title for one in page.items] == [
        f"Story number {number}" for number in range(30) if number != 17
    ]
    assert (await parse(sandbox, rss(*items), page.known)).items == ()


async def test_a_bomb_outside_the_items_is_given_up_in_a_sentence(sandbox: Sandbox) -> None:
    with pytest.raises(ParseError, match=r"takes longer than 0\.5 seconds"):
        await parse(sandbox, rss(story(1), head=many_attributes(40_000)))


async def test_the_loop_goes_on_while_a_bomb_burns(sandbox: Sandbox) -> None:
    burning = asyncio.create_task(parse(sandbox, BOMB))
    longest, last = 0.0, time.monotonic()
    while not burning.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    await burning
    assert longest < 0.4


async def test_a_document_too_big_for_the_memory_is_given_up() -> None:
    limits = Limits(memory=80_000_000)
    async with Sandbox(children=1, limits=limits) as sandbox:
        page = await parse(sandbox, rss(story(1, extra=f"<x>{'y' * 12_000_000}</x>"), story(2)))
        assert [one.title for one in page.items] == ["Story number 2"]
        assert len((await parse(sandbox, rss(*stories(3)))).items) == 3


async def test_a_long_document_comes_whole_while_others_take_turns() -> None:
    async with Sandbox(children=1) as sandbox:
        long = asyncio.create_task(parse(sandbox, rss(*stories(1_800))))
        await asyncio.sleep(0)
        short = await parse(sandbox, rss(*stories(3)))
        assert not long.done()
        page = await long
    assert len(short.items) == 3
    assert [one.title for one in page.items] == [f"Story number {n}" for n in range(1_800)]
    assert (page.total, page.unread, page.partial, page.notes) == (1_800, 0, False, ())


async def test_what_patience_does_not_reach_is_left_for_the_next_poll() -> None:
    body = rss(*stories(1_200))
    async with Sandbox(children=1, limits=Limits(patience=0)) as sandbox:
        first = await parse(sandbox, body)
        second = await parse(sandbox, body, first.known)
        third = await parse(sandbox, body, second.known)
    assert [page.partial for page in (first, second, third)] == [True, True, False]
    assert "left for next time" in first.notes[-1]
    assert sum(len(page.items) for page in (first, second, third)) == 1_200


async def test_a_child_inherits_nothing(started: set[int], sandbox: Sandbox) -> None:
    os.environ["VIGIL_TEST_SECRET"] = "123:token"
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    try:
        await parse(sandbox, rss(story(1)))
        [child] = children() - started
        held = {str(link.readlink()) for link in Path(f"/proc/{child}/fd").iterdir()}
        environment = Path(f"/proc/{child}/environ").read_bytes()
    finally:
        del os.environ["VIGIL_TEST_SECRET"]
        os.close(reader)
        os.close(writer)
    pipes = {one for one in held if one.startswith(("pipe:", "socket:"))}
    assert held - pipes == {"/dev/null"}
    assert len(pipes) == 2
    assert b"token" not in environment
    assert Path(f"/proc/{child}/limits").read_text().count("536870912") == 2


async def test_there_is_at_most_one_child_for_each_place(started: set[int]) -> None:
    async with Sandbox(children=2) as sandbox:
        assert children() == started
        await asyncio.gather(*(parse(sandbox, rss(*stories(n))) for n in range(1, 9)))
        assert len(children() - started) == 2
    assert children() == started


async def test_a_child_that_was_killed_from_outside_is_replaced(
    started: set[int], sandbox: Sandbox
) -> None:
    await parse(sandbox, rss(story(1)))
    [child] = children() - started
    os.kill(child, signal.SIGKILL)
    page = await parse(sandbox, rss(story(7)))
    assert [one.title for one in page.items] == ["Story number 7"]
    assert page.notes == ()


async def test_no_item_is_given_up_because_its_reader_was_killed(
    started: set[int], sandbox: Sandbox
) -> None:
    reading = asyncio.create_task(parse(sandbox, rss(*stories(400))))
    killed: set[int] = set()
    while len(killed) < 2 and not reading.done():
        for child in children() - started - killed:
            os.kill(child, signal.SIGKILL)
            killed.add(child)
        await asyncio.sleep(0)
    with pytest.raises(ParseError, match="not read this time"):
        await reading
    assert len((await parse(sandbox, rss(*stories(400)))).items) == 400


async def test_a_parse_nobody_waits_for_ends_with_its_child(
    started: set[int], sandbox: Sandbox
) -> None:
    task = asyncio.create_task(parse(sandbox, BOMB))
    while not children() - started:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == started
    assert len((await parse(sandbox, rss(*stories(3)))).items) == 3


async def test_a_closed_sandbox_reads_nothing_more() -> None:
    async with Sandbox(children=1) as sandbox:
        reading = asyncio.create_task(parse(sandbox, rss(*stories(3))))
        await asyncio.sleep(0)
    with pytest.raises(ParseError):
        await reading
    with pytest.raises(ParseError, match="is stopping"):
        await parse(sandbox, rss(story(1)))


async def test_a_child_ends_with_its_pipe() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "watchers.child", "1", "500000000",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(b""), 20)
    assert (out, process.returncode) == (b"", 0)


def test_this_process_never_loads_a_parser() -> None:
    code = (
        "import sys, watchers.sandbox, watchers.kinds, watchers.index;"
        "print([m for m in ('feedparser', 'lxml', 'selectolax', 'listparser', 'dateparser',"
        "'courlan', 'watchers.reading') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
