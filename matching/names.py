"""From a Watch to the forms its names take: which words are given names, which are surnames, which
of them may be left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from anyascii import anyascii

from matching import endings, known, scripts
from matching.text import HYPHENS, WORD, WORDS, Case, Word, fold

PARTICLES = known.listed("particles")
"""Small words that belong to the surname after them."""
ARTICLES_AR = frozenset(["al", "el", "ul", "ad", "an", "ar", "as", "ash", "at", "az", "il"])
SON_OF = frozenset(["בנ", "בת", "bin", "ibn", "ben", "bint", "بن", "ابن", "بنت"])
ABD = frozenset(["abd", "abdel", "abdul", "abdal", "abu", "abou", "umm", "عبد", "ابو", "ام"])
JOINING = frozenset(["y", "e", "i", "und"])
SUFFIXES = {
    "jr": "jr",
    "junior": "jr",
    "jnr": "jr",
    "hijo": "jr",
    "filho": "jr",
    "fils": "jr",
    "sr": "sr",
    "senior": "sr",
    "snr": "sr",
    "padre": "sr",
    "pere": "sr",
    "neto": "neto",
    "sobrinho": "sobrinho",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "2nd": "2",
    "3rd": "3",
    "4th": "4",
    "esq": "",
}
ABBREVIATIONS = known.abbreviations()
"""Usual written abbreviations (with a point, or in capitals). Short forms (Bob, Pepe) are not."""


class Culture(StrEnum):
    """Whose customs decide which parts of a name may be left out."""

    SPANISH = "es"
    PORTUGUESE = "pt"
    IBERIAN = "iberian"
    """Spanish or Portuguese; or of unclear origin with three or more parts."""
    EASTERN = "eastern"
    """Surname first, nothing left out: Chinese, Korean, Vietnamese."""
    ARABIC = "ar"
    SLAVIC = "ru"
    WESTERN = "west"


@dataclass(frozen=True, slots=True)
class Part:
    """One given name or one surname, with the particles before it."""

    word: Word
    """All of it as one word ("vandenakker")."""
    pieces: tuple[Word, ...]
    """The words it is written with ("van", "den", "akker")."""
    core: Word | None = None
    """Without its particles; None when it has none."""
    particles: tuple[str, ...] = ()
    patronymic: bool = False
    openers: frozenset[str] = frozenset()
    """The first letters, in Latin, of a word it may begin with."""

    @property
    def initial(self) -> str:
        """Its first letter, folded."""
        return self.pieces[0].fold[:1]


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name, understood."""

    text: str
    given: tuple[Part, ...]
    surnames: tuple[Part, ...]
    culture: Culture
    suffix: str = ""
    spelled: frozenset[str] = frozenset()
    """The scripts in which the Watch spells the name itself: only in others is it transcribed."""
    derived: bool = False
    """It was romanised from another script."""
    tongue: str = ""
    """The family of endings of its own language; empty when its names take none."""

    @property
    def heads(self) -> tuple[int, ...]:
        """Which surnames make a mention together with the given name."""
        last = len(self.surnames) - 1
        if self.culture is Culture.SPANISH or last == 0:
            return (0,)
        if self.culture is Culture.IBERIAN:
            return (0, last)
        return (last,)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a fixed order: an organisation, a ship, an alias, a phrase."""

    text: str
    words: tuple[Word, ...]
    """Without legal form, article and ship's prefix; AND stands for any "and"."""
    lead: tuple[Word, ...] = ()
    """What may stand before it and then belongs to it: an article, a ship's prefix."""
    variants: bool = True
    """Whether inflected and other spellings count."""
    literal: bool = False
    commas: bool = False
    """Its own spelling has a comma, which a text may have too."""
    kind: str = "phrase"
    """"org", "vessel", "phrase" or "alias"."""


