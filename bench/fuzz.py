"""Mutated feeds, court feeds, pushes, updates, lists and configurations: no exception escapes.

    python -m bench.fuzz                        a few hundred of each sort
    python -m bench.fuzz --cases 100000         the long run
    python -m bench.fuzz --sorts feed,config    some sorts only; --seed N for others

Whatever comes from outside ends in a result or in one sentence (a VigilError); anything else is
printed with the sort, the seed and the number that make it again. Documents go through the real
sandbox, pushes and answers through the real readers, updates through the real conversation with
a loopback Telegram server. Meanwhile it is measured for how long the event loop's own thread
computed without a break. Besides seeds of our own those of ../shared are mutated, where it is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from model.errors import VigilError

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared/data"
NOW = datetime(2020, 11, 18, 19, 0, tzinfo=UTC)
STALL = 0.25
"""Seconds the loop may compute without a break."""
LONGEST_SEED = 60_000
SEEDS_MOST = 300
SPLINTERS = [
    b"<![CDATA[", b"]]>", b"&#xD800;", b"&#0;", b"&#99999999999;", b"<!--", b"-->", b"<item>",
    b"</item>", b"\x00", b"<?xml version='1.0' encoding='utf-7'?>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<![", b"<a:b>", b' xml:base="http://["',
    b"<entry/>", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"<guid>", b"{", b"}", b"[", b"]", b"null",
    b"1e999", b"-1", b'"\\ud800"', b"9" * 400,
    b"NaN", b"true", b",", b":", b"\xe2\x80\xae", b"\r", b"'''", b"[[feeds]]\n", b"[general]\n",
    b"= ", b"\x1f\x8b\x08", "Ángel".encode(), b"%00", b"javascript:", b"tg://", b"<" * 200,
    b"[" * 300,
]  # fmt: skip

Check = Callable[[bytes], Awaitable[object]]


@dataclass(slots=True)
class Tally:
    """What came of one sort."""

    cases: int = 0
    results: int = 0
    sentences: int = 0
    escaped: list[str] = field(default_factory=list)
    longest: float = 0.0
    """Seconds the loop's thread computed without a break, at most."""


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a seed with some damage done to it."""
    body = bytearray(chance.choice(seeds))
    for _ in range(chance.choice([1, 1, 2, 3, 5, 8])):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(7):
            case 0 | 1:
                body[at:at] = chance.choice(SPLINTERS)
            case 2:
                del body[at : at + chance.randint(1, 60)]
            case 3:
                other = chance.choice(seeds)
                cut = chance.randrange(len(other) + 1)
                body[at:at] = other[cut : cut + chance.randint(1, 400)]
            case 4:
                body[at : at + 1] = bytes([chance.randrange(256)])
            case 5:
                body[at:at] = body[at : at + chance.randint(1, 200)] * chance.randint(1, 5)
            case _:
                if chance.random() < 0.2:
                    del body[at:]
    return bytes(body[: 4 * LONGEST_SEED])


async def attack(sort: str, seed: int, cases: int, check: Check, seeds: Sequence[bytes]) -> Tally:
    """Check `cases` mutations, one after the other; count what came of them."""
    tally = Tally()
    watching = asyncio.create_task(_watch(tally))
    for number in range(cases):
        chance = random.Random(f"{sort} {seed} {number}")
        body = mutated(seeds, chance)
        tally.cases += 1
        try:
            await check(body)
        except VigilError:
            tally.sentences += 1
        except Exception as error:
            tally.escaped.append(f"{sort} {seed} {number}: {type(error).__name__}: {error}"[:300])
        else:
            tally.results += 1
        await asyncio.sleep(0)
    watching.cancel()
    return tally


async def _watch(tally: Tally) -> None:
    """Measure by the thread's own processor time: what others compute on this machine is no
    stall of ours.
    """
    while True:
        before = time.thread_time()
        await asyncio.sleep(0.005)
        tally.longest = max(tally.longest, time.thread_time() - before)


@dataclass(frozen=True, slots=True)
class Sort:
    """What is attacked, and with what."""

    check: Check
    seeds: Sequence[bytes]


@asynccontextmanager
async def sorts(names: Sequence[str], folder: Path) -> AsyncIterator[dict[str, Sort]]:
    """Give the sorts of these names, their parts closed afterwards."""
    from watchers.sandbox import Limits, Sandbox

    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(limits=Limits(seconds=1.0)))
        made: dict[str, Sort] = {}
        if "update" in names:
            made["update"] = Sort(
                await stack.enter_async_context(_conversation(folder)), _updates()
            )
        yield made | {
            name: sort
            for name, sort in {
                "feed": Sort(_document(sandbox, "feed"), _feeds()),
                "pacer": Sort(_document(sandbox, "pacer"), _pacer()),
                "docket": Sort(_document(sandbox, "courtlistener_docket"), _pacer() + _feeds()[:5]),
                "sitemap": Sort(_document(sandbox, "sitemap"), _sitemaps()),
                "links": Sort(_document(sandbox, "links"), _linking()),
                "opml": Sort(sandbox.opml, _opml()),
                "page": Sort(_page(sandbox), _pages()),
                "paper": Sort(sandbox.paper, _papers()),
                "push": Sort(_push, _json("webhooks") + _json("*")),
                "answer": Sort(_answer, _json("*")),
                "config": Sort(_config(folder), _configs()),
            }.items()
            if name in names
        }


SORTS = (
    "feed", "pacer", "docket", "sitemap", "links", "opml", "page", "paper", "push", "answer",
    "config", "update",
)  # fmt: skip


def _document(sandbox: object, kind: str) -> Check:
    from model import Source
    from watchers.answer import Answer
    from watchers.sandbox import Sandbox

    assert isinstance(sandbox, Sandbox)
    url = "https://ecf.nyed.uscourts.gov/cgi-bin/rss_outside.pl"
    source = Source(1, url, url, kind=kind)
    headers = {"content-type": "text/xml"}

    async def check(body: bytes) -> object:
        answer = Answer(url, headers=headers, body=body, at=NOW)
        return await sandbox.parse(kind, source, answer)

    return check


def _page(sandbox: object) -> Check:
    from watchers.sandbox import Sandbox

    assert isinstance(sandbox, Sandbox)

    async def check(body: bytes) -> object:
        await sandbox.links(body, "https://ledger.example/")
        return await sandbox.article(body, "https://ledger.example/a")

    return check


async def _push(body: bytes) -> object:
    from watchers.kinds.courtlistener_push import event_type, read_push

    event_type(body)
    return read_push(body, "https://www.courtlistener.com")


async def _answer(body: bytes) -> object:
    from watchers.answer import Answer
    from watchers.kinds import courtlistener_rest as rest

    base = "https://www.courtlistener.com"
    answer = Answer(f"{base}/api/rest/v4/dockets/1/", body=body, at=NOW)
    wrong: list[VigilError] = []
    readers = (rest.read_entries, rest.read_docket, rest.read_dockets, rest.read_found_dockets)
    for read in readers:
        try:
            read(answer, base)
        except VigilError as error:
            wrong.append(error)
    if wrong:
        raise wrong[0]
    return answer


def _config(folder: Path) -> Check:
    from bot.config import load

    path = folder / "config.toml"

    async def check(body: bytes) -> object:
        path.write_bytes(body)
        return load(path, given={}, environ={})

    return check


@asynccontextmanager
async def _conversation(folder: Path) -> AsyncIterator[Check]:
    """Give a check that has an update handled by the real conversation; what a handler lets
    escape is set aside by the receiver, and raised here.
    """
    from telegram import Update
    from telegram.error import TelegramError

    from store.engine import Store
    from tests.bot.talk.stage import conversing, staged

    store = await Store.open(f"sqlite+aiosqlite:///{folder}/fuzz.db")
    async with staged(store, NOW) as stage, conversing(stage.receiver):
        await stage.ana.says("/help")
        await stage.ana.hears("/list")
        number = [1000]

        async def check(body: bytes) -> object:
            number[0] += 1
            try:
                told = json.loads(body)
                told["update_id"] = number[0]
                update = Update.de_json(told, stage.receiver.bot)
            except Exception as error:  # Telegram sends what its library can read
                raise VigilError("no update") from error
            await stage.receiver._app.process_update(update)
            failed = stage.receiver._failures.pop(number[0], None)
            if isinstance(failed, TelegramError):  # Telegram's refusal of the answer, not ours
                raise VigilError("refused") from failed
            if failed is not None:
                raise failed
            return update

        yield check
    await store.close()


def _shared(pattern: str) -> list[bytes]:
    """Return small files of the shared material, always the same."""
    found = [one for one in sorted(SHARED.glob(pattern)) if 0 < one.stat().st_size < LONGEST_SEED]
    step = max(1, len(found) // SEEDS_MOST)
    return [one.read_bytes() for one in found[::step]] if found else []


def _feeds() -> list[bytes]:
    item = (
        b"<item><title>Former minister held</title><link>https://ledger.example/1</link>"
        b"<guid>1</guid><pubDate>Thu, 15 Oct 2020 20:00:00 GMT</pubDate>"
        b"<description><![CDATA[<p>Garc&iacute;a</p>]]></description></item>"
    )
    rss = b"<rss version='2.0'><channel><title>Ledger</title>" + item * 3 + b"</channel></rss>"
    atom = (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>L</title><entry><id>a</id>"
        b"<title type='html'>A &amp;lt;b&amp;gt;</title><updated>2020-10-15T20:00:00Z</updated>"
        b"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>b</div></content>"
        b"</entry></feed>"
    )
    listed = {"id": "1", "title": "Held", "content_html": "<p>x</p>", "tags": ["a"]}
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "L", "items": [listed] * 2}
    return [rss, atom, json.dumps(told).encode(), *_shared("feeds/*/**/*.xml")]


def _pacer() -> list[bytes]:
    own = (
        b"<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel>"
        b"<title>Eastern District of New York</title><description>all</description><item>"
        b"<title>1:19-cr-00366-CBA USA v. Cienfuegos Zepeda</title>"
        b"<pubDate>Tue, 17 Nov 2020 20:00:00 GMT</pubDate>"
        b"<link>https://ecf.nyed.uscourts.gov/cgi-bin/DktRpt.pl?437498</link>"
        b"<description>[Motion to Dismiss] (&lt;a href=&quot;https://ecf.nyed.uscourts.gov/doc1/1"
        b"?caseid=437498&amp;amp;de_seq_num=78&quot;&gt;22&lt;/a&gt;)</description>"
        b"<guid>https://ecf.nyed.uscourts.gov/cgi-bin/DktRpt.pl?437498</guid></item></channel></rss>"
    )
    return [own, *_shared("courts/pacer_rss/*.xml")]


def _sitemaps() -> list[bytes]:
    news = (
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
        b" xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
        + b"<url><loc>https://ledger.example/2020/10/15/held</loc><news:news>"
        b"<news:publication><news:name>Ledger</news:name><news:language>es</news:language>"
        b"</news:publication><news:publication_date>2020-10-15T20:00:00Z</news:publication_date>"
        b"<news:title>Detenido un exministro</news:title></news:news></url>" * 3 + b"</urlset>"
    )
    index = (
        b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
        b"<loc>https://ledger.example/news.xml.gz</loc><lastmod>2020-10-15</lastmod></sitemap>"
        b"</sitemapindex>"
    )
    return [news, index]


def _linking() -> list[bytes]:
    links = b"".join(
        b"<li><a href='/2020/10/%d/minister-held-in-city-%d'>Minister held in city %d</a></li>"
        % (n, n, n)
        for n in range(1, 13)
    )
    return [b"<html lang='es'><body><main><ul>" + links + b"</ul></main></body></html>", *_pages()]


def _opml() -> list[bytes]:
    own = (
        b"<opml version='2.0'><head><title>x</title></head><body><outline text='News'>"
        b"<outline type='rss' text='Ledger' xmlUrl='https://ledger.example/feed'/></outline>"
        b"</body></opml>"
    )
    return [own, *_shared("opml/**/*.opml")]


def _pages() -> list[bytes]:
    own = (
        b"<html lang='es'><head><title>x</title><link rel='alternate' type='application/rss+xml'"
        b" href='/feed'></head><body><article><h1>Held</h1><p>" + b"Words and words. " * 60
    )
    return [own + b"</p></article></body></html>", *_shared("courts/*/**/*.html")[:40]]


def _papers() -> list[bytes]:
    from tests.pdfs import maze, pdf

    return [pdf("ORDER granting 22", "So ordered."), pdf("x", width=9, height=9), maze(20)]


def _json(folder: str) -> list[bytes]:
    entry = {
        "id": 1, "docket": 2, "date_filed": "2020-11-17", "entry_number": 22,
        "description": "MOTION",
        "recap_documents": [{"id": 3, "document_number": "22", "is_available": True,
                             "pacer_doc_id": "9", "absolute_url": "/docket/2/22/usa/",
                             "short_description": "Dismiss"}],
    }  # fmt: skip
    docket = {
        "id": 2,
        "court_id": "nyed",
        "docket_number": "1:19-cr-00366",
        "case_name": "USA v. X",
    }
    event = {"payload": {"results": [entry]}, "webhook": {"event_type": 1, "version": 2}}
    own = [event, entry, docket, {"results": [entry], "next": None}, {"results": [docket]}]
    whole = [json.dumps(one).encode() for one in own]
    return whole + _shared(f"courts/courtlistener*/{folder}/**/*.json")


def _configs() -> list[bytes]:
    return [(ROOT / "config.toml").read_bytes(), (ROOT / "bot/demo/case.toml").read_bytes()]


def _updates() -> list[bytes]:
    chat = {"id": 1001, "type": "private", "first_name": "Ana"}
    ana = {"id": 1001, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    told = []
    for text in ("/watch Salvador Cienfuegos Zepeda", "/list", "/why https://a.example/1",
                 "/status", "Ovidio Guzmán López, nickname El Ratón", "/feeds", "/unwatch A",
                 "/start x", "/team", "/docket 1:19-cr-00366", "/help"):  # fmt: skip
        message = {"message_id": 5, "date": 1605726000, "chat": chat, "from": ana, "text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        told.append({"update_id": 1, "message": message})
    press = {
        "id": "7",
        "from": ana,
        "chat_instance": "1",
        "data": "aGVsbG8",
        "message": told[0]["message"],
    }
    told.append({"update_id": 2, "callback_query": press})
    seat = {"status": "member", "user": ana}
    change = {
        "chat": chat,
        "from": ana,
        "date": 1605726000,
        "old_chat_member": seat,
        "new_chat_member": seat,
    }
    told.append({"update_id": 3, "my_chat_member": change})
    return [json.dumps(one, ensure_ascii=False).encode() for one in told]


async def run(names: Sequence[str], cases: int, seed: int) -> dict[str, Tally]:
    """Attack these sorts with their share of `cases` each; return what came of it by sort."""
    told: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with sorts(names, Path(folder)) as made:
            for name, sort in made.items():
                each = -(-cases // len(made))
                told[name] = await attack(name, seed, each, sort.check, sort.seeds)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=2000, help="in all, shared by the sorts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sorts", default=",".join(SORTS))
    options = parser.parse_args()
    told = asyncio.run(run(options.sorts.split(","), options.cases, options.seed))
    print("| sort | cases | results | sentences | escaped | longest stall, ms |")
    print("|---|---|---|---|---|---|")
    for name, one in told.items():
        cells = (name, one.cases, one.results, one.sentences, len(one.escaped))
        print(f"| {' | '.join(map(str, cells))} | {one.longest * 1000:.0f} |")
    for line in [line for one in told.values() for line in one.escaped][:40]:
        print(line)
    bad = any(one.escaped or one.longest > STALL for one in told.values())
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
