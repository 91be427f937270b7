"""Where a name comes from, by known names, endings and particles: whose customs it follows."""

from __future__ import annotations

import re
from functools import lru_cache

from matching import endings, known, scripts
from matching.anatomy import ABD, Culture, Part, make_part
from matching.text import Word

_MARKS_OF = (
    (
        "es",
        re.compile(
            r"(?:ez|ñ\w*|illo|illa|uelo|eño|arro|orro|oya|arreta|goitia|beitia|oechea|koetxea|iturri)$"
        ),
    ),
    ("pt", re.compile(r"(?:ão|ões|ães|inho|eira|eiro|lhe?s?|[áéíóúâêô]\w*[dlrcnbt]i[oa]s?|ç\w*)$")),
    (
        "ru",
        re.compile(
            r"^(?!.*[àâçéèêëîïôûœ]).*(?:[oe]va?|ina?|[sc]k[iy]y?|skaya|enko|[bdlmnrtvh]uk|(?:j|ch|sh|cz|sz|[bdkmnp])[oe]wa?|ов|ова|ев|ева|ин|ина|ский|ская|енко)$"
        ),
    ),
    (
        "ar",
        re.compile(
            r"q(?!u)|^abd(?:[aeu]l|er|es|ou)|(?:awi|pour|pur|nejad|zadeh|ullah|allah|eddine|uddin|aoui|oui)$"
        ),
    ),
    ("pl", re.compile(r"(?:[sc]k[ia]|wicz|czyk)$")),
    ("hu", re.compile(r"(?:gy|[őű]|[aáeé]sz$|h[aá]zi$|v[aá]ri$|falvi$|hegyi$)")),
    ("cs", re.compile(r"(?:ová|ský|ček|[řěů]\w*)$")),
    ("hr", re.compile(r"i[ćč]$")),
    ("el", re.compile(r"(?:opoulou|opoulos|idis|akis|iadis)$")),
    ("fr", re.compile(r"(?:eau|eaux|ault|[^u]oux|ouët|[eè]tte|ard|ière|ères?|ille?t|in[ae]u)$")),
    ("nd", re.compile(r"(?:s[eo]n|dottir|dóttir|qvist|kvist|ström|berg)$")),
    ("ro", re.compile(r"(?:escu|eanu|[țș]\w*)$")),
    ("ar", re.compile(r"(?:kh|gh|dh)[aiu]")),
    ("en", re.compile(r"(?:son|ton|ham|worth|field|wood|combe|shire|ley|sby|stone|well)$")),
    ("de", re.compile(r"(?:mann|meier|mayer|stein|bach|hof+er|[äöüß]\w*)$")),
)
_PARTICLE_HOMES = {
    "da": ("pt", "pt", "it"),
    "do": ("pt", "pt"),
    "dos": ("pt", "pt"),
    "das": ("pt", "pt"),
    "del": ("es",),
    "de": ("es", "pt", "fr"),
    "De": ("it", "nl"),
    "la": ("es", "fr"),
    "d": ("fr", "it"),
    "dell": ("it",),
    "dall": ("it",),
    "dalla": ("it",),
    "le": ("fr",),
    "los": ("es", "es"),
    "las": ("es",),
    "van": ("nl", "nl"),
    "von": ("de", "de"),
    "zu": ("de",),
    "di": ("it", "it"),
    "della": ("it",),
    "al": ("ar", "ar"),
    "el": ("ar", "ar"),
    "bin": ("ar", "ar"),
    "ibn": ("ar",),
    "du": ("fr",),
    "des": ("fr",),
}
_RANKED = ("ar", "fa", "he", "tr", "ru", "pl", "cs", "hr", "hu", "ro", "el", "hi", "ja")
_RANKS = {home: rank for rank, home in enumerate(_RANKED)}


_ARABIC_GIVEN = re.compile(
    "^abd(?:[aeu]l|er|es|ou)|..(?:[aeou]dd[ie]ne?|edine|[ae]ldin)$|ullah$|allah$"
)


@lru_cache(maxsize=10_000)
def _marks(written: str) -> tuple[str, ...]:
    """Return the languages whose surnames look like this one."""
    return tuple(home for home, pattern in _MARKS_OF if pattern.search(written))


