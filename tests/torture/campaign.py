"""A campaign: feeds that go on, faults by seed, and a program that is killed again and again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.botapi.people import Room, Someone
from bot.demo.telegram_server import TelegramServer
from tests.bot.running import command, environment
from tests.torture.cluster import Cluster
from tests.torture.feeds import NAME, NUMBER, Feeds
from tests.torture.lives import Lives
from tests.torture.trouble import Plan
from tests.torture.verdict import REPEAT, Broken, Evidence, Said, Verdict, judge

_CONFIG = """\
schema_version = 1
[general]
contact = "desk@vigil.example"
data_dir = "data"
[telegram]
token_file = "token"
api_url = "{telegram}"
owner_id = {owner}
[database]
url = "{database}"
[polling]
host_gap = "0s"
timeout = "5s"
allow_networks = ["127.0.0.0/8"]
[alerts]
first_run_backlog = "none"
ambiguous = "{ambiguous}"
max_per_hour = 0
"""
_ANSWER = re.compile(r"Nobody (\d{4})\b")


@dataclass(frozen=True, slots=True)
class Orders:
    """What a campaign is to do; times in seconds."""

    seed: int
    kills: int = 50
    server_kills: int = 0
    """Of the database's server, PostgreSQL only; spread among the kills."""
    locks: tuple[float, ...] = ()
    """The database is locked for so long, each after another; SQLite only."""
    full_disks: int = 0
    clock_back: bool = False
    probe: bool = False
    """Look for a message in doubt before it is repeated."""
    spoilt: float = 0.15
    """Share of the sends that meet a fault."""
    life: float = 12.0
    """Longest life of the program before a kill, from when it says that it has started."""
    outage: float = 3.0
    """Longest time between a kill and the next life, short of the long outages."""
    offer_every: float = 6.0
    feed_trouble: float = 0.1
    """Share of the requests to feeds that are answered badly."""
    patience: float = 400.0
    """How long everything that is due may take at the end."""


@dataclass(slots=True)
class _Scene:
    """Everything that takes part."""

    orders: Orders
    chance: random.Random
    telegram: TelegramServer
    plan: Plan
    feeds: Feeds
    lives: Lives
    ana: Someone
    rooms: dict[str, Room]
    room_of: dict[int, str]
    database: Path | None
    cluster: Cluster | None
    clock: Path | None = None
    broken: list[Broken] = field(default_factory=list)
    commands: list[int] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    runs: int = 0

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()


Starting = Callable[[Path], Sequence[str]]


def vigil(folder: Path) -> Sequence[str]:
    """The real program."""
    return command("--config", str(folder / "config.toml"), "run")


async def campaign(
    orders: Orders,
    folder: Path,
    *,
    cluster: Cluster | None = None,
    starting: Starting = vigil,
    complete: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Verdict, int]:
    """Carry out `orders` in `folder` and judge; returns also how many kills there were.

    `complete`: wait at the end until everything is told, as long as patience lasts; otherwise
    only until it has become quiet.
    """
    async with AsyncExitStack() as stack:
        scene = await _set(stack, orders, folder, cluster, starting)
        await _begin(scene)
        await scene.feeds.all_asked(2, 0.0, patience=120.0)
        scene.feeds.trouble = orders.feed_trouble
        doing = [asyncio.create_task(one) for one in (_offers(scene), _talks(scene), _moves(scene))]
        try:
            for number in range(orders.kills):
                await _one_life(scene, number)
                if number % 10 == 9:
                    tell(
                        f"  seed {orders.seed}: {number + 1} kills, {len(scene.feeds.offers)} items"
                    )
        finally:
            for task in doing:
                task.cancel()
            for result in await asyncio.gather(*doing, return_exceptions=True):
                if isinstance(result, Exception):
                    raise result
        await _come_to_rest(scene, complete)
        verdict = judge(_evidence(scene))
        verdict.damage = "" if not complete else await _ending(scene)
        return verdict, sum(one.what == "kill" for one in scene.broken)


async def _set(
    stack: AsyncExitStack,
    orders: Orders,
    folder: Path,
    cluster: Cluster | None,
    starting: Starting,
) -> _Scene:
    chance = random.Random(orders.seed)
    telegram = TelegramServer(limits=True, log_file=folder / "accepted.jsonl")
    plan = telegram.faults = Plan(random.Random(orders.seed + 1), orders.spoilt)
    await stack.enter_async_context(telegram)
    feeds = await stack.enter_async_context(Feeds(random.Random(orders.seed + 2)))
    ana = telegram.person("Ana")
    rooms = {
        "desk": telegram.channel("Desk", ana),
        "wire": telegram.channel("Wire", ana),
        "team": telegram.group("Team", ana, kind="group"),
        "ben": telegram.person("Ben").private,
    }
    config = _CONFIG.format(
        telegram=telegram.url,
        owner=ana.id,
        database=cluster.url if cluster else "",
        ambiguous="probe" if orders.probe else "mark",
    )
    config += "".join(f'[[feeds]]\nurl = "{url}"\ninterval = "1s"\n' for url in feeds.urls)
    config += "".join(f'[[channels]]\nid = "{n}"\nchat = {r.id}\n' for n, r in rooms.items())
    names = ", ".join(f'"{name}"' for name in rooms)
    config += f'[[watches]]\nname = "{NAME}"\nto = [{names}]\n'
    (folder / "config.toml").write_text(config, encoding="utf-8")
    (folder / "token").write_text(telegram.token, encoding="utf-8")
    clock = folder / "clock" if orders.clock_back else None
    lives = Lives(folder, starting(folder), environment(**_clock(clock)))
    stack.push_async_callback(lives.kill)
    for feed in range(len(feeds.urls)):
        feeds.offer(matching=False, feed=feed)
    room_of = {room.id: name for name, room in rooms.items()}
    database = None if cluster else folder / "data" / "vigil.db"
    return _Scene(
        orders, chance, telegram, plan, feeds, lives, ana, rooms, room_of, database, cluster, clock
    )


