"""`vigil why` and `vigil backtest`: what the matcher says of an article, and of the past."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from bot.cli import show
from bot.cli.given import loaded
from bot.cli.scan import opened
from model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.backtest import Backtest, Hit, Setting
    from bot.config import Loaded
    from model.item import Item
    from model.watch import Watch
    from store.engine import Store


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.command()(why)
    app.command()(backtest)


def why(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="An address, a file, or - for stdin.")],
    watch: Annotated[str, typer.Option(help="This watch only: name or number.")] = "",
    watches: Annotated[
        Path | None, typer.Option(help="Names from a list instead, as in `vigil scan`.")
    ] = None,
) -> None:
    """Put one article through the matcher.

    Every rule's verdict, in words.
    """
    import asyncio

    from bot import why as reasons
    from bot.words import load

    if article.startswith(("http://", "https://")):
        item = asyncio.run(reasons.item_at(loaded(context), article))
    else:
        with opened(article) as (file, _):
            item = asyncio.run(_read(_body(file, article), article))
    options = {} if watches else _matching(loaded(context))
    wanted = _listed(watches) if watches else _stored(context)
    if watch:
        wanted = [_named(wanted, watch)]
    source = asyncio.run(reasons.source_of(loaded(context), item)) if item.id else None
    explained = reasons.explain(item, wanted, source, **options)
    shown = [one for one in explained if one.is_near or watch]
    _print(reasons.lines(item, shown, load()))
    if len(shown) < len(explained):
        print(f"{len(explained) - len(shown)} watches find nothing in it.")
    if item.id:
        kept = asyncio.run(reasons.versions_of(loaded(context), item))
        _print(reasons.version_lines(kept))


LARGEST = 20_000_000
"""Bytes of a file with one article."""


def _body(file: BinaryIO, name: str) -> bytes:
    body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise UsageError(f"{name} is larger than {LARGEST // 1_000_000} MB.")
    return body


def _print(lines: Sequence[str]) -> None:
    """Print lines, those indented that are, without what would steer a terminal."""
    for line in lines:
        print(line[: len(line) - len(line.lstrip(" "))] + show.printable(line))


async def _read(body: bytes, name: str) -> Item:
    from bot.why import item_in
    from watchers.sandbox import Sandbox

    async with Sandbox(children=1) as sandbox:
        return await item_in(sandbox, body, name)


def _matching(config: Loaded) -> dict[str, int]:
    matching = config.settings.matching
    return {"threshold": matching.threshold, "context_distance": matching.context_distance}


def _listed(path: Path) -> list[Watch]:
    from bot.export import watches_from

    return watches_from(path, show.complain)[0]


def _stored(context: typer.Context, path: Path | None = None) -> list[Watch]:
    from bot.opening import with_store
    from store import watches

    async def work(store: Store) -> list[Watch]:
        async with store.read() as tx:
            return [stored.watch for stored in await watches.all_watches(tx)]

    return with_store(loaded(context, path), work)


def _named(watches: Sequence[Watch], name: str) -> Watch:
    from bot.cli.watch import chosen
    from model.watch import StoredWatch

    return chosen([StoredWatch(watch) for watch in watches], name).watch


def backtest(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The watch: name or number.")],
    since: Annotated[str, typer.Option(help='How far back, such as "90d".')] = "90d",
    config: Annotated[
        Path | None, typer.Option(help="Another config.toml: what would be different with it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Say what a watch would have sent.

    From the items stored; with --config, what would be different with another configuration.
    """
    from datetime import timedelta

    from bot import backtest as past
    from bot.opening import utcnow, with_store
    from bot.units import seconds

    try:
        start = utcnow() - timedelta(seconds=seconds(since))
    except (ValueError, OverflowError):
        raise UsageError(f'--since {since}: write how far back, such as "90d" or "12h".') from None
    here = loaded(context)
    one = past.Setting(_named(_stored(context), name), **_matching(here))
    other = _other(loaded(context, config), one) if config else None

    async def work(store: Store) -> past.Backtest:
        with show.progress("items looked at") as moved:
            return await past.backtest(store, one, since=start, other=other, watching=moved)

    result = with_store(here, work)
    if as_json:
        _print_hits(result)
    else:
        _say_backtest(result, one.watch.name)


def _other(config: Loaded, one: Setting) -> Setting:
    """Return the same watch as another configuration has it: its own terms, where it lists it."""
    from bot.backtest import Setting
    from bot.declare import wishes

    declared = {watch.name: watch for watch, _ in wishes(config)}
    return Setting(declared.get(one.watch.name, one.watch), **_matching(config))


def _print_hits(result: Backtest) -> None:
    """Print each item that would have been told of as a JSON line."""
    from bot.backtest import difference

    if result.others is None:
        show.lines(_hit(hit) for hit in result.hits)
        return
    added, gone = difference(result)
    show.lines({"change": "added", **_hit(hit)} for hit in added)
    show.lines({"change": "gone", **_hit(hit)} for hit in gone)


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "seen": hit.item.first_seen,
        "title": hit.item.title,
        "url": hit.item.url,
        "source": hit.item.source,
        "text": hit.mention.text,
        "score": hit.mention.score,
        "reprint": hit.joins,
    }


def _say_backtest(result: Backtest, name: str) -> None:
    from bot.backtest import difference

    if result.since is None:
        print("No items are stored in that time: let vigil run for a while first.")
        return
    alerts = sum(not hit.joins for hit in result.hits)
    print(
        f"{name}: {alerts} alerts and {len(result.hits) - alerts} reprints from "
        f"{result.items:,} items since {result.since:%Y-%m-%d}."
    )
    if result.others is None:
        for hit in result.hits:
            print(f"  {_hit_line(hit)}")
        return
    added, gone = difference(result)
    print(f"With the other configuration: {len(added)} more, {len(gone)} fewer.")
    for sign, hits in (("+", added), ("-", gone)):
        for hit in hits:
            print(f"{sign} {_hit_line(hit)}")


def _hit_line(hit: Hit) -> str:
    seen = f"{hit.item.first_seen:%Y-%m-%d %H:%M}" if hit.item.first_seen else ""
    reprint = " (reprint)" if hit.joins else ""
    title = show.printable(hit.item.title)
    return f"{seen}  {hit.mention.score:3}  {title}, {show.printable(hit.item.source)}{reprint}"