def votes(groups: list[Part], text: str) -> dict[str, float]:
    """Return how strongly each language claims a name: its lists, endings and particles."""
    score: dict[str, float] = {}
    for place, part in enumerate(groups):
        for home, strength in _claims(part.pieces, first=not place):
            score[home] = score.get(home, 0) + strength
    for home, pattern, strength in _MARKS_OF_ALL:
        if pattern.search(text):
            score[home] = score.get(home, 0) + strength
    return score


_MARKS_OF_ALL = (
    ("es", re.compile(r"(?<!\w)(?:El|La|Don) \w+ \w|\wñ|\w y \w"), 1),
    ("ar", re.compile("[\u0620-\u06ff]"), 1.2),
    ("pt", re.compile(r"\w e \w|[ãõç]"), 1.2),
)


@lru_cache(maxsize=20_000)
def _claims(pieces: tuple[Word, ...], *, first: bool) -> tuple[tuple[str, float], ...]:
    """Return the languages that claim the part of these words, each with how strongly."""
    part = make_part(pieces)
    word = part.core or part.word
    homes = known.given(word) if first else known.surname(word) or known.given(word)
    found = [(home, 1 / len(homes) ** 0.5) for home in homes - {known.ELSEWHERE}]
    if not first:
        found += [(home, 1.0) for home in _marks(word.raw.lower())]
    elif _ARABIC_GIVEN.search(word.fold):
        found.append(("ar", 1.0))
    if first and len(pieces) > 1 and not part.particles:
        found.append(("fr", 0.5))  # Jean-Luc: Spaniards and Portuguese write no hyphen there
    if pieces[0].fold in ABD:
        found.append(("ar", 1.2))
    for particle, piece in zip(part.particles, pieces, strict=False):
        known_as = piece.raw if piece.raw in _PARTICLE_HOMES else particle
        found += [(home, 1.2) for home in _PARTICLE_HOMES.get(known_as, ())]
    return tuple(found)


def _best(score: dict[str, float]) -> str:
    """Return the strongest claim, empty where there is none; of equal ones a name that many
    countries have borrowed is of where it came from.
    """
    if not score:
        return ""
    most = max(score.values())
    equal = [home for home, value in score.items() if value == most]
    return min(equal, key=lambda home: (_RANKS.get(home, len(_RANKS)), home))


def origin_of(groups: list[Part], text: str, hints: str = "") -> tuple[Culture, str]:
    """Return whose customs a name follows, by its script or by the language with most votes, and
    the family of endings of a Latin name's own language, empty when it has none; `hints` are other
    names of the same person, which count for the customs only.
    """
    script = groups[-1].word.script
    latin = all(part.word.script == scripts.LATIN for part in groups)
    score = votes(groups, text) if latin or script == scripts.LATIN else {}
    tongue = _tongue(score) if latin else ""
    if script == scripts.CYRILLIC:
        return Culture.SLAVIC, tongue
    if script in {scripts.ARABIC}:
        return Culture.ARABIC, tongue
    if script != scripts.LATIN:
        return Culture.WESTERN, tongue
    return _culture(votes(groups, f"{text} {hints}") if hints else score), tongue


def _culture(score: dict[str, float]) -> Culture:
    spanish, portuguese = score.get("es", 0.0), score.get("pt", 0.0)
    others = {home: value for home, value in score.items() if home not in {"es", "pt"}}
    best = _best(others)
    iberian = max(spanish, portuguese)
    if iberian and iberian >= others.get(best, 0.0):
        if spanish > portuguese * 1.15:
            return Culture.SPANISH
        return Culture.PORTUGUESE if portuguese > spanish * 1.15 else Culture.IBERIAN
    if best in {"ru", "uk"}:
        return Culture.SLAVIC
    if best in {"ar", "fa"}:
        return Culture.ARABIC
    return Culture.WESTERN if best else Culture.IBERIAN


def _tongue(score: dict[str, float]) -> str:
    family = endings.FAMILY_OF.get(_best(score), "")
    return "" if family == endings.UNINFLECTED else family