def faketime() -> Path | None:
    """Return libfaketime, which lets a clock be set without touching the machine's."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def _clock(file: Path | None) -> Mapping[str, str]:
    if file is None:
        return {}
    file.write_text("+0\n")
    return {
        "LD_PRELOAD": str(faketime()),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


async def _begin(scene: _Scene) -> None:
    scene.runs += 1
    scene.lives.hurt = False
    scene.feeds.run = scene.runs
    await scene.lives.begin()


async def _one_life(scene: _Scene, number: int) -> None:
    """Let the program live for a while, hurt its database perhaps, kill it, start it again."""
    chance, orders = scene.chance, scene.orders
    if chance.random() < 0.25:
        await scene.lives.lives_on(chance.uniform(0.0, 3.0))
    else:
        await scene.lives.started()
        await scene.lives.lives_on(chance.uniform(1.0, orders.life))
    for hurt in _hurts(scene, number):
        scene.lives.hurt = True
        await hurt()
    if chance.random() < 0.5:  # catch it while it sends
        scene.plan.sends.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(scene.plan.sends.wait(), 3.0)
        await asyncio.sleep(chance.uniform(0.0, 0.06))
    at = scene.now
    await scene.lives.kill()
    if chance.random() < 0.1:
        await _long_outage(scene)
    elif chance.random() < 0.5:
        await asyncio.sleep(chance.uniform(0.0, orders.outage))
    scene.broken.append(Broken("kill", at, scene.now))
    await _begin(scene)


async def _long_outage(scene: _Scene) -> None:
    """While nobody looks, a feed's window slides past some items."""
    feed = scene.chance.randrange(len(scene.feeds.urls))
    for _ in range(scene.chance.randrange(3, 20)):
        scene.feeds.offer(matching=scene.chance.random() < 0.2, feed=feed)
    await asyncio.sleep(scene.chance.uniform(0.5, scene.orders.outage))


