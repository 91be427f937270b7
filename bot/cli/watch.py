"""`vigil watch`: whom to look for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import loaded
from bot.cli.whom import To, called, everybody, known_of, subscribers_named
from model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import Loaded
    from model.people import Subscriber
    from model.watch import StoredWatch, Watch
    from store.engine import Store

group = typer.Typer(rich_markup_mode=None, help="Whom to look for: add, list, show, remove.")

AT_ONCE = 1000
"""Watches added in one transaction: everything else waits behind it."""
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.add_typer(group, name="watch")


@group.command("add")
def add_watch(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="A name, as in /watch: 'Ana Pérez | \"La Jefa\"'.")],
    to: To = None,
    search_courts: Annotated[
        bool, typer.Option("--search-courts", help="Let the name go to CourtListener's search.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Watch a name from now on."""
    from bot.backtest import Setting, outlook
    from bot.opening import utcnow, with_store
    from bot.words import load
    from matching.terms import read, write

    watch, named = read(text)
    config = loaded(context)
    if search_courts:
        _must_search(config)

    async def work(store: Store) -> tuple[StoredWatch, list[str]]:
        setting = Setting(watch, config.settings.matching.threshold)
        known = await outlook(store, setting, utcnow(), load())
        async with store.read() as tx:
            told = await subscribers_named(tx, (*named, *(to or ())))
        one = (await _add_all(store, [(watch, told)]))[0]
        if search_courts:
            await _consent(store, one, given=True)
        return one, known

    stored, known = with_store(config, work)
    if as_json:
        screen.lines([row(stored, {}) | {"outlook": known}])
        return
    print(f"Watching {stored.watch.name} (number {stored.watch.id}): {write(stored.watch)}")
    print("\n".join(known), end="\n" if known else "")


def _must_search(config: Loaded) -> None:
    """Raise UsageError where config.toml forbids that names go to CourtListener."""
    courts = config.settings.courts
    if not courts.courtlistener_url:
        raise UsageError("[courts] courtlistener_url is empty: CourtListener is not asked.")
    if courts.search != "ask":
        raise UsageError('[courts] search = "never": no name may go to CourtListener\'s search.')


async def _consent(store: Store, stored: StoredWatch, *, given: bool) -> None:
    from bot.opening import utcnow
    from store import court_asks

    async with store.write() as tx:
        await court_asks.consent(tx, stored.watch.id, given=given, by=0, now=utcnow())


@group.command()
def consent(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name or number.")],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take it back.")] = False,
) -> None:
    """Let a watch's name go to CourtListener's search, or no longer."""
    from bot.opening import with_store
    from store import watches

    config = loaded(context)
    if not withdraw:
        _must_search(config)

    async def work(store: Store) -> StoredWatch:
        async with store.read() as tx:
            stored = chosen(await watches.all_watches(tx), name)
        await _consent(store, stored, given=not withdraw)
        return stored

    watched = with_store(config, work).watch.name
    said = "is not sent to CourtListener" if withdraw else "may go to CourtListener's search"
    print(f"{watched} {said}.")


async def _add_all(
    store: Store, wishes: Sequence[tuple[Watch, Sequence[int]]]
) -> list[StoredWatch]:
    from bot.opening import utcnow
    from store import watches

    async with store.write() as tx:
        return await watches.add_many(tx, wishes, utcnow())


def _key(watch: Watch) -> str:
    """Return a watch's name as names are compared."""
    return " ".join(watch.name.casefold().split())


def row(stored: StoredWatch, channels: dict[int, str]) -> dict[str, object]:
    """Return a watch as one line of JSON, in the form that `vigil scan` and import read."""
    from matching.wishes import to_row

    return {
        "id": stored.watch.id,
        **to_row(stored.watch),
        "to": [channels.get(one, str(one)) for one in stored.to],
        "declared": stored.declared,
        "muted_until": stored.muted_until,
    }


@group.command("list")
def list_watches(context: typer.Context, as_json: AsJson = False) -> None:
    """List the watches."""
    from matching.terms import write

    found, channels = _everything(context)
    if as_json:
        screen.lines(row(stored, channels) for stored in found)
        return
    headings = ("number", "watch", "to", "from")
    rows = [
        (
            stored.watch.id,
            write(stored.watch),
            [channels.get(one, one) for one in stored.to] or "private chats",
            "config.toml" if stored.declared else "added",
        )
        for stored in found
    ]
    screen.table(headings, rows, empty="Nobody is watched yet: `vigil watch add 'A Name'`.")


