"""`vigil channel`: where alerts go, besides what is linked in Telegram."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import loaded
from bot.cli.whom import standing_for
from model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.people import NewSubscriber, Subscriber
    from store.engine import Store

    New = tuple[NewSubscriber, dict[str, object]]
    """What is added, and what is said of its Rhythm."""

group = typer.Typer(rich_markup_mode=None, help="Where alerts go: add, list, show, remove.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]
Which = Annotated[str, typer.Argument(help="Id, chat or number.")]


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.add_typer(group, name="channel")


@group.command("add")
def add_channel(
    context: typer.Context,
    chat: Annotated[str, typer.Argument(help='The chat\'s number or "@name"; negative after --.')],
    title: Annotated[str, typer.Option(help="What to call it.")] = "",
    thread: Annotated[int, typer.Option(min=0, help="A forum topic.")] = 0,
    language: Annotated[str, typer.Option(help="Of the bot's own words there.")] = "en",
    why: Annotated[bool, typer.Option(help="Whether messages say why they came.")] = True,
) -> None:
    """Send alerts to a chat where the bot may post."""
    row = {"chat": chat, "id": title or chat, "thread": thread, "language": language, "why": why}
    _add_all(context, [_new(row)])
    print(f"Alerts go to {title or chat} from now on.")


def _new(row: dict[str, object]) -> New:
    """Return the Subscriber of one entry, checked as [[channels]] is, with what the entry says of
    how it is told; UsageError otherwise.
    """
    from dataclasses import replace

    from pydantic import ValidationError

    from bot.declare import channel, how_told
    from bot.settings import Channel

    try:
        entry = Channel(**row)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        told = first["ctx"]["error"] if first["type"] == "value_error" else first["msg"]
        raise UsageError(f"{row.get('chat', '') or 'a channel'}: {told}.") from None
    if entry.chat is None:
        raise UsageError(f"{entry.id}: what has a url_file is declared in config.toml.")
    said = {name: value for name, value in how_told(entry).items() if name in row}
    return replace(channel(entry), name=""), said


def _add_all(context: typer.Context, news: Sequence[New]) -> None:
    from bot.opening import utcnow, with_store
    from store import rhythms, subscribers

    async def work(store: Store) -> None:
        async with store.write() as tx:
            for new, said in news:
                added = await subscribers.add(tx, new, utcnow())
                if said.get("digest"):  # its first comes at its next time, not at once
                    said["digest_last"] = utcnow()
                if said:
                    await rhythms.change(tx, added.id, **said)

    with_store(loaded(context), work)


def _all(context: typer.Context) -> list[Subscriber]:
    from bot.opening import with_store
    from store import subscribers

    async def work(store: Store) -> list[Subscriber]:
        async with store.read() as tx:
            return list(await subscribers.all_subscribers(tx))

    return with_store(loaded(context), work)


@group.command("list")
def list_channels(context: typer.Context, as_json: AsJson = False) -> None:
    """List where alerts go."""
    found = _all(context)
    if as_json:
        screen.lines(found)
        return
    headings = ("number", "id", "title", "by", "chat", "topic", "from", "trouble")
    rows = [
        (
            one.id,
            one.name,
            one.title,
            one.courier,
            one.address,
            one.thread or "",
            "config.toml" if one.declared else "linked",
            one.parked_why or ("" if one.enabled else "switched off"),
        )
        for one in found
    ]
    screen.table(headings, rows, empty="No channel yet: /channel in Telegram links one.")


@group.command()
def show(context: typer.Context, which: Which, as_json: AsJson = False) -> None:
    """Show one channel with all that is known of it."""
    one = standing_for(which, _all(context))
    if as_json:
        screen.lines([one])
    else:
        screen.fields({name: getattr(one, name) for name in type(one).__slots__})


@group.command()
def remove(context: typer.Context, which: Which) -> None:
    """Send nothing more to a channel."""
    from bot.opening import utcnow, with_store
    from store import subscribers

    async def work(store: Store) -> Subscriber:
        async with store.write() as tx:
            one = standing_for(which, await subscribers.all_subscribers(tx))
            if one.declared:
                raise UsageError(
                    f"{one.name} is declared in config.toml: remove it there, then `vigil reload`."
                )
            await subscribers.remove(tx, one.id, utcnow())
            return one

    gone = with_store(loaded(context), work)
    print(f"Nothing more goes to {gone.title or gone.address}.")


@group.command("import")
def import_channels(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON lines, as export prints them.")],
) -> None:
    """Add every channel of a list; a bad line is named, the rest goes on."""
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8: save it as UTF-8.") from None
    news, bad = [], 0
    for number, line in enumerate(lines, start=1):
        try:
            news += [_new(_object(line))] if line.strip() else []
        except UsageError as error:
            bad += 1
            print(f"vigil: {file.name} line {number}: {error}", file=sys.stderr)
    _add_all(context, news)
    print(f"{len(news)} channels added, {bad} lines could not be used.")
    if bad:
        raise typer.Exit(1)


def _object(line: str) -> dict[str, object]:
    import json

    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise UsageError("this is not JSON.") from None
    if not isinstance(found, dict):
        raise UsageError('an object such as {"id": "desk", "chat": -1001234567890} is needed.')
    return found


@group.command("export")
def export_channels(context: typer.Context) -> None:
    """Print every Telegram channel.

    As JSON lines, to be read by import.
    """
    from bot.export import channel_row, rhythm_row
    from bot.opening import with_store
    from store import rhythms, subscribers

    async def work(store: Store) -> list[dict[str, object]]:
        async with store.read() as tx:
            every = [one for one in await subscribers.all_subscribers(tx) if not one.is_visitor]
            found = [one for one in every if one.courier == "telegram"]
            hows = await rhythms.of(tx, [one.id for one in found])
        return [channel_row(one) | rhythm_row(hows[one.id]) for one in found]

    screen.lines(with_store(loaded(context), work))
