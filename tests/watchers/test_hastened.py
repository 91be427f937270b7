from __future__ import annotations

import copy
import warnings
from pathlib import Path

import feedparser.api
import feedparser.mixin
import pytest

from watchers.syndication import PLAIN_GET, parse

EVERY = 12
"""One real feed in so many: all of them are compared when the reader is changed."""
LONGEST = 100_000


def said(body: bytes) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = parse(body, "http://outlet.example/feed", "")
        except Exception as error:
            return type(error).__name__
    return repr((result["entries"], result["feed"], dict.get(result, "version")))


def test_a_hastened_feedparser_reads_as_a_plain_one(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = sorted((shared / "data" / "feeds").rglob("*.xml"))[::EVERY]
    bodies = [path.read_bytes() for path in feeds if path.stat().st_size < LONGEST]
    assert len(bodies) > 100
    hastened = [said(body) for body in bodies]
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
    monkeypatch.setattr(feedparser.mixin, "copy", copy)
    monkeypatch.setattr(feedparser.FeedParserDict, "get", PLAIN_GET)
    for name in ("make_safe_absolute_uri", "_urljoin"):
        remembering = getattr(feedparser.mixin, name)
        monkeypatch.setattr(feedparser.mixin, name, remembering.__wrapped__)
    assert [said(body) for body in bodies] == hastened
