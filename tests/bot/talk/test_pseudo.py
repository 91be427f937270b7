"""In a language 40 % longer than English every button is shown whole, and nothing is said that no
catalogue holds.
"""

from __future__ import annotations

import functools
import re

import pytest
from babel.messages.pofile import read_po

from bot import words
from store.engine import Store
from tests.bot.talk.crawl import Crawler, faults
from tests.bot.talk.pseudo import catalogue, pseudo
from tests.bot.talk.stage import Stage, article, conversing, staged
from tests.bot.talk.test_hostile import NOW, fill

A_BUTTON = 20
"""Letters of a button's label, arguments apart: three of them stand in a row on a phone."""
_ARGUMENT = re.compile(r"\{\w+\}")
_WHOLE = re.compile(r"\[!!.*!!\]", re.DOTALL)
COMMANDS = (
    "/start", "/list", "/feeds", "/docket", "/team", "/status", "/channel", "/search Cienfuegos",
    "/why https://a.example/1", "/timeline", "/stats", "/export", "/digest", "/settings", "/mute",
    "/news", "/help", "/privacy", "/undo", "Ángel Lía",
)  # fmt: skip


def test_what_is_kept_of_a_sentence() -> None:
    assert pseudo("Keep <b>{name}</b> now") == "[!! Kéép <b>{name}</b> ñõw~~~~ !!]"


@pytest.mark.parametrize("language", words.languages())
def test_labels_of_buttons_are_short(language: str) -> None:
    pops = {"talk.button.old", "talk.button.stale", "talk.button.not-yours"}
    long = []
    for path in sorted((words.FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                code = entry.id if isinstance(entry.id, str) else entry.id[0]
                forms = [entry.string] if isinstance(entry.string, str) else entry.string
                if ".button." in code and code not in pops:
                    long += [
                        f"{code}: {one}" for one in forms if len(_ARGUMENT.sub("", one)) > A_BUTTON
                    ]
    assert long == []


@functools.cache
def _sentences() -> frozenset[str]:
    """Return everything that is said without arguments, in that language."""
    found = set()
    for path in (words.FOLDER / "en").glob("*.po"):
        with path.open("rb") as file:
            found.update(
                pseudo(one.string)
                for one in read_po(file, locale="en")
                if isinstance(one.string, str) and one.id != "talk.start.example"
            )
    return frozenset(one for one in found if not _ARGUMENT.search(one))


def _is_cut(label: str) -> bool:
    """Return whether a label is a sentence of the catalogue that did not fit (a long name may)."""
    begun = label.rstrip("…").lstrip("✓✕● ")
    return any(one.startswith(begun) and one != label for one in _sentences())


async def crawled(stage: Stage) -> None:
    await fill(stage, "A <quiet> & long report")
    await stage.read(article("Cienfuegos", "A city", "https://a.example/city"))
    crawler = Crawler(stage, stage.ana, each=1)
    await crawler.presses_all()
    await crawler.says(*COMMANDS)
    found = [one for one in await faults(stage) if not one.startswith("setMy")]
    assert not found, "\n".join(found)  # texts of a profile have limits that no button has


async def test_every_button_is_shown_whole(sqlite_store: Store) -> None:
    told = functools.cache(catalogue)
    async with staged(sqlite_store, NOW, words=told) as stage, conversing(stage.receiver):
        await crawled(stage)
    cut, texts = set(), []
    for call in stage.server.log:
        keyboard = call.asked.get("reply_markup") or {}
        labels = [one["text"] for row in keyboard.get("inline_keyboard", ()) for one in row]
        labels += [one["text"] for row in keyboard.get("keyboard", ()) for one in row]
        cut.update(one for one in labels if one.endswith("…") and _is_cut(one))
        if call.method == "answerCallbackQuery" and "text" in call.asked:
            texts.append(call.asked["text"])
    assert cut == set()
    assert [one for one in texts if not _WHOLE.fullmatch(one)] == []
