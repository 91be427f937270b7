"""`vigil feed`: which places are asked."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import loaded
from model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.asking import Checked
    from model.source import NewSource, SourceHealth
    from store.engine import Store
    from watchers.discover import Found

group = typer.Typer(rich_markup_mode=None, help="Which sources are asked: add, list, check.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]
KINDS = ("feed", "sitemap", "links")
OfKind = Annotated[
    str,
    typer.Option(
        "--kind", help="feed, sitemap (a news sitemap) or links (a page watched for new links)."
    ),
]
Which = Annotated[str, typer.Argument(help="Address, name or number.")]


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.add_typer(group, name="feed")


@group.command("add")
def add_feed(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The feed's address.")],
    name: Annotated[str, typer.Option(help="What to call it; absent: its own title.")] = "",
    tag: Annotated[list[str] | None, typer.Option(help="A tag; repeatable.")] = None,
    lang: Annotated[str, typer.Option(help="Its language, where it does not say.")] = "",
    interval: Annotated[str, typer.Option(help='A fixed pace, such as "10m".')] = "",
    kind: OfKind = "feed",
) -> None:
    """Ask a feed from now on."""
    from bot.units import seconds
    from model.source import NewSource

    try:
        pace = seconds(interval) if interval else None
    except ValueError as error:
        raise UsageError(f"--interval {interval}: {error}.") from None
    tags = tuple(tag or ())
    new = NewSource(_address(url), name, _kind(kind), tags=tags, lang=lang, interval=pace)
    (source,) = _add_all(context, [new])
    print(f"{source} is asked from now on.")


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise UsageError(f"--kind {kind}: write one of {', '.join(KINDS)}.")
    return kind


def _address(url: str) -> str:
    from bot.feedlists import is_web

    if not is_web(url):
        raise UsageError(
            f"{url} is no whole address: write https://…, or let `vigil feed discover {url}` "
            "look for the feeds of a site."
        )
    return url


def _add_all(context: typer.Context, news: Sequence[NewSource]) -> list[str]:
    from bot.opening import utcnow, with_store
    from store import sources

    async def work(store: Store) -> list[str]:
        async with store.write() as tx:
            found = [await sources.add(tx, new, utcnow()) for new in news]
        return [source.name or source.url for source in found]

    return with_store(loaded(context), work)


@group.command("list")
def list_feeds(context: typer.Context, as_json: AsJson = False) -> None:
    """List the feeds and how each is doing."""
    found = _healths(context)
    if as_json:
        screen.lines(row(health) for health in found)
        return
    headings = ("number", "name", "from", "items", "last answer", "every", "trouble")
    rows = [
        (
            one.source.id,
            one.source.name or one.source.url,
            origin(one),
            one.items,
            one.pace.last_ok,
            _every(one),
            one.pace.error,
        )
        for one in found
    ]
    screen.table(headings, rows, empty="No feed yet: `vigil feed add https://…`.")


def _every(health: SourceHealth) -> str:
    from bot.units import say_seconds

    return say_seconds(float(round(health.source.interval or health.pace.interval)))


def origin(health: SourceHealth) -> str:
    """Return where a feed comes from: config.toml, a chat or the command line, or both."""
    named = {"config.toml": health.source.declared, "added": health.source.added}
    return " and ".join(name for name, holds in named.items() if holds)


def row(health: SourceHealth) -> dict[str, object]:
    """Return a feed as one line of JSON."""
    source, pace = health.source, health.pace
    return {
        "id": source.id,
        "url": source.url,
        "name": source.name,
        "kind": source.kind,
        "tags": source.tags,
        "lang": source.lang,
        "declared": source.declared,
        "added": source.added,
        "items": health.items,
        "interval": source.interval or pace.interval,
        "next_due": health.next_due,
        "last_ok": pace.last_ok,
        "last_new": pace.last_new,
        "fails": pace.fails,
        "error": pace.error,
    }


def _healths(context: typer.Context) -> list[SourceHealth]:
    from bot.opening import with_store
    from store import sources

    async def work(store: Store) -> list[SourceHealth]:
        async with store.read() as tx:
            return await sources.health(tx)

    return with_store(loaded(context), work)


def _chosen(found: Sequence[SourceHealth], which: str) -> SourceHealth:
    fitting = [one for one in found if which in (one.source.url, one.source.base)]
    fitting = fitting or [one for one in found if which == str(one.source.id)]
    fitting = fitting or [one for one in found if which == one.source.name]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        numbers = ", ".join(f"{one.source.id} ({one.source.url})" for one in fitting)
        raise UsageError(f"{which} is what several feeds are called; say which: {numbers}.")
    from bot.faults import nearest

    near = nearest(which, [name for one in found for name in (one.source.name, one.source.url)])
    meant = f'did you mean "{near}"?' if near else "`vigil feed list` shows all."
    raise UsageError(f'No feed is called "{which}"; {meant}')


@group.command()
def show(context: typer.Context, which: Which, as_json: AsJson = False) -> None:
    """Show one feed with all that is known of it."""
    whole = row(_chosen(_healths(context), which))
    if as_json:
        screen.lines([whole])
    else:
        screen.fields(whole)


@group.command()
def remove(context: typer.Context, which: Which) -> None:
    """Ask a feed no more.

    What it gave stays, and what was seen stays seen.
    """
    from bot.opening import utcnow, with_store
    from store import sources

    async def work(store: Store) -> SourceHealth:
        async with store.write() as tx:
            health = _chosen(await sources.health(tx), which)
            await sources.remove(tx, health.source.id, utcnow())
            return health

    gone = with_store(loaded(context), work)
    name = gone.source.name or gone.source.url
    if gone.source.declared:
        raise UsageError(
            f"{name} is declared in config.toml: remove it there, then `vigil reload`."
        )
    print(f"{name} is asked no more.")


@group.command("import")
def import_feeds(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An OPML file, or a text with one address a line.")],
) -> None:
    """Ask every feed of a list."""
    from bot.feedlists import feeds_from

    wanted = feeds_from(file)
    known = {health.source.url for health in _healths(context)}
    _add_all(context, [new for new in wanted.feeds if new.url not in known])
    there = sum(new.url in known for new in wanted.feeds)
    for sentence in wanted.notes:
        print(f"vigil: {sentence}", file=sys.stderr)
    print(f"{len(wanted.feeds) - there} feeds added, {there} were there already.")
    if wanted.notes:
        raise typer.Exit(1)


@group.command("export")
def export_feeds(context: typer.Context) -> None:
    """Print every feed as OPML."""
    from bot.feedlists import opml

    every = [health.source for health in _healths(context)]
    print(opml([one for one in every if one.kind == "feed"]), end="")
    for one in every:
        if one.kind in ("sitemap", "links"):
            screen.complain(f"{one.name or one.url} is no feed ({one.kind}): OPML can't say it.")
    if any(one.kind not in KINDS for one in every):
        screen.complain("Courts' feeds are left out: `vigil docket export` has what they serve.")


@group.command()
def check(
    context: typer.Context,
    urls: Annotated[
        list[str] | None, typer.Argument(help="Addresses; absent: every feed there is.")
    ] = None,
    as_json: AsJson = False,
    kind: OfKind = "feed",
) -> None:
    """Ask feeds once: which answer, and how.

    Nothing is stored. Exit 1 if one does not answer.
    """
    from bot.asking import check_all

    asked = [(url, _kind(kind)) for url in urls or ()]
    asked = asked or [(one.source.url, one.source.kind) for one in _healths(context)]
    config = loaded(context)
    with screen.progress("feeds asked", len(asked)) as moved:
        checked = asyncio.run(check_all(config, asked, moved))
    if as_json:
        screen.lines(checked)
    else:
        rows = [(one.url, "fine" if one.ok else "✗", one.items, _says(one)) for one in checked]
        screen.table(("address", "", "items", "says"), rows)
    if not all(one.ok for one in checked):
        raise typer.Exit(1)


def _says(one: Checked) -> str:
    return " · ".join((one.said, *one.notes)) if one.notes else one.said


@group.command()
def discover(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="A site, such as riodoce.mx.")],
    as_json: AsJson = False,
) -> None:
    """Look for the feeds of a site, or for what can be watched in place of one.

    Exit 1 if there is nothing.
    """
    from bot.asking import discover_at

    found = asyncio.run(discover_at(loaded(context), url))
    if as_json:
        screen.lines(found)
    else:
        rows = [(one.url, one.kind, one.title, one.items) for one in found]
        empty = f"No feed was found at {url}."
        screen.table(("address", "kind", "title", "items"), rows, empty=empty)
        _how_to_watch(found)
    if not found:
        raise typer.Exit(1)


def _how_to_watch(found: Sequence[Found]) -> None:
    """Say of a site without a feed what can be watched, and how."""
    for one in found:
        if one.kind == "sitemap":
            many = "address" if one.per_day == 1 else "addresses"
            print(f"No feed, but a news sitemap with {one.per_day} new {many} a day:")
        if one.kind == "links":
            print(f"No feed and no news sitemap, but a page with {one.items} links to articles:")
        if one.kind != "feed":
            print(f"  vigil feed add {one.url} --kind {one.kind}")
