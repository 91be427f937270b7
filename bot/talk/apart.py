"""[Someone else], [Only in passing], [Not news]: rules that would have kept an alert away, each
with what it would have done to the last 30 days; one is chosen, kept, and can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.talk import alerted, effect, keyboards, notthem, proposal, questions, replies, undo
from bot.talk.effect import Effect
from bot.talk.turn import Turn
from matching import amend
from matching import apart as rules
from matching.amend import Amendment
from model.alert import AlertView
from model.errors import TermError, UsageError
from model.message import Button, Message, joined
from model.watch import StoredWatch
from store import alerts, verdicts, watches
from store.engine import Tx

LONGEST = 80
"""Letters of a phrase."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A proposed rule and what it would have done."""

    change: Amendment
    found: Effect
    kept: int
    """Of what it would have removed: how many somebody had called right."""


async def someone_else(turn: Turn) -> None:
    """[Someone else]: propose what tells them apart."""
    await _ask(turn, "else")


async def in_passing(turn: Turn) -> None:
    """[Only in passing]: propose to look at the headline and first paragraph alone."""
    await _ask(turn, "passing")


async def not_news(turn: Turn) -> None:
    """[Not news]: propose to leave out that part of the site, or that source."""
    await _ask(turn, "news")


async def rule(turn: Turn) -> None:
    """[1], [2] …: keep that rule, and mark what it makes wrong."""
    await _keep(turn, amend.unpacked(turn.pressed["change"]))


async def never(turn: Turn) -> None:
    """[Never “…”] of alerts sent by an older vigil."""
    await _keep(turn, Amendment("never", (turn.pressed["phrase"],)))


async def ask(turn: Turn) -> None:
    """[Write my own]: ask for the words."""
    view = await alerted.undecided(turn)
    if view is not None:
        await alerted.own_buttons(turn, view)
        await questions.ask(turn, "talk.notthem.which", "never", turn.pressed)


async def typed(turn: Turn) -> None:
    """Take the words that were typed."""
    phrase = turn.text.strip(" \"'“”«»")
    if not 2 <= len(phrase) <= LONGEST:
        raise UsageError(turn.words.say("talk.notthem.length", most=LONGEST))
    await _keep(turn, Amendment("never", (phrase,)))


async def _ask(turn: Turn, why: str) -> None:
    """Propose rules for the Watch that is meant; where an alert names several, ask which first."""
    view = await alerted.undecided(turn)
    if view is None:
        return
    watch_id = turn.pressed.get("watch", view.watches[0].id if len(view.watches) == 1 else 0)
    if not watch_id:
        await _which(turn, view, why)
        return
    async with turn.parts.store.read() as tx:
        stored = await watches.get(tx, watch_id)
    if stored is None:
        await replies.pop(turn, "talk.list.gone")
        return
    found = await _rules(turn, view, stored, why)
    title = turn.words.write(f"notthem.ask.{why}", name=stored.watch.name)
    lines = [title, *(_line(turn, at, one) for at, one in enumerate(found, 1))]
    lines.append(turn.words.write("notthem.just", number=str(len(found) + 1)))
    if latest := max((one.found.latest for one in found), default=0):
        lines.append(turn.words.write("tune.latest", n=latest))
    rows = await _keys(turn, view, stored, found, own=why == "else")
    await alerted.respond(turn, view, joined(lines, "\n"), rows)


async def _which(turn: Turn, view: AlertView, why: str) -> None:
    action = {"else": "someone_else", "passing": "in_passing", "news": "not_news"}[why]
    async with turn.parts.store.write() as tx:
        keys = [
            await keyboards.labelled(tx, turn, one.name, action, alert=view.id, watch=one.id)
            for one in view.watches
        ]
        just = await keyboards.button(tx, turn, "talk.notthem.button.just", "hide", alert=view.id)
    rows = [*keyboards.rows(keys[:20], 2), [just]]
    await alerted.respond(turn, view, turn.words.write("notthem.who"), rows)


async def _rules(turn: Turn, view: AlertView, stored: StoredWatch, why: str) -> list[_Rule]:
    """Return the rules worth proposing: each would have kept this article away."""
    watch, item = stored.watch, view.items[0]
    mentions = [one for one in view.mentions if one.watch_id == watch.id]
    if why == "passing":
        changes = [Amendment("leading", value="yes")]
    elif why == "news":
        changes = rules.outlets(item)
    else:
        samples = await effect.mentioned(turn.parts, watch, turn.now)
        changes = rules.proposals(watch, item, mentions, samples)
    if stored.declared:  # what config.toml says is not changed here, rules beside it are kept
        changes = [one for one in changes if one.field == "never"]
    changes = [one for one in changes if _is_possible(turn, stored, one)]
    wishes = [amend.amended(watch, one) for one in changes]
    found = await effect.effects(turn.parts, watch, wishes, turn.now)
    async with turn.parts.store.read() as tx:
        return [
            _Rule(one, what, len(await verdicts.kept_of(tx, watch.id, what.gone_ids)))
            for one, what in zip(changes, found, strict=True)
            if item.id in what.gone_ids or why != "else" or one.field == "never"
        ]


