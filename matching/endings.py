"""Endings that names take in sentences: which inflected words are forms of a given name.

All tables work on skeletons (text.skeleton), Cyrillic and Greek in Latin letters, so that one table
serves Громова, Gromova and Gromowa. From grammars of these languages; vocatives are left out.
"""

from __future__ import annotations

from functools import cache, lru_cache

from matching import scripts
from matching.text import Word

SLAVIC = (
    ("ek", "ka ku kom kem kiem kovi ke ki kieho"),
    ("iec", "ca cu cem covi ce ciu"),
    ("ec", "ca cu cem com covi ce ci cia ciu"),
    ("ok", "ka ku kom kiem kem kovi ke"),
    ("el", "la lu lom lem lovi le li"),
    ("ol", "la lu lom lem lovi le"),
    ("ar", "ra ru rom rem re"),
    ("aia", "oi uiu oiu ei eiu iu"),
    ("ei", "eia eiu im i eiem eie ego emu"),
    ("ai", "aia aiu aiem aie aiovi"),
    ("oi", "ogo omu im om oia oiu"),
    ("ka", "ki ke ku koi koiu ce ko kovi kou cse tse kiei kei"),
    ("ga", "gi ge gu goi dse gou"),
    ("ra", "ri re ru roi rse rou"),
    ("ia", "i ie e iu iei ei ii io ieiu ioi ioiu"),
    ("ie", "i"),
    ("a", "i e ie u o om oi oiu ei eiu ovi a ou"),
    ("ko", "ka ku kom kovi ci ki ce ke"),
    ("o", "a u om em ovi i e ie"),
    (
        "i",
        (
            "ego emu im ogo omu om em ia iu iem ii iego iemu eho iho oho oi iim imu ei ieiu ho mu"
            " og iogo iomu ioho"
        ),
    ),
    ("e", "a u em ego emu im ho mu i"),
    ("", "a u e i ia iu ie om em im iem ovi evi ievi oiu"),
)
BALTIC = (
    ("as", "o ui a u e ai"),
    ("is", "io iui i iu ie a im"),
    ("us", "aus ui u umi"),
    ("e", "es ei e"),
    ("a", "os as ai u"),
    ("s", "a am u"),
)
ROMANIAN = (("a", "ei ai ii"), ("", "ului ul lui ei"), ("u", "lui"))
GREEK = (
    ("os", "u o e on us"),
    ("is", "i e"),
    ("as", "a"),
    ("a", "as"),
    ("i", "is"),
    ("o", "os"),
    ("us", "u"),
)
HUNGARIAN = (
    "t at et ot nak nek val vel ra re ban ben ba be bol rol tol hoz hez nal nel ert kent ig"
    " e ek ei eval evel"
)
FINNISH = "n in a ta lle ille ssa issa sta ista lla illa lta ilta ksi iksi na ina aan iin"
TURKISH = (
    "in un nin nun i u yi yu e a ye ya de da te ta den dan ten tan le la yla yle nde nda ne na"
)
GENITIVE = "s"
UNINFLECTED = "uninflected"
"""The family of languages in Cyrillic that have no cases."""

_FAMILIES = {"slavic": SLAVIC, "baltic": BALTIC, "romanian": ROMANIAN, "greek": GREEK}
_LAST_ONLY = {
    "hungarian": HUNGARIAN.split(),
    "finnish": FINNISH.split(),
    "turkish": TURKISH.split(),
    "genitive": [GENITIVE],
}
FAMILY_OF = {
    "pl": "slavic",
    "cs": "slavic",
    "sk": "slavic",
    "hr": "slavic",
    "sr": "slavic",
    "bs": "slavic",
    "sl": "slavic",
    "mk": UNINFLECTED,
    "bg": UNINFLECTED,
    "lt": "baltic",
    "lv": "baltic",
    "ro": "romanian",
    "hu": "hungarian",
    "fi": "finnish",
    "et": "finnish",
    "tr": "turkish",
    "az": "turkish",
    "de": "genitive",
    "nl": "genitive",
    "sv": "genitive",
    "da": "genitive",
    "no": "genitive",
    "nb": "genitive",
    "nn": "genitive",
    "is": "genitive",
    "af": "genitive",
}
"""Language -> family. Cyrillic and Greek words need no language: their script tells."""


