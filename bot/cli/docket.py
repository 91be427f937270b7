"""`vigil docket`: which court cases are followed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import loaded
from bot.cli.whom import To, called, everybody, known_of, subscribers_named
from model.errors import DocketError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import Loaded
    from model.docket import Docket, DocketWish, Following
    from store.engine import Store, Tx

group = typer.Typer(rich_markup_mode=None, help="Which court cases are followed: add, list, show.")

LEVELS = ("orders", "important", "all")
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]
Which = Annotated[str, typer.Argument(help="Its number, or the number in the list.")]
LevelOption = Annotated[str, typer.Option(help="What is told: orders, important or all.")]


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.add_typer(group, name="docket")


@group.command("add")
def add_docket(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="CourtListener link or docket number.")],
    court: Annotated[str, typer.Option(help='Its court, such as nyed or "E.D.N.Y.".')] = "",
    level: LevelOption = "",
    to: To = None,
    as_json: AsJson = False,
) -> None:
    """Follow a court case from now on; one that is followed already tells --to as well."""
    from bot.dockets import coverage
    from bot.opening import with_store
    from bot.words import load

    wish = _read(case, court)
    config = loaded(context)
    wanted = _level(level) if level else ""

    async def work(store: Store) -> Following:
        async with store.write() as tx:
            return await _follow(tx, config, wish, wanted, await subscribers_named(tx, to or ()))

    found = with_store(config, work)
    if as_json:
        screen.lines([row(found, {})])
        return
    print(f"Following {_called(found.docket)}, told: {found.level.value}.")
    has_token = bool(config.courtlistener_token)
    print("\n".join(coverage([found.docket], token=has_token, words=load())))


def _read(case: str, court: str = "") -> DocketWish:
    """Return which case is meant; UsageError when nothing can be made of it."""
    from dataclasses import replace

    from matching.docket_wishes import read_court, read_docket

    wish = read_docket(case)
    if not court.strip():
        return wish
    try:
        return replace(wish, court=read_court(court).id)
    except DocketError as error:
        raise UsageError(f"--court: {error}") from None


async def _follow(
    tx: Tx, config: Loaded, wish: DocketWish, level: str, to: Sequence[int]
) -> Following:
    """Follow what was asked for, its court's feed too; UsageError when it is not clear which.
    `level` empty, `to` empty: as it is followed already, else as usual.
    """
    from bot.dockets import court_source
    from bot.opening import utcnow
    from model.courts import COURTS
    from model.docket import Level
    from store import dockets, sources
    from store.hearers import together

    court = wish.court or await _only_court(tx, wish)
    now = utcnow()
    before = await _followed(tx, court, wish)
    usual = before.level if before else Level(config.settings.courts.level)
    if before is not None:
        to = await together(tx, before.to, to) if to else before.to
    found = await dockets.follow(
        tx,
        court,
        wish.number,
        level=Level(level) if level else usual,
        to=to,
        now=now,
        docket_id=wish.docket_id,
    )
    feed = court_source(COURTS[court], config.settings.courts) if court in COURTS else None
    if feed is not None:
        await sources.add(tx, feed, now)
    return found


async def _followed(tx: Tx, court: str, wish: DocketWish) -> Following | None:
    """Return how the case is followed already; None: it isn't, or it is not clear which it is."""
    from store import dockets

    known = await dockets.find(tx, court, wish.number, docket_id=wish.docket_id)
    return await dockets.following_of(tx, known[0].id) if len(known) == 1 else None


async def _only_court(tx: Tx, wish: DocketWish) -> str:
    """Return the court of a number that was given without one."""
    from store import dockets

    if wish.docket_id:
        return ""
    if not wish.number:
        raise UsageError(
            f'"{wish.caption}" is neither a docket number nor a CourtListener link: give one of '
            "these. To hear of every case that names somebody, use `vigil watch add`."
        )
    known = sorted({one.court for one in await dockets.find(tx, "", wish.number) if one.court})
    if len(known) == 1:
        return known[0]
    if known:
        raise UsageError(
            f"{wish.number} exists in {', '.join(known)}: say which with --court {known[0]}."
        )
    raise UsageError(
        f"Which court is {wish.number} in? Numbers are unique within a court only: add --court, "
        'such as --court nyed or --court "E.D.N.Y.".'
    )


