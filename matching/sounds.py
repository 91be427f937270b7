"""How a name reads across alphabets: romanisations, practical transcriptions, consonants only."""

from __future__ import annotations

import re
from functools import lru_cache

from matching import letters, scripts
from matching.text import Word, of_each, skeleton, sound

VOWELLED = frozenset({scripts.LATIN, scripts.CYRILLIC, scripts.GREEK})


def comparable(name: Word, word: Word) -> bool:
    """Whether words of these two scripts can be compared at all."""
    return scripts.OTHER not in {name.script, word.script}


def same_sound(name: Word, word: Word) -> bool:
    """Whether both sound alike, vowels included (Latin, Cyrillic, Greek)."""
    if name.script not in VOWELLED or word.script not in VOWELLED:
        return False
    if not name.sound or not word.sound:
        return False
    return not sounds(name).isdisjoint(sounds(word))


@lru_cache(maxsize=20_000)
def _sounds_of(folded: str, script: str) -> frozenset[str]:
    return frozenset(of_each(sound, _skeletons_of(folded, script)))


def sounds(word: Word) -> frozenset[str]:
    """Return every way `word` may sound, as sound keys."""
    return _sounds_of(word.fold, word.script)


def skeletons(word: Word) -> tuple[str, ...]:
    """Return every Latin skeleton `word` may have in another alphabet's transcription."""
    return _skeletons_of(word.fold, word.script)


@lru_cache(maxsize=20_000)
def _skeletons_of(folded: str, script: str) -> tuple[str, ...]:
    read = [scripts.latin(folded, script)]
    if script == scripts.LATIN:
        read.append(folded.replace("ch", "h"))
        read.append(_UMLAUT.sub(r"\1ie", folded))
        read += [_apply(folded, rules) for rules in _TURNS]
        if folded.endswith("ander"):
            read.append(folded[:-2] + "r")  # Александр
    elif script == scripts.GREEK:
        read.append(read[0].replace("ch", "h"))
        if folded.startswith("γκ"):
            read.append("g" + read[0].removeprefix("gk"))
    elif script == scripts.CYRILLIC:
        read += _cyrillic(folded)
    return tuple(dict.fromkeys(of_each(skeleton, read)))


_UMLAUT = re.compile("([aou])e")
"""Polezhaev is Полежаев, not Poležav with an umlaut."""


def _rules(*rules: tuple[str, str]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), to) for pattern, to in rules]


