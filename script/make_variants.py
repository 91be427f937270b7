"""Write matching/data/han.txt: traditional and Japanese forms of Han characters, each before its
simplified form. Wants `pip install opencc-python-reimplemented` in the Python that runs it.
"""

from __future__ import annotations

from pathlib import Path

import opencc

TABLES = Path(opencc.__file__).parent / "dictionary"
TARGET = Path(__file__).resolve().parent.parent / "matching" / "data" / "han.txt"


def table(name: str) -> dict[str, str]:
    """Return a table of single characters, the first choice of each."""
    rows = (line.split("\t") for line in (TABLES / name).read_text("utf-8").splitlines() if line)
    pairs = {row[0]: row[1].split()[0] for row in rows if len(row) > 1}
    return {a: b for a, b in pairs.items() if len(a) == len(b) == 1 and a <= "\uffff" >= b}


def main() -> None:
    """Join both tables and write them as one string of pairs a line."""
    simple = {a: b for a, b in table("TSCharacters.txt").items() if a != b}
    for old, new in table("JPVariants.txt").items():
        simple.setdefault(new, simple.get(old, old))
    done = {}
    for char in simple:
        end = char
        while end in simple and simple[end] != end:
            end = simple[end]
            if end == char:
                break
        if end != char:
            done[char] = end
    text = "".join(a + b for a, b in sorted(done.items()))
    TARGET.write_text("\n".join(text[i : i + 96] for i in range(0, len(text), 96)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
