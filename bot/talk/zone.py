"""The time zone: asked once, when it is first needed, by buttons and by typing a city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import zones
from bot.talk import keyboards, questions, replies
from bot.talk.turn import Turn
from model.message import Button
from store import rhythms, upkeep
from store.engine import Tx


async def is_asked(turn: Turn, place_id: int, then: str, args: Mapping[str, object]) -> bool:
    """Ask for the zone of a destination unless it is known, or the person has said theirs before;
    return whether it was asked. `then` is the action that goes on with `args` once it is known.
    """
    async with turn.parts.store.write() as tx:
        if (await rhythms.one_of(tx, place_id)).zone_given:
            return False
        mine = await upkeep.setting(tx, _key(turn))
        if mine and zones.is_zone(mine):
            await rhythms.change(tx, place_id, zone=mine)
            return False
    await offer(turn, place_id, then, args)
    return True


async def offer(turn: Turn, place_id: int, then: str, args: Mapping[str, object]) -> None:
    """Ask for the zone of a destination, with buttons for those it may be."""
    async with turn.parts.store.write() as tx:
        usual = (await rhythms.usual(tx)).zone
        some = zones.guessed(turn.user.language_code or turn.words.language, usual)
        rows = await _choices(tx, turn, some, place_id, then, args)
    await replies.present(turn, turn.words.write("when.zone.ask"), rows)


async def _choices(
    tx: Tx,
    turn: Turn,
    some: Sequence[str],
    place_id: int,
    then: str,
    args: Mapping[str, object],
) -> list[list[Button]]:
    more = {"subscriber": place_id, "then": then, "args": dict(args)}
    keys = [
        await keyboards.labelled(
            tx, turn, zones.city(one, turn.words.language), "set_zone", zone=one, **more
        )
        for one in some
    ]
    keys.append(await keyboards.button(tx, turn, "when.zone.other", "ask_zone", **more))
    return keyboards.rows(keys)


async def ask(turn: Turn) -> None:
    """[Other…]: ask for a city."""
    await questions.ask(turn, "when.zone.type", "zone", turn.pressed)


async def typed(turn: Turn) -> None:
    """Offer the zones that a typed city or country may mean."""
    language = turn.words.language
    some = zones.found(turn.text, language)
    if not some:
        await questions.ask(turn, "when.zone.unknown", "zone", turn.pressed, text=turn.text[:80])
        return
    args = turn.pressed
    async with turn.parts.store.write() as tx:
        rows = await _choices(tx, turn, some, args["subscriber"], args["then"], args["args"])
    await replies.show(turn, turn.words.write("when.zone.which"), rows)


async def keep(turn: Turn) -> None:
    """Keep the chosen zone, for the destination and as what the person says from now on."""
    name = turn.pressed["zone"]
    async with turn.parts.store.write() as tx:
        await rhythms.change(tx, turn.pressed["subscriber"], zone=name)
        await upkeep.set_setting(tx, _key(turn), name)


def _key(turn: Turn) -> str:
    return f"zone:{turn.user.id}"