_LEGAL = re.compile(
    r"""(?ix) [\s,]* (?<!\w) (?:
    ltd|limited|inc|incorporated|corp|corporation|co|company|l\.?l\.?c|l\.?l\.?p|plc|gmbh(?:\s*&\s*co\.?\s*kg)?
    |ag|kg|kgaa|ohg|e\.?v|s\.?\s?a\.?(?:\s?de\s?c\.?\s?v)?(?:\.?\s?b)?|s\.?\s?de\s?r\.?\s?l\.?(?:\s?de\s?c\.?\s?v)?
    |s\.?p\.?a|s\.?r\.?l|s\.?l\.?u?|s\.?a\.?s|s\.?a\.?r\.?l|e\.?u\.?r\.?l|b\.?v|n\.?v|v\.?o\.?f|ab|as|a/s|asa|aps|oyj?|hf
    |ehf|kft|zrt|nyrt|bt|rt|s\.?r\.?o|a\.?s|sp\.?\s?z\s?o\.?\s?o|d\.?o\.?o|d\.?d|o\.?o\.?d|e\.?o\.?o\.?d|a\.?d|ltda|lda
    |eireli|s/a|a\.?ş|ltd\.?\s?şti|pty|pte|sdn\.?\s?bhd|bhd|tbk|s\.?c\.?a|s\.?c|p\.?c|l\.?p|α\.?ε|ε\.?π\.?ε
    |ооо|оао|пао|зао|ао|тов|еоод|оод|ад|ооо|ип
    ) \.? (?=$|[\s,]) """
)
_LEGAL_FIRST = re.compile(
    r"""(?ix) ^ (?: ооо|оао|пао|зао|ао|тов|ип|pt|p\.t\.|oao|ooo|pao|zao
    |株式会社|有限会社|㈱|㈲|주식회사|\(주\)|شركة|חברת )
    (?:\s+|(?=["«„“]|[\u3040-\u9fff\uac00-\ud7a3])) """
)
_LEGAL_SPACELESS = re.compile(
    "(?:株式会社|有限会社|股份有限公司|有限责任公司|有限公司|集团|集團|주식회사|㈱|㈲)"
)
ARTICLE = known.listed("article")
_SHIP = re.compile(
    r"(?i)^(?:m[./]?\s?[vtsy]|s[./]?\s?[svy]|f[./]?\s?v|r[./]?\s?v|n[./]?\s?s|hms|uss|rms|usns|uscgc|hmas"
    r"|hmcs|ins|motor vessel|motor tanker|vessel|т/х|теплоход|танкер)\.?\s+(?=\S)"
)
TITLES = known.listed("titles")
_PATRONYMIC = re.compile(
    r"(?:ович|евич|ьич|ыч|ич|овна|евна|ична|івна|ївна|йович"
    r"|ovich|evich|ovych|yevich|ievich|owicz|ovic|ovna|evna|ivna|yevna|ichna|iivna)$"
)
_PATRONYMIC_ANY = re.compile(
    r"(?:ович|евич|ьич|ич|йович|ovich|evich|ovych|ievych|yovych|ovych)(?:а|у|ем|ом|е|еві|ові|a|u|em|om)?$"
    r"|(?:овн|евн|ичн|инишн|івн|ївн|ovn|evn|ivn|ichn)(?:а|ы|и|е|і|у|ой|ою|a|y|i|e|u|oy|oi)$"
)


def is_patronymic(word: Word) -> bool:
    """Whether `word` is a patronymic in any case (Павлович, Павловича, Pavlovna)."""
    return len(word.fold) > 4 and _PATRONYMIC_ANY.search(word.fold) is not None


def pieces_of(text: str) -> list[tuple[Word, bool]]:
    """Return the words of a name, each with whether a hyphen ties it to the one before."""
    found: list[tuple[Word, bool]] = []
    end = 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        tied = bool(found) and len(between) == 1 and between in HYPHENS
        found.append((WORDS[match.group()], tied))
        end = match.end()
    return found


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
    known_family = double or known.surname(WORDS[family]) & {"zh", "ko"}
    korean = scripts.script_of(folded) == scripts.HANGUL
    return f"{family.title()} {given.title()}" if given and (known_family or korean) else ""


def understand(text: str, hints: str = "") -> Person | None:
    """Return a person's name understood; None when it is one word and can't be taken apart.

    `hints` are the other names of the same Watch, which help to tell its origin.
    """
    text, suffix = _cut_suffix(text)
    before, comma, after = text.partition(",")
    inverted = bool(comma) and WORD.search(after) is not None
    groups = _groups(after) + _groups(before) if inverted else _groups(text)
    while not inverted and len(groups) > 2 and groups[0].word.fold in TITLES:
        groups = groups[1:]
    if len(groups) < 2:
        return None
    count = len(_groups(after)) if inverted else 0
    return _arrange(text, groups, count, suffix, hints)


