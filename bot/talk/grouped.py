"""What several alerts in one message lead to: the list, the file, one alert by its number."""

from __future__ import annotations

from io import BytesIO

from telegram import InputFile

from alerts.compose import compose
from alerts.digest import listing, numbered
from bot.talk import places, replies
from bot.talk.turn import Turn
from bot.told import markdown_line, rows_of
from store import alerts, groups

DIGITS = 4
"""Of a number that may stand in a digest."""


async def show_held(turn: Turn) -> None:
    """[Show]: what came while alerts were muted."""
    await _list(turn, only_held=False)


async def show_new(turn: Turn) -> None:
    """[Only new to me]: what of a digest was not told by itself."""
    await _list(turn, only_held=True)


async def _list(turn: Turn, *, only_held: bool) -> None:
    group_id = turn.pressed["alert"]
    async with turn.parts.store.read() as tx:
        view = (await alerts.views(tx, [group_id])).get(group_id)
        fresh = await groups.held_in(tx, group_id) if only_held else set()
    members = view.members if view is not None else ()
    shown = [one for one in members if not only_held or one.id in fresh]
    if shown:
        await replies.show(turn, listing(shown, turn.words))
    else:
        await replies.pop(turn, "talk.button.old")


async def opened(turn: Turn) -> bool:
    """Show the alert whose number was written in reply to a digest; return whether it was one."""
    replied = turn.message.reply_to_message if turn.message is not None else None
    if replied is None or not turn.text.isdecimal() or len(turn.text) > DIGITS:
        return False
    async with turn.parts.store.read() as tx:
        chat = str(turn.chat.id)
        group_id = await alerts.by_message(tx, places.COURIER, chat, replied.message_id)
        if group_id is None:
            return False
        parts = await alerts.views(tx, await groups.parts_of(tx, group_id))
    every = [pair for one in parts.values() for pair in numbered(one).items()]
    if not every:
        return False
    wanted = dict(every).get(int(turn.text))
    if wanted is None:
        await replies.say(turn, "when.digest.number", n=len(every))
    else:
        message = compose(wanted, turn.words)
        await replies.show(turn, message, message.buttons)
    return True


async def as_file(turn: Turn) -> None:
    """[As a file]: the whole of a digest, every article with its address."""
    group_id = turn.pressed["alert"]
    async with turn.parts.store.read() as tx:
        view = (await alerts.views(tx, [group_id])).get(group_id)
        every = await groups.whole(tx, group_id)
        views = await alerts.views(tx, every)
    if view is None or not views:
        await replies.pop(turn, "talk.button.old")
        return
    day = f"{view.at:%Y-%m-%d}" if view.at else "digest"
    lines = [
        markdown_line(row)
        for one in every
        if one in views
        for row in rows_of(views[one], turn.words)
    ]
    text = "\n".join([f"# {turn.words.say('when.file.title', day=day)}", "", *lines, ""])
    await turn.bot.send_document(
        turn.chat.id,
        InputFile(BytesIO(text.encode()), f"vigil-{day}.md"),
        message_thread_id=turn.thread or None,
    )
