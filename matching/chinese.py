"""Chinese names in pinyin as others write them: Gao Wenbin is Kao Wen-pin in Taiwan, after Wade and
Giles but without their apostrophes and umlauts, and Гао Вэньбинь in Russia, after Palladius.
"""

from __future__ import annotations

import re

from matching import eastern, scripts
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


def elsewhere(person: Person) -> tuple[str, ...]:
    """Return how a Chinese name is written in Russia and, if it has two given syllables and is not
    the same, in Taiwan, where one alone would be many other names; nothing for other names.
    """
    family_name = person.surnames[0].word
    if person.culture is not Culture.EASTERN or "zh" not in eastern.homes_of(family_name):
        return ()
    syllables = eastern.syllables(person.given[0], frozenset({"zh"}))
    if not 1 <= len(syllables) <= 2 or eastern.is_korean(person):
        return ()
    pinyin = (person.surnames[0].word.fold, *syllables)
    found = []
    written = tuple(map(_syllable, pinyin))
    if written != pinyin and len(syllables) == 2:
        found.append(f"{written[0].title()} {written[1].title()}-{written[2]}")
    if scripts.CYRILLIC not in person.spelled:
        family, *given = map(_cyrillic, pinyin)
        # The comma says which is the surname.
        found.append(f"{family.title()}, {''.join(given).title()}")
    return tuple(found)


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


_PALLADIUS = {
    "b": "б",
    "p": "п",
    "m": "м",
    "f": "ф",
    "d": "д",
    "t": "т",
    "n": "н",
    "l": "л",
    "g": "г",
    "k": "к",
    "h": "х",
    "j": "цз",
    "q": "ц",
    "x": "с",
    "zh": "чж",
    "ch": "ч",
    "sh": "ш",
    "r": "ж",
    "z": "цз",
    "c": "ц",
    "s": "с",
    "y": "",
    "w": "в",
    "": "",
}
_FINALS_OF = (
    "a=а o=о e=э ai=ай ei=эй ao=ао ou=оу an=ань en=энь ang=ан eng=эн ong=ун i=и ia=я ie=е"
    " iao=яо iu=ю ian=янь in=инь iang=ян ing=ин iong=юн u=у ua=уа uo=о uai=уай ui=уй uan=уань"
    " un=унь uang=уан ue=юэ er=эр"
)
_FINALS = dict(pair.split("=") for pair in _FINALS_OF.split(" "))
_SOFT = {"u": "юй", "ue": "юэ", "uan": "юань", "un": "юнь"}
"""Finals after j, q, x and y, where u stands for ü."""
_AFTER_Y = {"a": "я", "e": "е", "ao": "яо", "ou": "ю", "an": "янь", "ang": "ян", "ong": "юн"}
_HISSED = {"zi": "цзы", "ci": "цы", "si": "сы", "wu": "у", "hui": "хуэй"}


def _cyrillic(pinyin: str) -> str:
    if pinyin in _HISSED:
        return _HISSED[pinyin]
    found = _INITIAL.match(pinyin)
    initial = found.group() if found else ""
    final = pinyin[len(initial) :]
    if initial in {"j", "q", "x", "y"} and final in _SOFT:
        return _PALLADIUS[initial] + _SOFT[final]
    if initial == "y" and final in _AFTER_Y:
        return _AFTER_Y[final]
    return _PALLADIUS[initial] + _FINALS.get(final, final)
