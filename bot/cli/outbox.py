"""`vigil outbox`: what waits to be delivered, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import show as screen
from bot.cli.given import loaded
from model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from store.engine import Store, Tx

group = typer.Typer(rich_markup_mode=None, help="What waits to be delivered: list, retry, drop.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines.")]
Ids = Annotated[list[int], typer.Argument(help="Numbers, as `vigil outbox list` shows them.")]


def add(app: typer.Typer) -> None:
    """Put these commands into the table."""
    app.add_typer(group, name="outbox")


@group.command("list")
def list_outbox(
    context: typer.Context,
    state: Annotated[
        list[str] | None, typer.Option(help="due, sending, sent, refused or gone; repeatable.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List deliveries; without --state those that are not done."""
    from bot.opening import with_store
    from model.alert import DeliveryState
    from store import outbox

    known = [one.value for one in DeliveryState]
    wanted = state or ["due", "sending", "refused"]
    for name in wanted:
        if name not in known:
            raise UsageError(f"--state {name}: write one of {', '.join(known)}.")
    states = [DeliveryState(name) for name in wanted]

    async def work(store: Store) -> list[object]:
        async with store.read() as tx:
            return list(await outbox.listing(tx, states=states, limit=limit))

    found = with_store(loaded(context), work)
    if as_json:
        screen.lines(found)
        return
    rows = [tuple(screen.plain_fields(one).values()) for one in found]
    headings = tuple(screen.plain_fields(found[0])) if found else ()
    screen.table(headings, rows, empty="Nothing waits.")


@group.command()
def retry(context: typer.Context, ids: Ids) -> None:
    """Try deliveries again, now."""
    from store import outbox

    _change(context, ids, outbox.retry, "tried again")


@group.command()
def drop(context: typer.Context, ids: Ids) -> None:
    """Give deliveries up."""
    from store import outbox

    _change(context, ids, outbox.drop, "dropped")


def _change(
    context: typer.Context,
    ids: Collection[int],
    change: Callable[..., Awaitable[int]],
    done: str,
) -> None:
    from bot.opening import utcnow, with_store

    async def work(store: Store) -> int:
        async with store.write() as tx:
            return await _changed(tx)

    async def _changed(tx: Tx) -> int:
        return await change(tx, ids, utcnow())

    count = with_store(loaded(context), work)
    print(f"{count} of {len(ids)} {done}.")
    if count < len(ids):
        raise typer.Exit(1)
