"""Chinese names as Taiwan and older books write them: Gao Wenbin is Kao Wen-pin.

The Wade–Giles system without its apostrophes and umlauts, which newspapers leave out.
"""

from __future__ import annotations

import re

from matching import eastern, known
from matching.anatomy import Culture, Person

_INITIAL = re.compile("zh|ch|sh|[bpmfdtnlgkhjqxrzcswy]")
_INITIALS = {
    "zh": "ch",
    "b": "p",
    "d": "t",
    "g": "k",
    "j": "ch",
    "q": "ch",
    "x": "hs",
    "z": "ts",
    "c": "ts",
    "r": "j",
}
_WHOLE_SYLLABLES = (
    "yi=i you=yu yan=yen ye=yeh er=erh e=o si=ssu zi=tzu ci=tzu zhi=chih chi=chih shi=shih"
    " ri=jih he=ho ge=ko ke=ko gui=kuei kui=kuei yong=yung"
)
_WHOLE = dict(pair.split("=") for pair in _WHOLE_SYLLABLES.split(" "))
_ENDS = (
    (re.compile("ong$"), "ung"),
    (re.compile("ian$"), "ien"),
    (re.compile("ie$"), "ieh"),
    (re.compile("ue$"), "ueh"),
    (re.compile("(?<![gkh])uo$"), "o"),
)


def wade_giles(person: Person) -> str:
    """Return a Chinese name with two given syllables in Wade–Giles; empty for other names, and
    where it is the same.
    """
    if person.culture is not Culture.EASTERN or "zh" not in known.surname(person.surnames[0].word):
        return ""
    syllables = eastern.syllables(person.given[0], frozenset({"zh"}))
    if len(syllables) != 2 or eastern.vietnamese(person.surnames[0].word):
        return ""
    pinyin = (person.surnames[0].word.fold, *syllables)
    family, first, second = written = tuple(map(_syllable, pinyin))
    return f"{family.title()} {first.title()}-{second}" if written != pinyin else ""


def _syllable(pinyin: str) -> str:
    if pinyin in _WHOLE:
        return _WHOLE[pinyin]
    found = _INITIAL.match(pinyin)
    initial = found.group() if found else ""
    final = pinyin[len(initial) :]
    for end, written in _ENDS:
        # The rules look at the initial, too: Guo is Kuo, but Duo is To.
        if end.search(pinyin):
            final = end.sub(written, final)
            break
    return _INITIALS.get(initial, initial) + final
