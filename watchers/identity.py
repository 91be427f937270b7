"""What an Item is called: its guid, else its address, else a print of its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from hashlib import blake2b

from model import Item
from watchers.index import piece_hash

LONGEST = 500
"""Code points of a guid that is kept as it is."""


def name_items(items: Sequence[Item], shared: Collection[bytes]) -> tuple[list[str], set[bytes]]:
    """Return the key of each Item, and the names that stand for several of them.

    An Item comes with its guid as `key` ("" without one). Where one guid stands for Items with
    different addresses, or one address for different headlines, the name alone would make them
    one Item and lose the others: it is lengthened by what tells them apart, now and in every
    later document (`shared`: digests of such names so far). Items alike in all of it get the same
    key: they are one.
    """
    ladders = [_ladder(item) for item in items]
    rungs = [0] * len(items)
    found = set(shared)
    while True:
        climbed = _climb(ladders, rungs, found)
        groups: dict[str, list[int]] = defaultdict(list)
        for place, (ladder, rung) in enumerate(zip(ladders, climbed, strict=True)):
            groups[ladder[rung]].append(place)
        news = {
            _digest(name)
            for name, places in groups.items()
            if len({ladders[place] for place in places}) > 1
        }
        if news <= found:
            return [ladder[rung] for ladder, rung in zip(ladders, climbed, strict=True)], found
        found |= news
        rungs = climbed


def _climb(
    ladders: Sequence[tuple[str, ...]], rungs: Sequence[int], shared: Collection[bytes]
) -> list[int]:
    """Move each Item up to its first name that is not shared, or to its longest."""
    climbed = list(rungs)
    for place, ladder in enumerate(ladders):
        while climbed[place] < len(ladder) - 1 and _digest(ladder[climbed[place]]) in shared:
            climbed[place] += 1
    return climbed


def _ladder(item: Item) -> tuple[str, ...]:
    """Return the names an Item could have, the shortest first."""
    names = [part for part in (_short(item.key), item.url) if part]
    if not names:
        return (_print(item.title, item.summary, item.text),)
    names.append(_print(item.title or item.summary or item.text))
    return tuple("\n".join(names[: count + 1]) for count in range(len(names)))


def _short(guid: str) -> str:
    return guid if len(guid) <= LONGEST else f"long:{_hex(guid)}"


def _print(*texts: str) -> str:
    return "print:" + _hex("\n".join(" ".join(text.casefold().split()) for text in texts))


def _hex(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _digest(name: str) -> bytes:
    return piece_hash(name.encode())
