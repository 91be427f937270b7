"""A change of a Watch before it is kept: what it would have done, then [Keep] or [Don't]."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.byline import headline, outlet, published
from bot.talk import effect, keyboards, replies, undo, wishes
from bot.talk.effect import Effect
from bot.talk.turn import Turn
from matching import amend
from matching.amend import Amendment
from model.errors import UsageError
from model.item import Item
from model.message import Button, Message, joined
from model.watch import StoredWatch, Watch
from store import watches

SHOWN = 3
"""Headlines that are named of what would be gone, and of what would be new."""
A_PAGE = 10
LINE = 90
"""Characters of a headline in these lists."""
WORD = 60
"""Characters of a word in a sentence about it."""


async def propose(
    turn: Turn, stored: StoredWatch, change: Amendment, *, message_id: int = 0
) -> None:
    """Show what the change would have done; `message_id`: the screen, when this turn is none."""
    wish = amended(turn, stored.watch, change)
    [found] = await effect.effects(turn.parts, stored.watch, [wish], turn.now)
    message = joined([title(turn, stored.watch, change), *effect_lines(turn, found)], "\n")
    rows = await _keys(turn, stored, change, found)
    if message_id:
        await replies.put(turn, message_id, message, rows)
    else:
        await replies.change(turn, message, rows)


async def seen(turn: Turn) -> None:
    """[See all]: every article that the change would add or take away, a page at a time."""
    async with turn.parts.store.read() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
    if stored is None:
        await replies.change(turn, turn.words.write("talk.list.gone"))
        return
    change = amend.unpacked(turn.pressed["change"])
    wish = amended(turn, stored.watch, change)
    [found] = await effect.effects(turn.parts, stored.watch, [wish], turn.now)
    every = [("tune.seen.gone", one) for one in found.gone]
    every += [("tune.seen.new", one) for one in found.new]
    at = min(turn.pressed.get("at", 0), max(0, len(every) - 1))
    lines = [title(turn, stored.watch, change)]
    lines += [
        turn.words.write(code, line=_line(turn, one)) for code, one in every[at : at + A_PAGE]
    ]
    args = {"watch": stored.watch.id, "change": change.packed()}
    async with turn.parts.store.write() as tx:
        rows = await keyboards.paging(tx, turn, "tune_seen", at, len(every), A_PAGE, **args)
        back = await keyboards.button(tx, turn, "talk.button.back", "tune_change", **args)
    await replies.change(turn, joined(lines, "\n"), [*rows, [back]])


async def again(turn: Turn) -> None:
    """[Back] from the list: the same proposal."""
    async with turn.parts.store.read() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
    if stored is None:
        await replies.change(turn, turn.words.write("talk.list.gone"))
    else:
        await propose(turn, stored, amend.unpacked(turn.pressed["change"]))


async def keep(turn: Turn, change: Amendment) -> tuple[StoredWatch | None, Button | None]:
    """Apply the change to the Watch as it now stands; returns it and the button that takes the
    change back (None: it was so already).
    """
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        if stored is None or stored.declared:
            return None, None
        wish = amended(turn, stored.watch, change)
        before = amend.different(stored.watch, wish)
        if not before:
            return stored, None
        kept = await watches.change(tx, wish, turn.now, by=turn.user.id)
        key = await undo.remember(tx, turn, "watch_changed", watch=stored.watch.id, before=before)
    return kept, key


def amended(turn: Turn, watch: Watch, change: Amendment) -> Watch:
    """Return the Watch after the change; UsageError when it would silence itself, TermError when
    it can't be watched so.
    """
    wish = amend.amended(watch, change)
    if change.field == "never" and effect.silences(turn.parts, wish):
        phrase = turn.words.listed(change.add)
        raise UsageError(turn.words.say("talk.notthem.silences", phrase=phrase, name=watch.name))
    return wish


def title(turn: Turn, watch: Watch, change: Amendment) -> Message:
    """Return the first line of a proposal: whose, and what is changed."""
    name = wishes.bold(turn, watch.name)
    return turn.words.write("tune.proposed", name=name, change=described(turn, change))


def described(turn: Turn, change: Amendment) -> str:
    """Return a change in words: "Never: ＋ Camilo Cienfuegos"."""
    if change.field == "threshold":
        code = "tune.threshold.number" if change.value else "tune.threshold.default"
        return turn.words.say(code, number=change.value)
    if change.field not in amend.LISTS:
        return turn.words.say(f"tune.{change.field}.{change.value or 'no'}")
    put_in = [turn.words.say("tune.added", word=shown(turn, change.field, w)) for w in change.add]
    out = [turn.words.say("tune.dropped", word=shown(turn, change.field, w)) for w in change.drop]
    what = ", ".join([*put_in, *out][:10])
    return turn.words.say(
        "tune.change", field=turn.words.say(f"tune.field.{change.field}"), what=what
    )


def shown(turn: Turn, field: str, word: str) -> str:
    """Return a word of a list as people read it: a language by its name."""
    if field == "lang":
        return turn.words.language_name(word)
    return keyboards.short(word, WORD)


def effect_lines(turn: Turn, found: Effect) -> list[Message]:
    """Return what a change would have done, in lines."""
    words = turn.words
    limited = [words.write("tune.latest", n=found.latest)] if found.latest else []
    if found.is_nothing:
        return [words.write("tune.same", n=found.before), *limited]
    lines = [words.write("tune.effect", before=found.before, n=found.after), *limited]
    for code, some in (("tune.gone", found.gone), ("tune.new", found.new)):
        if some:
            lines.append(words.write(code, n=len(some)))
            lines += [words.write("tune.line", line=_line(turn, one)) for one in some[:SHOWN]]
        if len(some) > SHOWN:
            lines.append(words.write("tune.more", n=len(some) - SHOWN))
    return lines


def _line(turn: Turn, item: Item) -> Message:
    at = published(item)
    about: Sequence[str] = [one for one in (outlet(item), turn.words.day(at) if at else "") if one]
    head = headline(item, turn.words, LINE)
    return turn.words.write("tune.article", headline=head, about=", ".join(about))


async def _keys(
    turn: Turn, stored: StoredWatch, change: Amendment, found: Effect
) -> list[list[Button]]:
    args = {"watch": stored.watch.id, "change": change.packed()}
    async with turn.parts.store.write() as tx:
        keep_it = await keyboards.button(tx, turn, "tune.button.keep", "tune_keep", **args)
        drop_it = await keyboards.button(
            tx, turn, "tune.button.dont", "tune", watch=stored.watch.id, field=change.field
        )
        rows = [[keep_it, drop_it]]
        if max(len(found.gone), len(found.new)) > SHOWN:
            rows.append([await keyboards.button(tx, turn, "tune.button.see", "tune_seen", **args)])
    return rows
