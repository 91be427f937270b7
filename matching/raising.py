"""Whom to tell of what: Mentions of a recorded Item become drafts of Alerts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from matching.amendments import turns
from model import (
    AlertDraft,
    Item,
    Mention,
    News,
    Priority,
    Recorded,
    Source,
    StoredWatch,
    Subscriber,
    Watch,
)
from model.version import Changed

_URGENCY = {Priority.HIGH: 0, Priority.NORMAL: 1, Priority.DIGEST: 2}


@dataclass(frozen=True, slots=True)
class Audience:
    """A Watch and who hears of it."""

    watch: StoredWatch
    subscriber_ids: tuple[int, ...]


def audiences(
    watches: Iterable[StoredWatch], subscribers: Iterable[Subscriber]
) -> dict[int, Audience]:
    """Return by Watch id who hears of each enabled Watch.

    A Watch that names nobody goes to the private and team chats: to every enabled Subscriber
    that is not public. A public channel gets only what names it, and a visitor what is theirs:
    a team's Watch may still name the chat of somebody who is no member any more.
    """
    enabled = {one.id: one for one in subscribers if one.enabled}
    everybody = tuple(one.id for one in enabled.values() if not one.public)
    return {
        stored.watch.id: Audience(
            stored, tuple(_named(stored, enabled)) if stored.to else everybody
        )
        for stored in watches
        if stored.enabled
    }


def _named(stored: StoredWatch, enabled: Mapping[int, Subscriber]) -> Iterable[int]:
    there = (enabled[one] for one in stored.to if one in enabled)
    return (one.id for one in there if stored.visitor or not one.is_visitor)


def admits(watch: Watch, item: Item, source: Source | None) -> bool:
    """Return whether the Watch's own `lang` and `sources` let this Item count at all.

    An Item of unknown language counts: a missed Alert is worse than one too many.
    """
    return _speaks(watch.lang, item.lang) and _comes_from(watch.sources, item, source)


def _speaks(languages: Sequence[str], lang: str) -> bool:
    if not languages or not lang:
        return True
    return _primary(lang) in {_primary(one) for one in languages}


def _primary(lang: str) -> str:
    return lang.replace("_", "-").partition("-")[0].strip().casefold()


def _comes_from(wanted: Sequence[str], item: Item, source: Source | None) -> bool:
    """Compare with the Source's name, tags and host, and with the article's own host (a feed is
    often served from a distributor's host), and perhaps the part of that site. What begins with
    "-" is refused.
    """
    if not wanted:
        return True
    refused = [one[1:] for one in wanted if one.startswith("-")]
    names = {item.source.casefold()}
    hosts = {_host(item.url)}
    if source is not None:
        names |= {source.name.casefold(), *(tag.casefold() for tag in source.tags)}
        hosts.add(_host(source.url))
    if any(_is_one(one.strip().casefold(), names, hosts, item.url) for one in refused):
        return False
    allowed = [one for one in wanted if not one.startswith("-")]
    return not allowed or any(
        _is_one(one.strip().casefold(), names, hosts, item.url) for one in allowed
    )


def _is_one(wanted: str, names: Collection[str], hosts: Collection[str], url: str) -> bool:
    if not wanted:
        return False
    host, _, path = (_host(wanted) or wanted.removeprefix("www.")).partition("/")
    if path and "." in host:
        return _is_one(host, (), {_host(url)}, "") and _is_under(url, path)
    return wanted in names or any(one == host or one.endswith("." + host) for one in hosts)


def _is_under(url: str, path: str) -> bool:
    """Return whether an article's address lies in a part of its site ("deportes")."""
    try:
        return f"{urlsplit(url).path.casefold()}/".startswith(f"/{path.strip('/')}/")
    except ValueError:
        return False


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def raise_alerts(
    recorded: Recorded,
    mentions: Sequence[Mention],
    audience: Mapping[int, Audience],
    *,
    source: Source | None = None,
    mentioned: Collection[int] = (),
    hidden: Collection[tuple[int, int]] = (),
    amended: tuple[Changed, ...] = (),
    missing: Collection[int] | None = None,
) -> list[AlertDraft]:
    """Return one draft for each Subscriber who should hear of this Item, with every Watch of
    theirs that it mentions.

    `mentioned`: the Watches that had a Mention in this Item before (they hear of its edits
    even when the edit takes the name away); `hidden`: (watch, item) pairs marked "not them".
    Disabled Watches raise nothing; what muted ones raise is held back where it is queued.
    `amended`: what changed in a told Item; `missing`: the Watches it named no longer before this
    (None: its words don't show now whom it names).
    """
    item = recorded.item
    found: dict[int, list[Mention]] = {}
    for mention in mentions:
        found.setdefault(mention.watch_id, []).append(mention)
    watch_ids = list(found)
    if recorded.news is News.CHANGED:
        watch_ids += [watch_id for watch_id in mentioned if watch_id not in found]
    heard: dict[int, list[Audience]] = {}
    for watch_id in sorted(watch_ids):
        one = audience.get(watch_id)
        if one is None or (watch_id, item.id) in hidden or not one.watch.enabled:
            continue
        if not admits(one.watch.watch, item, source):
            continue
        for subscriber_id in one.subscriber_ids:
            heard.setdefault(subscriber_id, []).append(one)
    return [
        _amended(
            _draft(subscriber_id, recorded, ones, found, mentioned), recorded, amended, missing
        )
        for subscriber_id, ones in heard.items()
    ]


def _draft(
    subscriber_id: int,
    recorded: Recorded,
    ones: Sequence[Audience],
    found: Mapping[int, Sequence[Mention]],
    mentioned: Collection[int],
) -> AlertDraft:
    watch_ids = tuple(one.watch.watch.id for one in ones)
    changed = recorded.news is News.CHANGED
    return AlertDraft(
        subscriber_id=subscriber_id,
        item=recorded.item,
        watch_ids=watch_ids,
        mentions=tuple(m for watch_id in watch_ids for m in found.get(watch_id, ())),
        priority=min((one.watch.watch.priority for one in ones), key=_URGENCY.__getitem__),
        backlog=recorded.backlog,
        changed=changed,
        headline_changed=recorded.headline_changed,
        fresh_watches=tuple(i for i in watch_ids if i not in mentioned) if changed else (),
    )


def _amended(
    draft: AlertDraft,
    recorded: Recorded,
    amended: tuple[Changed, ...],
    missing: Collection[int] | None,
) -> AlertDraft:
    """Return the draft of a told Item with what has become of it."""
    if not draft.changed or (not amended and missing is None):
        return draft
    named = {mention.watch_id for mention in draft.mentions}
    dropped: tuple[int, ...] = ()
    if missing is not None:
        known = [one for one in draft.watch_ids if one not in draft.fresh_watches]
        dropped = tuple(one for one in known if one not in named and one not in missing)
    turned = Changed.HEADLINE in amended and turns(recorded.before, recorded.item)
    return replace(draft, amended=amended, dropped=dropped, turned=turned)