def _apply(text: str, rules: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, to in rules:
        text = pattern.sub(to, text)
    return text


_SPANISH = _rules(
    ("gu(?=[ei])", "g"),
    ("qu(?=[ei])", "k"),
    ("g(?=[ei])", "kh"),
    ("c(?=[eiy])", "s"),
    ("(?<![cs])h", ""),
    ("j|x(?=[aeiou])", "kh"),
    ("ll", "l"),
    ("y(?=[aeiou])", "i"),
)
_FRENCH = _rules(
    ("eaux?", "o"),
    ("aux?", "o"),
    ("ou", "u"),
    ("oi", "ua"),
    ("gn", "n"),
    ("qu", "k"),
    ("g(?=[ei])", "zh"),
    ("j", "zh"),
    ("ch", "sh"),
    ("h", ""),
    ("c(?=[eiy])", "s"),
    ("ai|ei", "e"),
    ("ill", "i"),
    ("(?<=[aeiou])x$|[dtsxzp]$", ""),
    ("es?$", ""),
    ("an|en|em", "an"),
)
_GERMAN = _rules(
    ("tsch", "ch"),
    ("sch", "sh"),
    ("st(?=[aeiou])", "sht"),
    ("sp(?=[aeiou])", "shp"),
    ("chs", "ks"),
    ("ei|ey|ai|ay", "ai"),
    ("eu|au(?=[^s])|oy", "oi"),
    ("ie", "i"),
    ("tz|z", "ts"),
    ("v", "f"),
    ("w", "v"),
    ("(?<=[aeiou])h", ""),
    ("ck", "k"),
    ("th", "t"),
)
_POLISH = _rules(
    ("szcz", "shch"),
    ("sz", "sh"),
    ("cz", "ch"),
    ("rz", "zh"),
    ("ch", "kh"),
    ("c(?=[^hiz]|$)", "ts"),
    ("ci(?=[aeou])", "ch"),
    ("si(?=[aeou])", "s"),
    ("w", "v"),
    ("j", "i"),
)
_ENGLISH = _rules(
    ("wh", "w"),
    ("w", "u"),
    ("ee|ea", "i"),
    ("oo", "u"),
    ("ph", "f"),
    ("j", "dzh"),
    ("ck", "k"),
    ("th", "t"),
    ("gh", ""),
    ("igh", "ai"),
    ("c(?=[eiy])", "s"),
    ("c", "k"),
    ("u(?=[^aeiou]+e?$)", "a"),
    ("(?<=[^aeiou])e$", ""),
)
_TURKISH = _rules(("c", "dzh"), ("j", "zh"))


_GREEK = _rules(("(?<=.)yi?(?=[aou])", "gi"))
_TURNS = (_SPANISH, _FRENCH, _GERMAN, _POLISH, _ENGLISH, _TURKISH, _GREEK)
"""How each of these peoples reads Latin letters."""


def _cyrillic(folded: str) -> list[str]:
    """Return the other readings of a Cyrillic word: Ukrainian г and и, Bulgarian ъ, Дж for j."""
    plain = scripts.latin(folded, scripts.CYRILLIC)
    found = [plain.replace("dzh", "j")]
    found.append(plain.replace("ch", "c").replace("sh", "s").replace("zh", "z"))
    if "щ" in folded:
        found.append(plain.replace("shch", "sht"))
    if _POLIVANOV_SAYS.search(folded) and _JAPANESE.fullmatch(folded):
        found.append(scripts.latin(_apply(folded, _POLIVANOV), scripts.CYRILLIC))
    if "г" in folded:
        found.append(scripts.latin(folded.replace("г", "х"), scripts.CYRILLIC))
    if "ъ" in folded:
        found.append(scripts.latin(folded.replace("ъ", "а"), scripts.CYRILLIC))
    return found


_JAPANESE = re.compile("(?:(?:дз|[кгсзтдцнхфбпмрв])?[аиуэояюеы]|й|[нм](?![аиуэояюе]))+")
_POLIVANOV_SAYS = re.compile("си|ти|дз|[ст][яюе]|[кгнхмбпр]е")
_POLIVANOV = _rules(
    *(("дзи", "ji"), ("дзя", "ja"), ("дзю", "ju"), ("дзе", "jo"), ("дз", "z")),
    *(("си", "shi"), ("ся", "sha"), ("сю", "shu"), ("се", "sho")),
    *(("ти", "chi"), ("тя", "cha"), ("тю", "chu"), ("те", "cho")),
    ("е", "io"),
)
"""Japanese names in Cyrillic, after Polivanov, with ё written е."""


def same_romanised(name: Word, word: Word, *, arabic: bool) -> bool:
    """Whether two Latin spellings are romanisations of one Arabic name: the same consonants, with
    vowels that only differ as transliterators do.
    """
    if not arabic or name.script != scripts.LATIN or word.script != scripts.LATIN:
        return False
    first, other = _romanised(_breathed(name)), _romanised(_breathed(word))
    if len(first) != len(other) or len(first) < 3:
        return False
    return all(a == b or _near_vowels(a, b) for a, b in zip(first, other, strict=True))


_KANA = re.compile(
    "(?:(?:sh|ch|ts|[kgnhbpmrj]y|[kgsztdnhbpmyrwjf])?[aeiou](?:[aeiou]|h(?![aeiou]))?n?)+"
)
_LONG = _rules(("ou|oh(?![aeiou])|oo", "o"), ("uu", "u"))


def short_vowels(folded: str) -> str:
    """Return a romanised Japanese name without its long vowels (Shouichi, Shoichi, Ohno)."""
    if "ou" in folded or "oo" in folded or "uu" in folded or "oh" in folded:
        return _short_vowels(folded)
    return folded


@lru_cache(maxsize=20_000)
def _short_vowels(folded: str) -> str:
    return _apply(folded, _LONG) if _KANA.fullmatch(folded) else folded


_INDRA = re.compile("(?<=..[ei]nd)(?:ra|er|ar|ir)$")


def of_indra(folded: str) -> str:
    """Return a name of India such that Rajendra and Rajender, as Punjab has it, are one."""
    return _INDRA.sub("r", folded)


_RUSSIAN_LATIN = _rules(
    ("^[yij](?=e)", ""),
    ("(?<=[^aeiouy])(?:yo|io|jo)(?=v|$)", "e"),
    ("(?<=[aeiou])[yij](?=e)", ""),
    ("(?<=[^aeiouy])[yij](?=e)", ""),
    ("(?<=zh|sh|ch)o(?=va?$)", "e"),
    ("(?:iy|yi|ij|yy|ii|ey|ei|ej)$", "y"),
    ("[ij]", "y"),
    ("yy+", "y"),
)


_SOFT_IO = re.compile("(?<=[^aeiou])io(?=.)")
_SOFT = re.compile("(?<=[^aeiou])i(?=[aeu].)|^i(?=e)|(?<=[aeou])i(?=e)")
_HISSED = re.compile("(?<=[sc]h|ch)o|(?<=c)o|(?<=c3)o")


@lru_cache(maxsize=20_000)
def softened(bones: str) -> str:
    """Return a skeleton in which the soft and hard vowels of Slavic names are one."""
    return _HISSED.sub("e", _SOFT.sub("", _SOFT_IO.sub("e", bones)))


def same_russian(name: Word, word: Word) -> bool:
    """Whether two Latin spellings are romanisations of one Russian name: they differ by what
    stands for е, ё and й (Yevgenia, Evgeniya; Zhuravlyova, Zhuravleva).
    """
    if name.script != scripts.LATIN or word.script != scripts.LATIN:
        return False
    return _russian(name.fold) == _russian(word.fold)


@lru_cache(maxsize=20_000)
def _russian(folded: str) -> str:
    return skeleton(_apply(folded, _RUSSIAN_LATIN))


_ARABIC_LATIN = _rules(
    ("^abd(?:[aeou](?:l|(?=([rszndt])\\1)))?(?:al|el)?", "abd"),
    ("^(?:al|el)(?=(?:[^aeiou]|[cdgkst]h)[aeiou])(?=.{4})", ""),
    ("^[ae](?:([rsnzdt])(?=\\1)|([cs]h)(?=\\2)|(?=[cs]h))(?=.{4})", ""),
    ("([^aeiou])\\1+", "\\1"),
    ("(?<=..)[aeou](?:ld|dd|d)(?:in|een|ien)e?$", "aldin"),
    ("(?<=[nmr])e$", ""),
    ("kh", "H"),
    ("gh", "G"),
    ("sh", "S"),
    ("dh", "d"),
    ("th", "t"),
    ("c(?=[eiy])", "s"),
    ("q", "Q"),
    ("c(?!h)", "k"),
    ("ch", "S"),
    ("z", "z"),
    ("w|ou|oo", "u"),
    ("ee|ie|y|j(?=[^aeiou])", "i"),
    ("ai|ay|ei|ey", "e"),
    ("aa", "a"),
    ("(.)\\1+", "\\1"),
    ("ah$", "a"),
    ("h$", ""),
    ("iu", "iu"),
)
_NEAR = {frozenset(pair) for pair in ("ae", "ei", "ou", "eu", "gj", "Qk", "QG", "Qg")}
"""Vowels that transliterators do not agree on; Egyptians write g for j; q is also k, in Libya g and
in Persia gh.
"""


@lru_cache(maxsize=20_000)
def _romanised(folded: str) -> tuple[str, ...]:
    return tuple(re.findall("[aeiou]|[^aeiou]", _apply(folded, _ARABIC_LATIN)))


def _breathed(word: Word) -> str:
    """Return a French spelling of an Arabic name with the h of others: Salamé is Salameh."""
    return word.fold + "h" if word.raw[-1:] in "éÉ" else word.fold


def _near_vowels(a: str, b: str) -> bool:
    return frozenset((a, b)) in _NEAR


def reads_as(name: Word, word: Word) -> bool:
    """Whether a word in another script may be `name` (or the reverse), read letter by letter."""
    latin, other = (name, word) if name.script == scripts.LATIN else (word, name)
    if latin.script != scripts.LATIN or len(latin.fold) < 2:
        return False
    if len(latin.fold) > LONGEST or not _ends_agree(latin.fold, other):
        return False
    # Александр has two letters for x, Хавьер one.
    spelt = dict.fromkeys((latin.fold, latin.fold.replace("x", "ks")))
    return any(letters.reads(other.fold, other.script, one) for one in spelt)


LONGEST = 40


def _ends_agree(latin: str, other: Word) -> bool:
    """Whether the last sounds can be the same: Романов is not Romanova."""
    if other.script not in VOWELLED:
        return True
    last = scripts.latin(other.fold, other.script)[-1:]
    return not (latin[-1] == "a" and last not in "aeiouy")


def korean(folded: str) -> str:
    """Return the key of a romanised Korean word, the same for McCune–Reischauer, the Revised
    Romanization and what people make of them.
    """
    family = _FAMILIES_KO.get(folded)
    if family:
        return family
    if "n" in folded:
        folded = _YEONG.sub("yO", _SEONG.sub("O", folded))
    return _TWICE.sub(r"\1", _KOREAN.sub(lambda found: _KOREAN_OF[found.group()], folded))


_YEONG = re.compile("y(?:eo|ou|u)(?=ng)|(?<=[gkbphm])yo(?=ng)|(?<=[hbp])y(?:eo|ou|u)(?=n)")
_SEONG = re.compile("(?<=[sj])(?:eo|ou|u)(?=ng)|(?<=ch)(?:eo|ou|u)(?=ng)")
"""Syllables in -eong, which many write -ung: Seong-ho is Sung-ho, Myeong-su Myung-soo."""


_KOREAN = re.compile(
    "woo|oo|eu|wu|eo|ou|aw|ae|ay|ai|eh|ee|e|yi|ui|y(?![aeouO])|w|(?<=[aeiou])h$|tch|ch|j|zh|kk|kh|g|k"
    "|tt|th|d|t|pp|ph|b|p|r|sh|ss"
)
_KOREAN_OF = {
    spelling: row.split("=")[1]
    for row in (
        "woo oo eu wu=u",
        "eo ou aw=o",
        "ae ay ai eh e=e",
        "ee yi ui y=i",
        "w h=",
        "tch ch j zh=c",
        "kk kh g k=k",
        "tt th d t=t",
        "pp ph b p=p",
        "r=l",
        "sh ss=s",
    )
    for spelling in row.split("=")[0].split()
}
_TWICE = re.compile(r"(.)\1+")
_FAMILIES_KO = {
    spelling: row.split()[0]
    for row in (
        "pak park bak",
        "choi choe",
        "lee yi rhee ri li",
        "kim gim",
        "jung jeong chung joung cheong",
        "kang gang",
        "cho jo",
        "yoon yun",
        "lim im rim",
        "roh noh no",
        "yoo you yu ryu",
        "shin sin",
        "woo u wu",
        "oh o",
        "ahn an",
        "jang chang",
        "kwon gwon",
        "ko go koh",
        "son sohn",
        "bae pae",
        "moon mun",
        "seo suh",
        "jeon chun jun",
        "heo hur huh",
        "baek paik paek",
        "joo ju chu",
        "koo gu ku",
    )
    for spelling in row.split()
}


def same_korean(name: Word, word: Word) -> bool:
    """Whether two Latin spellings can be one Korean name."""
    if not name.script == word.script == scripts.LATIN:
        return False
    if korean(name.fold) == korean(word.fold):
        return True
    # Seok, Cheol and Beom are also written Suk, Chul and Bum, but not Sook.
    one, other = _EO.sub("u", name.fold), _EO.sub("u", word.fold)
    return "oo" not in one + other and korean(one) == korean(other)


_EO = re.compile("eo(?=[klpbmn](?![aeiou]))")
