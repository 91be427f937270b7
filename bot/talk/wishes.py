"""Watches in words, and as buttons keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.talk.turn import Turn
from model.message import Message
from model.watch import Priority, Watch, WatchKind


def understood(turn: Turn, wish: Watch) -> list[Message]:
    """Return lines that say how a Watch is understood: other names, nicknames, what excludes."""
    told: Sequence[tuple[str, Sequence[str]]] = (
        ("talk.watch.also", wish.aliases),
        ("talk.watch.nicknames", wish.nicknames),
        ("talk.watch.context", wish.context),
        ("talk.watch.require", wish.require),
        ("talk.watch.never", wish.never),
        ("talk.watch.lang", tuple(map(turn.words.language_name, wish.lang))),
        ("talk.watch.sources", wish.sources),
    )
    return [
        turn.words.write(code, all=turn.words.listed(list(some))) for code, some in told if some
    ]


def bold(turn: Turn, name: str) -> Message:
    """Return a name as it stands in sentences about it."""
    return turn.words.write("talk.name", name=name)


def packed(wish: Watch) -> dict[str, Any]:
    """Return a Watch as a button keeps it."""
    return {name: value for name, value in asdict(wish).items() if value or name == "kind"}


def unpacked(kept: Mapping[str, Any]) -> Watch:
    """Return the Watch a button kept."""
    plain = {name: _tupled(value) for name, value in kept.items()}
    plain["kind"] = WatchKind(kept["kind"])
    plain["priority"] = Priority(kept.get("priority", Priority.NORMAL))
    return Watch(**plain)


def _tupled(value: object) -> Any:  # noqa: ANN401 - whatever a Watch holds
    return tuple(_tupled(one) for one in value) if isinstance(value, list) else value
