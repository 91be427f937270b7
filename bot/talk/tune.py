"""Fine-tuning a Watch: one list of it on the screen, a word taken out by a press, put in by typing;
nothing is kept before its effect is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.talk import choices, keyboards, proposal, questions, replies, wishes
from bot.talk.turn import Turn
from matching import amend
from matching.amend import Amendment
from model.errors import TermError, UsageError
from model.message import Button, Message, joined
from model.watch import StoredWatch
from store import watches
from store.engine import Tx

FIELDS = ("names", "nicknames", "context", "require", "never", "lang", "sources", "where")
"""What the buttons of a Watch's screen lead to, besides its priority."""
A_PAGE = 8
"""Words of a list on one screen."""


async def offered(tx: Tx, turn: Turn, stored: StoredWatch) -> list[list[Button]]:
    """Return the buttons that lead from a Watch's screen to its parts; none for one that stands
    in config.toml.
    """
    if stored.declared:
        return []
    keys = [
        await keyboards.button(
            tx, turn, f"tune.field.{name}", "tune", watch=stored.watch.id, field=name
        )
        for name in (*FIELDS, "priority")
    ]
    return keyboards.rows(keys)


async def show(turn: Turn) -> None:
    """Open one part of a Watch."""
    await _show(turn, ())


async def drop(turn: Turn) -> None:
    """[✕ word]: propose to take it out."""
    await _propose(turn, Amendment(turn.pressed["field"], drop=(turn.pressed["word"],)))


async def change(turn: Turn) -> None:
    """Propose what a button holds, or show it again from the list of what it would do."""
    await _propose(turn, amend.unpacked(turn.pressed["change"]))


async def typed(turn: Turn) -> None:
    """Propose to put in what was typed."""
    args = turn.pressed
    try:
        await _propose(turn, amend.typed(args["field"], turn.text), message_id=args["message"])
    except (TermError, UsageError) as error:
        await replies.say(turn, "talk.sentence", sentence=str(error))
        await questions.expect(turn, "tune", args, args["message"])


async def keep(turn: Turn) -> None:
    """[Keep]: from now on it looks for that; with [Undo]."""
    wanted = amend.unpacked(turn.pressed["change"])
    _, key = await proposal.keep(turn, wanted)
    code = "tune.kept" if key else "tune.kept-already"
    first = turn.words.write(code, change=proposal.described(turn, wanted))
    opened = replace(turn, pressed={"watch": turn.pressed["watch"], "field": wanted.field})
    await _show(opened, (first,), [[key]] if key else [])


async def _propose(turn: Turn, wanted: Amendment, *, message_id: int = 0) -> None:
    async with turn.parts.store.read() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
    if stored is None or stored.declared:
        await replies.say(turn, "talk.list.gone")
    else:
        await proposal.propose(turn, stored, wanted, message_id=message_id)


async def _show(
    turn: Turn, above: Sequence[Message], keys: Sequence[Sequence[Button]] = ()
) -> None:
    name = turn.pressed["field"]
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        if stored is not None:
            lines, rows = await _part(tx, turn, stored, name)
            back = await keyboards.button(
                tx, turn, "talk.button.back", "show_watch", watch=stored.watch.id
            )
    if stored is None or stored.declared:
        await replies.change(turn, turn.words.write("talk.list.gone"))
        return
    await replies.change(turn, joined([*above, *lines], "\n"), [*rows, *keys, [back]])
    screen = turn.message
    if name in amend.LISTS and screen is not None:
        args = {"watch": stored.watch.id, "field": name, "message": screen.message_id}
        await questions.expect(turn, "tune", args, screen.message_id)
    else:
        await questions.forget(turn)


async def _part(
    tx: Tx, turn: Turn, stored: StoredWatch, name: str
) -> tuple[list[Message], list[list[Button]]]:
    title = turn.words.write(
        "tune.title",
        name=wishes.bold(turn, stored.watch.name),
        field=turn.words.say(f"tune.field.{name}"),
    )
    if name in choices.SCREENS:
        lines, rows = await choices.SCREENS[name](tx, turn, stored)
        return [title, *lines], rows
    words = amend.listed(stored.watch, name)
    at = min(turn.pressed.get("at", 0), max(0, len(words) - 1))
    some = words[at : at + A_PAGE]
    lines = [turn.words.write("tune.entry", word=proposal.shown(turn, name, one)) for one in some]
    if not words:
        lines = [turn.words.write("tune.empty")]
    lines.append(turn.words.write(f"tune.about.{name}"))
    lines.append(turn.words.write("tune.how" if turn.private else "tune.how-here"))
    args = {"watch": stored.watch.id, "field": name}
    crosses = [
        await keyboards.labelled(
            tx, turn, f"✕ {proposal.shown(turn, name, one)}", "tune_drop", word=one, **args
        )
        for one in some
    ]
    paging = await keyboards.paging(tx, turn, "tune", at, len(words), A_PAGE, **args)
    return [title, *lines], [*keyboards.rows(crosses, 2), *paging]
