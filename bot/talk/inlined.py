"""`@bot words` typed in any chat: people who are known here get what was read, as cards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from telegram import (
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import ExtBot

from alerts.byline import byline, headline, outlet, published
from alerts.couriers.telegram import entities_of
from alerts.inert import clipped, inert
from bot import looking
from bot.talk.parts import Parts
from matching.archive import read_search
from model.errors import TermError
from model.item import Item
from model.message import joined
from model.words import Words
from store import members

MOST = 10
"""Cards of one answer."""
SHORTEST = 3
"""Letters from which on it is worth looking."""
KEPT = 10
"""Seconds for which Telegram may give the same answer to the same person again."""


async def answer(update: Update, bot: ExtBot[Any], parts: Parts, now: datetime) -> None:
    """Answer an inline query; strangers get nothing, whatever they type."""
    query = update.inline_query
    if query is None:
        return
    async with parts.store.read() as tx:
        member = await members.get(tx, query.from_user.id)
    cards: list[InlineQueryResultArticle] = []
    if member is not None and len(query.query.strip()) >= SHORTEST:
        words = parts.words(member.language)
        cards = [_card(one, words) for one in await _found(parts, query.query)]
    try:
        await bot.answer_inline_query(query.id, cards, cache_time=KEPT, is_personal=True)
    except BadRequest as error:
        if "too old" not in str(error).lower():
            raise


async def _found(parts: Parts, text: str) -> tuple[Item, ...]:
    try:
        search = read_search(text)
    except TermError:
        return ()
    return (await looking.look(parts.store, search, 0, MOST)).items


def _card(item: Item, words: Words) -> InlineQueryResultArticle:
    at = published(item)
    said = joined([headline(item, words), byline(item, words, words.language)], "\n")
    about = ", ".join(one for one in (outlet(item), words.day(at) if at else "") if one)
    return InlineQueryResultArticle(
        str(item.id),
        clipped(inert(item.title), 120) or words.say("alert.untitled"),
        InputTextMessageContent(
            said.text,
            entities=entities_of(said),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        description=about,
    )