def _is_possible(turn: Turn, stored: StoredWatch, change: Amendment) -> bool:
    try:
        proposal.amended(turn, stored.watch, change)
    except (TermError, UsageError):
        return False
    return True


def _line(turn: Turn, number: int, one: _Rule) -> Message:
    removed = turn.words.say("notthem.removes", n=one.found.before - one.found.after)
    if one.kept:
        removed = turn.words.say("notthem.kept", removes=removed, n=one.kept)
    what = worded(turn, one.change)
    return turn.words.write("notthem.rule", number=str(number), rule=what, effect=removed)


def worded(turn: Turn, change: Amendment) -> str:
    """Return a rule as one clause: "never when the text says “Camilo Cienfuegos”"."""
    words = turn.words.listed([f"“{one.removeprefix('-')}”" for one in change.add])
    if change.field in ("never", "require", "sources"):
        return turn.words.say(f"notthem.{change.field}", words=words)
    return proposal.described(turn, change)


async def _keys(
    turn: Turn, view: AlertView, stored: StoredWatch, found: Sequence[_Rule], *, own: bool
) -> list[list[Button]]:
    args = {"alert": view.id, "watch": stored.watch.id}
    async with turn.parts.store.write() as tx:
        numbers = [
            await keyboards.labelled(tx, turn, str(at), "rule", change=one.change.packed(), **args)
            for at, one in enumerate(found, 1)
        ]
        just = await keyboards.labelled(tx, turn, str(len(found) + 1), "hide", alert=view.id)
        rows = keyboards.rows([*numbers, just], 4)
        if own:
            key = await keyboards.button(tx, turn, "notthem.button.own", "ask_never", **args)
            rows.append([key])
    return rows


async def _keep(turn: Turn, change: Amendment) -> None:
    """Add the rule, hide this article and what else it makes wrong, and say so with [Undo]."""
    view = await alerted.undecided(turn)
    if view is None:
        return
    async with turn.parts.store.read() as tx:
        stored = await watches.get(tx, turn.pressed["watch"])
    if stored is None:
        await replies.say(turn, "talk.list.gone")
        return
    wish = proposal.amended(turn, stored.watch, change)
    [found] = await effect.effects(turn.parts, stored.watch, [wish], turn.now)
    async with turn.parts.store.write() as tx:
        args = await _apply(tx, turn, stored, change)
        gone = {*found.gone_ids, view.items[0].id}
        who = turn.user.full_name
        pairs, marked = await verdicts.hide_all(
            tx, stored.watch.id, gone, turn.user.id, who, turn.now
        )
        if view.id not in marked:
            await alerts.mark_hidden(tx, view.id, who, turn.now)
            marked.append(view.id)
        args |= {"pairs": pairs, "alerts": marked}
        keys = [await undo.remember(tx, turn, "ruled", watch=stored.watch.id, **args)]
        keys += await notthem.from_channels(tx, turn, view)
    said = turn.words.write(
        "notthem.done", rule=worded(turn, change), n=len(marked), removed=_removed(turn, found)
    )
    if turn.update.callback_query is None:
        await replies.show(turn, said, [keys])
    else:
        await alerted.respond(turn, view, said, [keys])


def _removed(turn: Turn, found: Effect) -> str:
    return turn.words.say("notthem.removes", n=found.before - found.after)


async def _apply(tx: Tx, turn: Turn, stored: StoredWatch, change: Amendment) -> dict[str, object]:
    """Add the rule; a phrase is kept beside the Watch, which may stand in config.toml. Returns
    what taking it back needs.
    """
    if change.field == "never":
        [phrase] = change.add
        await watches.add_never(tx, stored.watch.id, phrase, turn.user.id, turn.now)
        return {"phrase": phrase}
    if stored.declared:
        raise UsageError(turn.words.say("talk.list.from-file"))
    wish = amend.amended(stored.watch, change)
    await watches.change(tx, replace(wish, id=stored.watch.id), turn.now, by=turn.user.id)
    return {"before": amend.different(stored.watch, wish)}
