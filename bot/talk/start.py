"""The first words: claiming the bot, and /start."""

from __future__ import annotations

from dataclasses import replace

from bot import words as catalogues
from bot.talk import keyboards, places, replies, team, timeline, visitors, watch
from bot.talk.turn import Turn
from model.message import Message, joined
from store import members, sources, visiting

CLAIM = "claim_"


async def asked(turn: Turn) -> None:
    """/start, alone or with what a link carries; strangers too may claim a bot nobody owns."""
    if turn.text.startswith(CLAIM) and turn.private:
        await _claim(turn, turn.text.removeprefix(CLAIM))
    elif turn.text.startswith(team.LINK) and turn.private:
        await team.join(turn, turn.text.removeprefix(team.LINK))
    elif await _from_channel(turn):
        return
    elif turn.member is None:
        await visitors.greet(turn)
    else:
        await _greet(turn)


async def _from_channel(turn: Turn) -> bool:
    """Whether they came by a button under a channel's post, and were answered."""
    if not turn.text.startswith(timeline.LINK) or not turn.private:
        return False
    return await timeline.linked(turn, turn.text.removeprefix(timeline.LINK))


async def example(turn: Turn) -> None:
    """[Try the example]: preview it."""
    await watch.offer(replace(turn, text=turn.words.say("talk.start.example")))


async def _claim(turn: Turn, code: str) -> None:
    """Whoever opens the link first owns the bot; their private chat hears what goes to all."""
    language = _spoken(turn)
    async with turn.parts.store.write() as tx:
        member = await members.claim(
            tx, code, turn.user.id, turn.user.full_name, language, turn.now
        )
        if member is not None:
            place = await places.here(tx, turn)
            await visiting.adopt(tx, turn.user.id, place.id, turn.now)
            keys = [
                await keyboards.button(tx, turn, "talk.start.button.first", "ask_name"),
                await keyboards.button(tx, turn, "talk.start.button.channel", "channel"),
            ]
    if member is None:
        await replies.say(turn, "talk.claim.over")
    else:
        await replies.say(turn, "talk.claim.yours", [keys])


async def _greet(turn: Turn) -> None:
    async with turn.parts.store.write() as tx:
        if turn.private:
            await places.here(tx, turn)
        every = await sources.health(tx)
        key = await keyboards.button(tx, turn, "talk.start.button.example", "example")
    example_name = turn.words.say("talk.start.example")
    lines = [turn.words.write("talk.start.whose", example=example_name)]
    active = [one for one in every if one.source.enabled]
    read = [one.pace.last_ok for one in active if one.pace.last_ok is not None]
    if read:
        ago = turn.words.length((turn.now - max(read)).total_seconds())
        lines.append(turn.words.write("talk.start.reading", n=len(active), ago=ago))
    elif active:
        lines.append(turn.words.write("talk.start.not-yet", n=len(active)))
    else:
        lines.append(Message(turn.words.say("talk.start.no-sources")))
    await replies.show(turn, joined(lines, "\n"), [[key]])


def _spoken(turn: Turn) -> str:
    """Return the language to speak with them: theirs if there is a catalogue."""
    code = (turn.user.language_code or "").split("-")[0]
    return code if code in catalogues.languages() else turn.parts.language