def _arrange(text: str, groups: list[Part], count: int, suffix: str, hints: str) -> Person:
    if not count and (eastern := _eastern(groups, text)):
        return Person(text, (eastern[1],), (eastern[0],), Culture.EASTERN, suffix)
    if not count:
        groups = _given_first(groups)
    culture = _culture(groups, f"{text} {hints}")
    given, surnames = _split(groups, culture, count)
    if culture is Culture.IBERIAN and len(surnames) < 2:
        culture = Culture.SPANISH
    return Person(text, given, surnames, culture, suffix, tongue=_tongue(groups, text))


def _tongue(groups: list[Part], text: str) -> str:
    if any(part.word.script != scripts.LATIN for part in groups):
        return ""
    score = votes(groups, text)
    best = max(sorted(score, key=_rank), key=lambda home: score[home], default="")
    family = endings.FAMILY_OF.get(best, "")
    return "" if family == endings.UNINFLECTED else family


def _cut_suffix(text: str) -> tuple[str, str]:
    match = re.search(r"[\s,]+([^\s,.]+)\.?\s*$", text)
    if match and len(pieces_of(text)) > 2:
        raw = match.group(1)
        suffix = SUFFIXES.get(fold(raw))
        if suffix is not None and (fold(raw) != "v" or raw == "V"):
            return text[: match.start()], suffix
    match = re.search(r"\s+(Jr|Sr|II|III|IV)\.?\s*,", text)
    if match:
        return text[: match.start()] + "," + text[match.end() :], SUFFIXES[fold(match.group(1))]
    return text, ""


def _groups(text: str) -> list[Part]:
    """Return the parts of a name: particles go with the word after them, hyphens join."""
    parts: list[Part] = []
    held: list[Word] = []
    text = re.sub(r"(?<!\w)([^\W\d_])\.", r"\1. ", text)
    text = re.sub("(?<=[\u0600-\u06ff])\u200c(?=[\u0600-\u06ff])", "-", text)
    for word, tied in pieces_of(text):
        saint = len(parts) > 1 and parts[-1].pieces[-1].fold in SAINTLY
        if (tied or saint) and parts and not held:
            parts[-1] = make_part((*parts[-1].pieces, word))
        elif _is_particle(word, first=not parts and not held):
            held.append(word)
        else:
            parts.append(make_part((*held, word)))
            held = []
    if held and parts:
        # "Akker, Joost van den": the particles that follow belong to what comes first.
        parts.append(make_part(tuple(held)))
    elif held:
        parts = [make_part((word,)) for word in held]
    return parts


SAINTLY = frozenset(["san", "santa", "santo", "saint", "sainte", "st", "ste"])
"""Words that with the next one make one surname: Santa María, San Román, St. Clair."""


def _is_particle(word: Word, *, first: bool) -> bool:
    if word.script in {scripts.ARABIC, scripts.HEBREW}:
        return word.fold in SON_OF or word.fold in ABD
    if len(word.fold) == 1 and word.case is not Case.LOWER:
        return False
    if first:
        return word.fold in ABD or (word.fold in PARTICLES and word.case is Case.LOWER)
    return word.fold in PARTICLES or word.fold in ABD


def make_part(pieces: tuple[Word, ...]) -> Part:
    """Return the Part written with `pieces`."""
    lead = 0
    while lead < len(pieces) - 1 and (
        pieces[lead].fold in PARTICLES or pieces[lead].fold in SON_OF
    ):
        lead += 1
    word = pieces[0] if len(pieces) == 1 else WORDS["".join(piece.raw for piece in pieces)]
    core = None
    if lead:
        rest = pieces[lead:]
        core = rest[0] if len(rest) == 1 else WORDS["".join(piece.raw for piece in rest)]
    elif word.script == scripts.ARABIC and word.fold.startswith("ال") and len(word.fold) > 4:
        core = WORDS[word.fold[2:]]
    particles = tuple(piece.fold for piece in pieces[:lead])
    fathers = _PATRONYMIC.search(word.fold) is not None or (pieces[0].fold in SON_OF and lead > 0)
    words = (word, *pieces, core or word)
    openers = frozenset(letter for one in words for letter in (one.fold[:1], one.skeleton[:1]))
    return Part(
        word, pieces, core, particles, fathers, openers | _ALSO_OPEN.get(word.skeleton[:1], openers)
    )


_ALSO_OPEN = {"h": frozenset("c"), "c": frozenset("h")}
"""Hatzis is also written Chatzis."""


