"""Following a name: what it would have sent is shown first, then it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alerts.byline import headline, outlet, published
from alerts.inert import clipped, inert
from bot import looking
from bot.talk import keyboards, listing, places, questions, replies, undo, wishes
from bot.talk.preview import Preview, measure
from bot.talk.turn import Turn
from matching import terms
from matching.also_called import AlsoCalled
from model.errors import TermError, UsageError
from model.item import Item
from model.message import Button, Message, joined
from model.people import Subscriber
from model.watch import StoredWatch, Watch, WatchKind
from store import sources, subscribers, watches
from store.engine import Tx

SHORT = 30
SUGGESTED = 6
"""Words that are offered to tell a person apart."""


async def asked(turn: Turn) -> None:
    """/watch NAME: show what it would have sent. Without a name, ask for one."""
    if turn.text:
        await offer(turn)
    else:
        await ask(turn)


async def ask(turn: Turn) -> None:
    """[Add another], or /watch alone: ask whose name."""
    await questions.ask(turn, "talk.watch.whose", "watch", {})


async def offer(turn: Turn) -> None:
    """Show the preview of the name that was typed, or open it if it is followed already."""
    wish, names = terms.read(turn.text)
    async with turn.parts.store.read() as tx:
        existing = await watches.by_name(tx, wish.name)
        to = await _targets(tx, turn, names)
    if existing is not None:
        await listing.open_watch(turn, existing)
        return
    found = await measure(turn.parts, wish, turn.now)
    better, n = await _meant(turn, wish, found)
    lines = [preview_words(turn, wish, found)]
    rows = await _keys(turn, wish, to, found)
    if n:
        shown = clipped(inert(better), keyboards.LABEL)
        lines.append(turn.words.write("preview.meant", better=shown, n=n))
        async with turn.parts.store.write() as tx:
            rows.append([await keyboards.labelled(tx, turn, shown, "wish", text=better)])
    await replies.show(turn, joined(lines, "\n"), rows)


async def _meant(turn: Turn, wish: Watch, found: Preview) -> tuple[str, int]:
    """Return what was probably meant by a name that nothing has; 0: there is no guess."""
    if found.alerts or not found.articles or wish.aliases or wish.kind is not WatchKind.PERSON:
        return "", 0
    return await looking.meant(turn.parts.store, wish.name)


async def wished(turn: Turn) -> None:
    """[Use that]: what was probably meant."""
    await offer(replace(turn, text=turn.pressed["text"]))


async def misunderstood(turn: Turn, error: TermError) -> None:
    """Say what is wrong with what was typed, and offer what was probably meant."""
    if not error.suggestion or turn.member is None:
        await replies.say(turn, "talk.sentence", sentence=str(error))
        return
    async with turn.parts.store.write() as tx:
        key = await keyboards.button(
            tx, turn, "talk.watch.button.meant", "wish", text=error.suggestion
        )
    await replies.say(
        turn, "talk.watch.meant", [[key]], sentence=str(error), suggestion=error.suggestion
    )


async def again(turn: Turn) -> None:
    """[＋ word]: the same preview, where that word must be in the text too."""
    wish = wishes.unpacked(turn.pressed["watch"])
    found = await measure(turn.parts, wish, turn.now)
    rows = await _keys(turn, wish, turn.pressed["to"], found)
    await replies.change(turn, preview_words(turn, wish, found), rows)


async def begin(turn: Turn) -> None:
    """[Start watching]: keep it, and tell this chat from now on."""
    wish = wishes.unpacked(turn.pressed["watch"])
    async with turn.parts.store.write() as tx:
        existing = await watches.by_name(tx, wish.name)
        if existing is None:
            to = await places.still_told(tx, turn, turn.pressed["to"])
            to = to or [(await places.here(tx, turn)).id]
            stored = await watches.add(tx, wish, turn.now, to=to, by=turn.user.id)
            keys = await _after(tx, turn, stored)
            told = [await subscribers.get(tx, one) for one in to]
            due = await sources.next_due(tx)
    if existing is not None:
        await listing.open_watch(turn, existing)
        return
    parts = [started_words(turn, wish, [one for one in told if one])]
    if due is not None:
        wait = turn.words.length(max(0.0, (due - turn.now).total_seconds()))
        parts.append(turn.words.write("talk.watch.next", wait=wait))
    await replies.change(turn, joined(parts, " "), [keys])


async def here(turn: Turn) -> None:
    """[Tell this chat too]: an existing Watch is told here as well."""
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        if stored is not None and stored.to:
            place = await places.here(tx, turn)
            to = dict.fromkeys((*stored.to, place.id))
            await watches.send_to(tx, stored.watch.id, list(to), turn.now, by=turn.user.id)
            key = await undo.remember(
                tx, turn, "watch_told", watch=stored.watch.id, subscriber=place.id
            )
    if stored is None or not stored.to:
        await listing.show(turn)  # as it now is: gone, or told everywhere
        return
    sentence = turn.words.write("talk.watch.here-too", name=wishes.bold(turn, stored.watch.name))
    await replies.change(turn, sentence, [[key]])


def preview_words(turn: Turn, wish: Watch, found: Preview) -> Message:
    """Return what a preview says: whom, what it would have sent, how it was understood."""
    words = turn.words
    lines = [words.write("talk.watch.title", name=wish.name), _measured(turn, wish, found)]
    if found.newest:
        lines += [words.write("talk.watch.newest"), *(_line(turn, one) for one in found.newest)]
    lines += wishes.understood(turn, wish)
    if found.also:
        named = [
            words.say("preview.called", name=clipped(inert(one.text), SHORT), n=one.items)
            for one in found.also
        ]
        lines.append(words.write("preview.also", all=words.listed(named)))
    for risk in found.risks:
        sentence = words.say(f"risk.{risk.code}", term=risk.term)
        lines.append(words.write("talk.watch.risk", sentence=sentence))
    if _suggested(found):
        lines.append(words.write("talk.watch.pick"))
    return joined(lines, "\n")


def started_words(turn: Turn, wish: Watch, told: Sequence[Subscriber]) -> Message:
    """Return "Watching …. Alerts come here."."""
    names = turn.words.listed([places.called(turn, one) for one in told])
    return turn.words.write("talk.watch.started", name=wish.name, to=names)


def _measured(turn: Turn, wish: Watch, found: Preview) -> Message:
    words = turn.words
    if not found.articles:
        return words.write("talk.watch.unread")
    if not found.alerts and found.days < 29 and found.since is not None:
        since = words.moment(found.since)
        return words.write("talk.watch.none-yet", n=found.articles, since=since)
    if not found.alerts:
        return words.write("talk.watch.none", n=found.articles)
    if found.is_broad:
        return words.write("talk.watch.broad", n=found.alerts, name=wish.name)
    days = max(1, round(found.days))
    first = words.write("talk.watch.would", n=found.alerts, articles=found.articles, days=days)
    if found.filings:
        news = words.say("look.stories", n=found.alerts - found.filings)
        filed = words.say("chart.filings", n=found.filings)
        first = joined([first, words.write("preview.split", news=news, filed=filed)], " ")
    if found.latest:
        first = joined([first, words.write("preview.estimated", read=found.latest)], " ")
    if found.days < 7:
        return first
    return joined([first, words.write("talk.watch.weekly", n=max(1, round(found.a_week)))], " ")


def _line(turn: Turn, item: Item) -> Message:
    at = published(item)
    day = turn.words.day(at) if at else ""
    about = ", ".join(one for one in (outlet(item), day) if one)
    return turn.words.write(
        "talk.watch.line", headline=headline(item, turn.words, 100), about=about
    )


async def _keys(turn: Turn, wish: Watch, to: Sequence[int], found: Preview) -> list[list[Button]]:
    """Return [Start watching], and words that would tell the person apart from others."""
    kept = list(to)
    code = (
        "talk.watch.button.anyway" if found.risks or found.is_broad else "talk.watch.button.start"
    )
    async with turn.parts.store.write() as tx:
        start = await keyboards.button(tx, turn, code, "watch", watch=wishes.packed(wish), to=kept)
        more = [
            await keyboards.labelled(
                tx,
                turn,
                f"＋ {word}",
                "preview",
                watch=wishes.packed(replace(wish, require=(*wish.require, word))),
                to=kept,
            )
            for word in _suggested(found)
        ]
        more += [
            await keyboards.labelled(
                tx,
                turn,
                f"＋ {clipped(inert(one.text), SHORT)}",
                "preview",
                watch=wishes.packed(_with_name(wish, one)),
                to=kept,
            )
            for one in found.also
        ]
    return [[start], *keyboards.rows(more)]


def _with_name(wish: Watch, one: AlsoCalled) -> Watch:
    if one.nickname:
        return replace(wish, nicknames=(*wish.nicknames, one.text))
    return replace(wish, aliases=(*wish.aliases, one.text))


def _suggested(found: Preview) -> list[str]:
    return list(dict.fromkeys(word for one in found.risks for word in one.words))[:SUGGESTED]


async def _after(tx: Tx, turn: Turn, stored: StoredWatch) -> list[Button]:
    return [
        await keyboards.button(tx, turn, "talk.watch.button.another", "ask_name"),
        await keyboards.button(tx, turn, "tune.button.tune", "fine_tune", watch=stored.watch.id),
        await undo.remember(tx, turn, "watch_added", watch=stored.watch.id),
    ]


async def _targets(tx: Tx, turn: Turn, names: Sequence[str]) -> list[int]:
    """Return the linked chats that `to …` names; none: this chat. UsageError names an unknown."""
    linked = await subscribers.all_subscribers(tx)
    found = []
    for name in names:
        wanted = name.removeprefix("@").casefold()
        fits = [
            one.id
            for one in linked
            if wanted in {one.name.casefold(), one.title.removeprefix("@").casefold(), one.address}
        ]
        if not fits:
            raise UsageError(turn.words.say("talk.watch.no-such-place", name=name))
        found += fits
    return found
