"""Which sentence of an Item is quoted, and which words of it are bold (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alerts.inert import inert
from alerts.split import trimmed
from model.item import Item
from model.mention import Mention
from model.message import Message, Style, joined, marked

_END = re.compile(r"""[.!?…]["'”’»)\]]*\s+(?=["'“‘«(\[¿¡—–-]*[^\W_a-zà-ÿ])|[。！？][」』”]?|\n+""")
_ABBREVIATIONS = (
    "adm art av capt cap ch cmdr co col cor corp dept dr dra ed eds etc fr gen gob gov gral hon"
    " inc ing jr lic lt ltd lte maj messrs mr mrs ms mt mtro núm op pp prof rep rev sen sgt sr"
    " sra srta sta ste sto st tte vs vol"
)
_SHORT = frozenset(_ABBREVIATIONS.split())
_BEFORE_DOT = re.compile(r"([^\W\d_]+)\.[\"'”’»)\]]*\s+\Z")


def passage(item: Item, mentions: Sequence[Mention], most: int) -> Message:
    """Return the sentence around the best Mention of the summary or text, Mentions in bold, in
    about `most` characters. A Mention in the title alone: how the summary begins. May be empty.
    """
    found = [place for place in (_placed(item, mention) for mention in mentions) if place]
    inside = [place for place in found if place[0] != "title"]
    if not inside:
        return _quote(item.summary or item.text, [], 0, 0, most)
    field, start, end = inside[0]
    spans = sorted({place[1:] for place in inside if place[0] == field})
    return _quote(_read(item, field), spans, start, end, most)


def paragraph(item: Item, mentions: Sequence[Mention]) -> int:
    """Return in which paragraph of the text, counted from 1, somebody is named whom neither
    headline nor summary names; 0: they do, or the text has no paragraphs.
    """
    found = [place for place in (_placed(item, mention) for mention in mentions) if place]
    if not found or any(field != "text" for field, _, _ in found) or "\n" not in item.text:
        return 0
    return item.text.count("\n", 0, min(start for _, start, _ in found)) + 1


def _placed(item: Item, mention: Mention) -> tuple[str, int, int] | None:
    """Return where the Mention stands now: its Item may have been edited since."""
    text = _read(item, mention.field)
    if text[mention.start : mention.end] == mention.text:
        return mention.field, mention.start, mention.end
    start = text.find(mention.text) if mention.text else -1
    return (mention.field, start, start + len(mention.text)) if start >= 0 else None


def _read(item: Item, field: str) -> str:
    return {"title": item.title, "summary": item.summary, "text": item.text}.get(field, "")


def _quote(text: str, spans: Sequence[tuple[int, int]], start: int, end: int, most: int) -> Message:
    """Return the sentence of `text` around start:end with the spans inside it in bold."""
    low, high = sentence(text, start, end)
    low, high, cut_low, cut_high = _window(text, low, high, start, end, most)
    parts: list[str | Message] = ["…" if cut_low else ""]
    at = low
    for first, last in _merged(spans, low, high):
        parts += [inert(text[at:first]), marked(inert(text[first:last]), Style.BOLD)]
        at = last
    parts += [inert(text[at:high]), "…" if cut_high else ""]
    return trimmed(joined(parts))


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence around start:end begins (<= start) and ends (>= end)."""
    low, high = 0, len(text)
    reach = max(0, start - 2000)
    for stop in _END.finditer(text, reach, min(len(text), end + 2000)):
        if _is_abbreviation(text, stop):
            continue
        if stop.end() <= start:
            low = stop.end()
        elif stop.start() >= end - 1:
            high = max(end, stop.end())
            break
    return min(low, start), high


def _is_abbreviation(text: str, stop: re.Match[str]) -> bool:
    if not stop.group().startswith("."):
        return False
    word = _BEFORE_DOT.search(text[max(0, stop.start() - 12) : stop.end()])
    return word is not None and (len(word[1]) == 1 or word[1].lower() in _SHORT)


def _window(
    text: str, low: int, high: int, start: int, end: int, most: int
) -> tuple[int, int, bool, bool]:
    """Return low:high narrowed around start:end to about `most` characters, at words' ends, and
    whether it was cut before and behind.
    """
    if high - low <= most:
        return low, high, False, False
    room = max(0, most - (end - start))
    before = min(start - low, max(room * 2 // 5, room - (high - end)))
    after = min(high - end, room - before)
    first, last = start - before, end + after
    last = min(last, first + max(most, 1))
    if first > low:
        space = text.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    if last < high:
        space = text.rfind(" ", end, last)
        last = space if space >= 0 else last
    return first, last, first > low, last < high


def _merged(spans: Sequence[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    """Return the sorted spans, cut to low:high, overlapping ones as one."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        start, end = max(start, low), min(end, high)
        if start >= end:
            continue
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
