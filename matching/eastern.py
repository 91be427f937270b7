"""Chinese, Korean and Vietnamese names: the surname first, then one to three syllables."""

from __future__ import annotations

import re
from dataclasses import replace

from anyascii import anyascii

from matching import known, scripts
from matching.anatomy import Part, Person, make_part
from matching.text import WORDS, Word, fold

_PINYIN = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ueng|ang|eng|ing|ong|iao|ian|uai|uan"
    r"|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|a|o|e|i|u)"
)
_KOREAN = re.compile(
    r"(?:kk|tt|pp|ss|jj|ch|kh|[gkndtrlmbpsjhyw])?(?:yeo|yae|wae|yoo|you|eui|eo|eu|ae|oe|wi|wa|we|wo"
    r"|oo|ee|ou|ya|ye|yo|yu|ui|a|e|i|o|u)(?:ng|[kngtlmpbr])?"
)
_VIETNAMESE = re.compile("[ăâđêôơưẠ-ỹ]", re.IGNORECASE)
_SYLLABLE = re.compile(
    r"(?:ngh?|n|nh|th|tr|ch|gh?|gi|kh|ph|qu|[bcdhklmprstvx])?(?:[aeiouy]{1,3})(?:ng|nh|ch|[cmnpt])?"
)
"""Of Vietnamese, without its signs."""
_HANGUL_FAMILIES = dict(pair.split("=") for pair in known.around("hangul_families"))
"""Korean surnames that no one spells as they sound."""


def romanised(text: str) -> str:
    """Return a Chinese or Korean name in Latin letters, surname first; empty when it is neither."""
    folded = re.sub(r"\s+", "", fold(text))
    if not 2 <= len(folded) <= 4 or scripts.script_of(folded) not in {scripts.HAN, scripts.HANGUL}:
        return ""
    read = [re.sub("[^a-z]", "", anyascii(letter).lower()) for letter in folded]
    if not all(read):
        return ""
    double = folded[:2] in known.around("zh_double")
    if not double and folded[:2] in known.around("jp_double"):
        return ""
    cut = 2 if double else 1
    family, given = "".join(read[:cut]), "".join(read[cut:])
    family = _HANGUL_FAMILIES.get(folded[0], family)
    known_family = double or homes_of(WORDS[family]) & {"zh", "ko"}
    korean = scripts.script_of(folded) == scripts.HANGUL
    return f"{family.title()} {given.title()}" if given and (known_family or korean) else ""


def eastern(groups: list[Part], text: str) -> tuple[Part, Part] | None:
    """Return (surname, given name) of a Chinese, Korean or Vietnamese name; None if it is none."""
    words = [part.word for part in groups]
    if any(word.script != scripts.LATIN for word in words):
        return None
    if len(groups) > 2 and vietnamese(words[0]) and _syllabic(words[1:], text):
        return groups[0], _joined(groups[1:])
    if len(groups) > 3:
        return None
    for family, rest in ((groups[0], groups[1:]), (groups[-1], groups[:-1])):
        homes = homes_of(family.word)
        if not homes:
            continue
        given = _joined(rest)
        if syllables(given, homes) and not _western_given(rest):
            return family, given
    return None


def vietnamese(family: Word) -> bool:
    """Whether a word is a Vietnamese surname."""
    return "vi" in known.surname(family) or family.fold in known.around("vi_families")


def homes_of(family: Word) -> frozenset[str]:
    """Return in which of China, Korea and Vietnam a word is a surname, as languages."""
    homes = known.surname(family) & _HOMES
    return homes | {"zh"} if family.fold in known.around("zh_families") else homes


_HOMES = frozenset({"zh", "ko", "vi"})


def toned(person: Person) -> bool:
    """Whether a Vietnamese name is written with its signs."""
    return vietnamese(person.surnames[0].word) and not person.text.isascii()


def _syllabic(words: list[Word], text: str) -> bool:
    """Whether the rest of a name is Vietnamese: by its letters, or by each word being a syllable
    and none a given name of others.
    """
    if _VIETNAMESE.search(text):
        return True
    return all(
        word.fold in {"thi", "van"}
        or (_SYLLABLE.fullmatch(word.fold) and not known.given(word) - {"vi", "zh", "ko"})
        for word in words
    )


def _western_given(parts: list[Part]) -> bool:
    return any(
        known.given(part.word) - {"zh", "ko", "vi", "ja"} for part in parts if len(part.pieces) == 1
    )


def _joined(parts: list[Part]) -> Part:
    pieces = tuple(piece for part in parts for piece in part.pieces)
    return replace(make_part(pieces), core=None, particles=(), patronymic=False)


def syllables(part: Part, homes: frozenset[str]) -> tuple[str, ...]:
    """Return the one to three syllables of an Eastern given name; empty when it has none."""
    if len(part.pieces) > 1:
        return tuple(piece.fold for piece in part.pieces)
    folded = part.word.fold
    for home, pattern in (("zh", _PINYIN), ("ko", _KOREAN)):
        if home in homes:
            for cut in range(len(folded) - 1, 1, -1):
                if pattern.fullmatch(folded[:cut]) and pattern.fullmatch(folded[cut:]):
                    return folded[:cut], folded[cut:]
            if pattern.fullmatch(folded):
                return (folded,)
    return ()


def is_syllable(word: Word, homes: frozenset[str]) -> bool:
    """Whether a word is one syllable as China or Korea, if among `homes`, have it."""
    patterns = (("zh", _PINYIN), ("ko", _KOREAN))
    return any(home in homes and pattern.fullmatch(word.fold) for home, pattern in patterns)


def is_korean(person: Person) -> bool:
    """Whether an Eastern name is Korean by its surname and syllables."""
    if "ko" not in known.surname(person.surnames[0].word):
        return False
    return bool(syllables(person.given[0], frozenset({"ko"})))
