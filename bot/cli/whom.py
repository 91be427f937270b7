"""Which channels the words after `--to`, and those of a list's `to`, stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from model.errors import UsageError

if TYPE_CHECKING:
    from model.people import Subscriber
    from store.engine import Tx

To = Annotated[
    list[str] | None,
    typer.Option("--to", help="Id, chat or number of a channel; repeatable. Absent: all private."),
]


async def everybody(tx: Tx) -> list[Subscriber]:
    """Return who can be told: never a stranger who follows something for himself."""
    from store import subscribers

    return [one for one in await subscribers.all_subscribers(tx) if not one.is_visitor]


async def called(tx: Tx) -> dict[int, str]:
    """Return what `to` calls each, switched off or not: import finds it by that."""
    from bot.export import channel_id
    from store import subscribers

    return {
        one.id: channel_id(one) or one.courier
        for one in await subscribers.all_subscribers(tx, enabled=None)
    }


async def subscribers_named(tx: Tx, names: Sequence[str]) -> list[int]:
    """Return the Subscribers that names stand for; UsageError where one stands for none."""
    known = await everybody(tx) if names else []
    try:
        return [standing_for(name, known).id for name in names]
    except UsageError as error:
        raise UsageError(f"--to {error}") from None


def known_of(names: Iterable[str], known: Sequence[Subscriber]) -> tuple[list[int], list[str]]:
    """Return the Subscribers that a list's names stand for, and why others stand for none."""
    found, wrong = [], []
    for name in names:
        try:
            found.append(standing_for(name, known).id)
        except UsageError as error:
            wrong.append(str(error))
    return found, wrong


def standing_for(name: str, known: Sequence[Subscriber]) -> Subscriber:
    """Return whom a name means: by id first, then as exports write a linked one (chat/topic), by
    number, by chat, by title. UsageError when it is nobody, or when it could be several.
    """
    from bot.export import channel_id

    for names in (
        {one.id: one.name for one in known},
        {one.id: channel_id(one) or one.courier for one in known},
        {one.id: str(one.id) for one in known},
        {one.id: one.address for one in known},
        {one.id: one.title for one in known},
    ):
        found = [one for one in known if name and names[one.id] == name]
        if len(found) == 1:
            return found[0]
        if found:
            numbers = ", ".join(str(one.id) for one in found)
            raise UsageError(f"{name}: several channels are called so; say which: {numbers}.")
    raise UsageError(f"{name}: no channel has that id; `vigil channel list` shows all.")
