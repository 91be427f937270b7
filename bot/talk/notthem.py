"""[Not them] on an alert: just this article, or never again when the text says something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from alerts.compose import compose
from bot.talk import keyboards, questions, replies, undo
from bot.talk.preview import measure
from bot.talk.turn import Turn
from matching.match import Matcher
from model.alert import AlertView
from model.errors import UsageError
from model.item import Item
from model.mention import Mention
from model.message import Button
from model.watch import Watch
from store import alerts, watches
from store.engine import Tx

SHOWN = 24
"""Letters of a phrase that are shown on its button."""
OFFERED = 2
"""Phrases that are offered ready to press."""
LONGEST = 80
"""Letters of a phrase."""


async def pressed(turn: Turn) -> None:
    """[Not them]: the alert's buttons become the question."""
    view = await _view(turn)
    if view is None:
        return
    async with turn.parts.store.write() as tx:
        alert = view.id
        just = await keyboards.button(tx, turn, "talk.notthem.button.just", "hide", alert=alert)
        rows = [[just], *await _never_rows(tx, turn, view)]
        rows.append([await keyboards.button(tx, turn, "talk.button.back", "back", alert=alert)])
    await replies.rekey(turn, rows)
    await replies.pop(turn, "talk.notthem.thanks")


async def hide(turn: Turn) -> None:
    """[Just this article]."""
    view = await _view(turn)
    if view is None:
        return
    async with turn.parts.store.write() as tx:
        pairs = await _hide(tx, turn, view)
        key = await undo.remember(tx, turn, "hidden", alert=view.id, pairs=pairs)
    await back(turn)
    await replies.say(turn, "talk.notthem.hidden", [[key]])


async def never(turn: Turn) -> None:
    """[Never “…”]: add the rule, hide this article."""
    await _never(turn, turn.pressed["phrase"])


async def ask(turn: Turn) -> None:
    """[Never when it says …]: ask for the words."""
    await back(turn)
    await questions.ask(turn, "talk.notthem.which", "never", turn.pressed)


async def typed(turn: Turn) -> None:
    """Take the words that were typed."""
    await _never(turn, turn.text.strip(" \"'“”«»"))


async def back(turn: Turn) -> None:
    """[↩ Back]: the alert's own buttons again."""
    view = await _view(turn)
    if view is not None:
        words = turn.parts.words(view.subscriber.language)
        await replies.rekey(turn, compose(view, words).buttons)


def neighbours(item: Item, mention: Mention) -> Iterator[str]:
    """Yield phrases around a Mention that may tell somebody else apart: with the capitalised word
    after it ("Cienfuegos Gorriarán"), and with what leads up to it ("provincia de Cienfuegos").
    """
    field = str(getattr(item, mention.field))
    after = re.match(r"[ -](\w+)", field[mention.end :])
    if after and after[1][0].isupper():
        yield f"{mention.text}{after[0]}"
    before = re.search(
        r"(\w+)((?: (?:de|del|da|do|of))?(?: la| los| las)? )$", field[: mention.start]
    )
    if before and (before[1][0].isupper() or before[2].strip()):
        yield f"{before[0]}{mention.text}"


async def _never(turn: Turn, phrase: str) -> None:
    """Add "never `phrase`" to the Watch; UsageError when that would silence the Watch itself."""
    view = await _view(turn)
    if view is None:
        return
    async with turn.parts.store.read() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
    if stored is None:
        await replies.say(turn, "talk.list.gone")
        return
    stricter = replace(stored.watch, never=(*stored.watch.never, phrase))
    _check(turn, stricter, phrase)
    before = await measure(turn.parts, stored.watch, turn.now)
    after = await measure(turn.parts, stricter, turn.now)
    async with turn.parts.store.write() as tx:
        await watches.add_never(tx, stored.watch.id, phrase, turn.user.id, turn.now)
        pairs = await _hide(tx, turn, view)
        key = await undo.remember(
            tx,
            turn,
            "never_added",
            watch=stored.watch.id,
            phrase=phrase,
            alert=view.id,
            pairs=pairs,
        )
    if turn.update.callback_query is not None:
        await back(turn)
    await replies.say(
        turn, "talk.notthem.never", [[key]], phrase=phrase, n=before.alerts - after.alerts
    )


def _check(turn: Turn, stricter: Watch, phrase: str) -> None:
    if not 2 <= len(phrase) <= LONGEST:
        raise UsageError(turn.words.say("talk.notthem.length", most=LONGEST))
    matcher = Matcher(threshold=turn.parts.threshold, context_distance=turn.parts.context_distance)
    matcher.add(stricter)
    if not matcher.find_mentions(Item(title=stricter.name)):
        raise UsageError(turn.words.say("talk.notthem.silences", phrase=phrase, name=stricter.name))


async def _never_rows(tx: Tx, turn: Turn, view: AlertView) -> list[list[Button]]:
    """Offer phrases that stand around the Mentions, and the way to type one, for each Watch."""
    rows = []
    item = view.items[0]
    for one in view.watches:
        args = {"alert": view.id, "watch": one.id}
        found = [m for m in view.mentions if m.watch_id == one.id]
        for phrase in _phrases(item, found):
            label = turn.words.say("talk.notthem.button.phrase", phrase=_shown(phrase, found))
            rows.append([await keyboards.labelled(tx, turn, label, "never", phrase=phrase, **args)])
        label = turn.words.say("talk.notthem.button.type")
        if len(view.watches) > 1:
            label = turn.words.say("talk.notthem.button.type-for", name=one.name)
        rows.append([await keyboards.labelled(tx, turn, label, "ask_never", **args)])
    return rows


def _shown(phrase: str, mentions: Sequence[Mention]) -> str:
    """Return a phrase as it fits its button, cut where it is the name that was looked for."""
    if len(phrase) <= SHOWN:
        return phrase
    if any(phrase.startswith(mention.text) for mention in mentions):
        return f"… {phrase[-SHOWN:].partition(' ')[2] or phrase[-SHOWN:]}"
    return keyboards.short(phrase, SHOWN)


def _phrases(item: Item, mentions: Sequence[Mention]) -> list[str]:
    found = dict.fromkeys(one for mention in mentions for one in neighbours(item, mention))
    return [phrase for phrase in found if len(phrase) <= LONGEST][:OFFERED]


async def _hide(tx: Tx, turn: Turn, view: AlertView) -> list[tuple[int, int]]:
    """Hide the alert's first article from its Watches, and let its message say who did."""
    pairs = [(one.id, view.items[0].id) for one in view.watches]
    for watch_id, item_id in pairs:
        await watches.hide(tx, watch_id, item_id, turn.user.id, turn.now)
    await alerts.mark_hidden(tx, view.id, turn.user.full_name, turn.now)
    return pairs


async def _view(turn: Turn) -> AlertView | None:
    """Return the alert this is about; None, after saying so, when it is no longer kept."""
    alert_id = turn.pressed["alert"]
    async with turn.parts.store.read() as tx:
        view = (await alerts.views(tx, [alert_id])).get(alert_id)
    if view is None or not view.items or not view.watches:
        await replies.pop(turn, "talk.button.old")
        return None
    return view
