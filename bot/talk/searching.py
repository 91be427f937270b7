"""Whether a watched name may go to CourtListener's search: asked for each Watch, and taken back."""

from __future__ import annotations

from alerts.inert import inert
from bot.talk import keyboards, replies, undo, wishes
from bot.talk.turn import Turn
from model.message import Button, Style, marked
from model.watch import StoredWatch
from store import court_asks, watches
from store.engine import Tx


async def offered(tx: Tx, turn: Turn, stored: StoredWatch) -> list[Button]:
    """Return the buttons of a Watch's screen; none where CourtListener is never searched. Where
    something was agreed to and the Watch has other spellings since, they are asked for anew.
    """
    if not turn.parts.courts.may_search:
        return []
    of = stored.watch.id
    names = (await court_asks.agreed(tx, [of])).get(of, ())
    keys = []
    if len(names) < len(court_asks.spellings(stored.watch)):
        code = "talk.search.button.more" if names else "talk.search.button.start"
        keys.append(await keyboards.button(tx, turn, code, "ask_court_search", watch=of))
    if names:
        code = "talk.search.button.stop"
        keys.append(await keyboards.button(tx, turn, code, "court_search", watch=of, given=False))
    return keys


async def ask(turn: Turn) -> None:
    """[Search court records]: say what leaves the house, then [Yes] [No]."""
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        if stored is None:
            await replies.pop(turn, "talk.list.gone")
            return
        keys = [
            await keyboards.button(
                tx, turn, code, "court_search", watch=stored.watch.id, given=given
            )
            for code, given in (("talk.search.button.yes", True), ("talk.search.button.no", False))
        ]
    names = turn.words.listed([inert(one) for one in court_asks.spellings(stored.watch)])
    name = marked(names, Style.BOLD)
    await replies.change(turn, turn.words.write("talk.search.explained", name=name), [keys])


async def decide(turn: Turn) -> None:
    """[Yes], [No] or [Stop court search]: kept and logged, with [Undo]."""
    given = bool(turn.pressed["given"]) and turn.parts.courts.may_search
    async with turn.parts.store.write() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
        if stored is None:
            await replies.pop(turn, "talk.list.gone")
            return
        before = (await court_asks.agreed(tx, [stored.watch.id])).get(stored.watch.id, ())
        who, of = turn.user.id, stored.watch.id
        await court_asks.consent(tx, of, given=given, by=who, now=turn.now)
        key = await undo.remember(
            tx, turn, "court_search", watch=of, given=bool(before), names=list(before)
        )
    code = "talk.search.started" if given else "talk.search.not"
    name = wishes.bold(turn, stored.watch.name)
    await replies.change(turn, turn.words.write(code, name=name), [[key]])
