from __future__ import annotations

import pytest

from watchers.answer import Answer


@pytest.mark.parametrize(
    ("sent", "media", "charset"),
    [
        ("", "", ""),
        ("text/xml", "text/xml", ""),
        ("Application/RSS+XML; charset=UTF-8", "application/rss+xml", "utf-8"),
        ('text/xml;charset="iso-8859-1"', "text/xml", "iso-8859-1"),
        ("text/xml; boundary=x; charset=utf8", "text/xml", "utf8"),
        (";;;=", "", ""),
        ("text/xml; charset*=bogus''x%ff", "text/xml", None),
        ("text/html\r\nx: y; charset=a", "text/html", None),
    ],
)
def test_a_content_type_is_read_however_it_is_written(
    sent: str, media: str, charset: str | None
) -> None:
    answer = Answer("http://a.example/", headers={"content-type": sent})
    assert answer.media.startswith(media)
    assert charset is None or answer.charset == charset
    assert isinstance(answer.charset, str)
