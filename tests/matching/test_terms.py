"""The query language: what people type for a watch, and how it is written back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from matching.notation import Form, read_term
from matching.terms import parse, read, readings, write
from matching.wishes import from_row
from model import Priority, TermError, Watch, WatchKind

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For machines under load."""


def test_bare_words_are_one_name() -> None:
    assert parse("  Salvador   Cienfuegos Zepeda ") == Watch("Salvador Cienfuegos Zepeda")


def test_every_sign_of_the_language_says_its_part() -> None:
    watch = parse(
        'Salvador Cienfuegos Zepeda | "General Cienfuegos" | ~"El Padrino"'
        "  near:(DEA OR cartel)  -película"
    )
    assert watch == Watch(
        "Salvador Cienfuegos Zepeda",
        aliases=('"General Cienfuegos"',),
        nicknames=("El Padrino",),
        context=("DEA", "cartel"),
        never=("película",),
    )


@pytest.mark.parametrize(
    "line",
    [
        'Salvador Cienfuegos | "General C" | ~"El Padrino" near:(Mexico OR DEA) -Cuba lang:es,en',
        'Salvador Cienfuegos aka "General C", ~"El Padrino" with Mexico|DEA not Cuba in es,en',
        'Salvador Cienfuegos alias "General C", ~"El Padrino" con Mexico, DEA sin Cuba en es, en',
        'Salvador Cienfuegos AKA "General C" | ~"El Padrino" WITH Mexico OR DEA NOT Cuba IN es,en',
        'Salvador "El Padrino" Cienfuegos aka: "General C" con: Mexico, DEA lang:(es OR en) -Cuba',
    ],
)
def test_signs_and_small_words_in_two_languages_mean_the_same(line: str) -> None:
    assert parse(line) == Watch(
        "Salvador Cienfuegos",
        aliases=('"General C"',),
        nicknames=("El Padrino",),
        context=("Mexico", "DEA"),
        never=("Cuba",),
        lang=("es", "en"),
    )


def test_to_whom_it_goes_is_read_beside_the_watch() -> None:
    watch, to = read("Salvador Cienfuegos not Cuba to @mxcourts, -1001234567890")
    assert (watch.never, to) == (("Cuba",), ("@mxcourts", "-1001234567890"))
    assert read("Salvador Cienfuegos a @canal") == (Watch("Salvador Cienfuegos"), ("@canal",))
    assert read("Salvador Cienfuegos to: desk")[1] == ("desk",)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("case USA v. Doe", WatchKind.CASE),
        ("1:19-cr-00366", WatchKind.CASE),
        ("19 Cr. 366 (CBA)", WatchKind.CASE),
        ("United States v. Doe", WatchKind.CASE),
        ("org Los Gavilanes", WatchKind.ORG),
        ("Halloran & Pike Ltd", WatchKind.ORG),
        ("Minera Pegaso S.A. de C.V.", WatchKind.ORG),
        ("vessel Amber Petrel", WatchKind.VESSEL),
        ("MV Amber Petrel", WatchKind.VESSEL),
        ("buque Amber Petrel", WatchKind.VESSEL),
        ("phrase first-degree murder", WatchKind.PHRASE),
        ('"first-degree murder"', WatchKind.PHRASE),
        ("Case Keenum", WatchKind.PERSON),
        ('Ana Luz | "la jefa"', WatchKind.PERSON),
    ],
)
def test_the_kind_is_said_or_guessed(line: str, kind: WatchKind) -> None:
    assert parse(line).kind is kind


def test_quotation_marks_make_a_phrase_and_equals_a_literal() -> None:
    for quoted in ('"General C"', "“General C”", "„General C“", "«General C»"):
        assert parse(f"Ana Luz | {quoted}").aliases == ('"General C"',)
    assert parse('Ana Luz | ="DEA" | =FBI').aliases == ('="DEA"', '="FBI"')
    assert read_term('="DEA"').form is Form.LITERAL
    assert read_term("“General  C”").parts == ("General C",)


def test_words_near_each_other_are_one_term() -> None:
    assert parse("Cienfuegos w/10 DEA").name == "Cienfuegos w/10 DEA"
    assert parse('"Cienfuegos DEA"~10').name == '"Cienfuegos DEA"~10'
    both = parse('Ana Luz | "la jefa" W/5 (DEA OR "cartel H-2")')
    assert both.aliases == ('"la jefa" w/5 DEA', '"la jefa" w/5 "cartel H-2"')
    term = read_term(both.aliases[1])
    assert (term.form, term.parts, term.distance) == (Form.WITHIN, ("la jefa", "cartel H-2"), 5)
    assert read_term('"a b"~7').parts == ("a", "b")


def test_and_asks_for_more_words_and_a_quotation_after_the_name_does_so_too() -> None:
    watch = parse("Ana Luz AND (DEA OR cartel) AND México NOT (película OR novela)")
    assert (watch.require, watch.also) == (("DEA", "cartel"), (("México",),))
    assert watch.never == ("película", "novela")
    assert parse('Ana Luz "money laundering" (DEA OR FBI)').also == (("DEA", "FBI"),)
    assert parse("(Ana Luz OR Ana L. Paz) AND DEA").aliases == ("Ana L. Paz",)