def _level(text: str) -> str:
    if text not in LEVELS:
        raise UsageError(f"--level {text}: write one of {', '.join(LEVELS)}.")
    return text


def _called(docket: Docket) -> str:
    from model.courts import COURTS

    court = COURTS.get(docket.court)
    number = docket.number or f"CourtListener {', '.join(docket.docket_ids)}"
    where = f" ({court.short})" if court else ""
    return f"{docket.caption + ', ' if docket.caption else ''}{number}{where}"


@group.command("list")
def list_dockets(context: typer.Context, as_json: AsJson = False) -> None:
    """List the court cases that are followed."""
    found, channels = _followings(context)
    if as_json:
        screen.lines(row(one, channels) for one in found)
        return
    from dataclasses import replace

    headings = ("number", "court", "docket", "case", "told", "to", "from", "state", "not told")
    rows = [
        (
            one.docket.id,
            one.docket.court,
            one.docket.number or _called(replace(one.docket, caption="")),
            one.docket.caption,
            one.level.value,
            [channels.get(to, str(to)) for to in one.to],
            _origin(one),
            one.docket.state.value,
            one.hidden,
        )
        for one in found
    ]
    screen.table(
        headings, rows, empty="No case yet: `vigil docket add 1:19-cr-00366 --court nyed`."
    )


def _origin(one: Following) -> str:
    named = {"config.toml": one.declared, "added": one.added}
    return " and ".join(name for name, holds in named.items() if holds)


def row(one: Following, channels: dict[int, str]) -> dict[str, object]:
    """Return a followed case as one line of JSON, in the form that import reads."""
    docket = one.docket
    return {
        "id": docket.id,
        "court": docket.court,
        "number": docket.number,
        "caption": docket.caption,
        "level": one.level.value,
        "to": [channels.get(to, str(to)) for to in one.to],
        "state": docket.state.value,
        "judge": docket.judge,
        "filed": docket.filed.isoformat() if docket.filed else None,
        "docket_ids": docket.docket_ids,
        "case_ids": docket.case_ids,
        "declared": one.declared,
        "hidden": one.hidden,
    }


def _followings(context: typer.Context) -> tuple[list[Following], dict[int, str]]:
    from bot.opening import with_store
    from store import dockets

    async def work(store: Store) -> tuple[list[Following], dict[int, str]]:
        async with store.read() as tx:
            return await dockets.followings(tx), await called(tx)

    return with_store(loaded(context), work)


