from __future__ import annotations

from pathlib import Path

import pytest

from model import NewSource, ParseError
from watchers.opml import read_opml

LIST = """<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="México"><outline text="Ñandú &amp; Cía" type="rss" xmlUrl="http://a.example/f?x=1&amp;y=2"/>
<outline text="Twice" xmlUrl="http://a.example/f?x=1&amp;y=2"/></outline>
<outline text="No" xmlUrl="javascript:alert(1)"/><outline text="Old" xmlUrl="feed://b.example/rss"/>
</body></opml>"""

EXPECTED = (
    NewSource("http://a.example/f?x=1&y=2", "Ñandú & Cía", tags=("México",)),
    NewSource("http://b.example/rss", "Old"),
)


def test_a_list_of_feeds_is_read_with_its_folders() -> None:
    assert read_opml(LIST.encode()) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_it_is_read_in_any_encoding(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n{LIST}'
    assert read_opml(declared.encode(encoding)) == EXPECTED


def test_it_is_read_where_no_encoding_is_declared() -> None:
    assert read_opml(LIST.encode("windows-1252")) == EXPECTED


@pytest.mark.parametrize(
    "damage",
    [
        ("&amp;y", "&y"),
        ("</outline>\n", "\n"),
        ("</body></opml>", ""),
        ('version="2.0"', "version=2.0"),
    ],
)
def test_a_list_that_is_not_well_formed_is_read_all_the_same(damage: tuple[str, str]) -> None:
    found = read_opml(LIST.replace(*damage).encode())
    assert [one.url for one in found] == [one.url for one in EXPECTED]


@pytest.mark.parametrize(
    "body", [b"", b"words", b"<html><body>no</body></html>", b"\x00\xff", b"<opml/>"]
)
def test_what_lists_no_feeds_is_said_in_a_sentence(body: bytes) -> None:
    with pytest.raises(ParseError, match="lists no feeds"):
        read_opml(body)


def test_an_entity_brings_in_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("http://secret.example/")
    body = f"""<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}">]>
    <opml><body><outline text="&x;" xmlUrl="http://a.example/"/></body></opml>"""
    assert "secret" not in repr(read_opml(body.encode()))


def test_every_real_list_is_read(shared: Path) -> None:
    files = sorted((shared / "data" / "opml").rglob("*.opml"))
    assert files
    for file in files:
        body = file.read_bytes()
        addresses = body.lower().count(b"xmlurl=")
        assert len(read_opml(body)) >= addresses * 0.9, file.name
