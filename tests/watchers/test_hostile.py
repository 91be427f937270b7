"""What was made to hurt a feed reader, each through the sandbox as in real life."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from model import Page, ParseError
from tests.watchers.feeds import SOURCE, answer, item, many_attributes, read, rss, stories, story
from watchers.sandbox import Limits, Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hasty() -> AsyncIterator[Sandbox]:
    async with Sandbox(children=1, limits=Limits(seconds=0.4)) as one:
        yield one


async def parse(sandbox: Sandbox, body: bytes, charset: str = "") -> Page:
    sent = {"content-type": f"text/xml; charset={charset}"} if charset else {}
    return await sandbox.parse("feed", SOURCE, answer(body, sent))


async def outcome_of(sandbox: Sandbox, body: bytes) -> str:
    try:
        return f"{(await parse(sandbox, body)).total} items"
    except ParseError as error:
        return str(error)


async def test_66_kb_of_comment_starts_in_cdata(sandbox: Sandbox) -> None:
    hostile = item("h", title="Hostile", summary=f"<![CDATA[{'<!--' * 16_500}end]]>")
    page = await parse(sandbox, rss(story(1), hostile, story(2)))
    assert [one.title for one in page.items] == ["Story number 1", "Hostile", "Story number 2"]
    assert page.items[1].summary == "end"


async def test_66_kb_of_comment_starts_in_a_feed_that_is_not_well_formed(sandbox: Sandbox) -> None:
    hostile = item("h", title="Hostile", summary=f"<![CDATA[{'<!--' * 16_500}]]>")
    page = await parse(sandbox, rss(hostile, story(1)) + b"<oops")
    assert page.items[-1].title == "Story number 1"


async def test_99_kb_of_attributes_on_one_tag(sandbox: Sandbox) -> None:
    started = time.monotonic()
    page = await parse(sandbox, rss(story(1), story(2, extra=many_attributes(11_000)), story(3)))
    titles = [one.title for one in page.items]
    assert (titles[0], titles[-1]) == ("Story number 1", "Story number 3")
    assert time.monotonic() - started < 30


async def test_10_000_items(sandbox: Sandbox) -> None:
    page = await parse(sandbox, rss(*stories(10_000)))
    assert [one.title for one in page.items] == [f"Story number {n}" for n in range(10_000)]


async def test_2_000_items_that_are_not_well_formed(sandbox: Sandbox) -> None:
    page = await parse(sandbox, rss(*stories(2_000)) + b"<oops")
    assert page.notes == ("Not well-formed: read piece by piece.",)
    assert len({one.key for one in page.items}) == page.total == 2_000


async def test_a_billion_laughs(sandbox: Sandbox) -> None:
    lines = ['<!ENTITY l0 "lol">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    doctype = f"<!DOCTYPE rss [{''.join(lines)}]>"
    page = await parse(sandbox, rss(item("g", title="&l9;"), story(1), declaration=doctype))
    assert page.items[-1].title == "Story number 1"
    assert all(len(one.title) < 1_001 for one in page.items)


async def test_quadratic_blow_up_of_one_long_entity(sandbox: Sandbox) -> None:
    doctype = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>'
    body = rss(item("g", title="T", summary="&a;" * 2_000), story(1), declaration=doctype)
    page = await parse(sandbox, body)
    assert page.items[-1].title == "Story number 1"


async def test_an_external_entity_is_not_fetched(sandbox: Sandbox) -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    page = await parse(sandbox, rss(item("g", title="T", summary="a&x;b"), declaration=doctype))
    assert page.items[0].summary in ("ab", "a&x;b")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
async def test_two_and_four_bytes_a_character(sandbox: Sandbox, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = rss(item("g", title="García Luna"), declaration=declaration).decode()
    body = text.encode(encoding)
    assert [one.title for one in (await parse(sandbox, body)).items] == ["García Luna"]


async def test_entities_in_cdata(sandbox: Sandbox) -> None:
    page = await parse(sandbox, rss(item("g", title="<![CDATA[Garc&iacute;a Luna]]>")))
    assert page.items[0].title == "García Luna"


async def test_a_reference_to_no_character(sandbox: Sandbox) -> None:
    page = await parse(sandbox, rss(item("g", title="A&#xD800;&#0;&#99999999999;B"), story(1)))
    assert [one.title[0] for one in page.items] == ["A", "S"]


TAGS = ["<a>", "<item>", "<title>", "<![CDATA[", "<?x", "<!--", "&", "<a b='"]


@pytest.mark.parametrize("tag", TAGS)
async def test_two_hundred_kilobytes_of_one_thing(hasty: Sandbox, tag: str) -> None:
    outcome = await outcome_of(hasty, rss(story(1), tag * (200_000 // len(tag))))
    assert outcome.endswith((".", " items"))
    assert outcome != "0 items"


async def test_an_item_of_nine_megabytes(sandbox: Sandbox) -> None:
    long = item("g", title="Long", summary="word " * 1_800_000)
    page = await parse(sandbox, rss(long, story(1)))
    assert [one.title for one in page.items] == ["Long", "Story number 1"]
    assert len(page.items[0].summary) <= 20_000


async def test_a_compressed_body_that_nobody_unpacked(sandbox: Sandbox) -> None:
    with pytest.raises(ParseError, match="gzip"):
        await parse(sandbox, b"\x1f\x8b\x08" + bytes(100))


async def test_many_bombs_at_once_and_one_honest_feed(hasty: Sandbox) -> None:
    bombs = [parse(hasty, rss(story(n, extra=many_attributes(40_000)))) for n in range(2)]
    pages = await asyncio.gather(*bombs, parse(hasty, rss(*stories(5))))
    assert len(pages[-1].items) == 5


SEED = rss(*stories(6), item("g", title="<![CDATA[x]]>", summary="&lt;p&gt;", extra="<c a='b'/>"))
SPLINTERS = [
    b"<![CDATA[", b"]]>", b"&#xD800;", b"&#0;", b"<!--", b"<item>", b"</item>", b"\x00",
    b"<?", b"<!", b"<![", b"<a:b>", b' xml:base="http://["', b"<entry/>",
    b"&lt;![", b"\xff", b'"', b"<guid>",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
async def test_a_mutated_feed_ends_in_a_page_or_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        body = bytearray(SEED)
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(body))
            if chance.random() < 0.6:
                body[at:at] = chance.choice(SPLINTERS)
            else:
                del body[at : at + chance.randint(1, 60)]
        with contextlib.suppress(ParseError):
            page = read(bytes(body))
            assert page.total >= len(page.items)