def _chosen(found: Sequence[Following], which: str) -> Following:
    from matching.cases import same_number

    fitting = [
        one
        for one in found
        if which == str(one.docket.id)
        or (one.docket.number and same_number(one.docket.number, which))
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        numbers = ", ".join(f"{one.docket.id} ({one.docket.court})" for one in fitting)
        raise UsageError(f"{which} is followed in several courts: choose by number: {numbers}.")
    raise UsageError(f'No followed case is "{which}"; `vigil docket list` shows all.')


@group.command()
def show(
    context: typer.Context,
    which: Which,
    as_json: AsJson = False,
    ics: Annotated[
        bool, typer.Option("--ics", help="Its coming dates as a calendar (.ics).")
    ] = False,
) -> None:
    """Show one followed case: what is known of it, its latest entries and coming dates."""
    found, channels = _followings(context)
    one = _chosen(found, which)
    entries, dates = _known(context, one.docket.id)
    if ics:
        sys.stdout.write(dates)
        return
    whole = row(one, channels)
    if as_json:
        screen.lines([whole | {"entries": entries}])
        return
    screen.fields(whole)
    print()
    headings = ("filed", "entry", "what", "text")
    screen.table(headings, [tuple(entry.values()) for entry in entries], empty="No entry yet.")


def _known(context: typer.Context, docket_id: int) -> tuple[list[dict[str, object]], str]:
    """Return a case's latest entries, and its coming dates as a calendar."""
    from datetime import timedelta

    from bot.calendar import calendar
    from bot.opening import utcnow, with_store
    from store import dockets, hearings

    async def work(store: Store) -> tuple[list[dict[str, object]], str]:
        now = utcnow()
        async with store.read() as tx:
            entries = await dockets.entries(tx, docket_id, 20)
            dates = await hearings.between(tx, now - timedelta(days=1), now + timedelta(days=1098))
        own = [(docket, date) for docket, date in dates if docket.id == docket_id]
        return [_entry(item) for item in entries], calendar(own, now)

    return with_store(loaded(context), work)


def _entry(item: object) -> dict[str, object]:
    from matching.filings import filed_on
    from model.docket import Filing
    from model.item import Item

    filing = item.filing if isinstance(item, Item) and item.filing else Filing()
    what = filing.events[0].kind if filing.events else ""
    text = (filing.text or filing.short)[:160]
    return {"filed": filed_on(filing), "entry": filing.entry, "what": what, "text": text}


@group.command()
def remove(context: typer.Context, which: Which) -> None:
    """Follow a case no more. What it gave stays."""
    from bot.opening import with_store
    from store import dockets

    one = _chosen(_followings(context)[0], which)
    if one.declared:
        raise UsageError(
            f"{one.docket.number} is declared in config.toml: remove it there, then `vigil reload`."
        )

    async def work(store: Store) -> None:
        async with store.write() as tx:
            await dockets.unfollow(tx, one.docket.id)

    with_store(loaded(context), work)
    print(f"{_called(one.docket)} is followed no more.")


@group.command("export")
def export_dockets(context: typer.Context) -> None:
    """Print every followed case as JSON lines."""
    found, channels = _followings(context)
    screen.lines(row(one, channels) for one in found)


@group.command("import")
def import_dockets(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON lines, or one number and court a line.")],
) -> None:
    """Follow every case of a list; a bad line is named, the rest goes on."""
    from bot.opening import with_store

    config = loaded(context)
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8: save it as UTF-8.") from None

    def complain(number: int, sentence: object) -> None:
        print(f"vigil: {file.name} line {number}: {sentence}", file=sys.stderr)

    async def work(store: Store) -> tuple[int, int]:
        bad = 0
        filled = [(at, line) for at, line in enumerate(lines, 1) if line.strip()]
        for number, line in filled:
            try:
                async with store.write() as tx:
                    unknown = await _import_line(tx, config, line)
            except (UsageError, DocketError) as error:
                bad += 1
                complain(number, error)
            else:
                for sentence in unknown:
                    complain(number, f"to {sentence}")
        return len(filled) - bad, bad

    done, bad = with_store(config, work)
    print(f"{done} cases followed, {bad} lines could not be used.")
    if bad:
        raise typer.Exit(1)


async def _import_line(tx: Tx, config: Loaded, line: str) -> list[str]:
    """Follow the case of a line; return who of those it tells is not known here, in sentences."""
    from bot.export import listed

    if not line.lstrip().startswith("{"):
        await _follow(tx, config, _read(line), "", ())
        return []
    given = _object(line)
    to, unknown = known_of(listed(given), await everybody(tx))
    wish = _read(_case(given), str(given.get("court") or ""))
    level = _level(str(given["level"])) if given.get("level") else ""
    await _follow(tx, config, wish, level, to)
    return unknown


def _object(line: str) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError(f"this is not JSON ({error.msg}).") from None
    except RecursionError:
        raise UsageError("this JSON is nested too deeply.") from None
    return found


def _case(given: dict[str, object]) -> str:
    """Return how a line of JSON names its case: by its number, else by CourtListener's."""
    ids = given.get("docket_ids")
    if given.get("number"):
        return str(given["number"])
    if isinstance(ids, list) and ids:
        return f"courtlistener.com/docket/{ids[0]}/"
    raise UsageError('it names no case: "number" with "court", or "docket_ids", is needed.')
