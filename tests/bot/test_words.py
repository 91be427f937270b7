"""The catalogues: complete, equal in their placeholders, and cheap."""

from __future__ import annotations

import ast
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

import bot.words as words
from bot.words import Catalogue, MissingWordsWarning, load
from model.mention import Reason
from model.message import Mark, Message, Style, marked

AT = datetime(2020, 11, 18, 18, 51, tzinfo=UTC)
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}")
TAG = re.compile(r"<(/?)(\w+)>")
CODE = re.compile(r"[a-z0-9]+(\.[a-z0-9_-]+)+")


def files() -> list[Path]:
    return sorted(words.FOLDER.glob("*/*.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name, abort_invalid=True)


def entries(path: Path) -> dict[str, Entry]:
    return {code(entry): entry for entry in read(path) if entry.id}


def code(entry: Entry) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


def forms(entry: Entry) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


def unbalanced(sentence: str) -> bool:
    opened: list[str] = []
    for slash, tag in TAG.findall(sentence):
        if not slash:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            return True
    return bool(opened)


def faults(path: Path) -> list[str]:
    """Return everything that is wrong with one file, in words."""
    found = [
        f"{code}: more than once"
        for code, times in Counter(re.findall(r'^msgid "(.+)"$', path.read_text(), re.M)).items()
        if times > 1
    ]
    for name, entry in entries(path).items():
        found += [f"{name}: fuzzy"] if entry.fuzzy else []
        found += [f"{name}: empty"] if not all(forms(entry)) else []
        found += [f"{name}: not a code"] if not CODE.fullmatch(name) else []
        found += [f"{name}: tags"] if any(unbalanced(form) for form in forms(entry)) else []
        found += [
            f"{name}: unknown tag <{tag}>"
            for form in forms(entry)
            for _, tag in TAG.findall(form)
            if tag not in words._STYLES
        ]
        named = [set(PLACEHOLDER.findall(form)) - {"n"} for form in forms(entry)]
        found += [f"{name}: plurals differ"] if any(one != named[0] for one in named) else []
    return found


@pytest.mark.parametrize("path", files(), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_entry_is_fuzzy_empty_double_or_badly_tagged(path: Path) -> None:
    assert faults(path) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ('#, fuzzy\nmsgid "a.b"\nmsgstr "x"\n', "a.b: fuzzy"),
        ('msgid "a.b"\nmsgstr ""\n', "a.b: empty"),
        ('msgid "a.b"\nmsgstr "x"\n\nmsgid "a.b"\nmsgstr "x"\n', "a.b: more than once"),
        ('msgid "a.b"\nmsgstr "<b>x"\n', "a.b: tags"),
        ('msgid "a.b"\nmsgstr "<u>x</u>"\n', "a.b: unknown tag <u>"),
        ('msgid "Hello"\nmsgstr "x"\n', "Hello: not a code"),
        (
            'msgid "a.b"\nmsgid_plural "a.b"\nmsgstr[0] "{x}"\nmsgstr[1] "{y} {n}"\n',
            "a.b: plurals differ",
        ),
    ],
)
def test_each_fault_is_found(tmp_path: Path, broken: str, fault: str) -> None:
    path = tmp_path / "en" / "broken.po"
    path.parent.mkdir()
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n' + broken
    )
    assert fault in faults(path)


def test_no_code_stands_in_two_files_of_a_language() -> None:
    for language in words.languages():
        codes = Counter(
            code for path in files() if path.parent.name == language for code in entries(path)
        )
        assert [code for code, times in codes.items() if times > 1] == []


