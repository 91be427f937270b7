"""A name goes to CourtListener's search only after somebody agreed for that watch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.config import load
from bot.courts import court_desk
from bot.talk.parts import CourtDesk
from model import Watch
from store import court_asks, watch_log, watches
from tests.bot.running import vigil
from tests.bot.talk.stage import Stage, labels

NAME = "Salvador Cienfuegos Zepeda"
START, STOP = "Search court records", "Stop court search"


async def watched(stage: Stage) -> int:
    async with stage.store.write() as tx:
        known = await watches.by_name(tx, NAME)
        return (known or await watches.add(tx, Watch(NAME), stage.clock.now)).watch.id


async def opened(stage: Stage, *, may_search: bool = True) -> int:
    """Open the Watch's screen; return its id."""
    desk = CourtDesk(may_search=may_search)
    stage.receiver._parts = replace(stage.receiver._parts, courts=desk)
    watch_id = await watched(stage)
    await stage.ana.says("/list")
    await stage.ana.hears(NAME)
    await stage.ana.presses(NAME)
    await stage.handled()
    return watch_id


async def agreed(stage: Stage, watch_id: int) -> bool:
    async with stage.store.read() as tx:
        return watch_id in await court_asks.agreed(tx)


async def test_a_name_is_searched_for_after_yes_and_no_longer_after_undo(stage: Stage) -> None:
    watch_id = await opened(stage)
    assert await agreed(stage, watch_id) is False
    await stage.ana.presses(START)
    said = await stage.ana.hears("to CourtListener")
    assert NAME in said["text"]
    assert await agreed(stage, watch_id) is False
    await stage.ana.presses("Yes")
    await stage.handled()
    assert await agreed(stage, watch_id) is True
    async with stage.store.read() as tx:
        newest = (await watch_log.latest(tx, 1))[0]
    assert (newest.watch_id, newest.what, newest.by) == (
        watch_id,
        "court search allowed",
        stage.ana.id,
    )
    await stage.ana.presses("Undo")
    await stage.handled()
    assert await agreed(stage, watch_id) is False


async def test_no_sends_nothing(stage: Stage) -> None:
    watch_id = await opened(stage)
    await stage.ana.presses(START)
    await stage.handled()
    await stage.ana.presses("No")
    await stage.handled()
    assert not await agreed(stage, watch_id)


async def test_what_was_agreed_can_be_taken_back_on_the_screen(stage: Stage) -> None:
    watch_id = await watched(stage)
    async with stage.store.write() as tx:
        await court_asks.consent(tx, watch_id, given=True, by=1, now=stage.clock.now)
    await opened(stage)
    await stage.ana.presses(STOP)
    await stage.handled()
    assert await agreed(stage, watch_id) is False


async def test_spellings_added_later_are_asked_for_anew(stage: Stage) -> None:
    watch_id = await watched(stage)
    async with stage.store.write() as tx:
        await court_asks.consent(tx, watch_id, given=True, by=1, now=stage.clock.now)
        stored = await watches.get(tx, watch_id)
        assert stored is not None
        more = replace(stored.watch, aliases=("El Padrino Cienfuegos",))
        await watches.change(tx, more, stage.clock.now)
        assert await court_asks.agreed(tx) == {watch_id: (NAME,)}
    await opened(stage)
    assert STOP in labels(stage.ana)
    await stage.ana.presses("Search new spellings")
    said = await stage.ana.hears("to CourtListener")
    assert f"{NAME} and El Padrino Cienfuegos" in said["text"]
    await stage.ana.presses("Yes")
    await stage.handled()
    async with stage.store.write() as tx:
        assert await court_asks.agreed(tx) == {watch_id: (NAME, "El Padrino Cienfuegos")}
    await stage.ana.presses("Undo")
    await stage.handled()
    async with stage.store.read() as tx:
        assert await court_asks.agreed(tx) == {watch_id: (NAME,)}


async def test_nothing_is_offered_where_names_are_never_sent(stage: Stage) -> None:
    await opened(stage, may_search=False)
    assert START not in labels(stage.ana)


def test_the_configuration_says_whether_it_is_offered(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for written, offered in (
        ("", True),
        ('search = "never"', False),
        ('courtlistener_url = ""', False),
    ):
        path.write_text(f"[courts]\n{written}\n")
        desk = court_desk(load(path, environ={}), stage.store, stage.parts.fetcher)
        assert desk.may_search is offered


def test_the_command_line_agrees_and_withdraws(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    assert vigil("watch", "add", NAME, "--search-courts", cwd=tmp_path).returncode == 0
    done = vigil("watch", "consent", NAME, "--withdraw", cwd=tmp_path)
    assert done.stdout == f"{NAME} is not sent to CourtListener.\n"
    again = vigil("watch", "consent", NAME, cwd=tmp_path)
    assert again.stdout == f"{NAME} may go to CourtListener's search.\n"
    (tmp_path / "config.toml").write_text('[courts]\nsearch = "never"\n')
    refused = vigil("watch", "consent", NAME, cwd=tmp_path)
    assert refused.returncode == 2
    assert "never" in refused.stderr