def test_fields_narrow_the_watch() -> None:
    watch = parse(
        'Ana Luz lang:spanish source:"InSight Crime",riodoce.mx court:nyed docket:1:19-cr-00366'
        " type:(order OR motion) priority:high threshold:80"
    )
    assert watch.lang == ("es",)
    assert watch.sources == ("InSight Crime", "riodoce.mx", "nyed")
    assert watch.require == ("order", "motion")
    assert watch.also == (("1:19-cr-00366",),)
    assert (watch.priority, watch.threshold) == (Priority.HIGH, 80)
    assert parse("docket:1:19-cr-00366") == Watch("1:19-cr-00366", kind=WatchKind.CASE)


def test_dashes_exclude_before_a_word_and_belong_to_it_inside() -> None:
    for dash in "-–—−":
        assert parse(f'Jean-Luc Paz {dash}Cuba {dash}"H-2 visa" {dash}H-2').never == (
            "Cuba",
            "H-2 visa",
            "H-2",
        )
    assert parse("Jean-Luc Paz").name == "Jean-Luc Paz"


def test_a_comma_may_stand_in_a_name_but_separates_lists() -> None:
    assert parse("Dunmore, Walter, Jr.").name == "Dunmore, Walter, Jr."
    assert parse("Ana Luz aka La Jefa, Doña Ana").aliases == ("La Jefa", "Doña Ana")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Médicos sin Fronteras", ["Médicos sin Fronteras", "Médicos"]),
        ("org Foundation for Women with Courage", None),
        ("Ana Luz with DEA", ["Ana Luz", "Ana Luz with DEA"]),
    ],
)
def test_a_small_word_that_may_be_part_of_the_name_gives_two_readings(
    line: str, names: list[str] | None
) -> None:
    found = [watch.name for watch in readings(line)]
    assert found[0] == parse(line).name
    assert found == (names or [line.removeprefix("org "), "Foundation for Women"])


def test_small_words_without_their_list_are_part_of_the_name() -> None:
    for name in ("Hombres en el Norte", "Cartas a México", "Women in Black", "Letters to Home"):
        assert parse(name).name == name


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ('Salvador "El Padrino', 'Salvador "El Padrino"'),
        ("“General Luz | Ana Paz", '“General Luz" | Ana Paz'),
        ('Ana Luz | ""', "Ana Luz |"),
        ("lnag:es Ana Luz", "lang:es Ana Luz"),
        ("Ana Luz idoma:es", "Ana Luz idioma:es"),
        ("Ana Luz lang:spansh", "Ana Luz lang:es"),
        ("Ana Luz -Camilo Paz", 'Ana Luz -"Camilo Paz"'),
        ("Ana Luz source:InSight Crime", 'Ana Luz source:"InSight Crime"'),
        ("Ana Luz near:(DEA) Paz", "Ana Luz near:(DEA) | Paz"),
        ("Ana Luz |", "Ana Luz"),
        ("| Ana Luz", "Ana Luz"),
        ("Ana Luz near:(DEA OR FBI", "Ana Luz near:(DEA OR FBI)"),
        ("Ana Luz)", "Ana Luz"),
        ("Ana Luz near:()", "Ana Luz"),
        ("Ana Luz near:(a AND b)", "Ana Luz near:(a OR b)"),
        ("Ana Luz near:", "Ana Luz"),
        ("Ana Luz - Cuba", "Ana Luz -Cuba"),
        ("Ana Luz ~ Jefa", "Ana Luz ~Jefa"),
        ("Ana Luz AND", "Ana Luz"),
        ("Ana Luz AND DEA OR FBI", "Ana Luz AND (DEA OR FBI)"),
        ("Ana Luz OR Ana Paz AND DEA", "(Ana Luz OR Ana Paz) AND DEA"),
        ("Ana Luz w/10", "Ana Luz"),
        ("Ana w/500 DEA", "Ana w/100 DEA"),
        ('"Ana DEA"~500', '"Ana DEA"~100'),
        ('"Ana Luz", "Ana Paz"', '"Ana Luz" | "Ana Paz"'),
        ("Ana Luz threshold:900", "Ana Luz threshold:70"),
        ("Ana Luz priority:urgent", "Ana Luz priority:high"),
        ("-source:x Ana Luz", "source:x Ana Luz"),
        ('~"El Padrino"', "El Padrino"),
    ],
)
def test_a_mistake_is_answered_with_what_was_probably_meant(line: str, suggestion: str) -> None:
    with pytest.raises(TermError) as caught:
        parse(line)
    assert caught.value.suggestion == suggestion
    assert str(caught.value).endswith((".", ":"))
    assert caught.value.code


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "no name"),
        ("  \n ", "no name"),
        ("-Cuba lang:es", "no name"),
        ("x", "single letter"),
        ("Ana Luz | 誠", "single letter"),
        ("…?!", "no letter"),
        ("Ana\x00Luz", "unreadable character (U+0000)"),
        ("Ana\x1bLuz", "unreadable character (U+001B)"),
        ("Ana\ud800Luz", "unreadable character (U+D800)"),
        (" ".join(["Ana"] * 300), "300 words"),
        ("A" * 1000, "too long"),
        (" | ".join(f"Ana{n}" for n in range(2000)), "2,000 names"),
        ("|".join(f"Ana{n}" for n in range(10_000)), "letters long"),
        ("https://example.org/feed", "an address"),
    ],
)
def test_what_cannot_be_watched_is_refused_in_one_sentence(line: str, says: str) -> None:
    with pytest.raises(TermError, match=r"^[^\n]+$") as caught:
        parse(line)
    assert says in str(caught.value)


