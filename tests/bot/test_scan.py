"""`vigil scan`: JSON lines in, JSON lines out, whatever is wrong with some of them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.bot.running import command, environment, vigil

WATCH = {"name": "Salvador Cienfuegos Zepeda", "aliases": ["General Cienfuegos"]}
ITEM = {"id": "1", "title": "Charges against Salvador Cienfuegos Zepeda are dropped"}


def lines(*rows: object) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.jsonl"
    path.write_text(lines(WATCH))
    return path


def mentions(done: subprocess.CompletedProcess[str]) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_mention_is_one_line_with_exact_places(tmp_path, names):
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(ITEM))
    (found,) = mentions(done)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(found) == {"item", "watch", "field", "start", "end", "text", "score", "reason"}
    assert found["item"] == "1"
    assert found["watch"] == WATCH["name"]
    assert found["field"] == "title"
    assert ITEM["title"][found["start"] : found["end"]] == found["text"]
    assert found["text"] == "Salvador Cienfuegos Zepeda"
    assert found["score"] == 100
    assert found["reason"]
    assert "reason." not in found["reason"]


def test_places_are_code_points_of_the_original_field(tmp_path, names):
    text = "😀 e\u0301 \u200b𝔸: Cienfuegos Zepeda, Salvador 😀"
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines({"id": 7, "text": text}))
    (found,) = mentions(done)
    assert found["item"] == 7
    assert text[found["start"] : found["end"]] == found["text"]
    assert found["text"] == "Cienfuegos Zepeda, Salvador"


def test_items_can_be_a_file_and_need_no_configuration(tmp_path, names):
    items = tmp_path / "items.jsonl"
    items.write_text(lines(ITEM, {"id": "2", "summary": "Nothing of him."}))
    done = vigil("scan", "--watches", names, items, cwd=tmp_path)
    assert [found["item"] for found in mentions(done)] == ["1"]
    assert {path.name for path in tmp_path.iterdir()} == {"names.jsonl", "items.jsonl"}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("{", "line 2: this is not JSON"),
        ("[1]", "line 2: an object such as"),
        ('{"title": "no id"}', 'line 2: it has no "id".'),
        ('{"id": NaN, "title": "x"}', "line 2: this is not JSON (NaN)."),
        ('{"id": "x"}', "line 2: it has no text"),
        ('{"id": "x", "title": 5}', 'line 2: "title" must be a text.'),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path, names, bad, sentence):
    after = ITEM | {"id": "3"}
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(ITEM, bad, "", after))
    assert [found["item"] for found in mentions(done)] == ["1", "3"]
    assert done.returncode == 1
    (complaint,) = done.stderr.splitlines()
    assert complaint.startswith(f"vigil scan: {sentence}")


def test_bytes_that_are_not_utf8_are_a_bad_line(tmp_path, names):
    stdin = b'{"id": "1", "title": "\xff"}\n' + lines(ITEM).encode()
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=stdin)
    assert len(mentions(done)) == 1
    assert done.stderr.startswith("vigil scan: line 1: this is not UTF-8")


def test_a_lone_surrogate_breaks_nothing(tmp_path, names):
    line = '{"id": "1", "title": "\\ud800 Salvador Cienfuegos Zepeda \\udfff"}\n'
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=line)
    (found,) = mentions(done)
    assert found["text"] == "Salvador Cienfuegos Zepeda"
    assert found["start"] == 2


def test_a_bad_watch_is_named_and_the_others_are_looked_for(tmp_path):
    names = tmp_path / "names.jsonl"
    names.write_text(lines({"name": ""}, "nonsense", WATCH))
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(ITEM))
    assert len(mentions(done)) == 1
    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert first.startswith("vigil scan: names.jsonl line 1: ")
    assert second.startswith("vigil scan: names.jsonl line 2: this is not JSON")


def test_a_name_that_a_list_holds_twice_is_told_once_at_each_place(tmp_path):
    names = tmp_path / "names.jsonl"
    again = {"name": WATCH["name"], "aliases": ["El Padrino de la Costa"]}
    names.write_text(lines(WATCH, again))
    item = ITEM | {"text": "El Padrino de la Costa was held."}
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(item))
    assert [found["field"] for found in mentions(done)] == ["title", "text"]


def test_lists_may_be_csv_or_toml(tmp_path):
    table = tmp_path / "names.csv"
    table.write_text(
        "name,kind,aliases\nSalvador Cienfuegos Zepeda,person,General Cienfuegos|x y\n"
    )
    tables = tmp_path / "names.toml"
    tables.write_text('[[watches]]\nname = "Salvador Cienfuegos Zepeda"\nto = ["desk"]\n')
    for names in (table, tables):
        done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(ITEM))
        assert (done.returncode, len(mentions(done))) == (0, 1), done.stderr


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheet_may_separate_columns_by_other_signs(tmp_path, separator):
    names = tmp_path / "names.csv"
    rows = (("name", "kind"), ("Salvador Cienfuegos Zepeda", "person"))
    names.write_text("".join(separator.join(row) + "\r\n" for row in rows), "utf-8-sig")
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(ITEM))
    assert (done.returncode, len(mentions(done))) == (0, 1), done.stderr


def test_a_quotation_mark_that_is_not_closed_swallows_no_name_in_silence(tmp_path):
    names = tmp_path / "names.csv"
    names.write_text('name,kind\n"Ana Soto,person\nSalvador Cienfuegos Zepeda,person\n')
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(ITEM))
    assert done.returncode == 1
    assert done.stderr == (
        "vigil scan: names.csv line 3: the name goes over several lines: "
        "a quotation mark before it is not closed.\n"
    )


def test_a_list_without_a_watch_says_so(tmp_path):
    names = tmp_path / "names.toml"
    names.write_text('[[watch]]\nname = "Salvador Cienfuegos Zepeda"\n')
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(ITEM))
    assert done.stderr == "vigil scan: names.toml holds no watch: nothing is looked for.\n"


def test_a_list_that_is_not_utf8_says_what_to_do(tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("name\nAna Soto\n", "utf-16")
    done = vigil("scan", "--watches", names, cwd=tmp_path, stdin=lines(ITEM))
    assert done.returncode == 2
    assert done.stderr == f"vigil: {names} is not UTF-8: save it as UTF-8.\n"


def test_what_is_below_the_threshold_is_printed_only_when_asked_for(tmp_path, names):
    item = {"id": "1", "title": "United States v. Cienfuegos-Zepeda"}
    strict = vigil(
        "scan", "--watches", names, "--threshold", "100", cwd=tmp_path, stdin=lines(item)
    )
    every = vigil(
        "scan", "--watches", names, "--threshold", "100", "--possible",
        cwd=tmp_path, stdin=lines(item),
    )  # fmt: skip
    assert mentions(strict) == []
    assert [found["score"] < 100 for found in mentions(every)] == [True]


def test_a_list_that_is_not_there_is_a_usage_error(tmp_path):
    done = vigil("scan", "--watches", "nowhere.jsonl", cwd=tmp_path, stdin=lines(ITEM))
    assert done.returncode == 2
    assert done.stderr == "vigil: nowhere.jsonl can't be read: No such file or directory.\n"


def test_items_that_are_not_there_are_a_usage_error(tmp_path, names):
    for items in ("nowhere.jsonl", names / "below.jsonl", tmp_path):
        done = vigil("scan", "--watches", names, items, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"vigil: {items} can't be read: ")


def test_an_item_is_answered_before_the_next_one_comes(tmp_path, names):
    process = subprocess.Popen(
        command("scan", "--watches", names),
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in ("1", "2"):
            process.stdin.write(lines(ITEM | {"id": number}).encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["item"] == number
        process.stdin.close()
        assert process.wait(20) == 0


def test_memory_does_not_grow_with_the_archive(tmp_path, names):
    dull = lines({"id": "dull", "text": "words of no interest " * 50}).encode()
    with subprocess.Popen(
        command("scan", "--watches", names),
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:

        def held_after(count: int) -> int:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(dull * count + lines(ITEM).encode())
            process.stdin.flush()
            process.stdout.readline()
            status = Path(f"/proc/{process.pid}/status").read_text()
            return int(status.split("VmRSS:")[1].split()[0])

        small = held_after(200)
        assert held_after(4000) < small + 2_000  # kB; what was read meanwhile has 4,400


def test_whoever_reads_may_stop_reading(tmp_path, names):
    items = tmp_path / "items.jsonl"
    items.write_text(lines(*(ITEM | {"id": str(n)} for n in range(5000))))
    process = subprocess.Popen(
        command("scan", "--watches", names, items),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(20) == 1
        assert process.stderr.read() == b""


def test_a_terminal_shows_progress_and_every_line_whole(tmp_path, names):
    items = tmp_path / "items.jsonl"
    items.write_text(lines(*(ITEM | {"id": str(n)} for n in range(300))))
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        command("scan", "--watches", names, items),
        cwd=tmp_path,
        env=environment(TERM="xterm", COLUMNS="80"),
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    said = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(leader)
    assert process.wait(20) == 0
    assert b"items," in said
    assert said.count(b'{"item": "') == 300