def families(word: Word, spoken: frozenset[str]) -> frozenset[str]:
    """Return the families of endings that `word` can bear in a text where `spoken` are heard."""
    if word.script == scripts.CYRILLIC:
        # Bulgarian and Macedonian have no cases: Милана Костадинова is a woman there.
        return frozenset() if UNINFLECTED in spoken else frozenset({"slavic"})
    if word.script == scripts.GREEK:
        return frozenset({"greek"})
    return spoken if word.script == scripts.LATIN else frozenset()


LONGEST_CUT = 3
"""Letters at the end of a name that an ending replaces, at most."""


def stem_of(name: str) -> str:
    """Return the beginning of a name that it keeps with every regular ending."""
    return name[: max(2, len(name) - LONGEST_CUT)]


def declined(name: str, form: str, family: str) -> bool:
    """Whether `form` is `name` in another case, both as skeletons; every part of a name declines
    in these families.
    """
    if not form.startswith(stem_of(name)) and name not in IRREGULAR:
        return False
    return _declined(name, form, family)


@lru_cache(maxsize=20_000)
def _declined(name: str, form: str, family: str) -> bool:
    if form in IRREGULAR.get(name, ()) and family == "slavic":
        return True
    for ending, others in _FAMILIES.get(family, ()):
        stem = name[: len(name) - len(ending)] if ending else name
        if name.endswith(ending) and len(stem) >= 2 and form.startswith(stem):
            rest = form[len(stem) :]
            if rest != ending and rest in others.split(" "):
                return True
    return False


IRREGULAR = {"lev": ("lva", "lvu", "lvom", "lve"), "petr": ("petri",), "pavel": ("pavla", "pavlu")}


def suffixed(name: str, form: str, family: str) -> bool:
    """Whether `form` is `name` with a suffix, both folded; only the last word of a name takes one
    in these families.
    """
    suffixes = _LAST_ONLY.get(family)
    if suffixes is None or len(name) < 2:
        return False
    if form.startswith(name) and form[len(name) :] in suffixes:
        return True
    if family == "finnish":
        return form in _finnish(name)
    return family == "hungarian" and form in _assimilated(name)