def test_a_suggestion_can_itself_be_read() -> None:
    for line in ('Ana "La Jefa', "Ana Luz -Camilo Paz", "Ana Luz AND DEA OR FBI"):
        with pytest.raises(TermError) as caught:
            parse(line)
        assert parse(caught.value.suggestion)


@pytest.mark.parametrize(
    ("line", "normal"),
    [
        ("“la jefa” –Cuba", '"la jefa" -Cuba'),
        ("org “H-2 Cartel”", 'org "H-2 Cartel"'),
        ("Ana Luz con DEA sin Cuba en es", "Ana Luz near:(DEA) -Cuba lang:es"),
        ("Ana Luz AND “money  laundering”", 'Ana Luz AND "money laundering"'),
        ("phrase orden de aprehensión", '"orden de aprehensión"'),
        ("person USA v. Doe", "person USA v. Doe"),
    ],
)
def test_the_normal_form_is_short_and_plain(line: str, normal: str) -> None:
    assert write(parse(line)) == normal


_odd = st.text(
    st.sampled_from([*"ab Zñ3誠ا", *" |~-–\"“=()\\,:/&.'#@!*", "\u200c", "\u0301"]), max_size=12
)
_PIECES = (
    'Ana Luz DEA AND OR NOT with sin aka en es in to @x a lang:es w/5 org case H-2 Ltd v. Paz, "la'
    ' jefa" | (b)'
)
_words = st.lists(st.sampled_from(_PIECES.split(" ")), min_size=1, max_size=4).map(" ".join)
_text = _odd | _words
_texts = st.lists(_text, max_size=3)
_rows = st.fixed_dictionaries(
    {"name": _text},
    optional={
        "kind": st.sampled_from(list(WatchKind)),
        "aliases": _texts,
        "nicknames": _texts,
        "context": _texts,
        "require": _texts,
        "also": st.lists(_texts, max_size=2),
        "never": _texts,
        "sources": _texts,
        "lang": st.lists(st.sampled_from(["es", "en", "pt-br"])),
        "priority": st.sampled_from(list(Priority)),
        "threshold": st.integers(0, 100),
    },
)


@unhurried
@given(_rows)
@example({"name": "Ana Luz, to", "aliases": ["x w/5 y", '="DEA"', '"a b"~5']})
@example({"name": "org", "kind": "person"})
@example({"name": 'Ana "La" Luz', "never": ["-x", "(y"], "sources": ["a,b", 'c"d']})
def test_the_normal_form_of_any_watch_reads_back_as_the_same_watch(row: dict[str, object]) -> None:
    try:
        watch = from_row(row)
    except TermError:
        return
    line = write(watch, ("@mxcourts", "desk"))
    assert read(line) == (watch, ("@mxcourts", "desk")), line
    assert write(parse(line)) == write(watch)


@unhurried
@given(st.text(max_size=60) | _words | _odd)
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        watch = parse(text)
    except TermError:
        return
    assert parse(write(watch)) == watch


def test_a_long_hostile_wish_is_read_or_refused_like_any_other() -> None:
    for unit in ("con a ", "(", "((a|", "-b ", "w/1 ", 'x"y" ', "not (", "a,", "AND (b) "):
        try:
            watch = parse(f"Ana Luz {unit * 3000}")
        except TermError:
            continue
        assert watch.name.startswith("Ana Luz")


DOCS = Path(__file__).parents[2] / "docs" / "watching.md"


def test_every_line_of_the_guide_can_be_typed() -> None:
    guide = DOCS.read_text("utf-8")
    blocks = re.findall(r"^```\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) > 6
    for line in lines:
        parse(re.sub(r"^/\w+ ", "", line))


def test_every_sign_of_the_guide_can_be_typed_after_a_name() -> None:
    rows = re.findall(r"^\| (`.+?) (?<!\\)\|", DOCS.read_text("utf-8"), re.MULTILINE)
    signs = [sign.replace("\\|", "|") for row in rows for sign in re.findall(r"`([^`]+)`", row)]
    assert len(signs) > 25
    for sign in signs:
        if len(sign) > 1 and "…" not in sign:
            alone = sign.startswith(("Salvador", "Cienfuegos", '="', '"C', '"G'))
            assert parse(sign if alone else f"Ana Luz {sign}")
