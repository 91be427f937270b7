"""Files that are dropped into the chat: lists of sources, lists of names."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from telegram.error import TelegramError

from bot.feedlists import FeedList, plain_list
from bot.scan import rows_of, watch_of
from bot.talk import bulk, guard, importing, replies
from bot.talk.turn import Turn
from model.errors import ParseError, TermError, UsageError
from model.people import Role
from model.source import NewSource
from model.watch import Watch

LARGEST = 20_000_000
"""Bytes that Telegram lets a bot fetch."""
LISTS = (".csv", ".jsonl", ".json", ".toml")


async def taken(turn: Turn) -> None:
    """Take a file: OPML and addresses are sources, everything else is names."""
    message = turn.message
    document = message.document if message is not None else None
    if document is None:
        return
    if (document.file_size or 0) > LARGEST:
        await replies.say(turn, "import.too-large")
        return
    try:
        file = await turn.bot.get_file(document.file_id)
        body = bytes(await file.download_as_bytearray())
    except TelegramError:
        await replies.say(turn, "import.unreachable")
        return
    await _read(turn, document.file_name or "", body)


async def _read(turn: Turn, name: str, body: bytes) -> None:
    suffix = Path(name).suffix.lower()
    if suffix in (".opml", ".xml") or b"<opml" in body[:4_000].lower():
        if await _may(turn, Role.ADMIN):
            await _opml(turn, body)
        return
    text = body.decode("utf-8-sig", "replace")
    addresses = plain_list(text) if suffix != ".toml" else FeedList(())
    if addresses.feeds and len(addresses.feeds) > len(addresses.notes):
        if await _may(turn, Role.ADMIN):
            await importing.run(turn, addresses.feeds, list(addresses.notes))
    elif await _may(turn, Role.EDITOR):
        wishes, notes = _names(turn, name, suffix, body, text)
        await bulk.offer(turn, wishes, notes)


async def _opml(turn: Turn, body: bytes) -> None:
    try:
        feeds: tuple[NewSource, ...] = await turn.parts.sandbox.opml(body)
    except ParseError as error:
        await replies.say(turn, "import.not-opml", error=str(error))
        return
    await importing.run(turn, feeds, [])


async def _may(turn: Turn, role: Role) -> bool:
    if guard.may(turn.member, role):
        return True
    await replies.say(turn, "talk.not-yours", role=turn.words.say(f"talk.role.{role}"))
    return False


def _names(
    turn: Turn, name: str, suffix: str, body: bytes, text: str
) -> tuple[list[Watch], list[str]]:
    """Return the watches of a list in any of the formats, and what could not be used."""
    if suffix in LISTS and not _is_bare(suffix, text):
        return _of_list(name, suffix, body)
    return bulk.of_lines(text, turn.words.say("bulk.lone"))


def _is_bare(suffix: str, text: str) -> bool:
    """Whether a CSV has no head: one name a line."""
    head = next(csv.reader(io.StringIO(text)), [])
    return suffix == ".csv" and "name" not in [cell.strip().lower() for cell in head]


def _of_list(name: str, suffix: str, body: bytes) -> tuple[list[Watch], list[str]]:
    found: list[Watch] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{suffix}"
        path.write_bytes(body)
        try:
            for place, row in rows_of(path):
                try:
                    found.append(watch_of(row))
                except TermError as error:
                    notes.append(f"{name} {place}: {error}")
        except UsageError as error:
            notes.append(str(error).replace(str(path), name))
    return found, notes