def _hurts(scene: _Scene, number: int) -> list[Callable[[], Awaitable[None]]]:
    """Return what is to happen to the database in this life."""
    orders = scene.orders
    hurts: list[Callable[[], Awaitable[None]]] = []
    if scene.cluster and _falls(number, orders.kills, orders.server_kills):
        hurts.append(lambda: _kill_server(scene))
    if scene.database and _falls(number, orders.kills, len(orders.locks)):
        seconds = orders.locks[number * len(orders.locks) // orders.kills]
        hurts.append(lambda: _lock(scene, seconds))
    if scene.database and _falls(number + 1, orders.kills, orders.full_disks):
        hurts.append(lambda: _fill_disk(scene))
    if scene.clock and number == orders.kills // 2:
        hurts.append(lambda: _set_clock_back(scene))
    return hurts


def _falls(number: int, kills: int, times: int) -> bool:
    """Return whether one of `times` events, spread evenly over the kills, falls on this one."""
    return number * times // kills != (number + 1) * times // kills


async def _kill_server(scene: _Scene) -> None:
    assert scene.cluster is not None
    at = scene.now
    await asyncio.to_thread(scene.cluster.kill)
    await asyncio.sleep(scene.chance.uniform(0.0, 2.0))
    await asyncio.to_thread(scene.cluster.start)
    scene.broken.append(Broken("server kill", at, scene.now))
    await scene.lives.lives_on(scene.chance.uniform(0.0, 6.0))


async def _lock(scene: _Scene, seconds: float) -> None:
    """Keep the database locked, as a forgotten shell or a backup by hand does."""
    if scene.database is None or not scene.database.exists():
        return
    at = scene.now
    shell = sqlite3.connect(
        scene.database, timeout=10, isolation_level=None, check_same_thread=False
    )
    with closing(shell), contextlib.suppress(sqlite3.OperationalError):
        await asyncio.to_thread(shell.execute, "BEGIN IMMEDIATE")
        await scene.lives.lives_on(seconds)
        shell.execute("ROLLBACK")
    scene.broken.append(Broken("locked", at, scene.now))


async def _fill_disk(scene: _Scene) -> None:
    """Let no file of the program grow for some seconds."""
    at = scene.now
    assert scene.database is not None
    import resource

    before = resource.prlimit(scene.lives.pid, resource.RLIMIT_FSIZE)
    size = scene.database.stat().st_size
    resource.prlimit(scene.lives.pid, resource.RLIMIT_FSIZE, (min(size, 4096), before[1]))
    await scene.lives.lives_on(scene.chance.uniform(1.0, 6.0))
    resource.prlimit(scene.lives.pid, resource.RLIMIT_FSIZE, before)
    scene.broken.append(Broken("disk full", at, scene.now))
    await scene.lives.lives_on(scene.chance.uniform(1.0, 4.0))


async def _set_clock_back(scene: _Scene) -> None:
    """Set the program's clock back an hour and see that work goes on."""
    assert scene.clock is not None
    scene.clock.write_text("-3600\n")
    since = scene.now
    await scene.lives.lives_on(3.0)
    scene.broken.append(Broken("clock", since, scene.now))
    await scene.feeds.all_asked(2, since)


async def _offers(scene: _Scene) -> None:
    while True:
        await asyncio.sleep(scene.chance.uniform(0.2, 2 * scene.orders.offer_every))
        scene.feeds.offer(matching=scene.chance.random() < 0.6)


async def _talks(scene: _Scene) -> None:
    """The owner says something now and then, whether anybody listens or not."""
    while True:
        await asyncio.sleep(scene.chance.uniform(1.0, 8.0))
        number = len(scene.commands) + 1
        await scene.ana.says(f"/unwatch Nobody {number:04d}")
        scene.commands.append(number)


async def _moves(scene: _Scene) -> None:
    """Throw the bot out of a channel and let it in again; turn the group into a supergroup."""
    wire = scene.rooms["wire"]
    span = scene.orders.kills * scene.orders.life / 3
    await asyncio.sleep(span * scene.chance.uniform(0.1, 0.3))
    wire.remove_bot(scene.ana)
    await asyncio.sleep(min(25.0, span / 4))
    wire.admit_bot(scene.ana)
    await asyncio.sleep(span * scene.chance.uniform(0.1, 0.3))
    team = scene.rooms["team"] = scene.rooms["team"].migrate(scene.ana)
    scene.room_of[team.id] = "team"


async def _come_to_rest(scene: _Scene, complete: bool) -> None:
    """No more faults, offers and kills: wait until everything due is told."""
    scene.plan.share = 0.0
    scene.feeds.trouble = 0.0
    wire = scene.rooms["wire"]
    if not wire.chat.seat(1).status or "kicked" in {one.status for one in wire.chat.seats.values()}:
        wire.admit_bot(scene.ana)
    since = scene.now
    await scene.feeds.all_asked(3, since, patience=90.0)
    last, quiet_since = -1, scene.now
    while scene.now - since < scene.orders.patience:
        verdict = judge(_evidence(scene))
        if complete and not verdict.lost and not verdict.commands_lost:
            await scene.lives.lives_on(3.0)
            return
        if len(scene.said) != last:
            last, quiet_since = len(scene.said), scene.now
        if not complete and scene.now - quiet_since > 15.0:
            return
        await scene.lives.lives_on(1.0)


async def _ending(scene: _Scene) -> str:
    """End the program in good order and look at what it leaves; returns what is wrong."""
    code = await scene.lives.stop()
    if code:
        return f"SIGTERM ended with {code}"
    if scene.cluster:
        return await asyncio.to_thread(scene.cluster.check)
    assert scene.database is not None
    if scene.database.stat().st_mode & 0o077:
        return "others may read the database"
    with closing(sqlite3.connect(scene.database)) as conn:
        found = conn.execute("PRAGMA integrity_check").fetchone()[0]
    return "" if found == "ok" else str(found)


def _evidence(scene: _Scene) -> Evidence:
    calls = scene.telegram.calls("sendMessage")
    began = scene.telegram.world.clock() - scene.now
    scene.said = [_said(scene, call.asked, call.at - began) for call in calls]
    answered = {
        int(found[1])
        for call in calls
        if call.asked["chat_id"] == scene.ana.id and (found := _ANSWER.search(call.asked["text"]))
    }
    return Evidence(
        rooms=list(scene.rooms),
        room_of=scene.room_of,
        offers=scene.feeds.offers,
        asked=scene.feeds.asked,
        said=scene.said,
        spoilt=scene.plan.spoilt,
        broken=scene.broken,
        commands={number: number in answered for number in scene.commands},
        still_offered=frozenset(scene.feeds.in_window()),
    )


def _said(scene: _Scene, asked: Mapping[str, object], at: float) -> Said:
    text, chat = str(asked["text"]), int(str(asked["chat_id"]))
    found = NUMBER.search(text)
    return Said(
        at=at,
        room=scene.room_of.get(chat, str(chat)),
        chat=chat,
        number=int(found[1]) if found else 0,
        marked=REPEAT in text.splitlines(),
        text=text if not found else "",
    )


def memory_of(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