@pytest.mark.parametrize("language", [name for name in words.languages() if name != "en"])
def test_every_language_has_what_english_has_with_the_same_placeholders(language: str) -> None:
    def all_of(name: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path in (words.FOLDER / name).glob("*.po"):
            for code, entry in entries(path).items():
                found[code] = {p for form in forms(entry) for p in PLACEHOLDER.findall(form)}
        return found

    assert all_of(language) == all_of("en")


def spoken() -> set[str]:
    """Return every catalogue code that the program's source names literally."""
    root = Path(words.__file__).parent.parent
    found = set()
    for room in ("watchers", "alerts", "bot"):
        for path in (root / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                found |= _said(node)
    return found


def _said(node: ast.AST) -> set[str]:
    if not isinstance(node, ast.Call) or not node.args:
        return set()
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    first = node.args[0]
    literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return {first.value} if literal and name in {"say", "write", "Notice"} else set()


def test_every_sentence_the_program_says_is_in_the_english_catalogue() -> None:
    english = load("en")
    codes = spoken()
    assert "words.day" in codes
    assert sorted(code for code in codes if CODE.fullmatch(code) and code not in english) == []


def test_tags_become_marks_around_what_they_enclose(tmp_path: Path) -> None:
    catalogue = made(tmp_path, {"a.b": "<b>Also in {n}</b> <quote>“{said}”</quote>"})
    message = catalogue.write("a.b", n=2, said=Message("a <b>c", (Mark(Style.BOLD, 2, 5),)))
    assert message.text == "Also in 2 “a <b>c”"
    assert [(message.text[m.start : m.end], m.style) for m in message.marks] == [
        ("Also in 2", Style.BOLD),
        ("“a <b>c”", Style.QUOTE),
        ("<b>", Style.BOLD),
    ]


def test_what_a_stranger_wrote_stays_inert(tmp_path: Path) -> None:
    catalogue = made(tmp_path, {"a.b": "{said} {{said}}"})
    assert catalogue.write("a.b", said="<b>{n}</b>{said}") == Message("<b>{n}</b>{said} {said}")


def test_a_tag_around_nothing_leaves_no_mark(tmp_path: Path) -> None:
    assert made(tmp_path, {"a.b": "<b>{x}</b>!"}).write("a.b", x="") == Message("!")


def test_a_number_picks_the_plural_and_is_grouped() -> None:
    english = load("en")
    assert english.say("words.days", n=1) == "1 day"
    assert english.say("words.days", n=2318) == "2,318 days"


def test_an_unknown_code_is_said_as_it_is_and_loudly() -> None:
    with pytest.warns(MissingWordsWarning, match="no\\.such"):
        assert load("en").say("no.such") == "no.such"


def test_a_missing_argument_does_not_swallow_the_sentence(tmp_path: Path) -> None:
    with pytest.warns(MissingWordsWarning, match="who"):
        assert made(tmp_path, {"a.b": "by {who}"}).say("a.b") == "by {who}"


def test_an_unknown_language_speaks_english() -> None:
    assert load("xx").language == "en"
    assert load("en-GB") is load("en_US")


def test_a_translation_falls_back_to_english_sentence_by_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, sentences in {"en": {"a.b": "b", "a.c": "c"}, "es": {"a.b": "be"}}.items():
        write(tmp_path / language, sentences)
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    spanish = words._load.__wrapped__("es")
    assert (spanish.say("a.b"), spanish.say("a.c")) == ("be", "c")


def test_a_reason_takes_its_arguments_by_place(tmp_path: Path) -> None:
    catalogue = made(
        tmp_path,
        {"reason.near": "{0} near {n} words ({all})", "words.list": "{most} and {last}"},
    )
    assert catalogue.reason(Reason("near", ("a", "b"))) == "a near 2 words (a and b)"


def test_dates_lists_and_lengths_read_as_people_write_them() -> None:
    english = load("en")
    assert english.day(AT) == "18 November 2020"
    assert english.moment(AT) == "18 Nov 2020, 18:51 UTC"
    assert english.language_name("es-MX") == "Spanish"
    assert english.language_name("x?") == "x?"
    assert [english.listed("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert [english.length(s) for s in (0, 45, 720, 6900, 86400, 187200)] == [
        "0 s",
        "45 s",
        "12 min",
        "1 h 55 min",
        "1 day",
        "2 days 4 h",
    ]


def test_instants_and_dates_given_as_arguments_are_worded(tmp_path: Path) -> None:
    catalogue = made(
        tmp_path,
        {"a.b": "{at} {day}", "words.day": "d MMMM y", "words.moment": "d MMM y, HH:mm z"},
    )
    assert catalogue.say("a.b", at=AT, day=date(2020, 11, 18)) == (
        "18 Nov 2020, 18:51 UTC 18 November 2020"
    )


def test_a_marked_text_carries_one_mark_and_nothing_carries_none() -> None:
    assert marked("x", Style.LINK, "https://a.test").marks == (
        Mark(Style.LINK, 0, 1, "https://a.test"),
    )
    assert marked("", Style.BOLD) == Message("")


def test_nothing_is_read_at_import() -> None:
    source = Path(words.__file__).read_text()
    top = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any("babel" in ast.unparse(node) for node in top)


def write(folder: Path, sentences: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    body = "".join(f'\nmsgid "{code}"\nmsgstr "{text}"\n' for code, text in sentences.items())
    (folder / "some.po").write_text(head + body)


def made(tmp_path: Path, sentences: dict[str, str]) -> Catalogue:
    write(tmp_path / "en", sentences)
    return Catalogue("en", words._read(tmp_path / "en"))