def _everything(context: typer.Context) -> tuple[list[StoredWatch], dict[int, str]]:
    from bot.opening import with_store
    from store import watches

    async def work(store: Store) -> tuple[list[StoredWatch], dict[int, str]]:
        async with store.read() as tx:
            return await watches.all_watches(tx), await called(tx)

    return with_store(loaded(context), work)


def chosen(found: Sequence[StoredWatch], name: str) -> StoredWatch:
    """Return the watch that a name or a number stands for; UsageError with a near name if none."""
    for stored in found:
        if name in (stored.watch.name, str(stored.watch.id)):
            return stored
    folded = [s for s in found if s.watch.name.casefold() == name.casefold()]
    if folded:
        return folded[0]
    from bot.faults import nearest

    near = nearest(name, [stored.watch.name for stored in found])
    meant = f'did you mean "{near}"?' if near else "`vigil watch list` shows all."
    raise UsageError(f'No watch is called "{name}"; {meant}')


@group.command()
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name or number.")],
    as_json: AsJson = False,
) -> None:
    """Show one watch with all its terms."""
    found, channels = _everything(context)
    whole = row(chosen(found, name), channels)
    if as_json:
        screen.lines([whole])
    else:
        screen.fields({key: value for key, value in whole.items() if value not in ([], None, "")})


@group.command()
def remove(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Name or number.")]
) -> None:
    """Stop watching a name."""
    from bot.opening import utcnow, with_store
    from store import watches

    async def work(store: Store) -> StoredWatch:
        async with store.write() as tx:
            stored = chosen(await watches.all_watches(tx), name)
            if stored.declared:
                raise UsageError(
                    f'"{stored.watch.name}" is declared in config.toml: remove it there, '
                    "then `vigil reload`."
                )
            await watches.remove(tx, stored.watch.id, utcnow())
            return stored

    print(f"{with_store(loaded(context), work).watch.name} is watched no more.")


@group.command("import")
def import_watches(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Names: .jsonl, .csv or .toml, as in `vigil scan`.")],
    to: To = None,
) -> None:
    """Watch every name of a list.

    Those that are watched already are left as they are. Each tells whom its `to` names, or all
    of them whom --to names.
    """
    from bot.export import wishes_from
    from bot.opening import with_store
    from store import watches

    wanted, bad = wishes_from(file, screen.complain)

    async def work(store: Store) -> int:
        async with store.read() as tx:
            known = {_key(stored.watch) for stored in await watches.all_watches(tx)}
            told = await subscribers_named(tx, to or ())
            heard = await everybody(tx)
        new = {_key(watch): (watch, names) for watch, names in wanted if _key(watch) not in known}
        wishes = [(watch, told or _heard(watch, names, heard)) for watch, names in new.values()]
        with screen.progress("watches added", len(wishes)) as moved:
            for start in range(0, len(wishes), AT_ONCE):
                await _add_all(store, wishes[start : start + AT_ONCE])
                moved(start + AT_ONCE)
        return len(wishes)

    added = with_store(loaded(context), work)
    print(f"{added} watches added, {len(wanted) - added} were there already, {bad} not usable.")
    if bad:
        raise typer.Exit(1)


def _heard(watch: Watch, names: Sequence[str], known: Sequence[Subscriber]) -> list[int]:
    """Return whom an entry of a list tells; who is not known here is named and left out, so that
    the private chats hear of it rather than nobody.
    """
    found, wrong = known_of(names, known)
    for sentence in wrong:
        instead = "" if found else " The private chats are told."
        screen.complain(f"{watch.name}: to {sentence}{instead}")
    return found


@group.command("export")
def export_watches(context: typer.Context) -> None:
    """Print every watch as JSON lines.

    To be read by import and by `vigil scan`.
    """
    found, channels = _everything(context)
    kept = ("id", "declared", "muted_until")
    for stored in found:
        whole = row(stored, channels)
        screen.lines([{key: value for key, value in whole.items() if key not in kept}])
