"""How the parts of a row that are never searched for are written: small pieces of JSON.

Reading forgives: a field that an older or newer vigil wrote and this one doesn't know is left
out, one that is missing has its default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from model import Mention, Notice, Priority, Reason, Watch, WatchKind

_RANKS = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.DIGEST: 2}
_PRIORITIES = {rank: priority for priority, rank in _RANKS.items()}

_WISH_LISTS = ("aliases", "nicknames", "context", "require", "never", "lang", "sources")


def rank(priority: Priority) -> int:
    """Return the number a priority is sorted by: the smaller, the sooner."""
    return _RANKS[priority]


def load_priority(number: int) -> Priority:
    """Return the priority that `rank` wrote."""
    return _PRIORITIES[number]


def dump(value: object) -> str:
    """Return `value` as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load_words(text: str) -> tuple[str, ...]:
    """Return a list of words as it was dumped."""
    return tuple(json.loads(text))


def dump_watch(watch: Watch) -> str:
    """Write a Watch without its id; only what differs from a plain one."""
    wish: dict[str, Any] = {name: list(getattr(watch, name)) for name in _WISH_LISTS}
    wish["also"] = [list(group) for group in watch.also]
    if watch.priority is not Priority.NORMAL:
        wish["priority"] = watch.priority.value
    if watch.kind is not WatchKind.PERSON:
        wish["kind"] = watch.kind.value
    kept = {name: value for name, value in wish.items() if value}
    if watch.threshold is not None:
        kept["threshold"] = watch.threshold
    if watch.leading:
        kept["leading"] = True
    return dump({"name": watch.name} | kept)


def load_watch(text: str, watch_id: int, never: Iterable[str] = ()) -> Watch:
    """Read a Watch, with the "never" rules kept beside it added to its own."""
    wish = json.loads(text)
    lists: dict[str, Any] = {name: tuple(wish.get(name, ())) for name in _WISH_LISTS}
    lists["never"] = tuple(dict.fromkeys((*lists["never"], *never)))
    return Watch(
        name=wish["name"],
        kind=WatchKind(wish.get("kind", WatchKind.PERSON)),
        also=tuple(tuple(group) for group in wish.get("also", ())),
        priority=Priority(wish.get("priority", Priority.NORMAL)),
        threshold=wish.get("threshold"),
        leading=bool(wish.get("leading")),
        id=watch_id,
        **lists,
    )


def dump_mentions(mentions: Sequence[Mention]) -> str:
    """Write the Mentions of one Watch in one Item."""
    return dump([_mention(one) for one in mentions])


def _mention(mention: Mention) -> dict[str, Any]:
    said: dict[str, Any] = {
        "field": mention.field,
        "span": [mention.start, mention.end],
        "text": mention.text,
        "score": mention.score,
        "reason": [mention.reason.code, *mention.reason.args],
        "term": mention.term,
        "context": list(mention.context),
    }
    return {name: value for name, value in said.items() if value}


def load_mentions(text: str, watch_id: int) -> tuple[Mention, ...]:
    """Read the Mentions of one Watch in one Item."""
    return tuple(_read_mention(one, watch_id) for one in json.loads(text))


def _read_mention(said: Mapping[str, Any], watch_id: int) -> Mention:
    code, *args = said["reason"]
    start, end = said["span"]
    return Mention(
        watch_id=watch_id,
        field=said["field"],
        start=start,
        end=end,
        text=said.get("text", ""),
        score=said.get("score", 0),
        reason=Reason(code, tuple(args)),
        term=said.get("term", ""),
        context=tuple(said.get("context", ())),
    )


def dump_notice(notice: Notice) -> str:
    """Write a Notice; `about` has a column of its own."""
    return dump([notice.code, [list(pair) for pair in notice.args]])


def load_notice(text: str, about: str) -> Notice:
    """Read a Notice."""
    code, args = json.loads(text)
    return Notice(code, tuple((name, value) for name, value in args), about)
