"""A court's own feed (CM/ECF), public and free: the docket's number and caption, and the short
description of what was filed; nothing more.

Measured forms: `<number>[-judges] <caption>` as title; `[short description] (<a …>DOCUMENT</a>)`
as description, before it in bankruptcy courts `Type: bk Office: 1 Chapter: 11 Trustee: …`; the guid
and the link name the docket, and one filing with several events is several items.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs

from matching.cases import normal_number
from matching.filings import joined_shorts
from matching.stages import events_of
from model import Filing, Item, Route
from model.courts import court_at
from watchers.addresses import parts_of
from watchers.entry import Entry
from watchers.kinds.feed import Feed

NAME = "pacer"
_TITLE = re.compile(
    r"(?P<number>(?:\d{1,2}:)?\d{2,4}-(?:~?[A-Za-z]{2,4}-)?\d{1,6})(?P<judges>(?:-[A-Za-z0-9]{1,4})*)"
    r"(?P<odd>[^\w\s]\S*)?(?:\s+(?P<caption>.*))?",
    re.S,
)
_SHORT = re.compile(r"\[(?P<short>(?:[^\[\]]|\[[^\[\]]*\])*)\]")
_DOCUMENT = re.compile(
    r"<a\s[^>]*?href\s*=\s*[\"']?(?P<url>[^\"'\s>]+)[^>]*>\s*(?P<number>[^<]*?)\s*</a>", re.I
)
_ENTRY = re.compile(r"\d{1,9}", re.ASCII)
_CASE = re.compile(r"DktRpt\.pl\?(?:caseid=)?(?P<case>\d+)")
_PAPER = re.compile(r"/docs1/(?P<number>\d+)")
_STATES = re.compile(
    r"^(?:the )?(?:USA|U\.S\.A\.|US|United States of America)(?= v\. )"
    r"|(?<= v\. )(?:the )?(?:USA|U\.S\.A\.|US|United States of America)$",
    re.I,
)
_VERSUS = re.compile(r"\s+(?:vs\.?|v)\s+", re.I)
_OTHERS = re.compile(r",?\s+et\.? al\.?,?(?=\s+(?:v\.|and)\s|\s*$)", re.I)


class Pacer(Feed):
    """The feed of one court."""

    name = NAME

    def dressed(self, entry: Entry, item: Item) -> Item:
        """Return an item as the Filing it tells of."""
        return as_filing(entry, item)

    def joined(self, one: Item, other: Item) -> Item:
        """Return two events of one filing as one Item."""
        return joined_events(one, other)


def as_filing(entry: Entry, item: Item) -> Item:
    """Return what a court's feed lists as the Filing it tells of; what has no docket number in
    its title stays the Item it is.
    """
    title = _TITLE.fullmatch(" ".join(item.title.split()))
    if title is None:
        return item
    filing = _filing(entry, item, title)
    return replace(
        item,
        key=_key(filing),
        title=filing.caption or item.title,
        summary=filing.short,
        text="",
        lang="en",
        author="",
        filing=filing,
    )


def joined_events(one: Item, other: Item) -> Item:
    """Return two events of one filing as one Item, whichever stood first."""
    if one.filing is None or other.filing is None:
        return one
    short = joined_shorts(one.filing.short, other.filing.short)
    filing = replace(one.filing, short=short, events=events_of(short))
    return replace(one, summary=short, filing=filing)


def plain_caption(caption: str) -> str:
    """Return a caption with the United States spelt out and without "et al"."""
    plain = _VERSUS.sub(" v. ", _OTHERS.sub("", " ".join(caption.split())))
    return _STATES.sub("United States", plain).strip(" ,")


def _filing(entry: Entry, item: Item, title: re.Match[str]) -> Filing:
    court = court_at(parts_of(entry.link.strip()).hostname or "")
    raw = html.unescape(entry.summary.text) if "&lt;" in entry.summary.text else entry.summary.text
    short = _SHORT.search(raw)
    document = _DOCUMENT.search(raw)
    url = html.unescape(document["url"]) if document else ""
    number = document["number"] if document and _ENTRY.fullmatch(document["number"]) else ""
    paper = _PAPER.search(url)
    asked = parse_qs(parts_of(url).query)
    case = _CASE.search(entry.link)
    said = html.unescape(" ".join(short["short"].split())) if short else item.summary
    return Filing(
        court=court.id if court else "",
        number=normal_number(title["number"]) or title["number"],
        case_id=case["case"] if case else "",
        caption=plain_caption(title["caption"] or ""),
        entry=number,
        document=number or (paper["number"] if paper else ""),
        seq=asked.get("de_seq_num", [""])[0] or _part(entry),
        short=said,
        stamp=_stamp(entry, item),
        judge=title["judges"].strip("-"),
        url=url or item.url,
        events=events_of(said),
        route=Route.COURT,
    )


def _stamp(entry: Entry, item: Item) -> str:
    """Return the feed's instant to the second, in UTC, however old; empty when it has none."""
    parsed = entry.published_parsed
    if parsed is not None:
        return datetime(*parsed[:6], tzinfo=UTC).isoformat()
    at = item.published_at
    return at.astimezone(UTC).isoformat(timespec="seconds") if at is not None else ""


def _part(entry: Entry) -> str:
    """Return what an appeals court's feed calls the entry, which only its guid says."""
    found = parse_qs(parts_of(html.unescape(entry.guid)).query).get("partId")
    return f"p{found[0]}" if found else ""


def _key(filing: Filing) -> str:
    """Return what tells this filing from every other of the feed; its guid and link do not."""
    case = filing.case_id or filing.number
    if filing.entry:
        return f"{case}/{filing.entry}"
    if filing.seq:
        return f"{case}#{filing.seq}"
    return f"{case}@{filing.stamp}"
