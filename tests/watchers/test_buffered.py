from __future__ import annotations

import warnings
from pathlib import Path

import feedparser.api
import pytest

from watchers.syndication import parse

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


def test_text_in_one_piece_reads_as_text_in_many(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = sorted((shared / "data" / "feeds").rglob("*.xml"))[::EVERY]
    bodies = [path.read_bytes() for path in feeds if path.stat().st_size < LONGEST]
    assert len(bodies) > 100
    at_once = [said(body) for body in bodies]
    monkeypatch.setattr(feedparser.api, "PREFERRED_XML_PARSERS", [])
    assert [said(body) for body in bodies] == at_once
