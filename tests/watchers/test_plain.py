from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.plain import plain_line, plain_text, scrub


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("Plain words", "Plain words"),
        ("<p>General <b>Cien</b>fuegos</p><p>was freed", "General Cienfuegos\nwas freed"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("a <!-- hidden --> b", "a b"),
        ("<style>p{}</style><script>x()</script>words", "words"),
        ("wrapped\n   <i>by</i> hand", "wrapped by hand"),
        ("&laquo;M&eacute;xico&raquo;&nbsp;", "«México»"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
    ],
)
def test_markup_becomes_what_its_reader_sees(markup: str, seen: str) -> None:
    assert plain_text(markup) == seen


@pytest.mark.parametrize("written", ["Garc&iacute;a Luna", "Garc&amp;iacute;a Luna", "García Luna"])
def test_an_accent_escaped_once_too_often_is_an_accent(written: str) -> None:
    assert plain_text(written) == "García Luna"
    assert plain_line(written, html=False) == "García Luna"


def test_entities_are_decoded_twice_and_no_more() -> None:
    assert plain_text("&amp;amp;lt;") == "&lt;"


def test_tags_escaped_once_too_often_are_still_tags() -> None:
    assert plain_text("&lt;p&gt;Garc&amp;iacute;a&lt;/p&gt;") == "García"


def test_a_plain_title_keeps_what_is_no_tag_of_html() -> None:
    assert plain_line("Mail <ana@x.example> about <T>", html=False) == (
        "Mail <ana@x.example> about <T>"
    )
    assert plain_line("A <b>bold</b> claim", html=False) == "A bold claim"


def test_a_comment_that_never_ends_swallows_nothing() -> None:
    assert plain_text("before <!-- and <p>after") == "before and\nafter"
    assert plain_text("a <!-- x --> b <!-- c") == "a b c"


def test_a_title_is_one_line() -> None:
    assert plain_line("  Two\n lines <br> and\u2028more ") == "Two lines and more"


def test_what_no_database_holds_is_gone() -> None:
    assert scrub("a\x00b\x1fc\ud800d\x9fe\tf\n") == "abc\ufffdde\tf\n"
    assert plain_text("&#0;a&#xD800;b") == "\ufffda\ufffdb"


def test_a_text_is_cut_at_its_limit() -> None:
    assert plain_text("word " * 100, limit=11) == "word word w"


@given(st.text())
def test_no_text_breaks_it_and_nothing_unspeakable_is_left(text: str) -> None:
    plain = plain_text(text)
    plain.encode()
    assert "\x00" not in plain
    assert plain == plain.strip()


@given(st.text(alphabet=st.sampled_from("<>!-&;a /p\"'=#x0"), max_size=60))
def test_no_half_markup_breaks_it(text: str) -> None:
    plain_text(text)
    plain_line(text, html=False)


@given(st.lists(st.sampled_from(["Ramón", "Noriega", "de", "la", "5", "¡sí!"]), min_size=1))
def test_plain_words_are_left_as_they_are(words: list[str]) -> None:
    assert plain_text(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    "piece", ["<!--", "<", "<a ", "&", "<b>", "<p><a>", "<table>", "]]>", '<a b="']
)
def test_hostile_markup_costs_no_more_than_its_length(piece: str) -> None:
    started = time.process_time()
    plain_text(piece * 20_000)
    assert time.process_time() - started < 1