_WEAK = (
    *(("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("mp", "mm")),
    *(("lt", "ll"), ("rt", "rr"), ("ht", "hd"), ("t", "d"), ("p", "v"), ("k", "")),
)
"""Finnish consonants before the last vowel, and what they become when an ending closes it."""
_STRONG = tuple((weak, strong) for strong, weak in _WEAK)
_CLOSING = ["n", "t", "lle", "lla", "llta", "lta", "ssa", "sta", "ksi"]
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=5_000)
def _finnish(name: str) -> frozenset[str]:
    """Return the forms of a Finnish name whose stem changes (Virtasen, Mäen, Lehtosaarta)."""
    if name.endswith("nen"):
        stems, partitives = [name[:-3] + "se"], [name[:-3] + "sta"]
    elif name[-2:] in {"as", "is", "us"}:
        return _finnish_in_s(name)
    elif name[-1] not in _VOWELS:
        return frozenset()
    else:
        ends = (name[-1], "e") if name[-1] == "i" else (name[-1],)
        bare = name[:-1]
        stems = [_weak(bare) + end for end in ends] + [bare + "e"]
        partitives = [bare + "ta", bare + "ea"]
    return frozenset([*partitives, *(stem + ending for stem in stems for ending in _CLOSING)])


def _finnish_in_s(name: str) -> frozenset[str]:
    """Return the forms of a Finnish name in -s (Kankaan, Porrasta, Kalliin, Markuksella)."""
    bare, vowel = name[:-2], name[-2]
    strong = next(
        (bare.removesuffix(weak) + full for weak, full in _STRONG if weak and bare.endswith(weak)),
        bare,
    )
    long = strong + vowel * 2
    forms = [long + end for end in _CLOSING if len(end) > 1] + [long + "n", long + "seen"]
    forms += [name[:-1] + "kse" + end for end in _CLOSING]
    return frozenset([name + "ta", *forms])


def _weak(bare: str) -> str:
    for strong, weak in _WEAK:
        if bare.endswith(strong) and len(bare) > len(strong) + 1:
            return bare.removesuffix(strong) + weak
    return bare


def _finnish_bases(folded: str) -> list[str]:
    """Return under which stems a Finnish word is looked up besides: strong, and in -nen."""
    found = []
    for ending in (*_CLOSING, "ta", "a"):
        if not folded.endswith(ending) or len(folded) - len(ending) < 4:
            continue
        stem = folded.removesuffix(ending)
        if stem[-2:] in {"aa", "ii", "uu"}:
            bare = stem[:-2]
            found.append(stem[:-1] + "s")
            found += [
                bare.removesuffix(strong) + weak + stem[-1] + "s"
                for weak, strong in _STRONG
                if bare.endswith(strong)
            ]
        if stem.endswith("kse"):
            found.append(stem.removesuffix("kse") + "s")
        if stem[-1] == "s" or stem.endswith("se"):
            found.append(stem.removesuffix("e").removesuffix("s") + "nen")
        bare = stem[:-1]
        found += [
            bare.removesuffix(weak) + strong + stem[-1]
            for weak, strong in _STRONG
            if weak and bare.endswith(weak)
        ]
        found.append(bare + "k" + stem[-1])
    return found


_DIGRAPHS = frozenset(["gy", "ny", "ty", "ly", "sz", "zs", "cs"])


def _assimilated(name: str) -> tuple[str, ...]:
    """Return the forms of Hungarian -val/-vel and -vá/-vé after a consonant (Péterrel, Naggyal)."""
    if name[-1] in "aeiou":
        return ()
    digraph = name[-2:] in _DIGRAPHS
    doubled = name[:-2] + name[-2] + name[-2:] if digraph else name + name[-1]
    return doubled + "al", doubled + "el"


def bases(bones: str) -> tuple[str, ...]:
    """Return what may be left of a skeleton when a consonantal ending is taken off: under these
    it is looked up as well.
    """
    if not bones.endswith(_CONSONANTAL):
        return ()
    return tuple(
        bones[: -len(ending)]
        for ending in _CONSONANTAL
        if bones.endswith(ending) and len(bones) - len(ending) >= 2
    )


_CONSONANTAL = (
    "ovi",
    "evi",
    "iem",
    "em",
    "om",
    "im",
    "am",
    "ego",
    "emu",
    "ogo",
    "omu",
    "eho",
    "oho",
    "iho",
    "imu",
    "og",
    "iego",
    "iemu",
    "oi",
    "oiu",
    "ei",
    "eia",
    "eiu",
    "ca",
    "cu",
    "ce",
    "cem",
    "os",
    "as",
    "is",
    "us",
    "ului",
    "ul",
    "lui",
    "es",
    "aus",
    "on",
)


def suffix_bases(folded: str, spoken: frozenset[str]) -> tuple[str, ...]:
    """Return what may be left of a folded word when a suffix of the spoken languages is cut."""
    found = []
    for family in spoken:
        ends = _ENDS.get(family, ())
        if ends and folded.endswith(ends):
            found += [
                folded[: -len(suffix)]
                for suffix in ends
                if folded.endswith(suffix) and len(folded) - len(suffix) >= 3
            ]
        if family == "finnish":
            found += _finnish_bases(folded)
        if family == "hungarian" and folded[-2:] in {"al", "el"} and len(folded) > 5:
            found.append(folded[:-3])
            if folded[-4:-2] in _DIGRAPHS:
                found.append(folded[:-5] + folded[-4:-2])
    return tuple(dict.fromkeys(found)) if found else ()


_ENDS = {family: tuple(suffixes) for family, suffixes in _LAST_ONLY.items()}


@cache
def cut_off(spoken: frozenset[str]) -> tuple[str, ...]:
    """Return how a word ends of which `suffix_bases` or `telling_bases` may leave something, where
    these families are spoken. Asking this first spares most words both.
    """
    found = {end for family in spoken for end in _ENDS.get(family, ())}
    if "genitive" in spoken:
        found.update(_TELLING)
    if "finnish" in spoken:
        found.update((*_CLOSING, "ta"))
    if "hungarian" in spoken:
        found.update(("al", "el"))
    return tuple(found)


_TELLING = (
    *("iego", "iemu", "ego", "emu", "owi", "ovi", "iem", "em", "im", "om"),
    *(
        "nak",
        "nek",
        "nal",
        "nel",
        "val",
        "vel",
        "ban",
        "ben",
        "hoz",
        "hez",
        "ral",
        "rel",
        "tol",
        "rol",
    ),
)


def telling_bases(folded: str) -> tuple[str, ...]:
    """Return what may be left of a folded word when an ending is cut that tells its language: for
    texts of which nobody said what language they are in.
    """
    if not folded.endswith(_TELLING):
        return ()
    return tuple(
        folded[: -len(ending)]
        for ending in _TELLING
        if folded.endswith(ending) and len(folded) - len(ending) >= 3
    )