def _given_first(groups: list[Part]) -> list[Part]:
    """Turn Hungarian and capital-surname order (BÁRÁNY Péter) into given name first."""
    first, last = groups[0].word, groups[-1].word
    capitals = first.case is Case.UPPER and last.case is Case.TITLE and len(first.fold) > 2
    hungarian = "hu" in known.given(last) and not known.given(first)
    if capitals:
        count = sum(1 for part in groups if part.word.case is Case.UPPER)
        return groups[count:] + groups[:count]
    if len(groups) == 2 and hungarian and not known.surname(last) - {"hu"}:
        return [groups[1], groups[0]]
    if _looks_patronymic(groups) and not groups[1].patronymic and len(groups) == 3:
        return [groups[1], groups[2], groups[0]]
    return groups


def _looks_patronymic(groups: list[Part]) -> bool:
    return len(groups) == 3 and is_patronymic(groups[2].word) and bool(known.given(groups[1].word))


_PINYIN = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ueng|ang|eng|ing|ong|iao|ian|uai|uan"
    r"|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|a|o|e|i|u)"
)
_KOREAN = re.compile(
    r"(?:kk|tt|pp|ss|jj|ch|kh|[gkndtrlmbpsjhyw])?(?:yeo|yae|wae|yoo|you|eui|eo|eu|ae|oe|wi|wa|we|wo"
    r"|oo|ee|ou|ya|ye|yo|yu|ui|a|e|i|o|u)(?:ng|[kngtlmpbr])?"
)
_VIETNAMESE = re.compile("[ăâđêôơưẠ-ỹ]", re.IGNORECASE)


def _eastern(groups: list[Part], text: str) -> tuple[Part, Part] | None:
    """Return (surname, given name) of a Chinese, Korean or Vietnamese name; None if it is none."""
    words = [part.word for part in groups]
    if any(word.script != scripts.LATIN for word in words):
        return None
    if _VIETNAMESE.search(text) and "vi" in known.surname(words[0]) and len(groups) > 2:
        return groups[0], _joined(groups[1:])
    if len(groups) > 3:
        return None
    for family, rest in ((groups[0], groups[1:]), (groups[-1], groups[:-1])):
        given = _joined(rest)
        homes = known.surname(family.word) & {"zh", "ko", "vi"}
        if homes and syllables(given, homes) and not _western_given(rest):
            return family, given
    return None


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


def is_korean(person: Person) -> bool:
    """Whether an Eastern name is Korean by its surname and syllables."""
    if "ko" not in known.surname(person.surnames[0].word):
        return False
    return bool(syllables(person.given[0], frozenset({"ko"})))


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
            r"(?:[oe]va?|ina?|[sc]k[iy]y?|skaya|enko|chuk|ов|ова|ев|ева|ин|ина|ский|ская|енко)$"
        ),
    ),
    ("ar", re.compile(r"q(?!u)|(?:awi|pour|pur|nejad|zadeh|ullah|allah|eddine|uddin|aoui|oui)$")),
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


def votes(groups: list[Part], text: str) -> dict[str, float]:
    """Return how strongly each language claims a name: its lists, endings and particles."""
    score: dict[str, float] = {}
    for place, part in enumerate(groups):
        word = part.core or part.word
        homes = known.given(word) if place == 0 else known.surname(word) or known.given(word)
        for home in homes - {known.ELSEWHERE}:
            score[home] = score.get(home, 0) + 1 / len(homes) ** 0.5
        for home, pattern in _MARKS_OF:
            if place and pattern.search(word.raw.lower()):
                score[home] = score.get(home, 0) + 1
        for particle in part.particles:
            for home in _PARTICLE_HOMES.get(particle, ()):
                score[home] = score.get(home, 0) + 1.2
    if re.search(r"(?<!\w)(?:El|La|Don) \w+ \w|\wñ|\w y \w", text):
        score["es"] = score.get("es", 0) + 1
    if re.search(r"\w e \w|[ãõç]", text):
        score["pt"] = score.get("pt", 0) + 1.2
    return score


