"""Watches in words, and as buttons keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from alerts.inert import clipped
from bot.talk.turn import Turn
from model.message import Message
from model.watch import Priority, Watch, WatchKind

LISTED = 8
"""Words of one list that are named on a Watch's screen."""
LONGEST = 60
"""Characters of one of them."""


def understood(turn: Turn, wish: Watch) -> list[Message]:
    """Return lines that say how a Watch is understood: other names, nicknames, what excludes."""
    told: Sequence[tuple[str, Sequence[str]]] = (
        ("talk.watch.also", wish.aliases),
        ("talk.watch.nicknames", wish.nicknames),
        ("talk.watch.context", wish.context),
        ("talk.watch.require", wish.require),
        ("talk.watch.never", wish.never),
        ("talk.watch.lang", tuple(map(turn.words.language_name, wish.lang))),
        ("talk.watch.sources", tuple(one for one in wish.sources if not one.startswith("-"))),
        ("tune.not-from", tuple(one[1:] for one in wish.sources if one.startswith("-"))),
    )
    lines = [turn.words.write(code, all=enumerated(turn, some)) for code, some in told if some]
    if wish.leading:
        lines.append(turn.words.write("tune.only-leading"))
    if wish.threshold is not None:
        lines.append(turn.words.write("tune.only-sure", number=str(wish.threshold)))
    if wish.priority is not Priority.NORMAL:
        lines.append(turn.words.write(f"tune.is-{wish.priority}"))
    return lines


def enumerated(turn: Turn, some: Sequence[str]) -> str:
    """Return words as a screen lists them: so many as fit, the rest counted."""
    shown = [clipped(one, LONGEST) for one in some[:LISTED]]
    if len(some) > LISTED:
        shown.append(turn.words.say("tune.more", n=len(some) - LISTED))
    return turn.words.listed(shown)


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