_PARTICLE_HOMES = {
    "da": ("pt", "pt", "it"),
    "do": ("pt", "pt"),
    "dos": ("pt", "pt"),
    "das": ("pt", "pt"),
    "del": ("es",),
    "de": ("es", "pt", "fr"),
    "la": ("es",),
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


def _rank(home: str) -> tuple[int, str]:
    """Order equal claims: a name many countries have borrowed is of where it came from."""
    return (_RANKED.index(home) if home in _RANKED else len(_RANKED), home)


def _culture(groups: list[Part], text: str) -> Culture:
    script = groups[-1].word.script
    if script == scripts.CYRILLIC:
        return Culture.SLAVIC
    if script in {scripts.ARABIC}:
        return Culture.ARABIC
    if script != scripts.LATIN:
        return Culture.WESTERN
    score = votes(groups, text)
    spanish, portuguese = score.get("es", 0.0), score.get("pt", 0.0)
    others = {home: value for home, value in score.items() if home not in {"es", "pt"}}
    best = max(sorted(others, key=_rank), key=lambda home: others[home], default="")
    iberian = max(spanish, portuguese)
    if iberian and iberian >= others.get(best, 0.0):
        if spanish > portuguese * 1.15:
            return Culture.SPANISH
        return Culture.PORTUGUESE if portuguese > spanish * 1.15 else Culture.IBERIAN
    if best in {"ru"}:
        return Culture.SLAVIC
    if best in {"ar", "fa"}:
        return Culture.ARABIC
    return Culture.WESTERN if best else Culture.IBERIAN


def _split(
    groups: list[Part], culture: Culture, count: int
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return (given names, surnames); `count` given names when the writer's comma says so."""
    if not count:
        iberian = culture in {Culture.SPANISH, Culture.PORTUGUESE, Culture.IBERIAN}
        count = _given_count(groups) if iberian else len(groups) - 1
    return tuple(groups[:count]), tuple(groups[count:])


def _given_count(groups: list[Part]) -> int:
    count = 1
    while count < len(groups) - 1 and _more_given(groups, count):
        count += 1
    return count


def _more_given(groups: list[Part], place: int) -> bool:
    """Whether the part at `place` is one more given name rather than the first surname."""
    word = groups[place].core or groups[place].word
    if len(word.fold) == 1:
        return True
    homes = known.given(word) & {"es", "pt", "it", "fr"}
    if not homes:
        return False
    left = len(groups) - place - 1
    if left == 1 and _of_a_man(word) and groups[0].word.fold.endswith("a"):
        return False
    # Two surnames are the rule: a word of both sorts is a surname when only one word follows.
    return left > 1 or not known.surname(word) & {"es", "pt"}


_OF_BOTH = frozenset(["isabel", "mabel"])


def _of_a_man(word: Word) -> bool:
    """Whether a given name is a man's by its form: it has a woman's beside it (Julián, Juliana)."""
    folded = word.fold
    woman = folded[:-1] + "a" if folded[-1] == "o" else folded + "a"
    return folded not in _OF_BOTH and folded[-1] != "a" and bool(known.given(WORDS[woman]))


def phrase(text: str, kind: str) -> Phrase | None:
    """Return an organisation's, ship's or alias's words, bare of what may be left out."""
    lead: list[Word] = []
    bare = text
    if kind == "org":
        bare = _LEGAL_FIRST.sub("", bare)
        bare = without_legal(bare)
    if kind == "vessel" and (prefix := _SHIP.match(bare)):
        bare = bare[prefix.end() :]
    words = [word for word, _ in pieces_of(re.sub(r"(?<=\s)[&+](?=\s)", " and ", bare))]
    if kind == "org" and len(words) > 1 and words[0].fold in ARTICLE:
        lead, words = [words[0]], words[1:]
    if not words:
        return None
    return Phrase(text, tuple(words), tuple(lead), commas="," in bare.strip(" ,"), kind=kind)


def without_legal(text: str) -> str:
    """Return `text` without its legal forms: cut off the end as often as they come, but never all
    there is.
    """
    while True:
        found = None
        for match in _LEGAL.finditer(text):
            if match.end() >= len(text.rstrip(" .,")) and match.start() > 0:
                found = match
                break
        if found is None or not WORD.search(text[: found.start()]):
            return _LEGAL_SPACELESS.sub("", text) or text
        text = text[: found.start()]


COMMON_GIVEN = known.listed("common_given")
COMMON_SURNAMES = known.listed("common_surnames")

SAINTS = frozenset(
    ["san", "santa", "santo", "sao", "saint", "sainte", "sankt", "sint", "sveti", "agios", "sveta"]
)
RANKS = known.listed("ranks")
"""Titles beside which a surname alone counts, when the Watch has context words."""
